"""Approve: a person lets the plan with one digest through."""

from collections.abc import Collection
from datetime import datetime

from qsm_bot.domain.plan import Approval, ApprovalKind, Plan
from qsm_bot.ledger import Ledger


def to_approve(plan: Plan, *, now: datetime, without: Collection[str] = ()) -> Plan:
    """Return what is approved of a plan, as far as it may be.

    Raises:
        PlanExpired, PlanRowUnknown: see `approve`.
        LimitExceeded: it would refuse too many.
    """
    left = plan.without(without) if without else plan
    left.raise_if_expired(now)
    left.raise_if_unsafe()
    return left


def approve(
    ledger: Ledger, plan: Plan, *, who: str, now: datetime, without: Collection[str] = ()
) -> Approval:
    """Record a person's approval, valid as long as the plan.

    Args:
        ledger: where it is recorded.
        plan: what is let through.
        who: the person's name.
        now: the moment.
        without: orders that the person leaves out; what is approved then is another plan,
            which is recorded, too.

    Raises:
        PlanExpired: the plan's end has passed.
        PlanReplaced: it was approved without some of its orders before.
        PlanRowUnknown: the plan does not refuse an order that was to be left out.
        LimitExceeded: it would refuse too many.
    """
    plan = to_approve(plan, now=now, without=without)
    approval = Approval(
        plan=plan.digest, who=who, kind=ApprovalKind.PERSON, at=now, until=plan.expires_at
    )
    ledger.approve(approval, plan if without else None)
    return approval
