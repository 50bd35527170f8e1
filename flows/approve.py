"""Approve: a person lets the plan with one digest through."""

from datetime import datetime

from qsm_bot.ledger import Ledger
from qsm_bot.plan import Approval, ApprovalKind, Plan


def approve(ledger: Ledger, plan: Plan, *, who: str, now: datetime) -> Approval:
    """Record a person's approval, valid as long as the plan.

    Raises:
        PlanExpired: the plan's end has passed.
    """
    plan.raise_if_expired(now)
    plan.raise_if_unsafe()
    approval = Approval(
        plan=plan.digest, who=who, kind=ApprovalKind.PERSON, at=now, until=plan.expires_at
    )
    ledger.approve(approval)
    return approval
