"""Approve: a person lets the plan with one digest through."""

from collections.abc import Collection
from datetime import datetime

from qsm_bot.domain.plan import Approval, ApprovalKind, Plan
from qsm_bot.ledger import Ledger


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
    """
    if without:
        plan = plan.without(without)
    plan.raise_if_expired(now)
    plan.raise_if_unsafe()
    approval = Approval(
        plan=plan.digest, who=who, kind=ApprovalKind.PERSON, at=now, until=plan.expires_at
    )
    ledger.approve(approval, plan if without else None)
    return approval
