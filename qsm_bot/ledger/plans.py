"""Plans and the approvals that let them through."""

import re

from sqlalchemy import Connection, insert, select

from qsm_bot.errors import PlanAmbiguous, PlanNotFound, PlanTampered
from qsm_bot.ledger.chain import About, Pen
from qsm_bot.ledger.tables import approvals, plans
from qsm_bot.plan import Approval, ApprovalKind, Plan, plan_from_dict

MIN_PREFIX = 8
APPROVED = "plan.approved"


def record(pen: Pen, plan: Plan) -> None:
    """Keep a plan, once."""
    digest = plan.digest
    if pen.connection.execute(select(plans.c.digest).where(plans.c.digest == digest)).first():
        return
    pen.connection.execute(
        insert(plans).values(
            digest=digest, shop=plan.shop, recorded_at=pen.now, body=plan.to_dict()
        )
    )
    body = {"digest": digest, "refuse": len(plan.refuse), "total": plan.total}
    pen.append("plan.recorded", body, About(shop=plan.shop))


def find(connection: Connection, prefix: str) -> Plan:
    """Return the one plan whose digest starts with `prefix`.

    Raises:
        PlanNotFound: there is none.
        PlanAmbiguous: there are several, or the prefix has fewer than 8 digits.
        PlanTampered: its content does not fit its digest.
    """
    wanted = prefix.lower()
    if not re.fullmatch("[0-9a-f]*", wanted):
        raise PlanNotFound(plan=prefix)
    rows = connection.execute(
        select(plans.c.digest, plans.c.body).where(plans.c.digest.startswith(wanted))
    ).all()
    if len(rows) > 1 or len(wanted) < MIN_PREFIX:
        raise PlanAmbiguous(plan=prefix, count=len(rows))
    if not rows:
        raise PlanNotFound(plan=prefix)
    digest, body = rows[0]
    plan = plan_from_dict(body)
    if plan.digest != digest:
        raise PlanTampered(plan=digest[:12])
    return plan


def approve(pen: Pen, approval: Approval, **more: object) -> None:
    """Keep an approval of a recorded plan; `more` stands beside it in its entry.

    Raises:
        PlanNotFound: the plan is not recorded.
    """
    row = pen.connection.execute(
        select(plans.c.shop).where(plans.c.digest == approval.plan)
    ).one_or_none()
    if row is None:
        raise PlanNotFound(plan=approval.plan[:12])
    body = {
        "digest": approval.plan,
        "who": approval.who,
        "kind": approval.kind.value,
        "at": approval.at.isoformat(),
        "until": approval.until.isoformat(),
        **more,
    }
    seq = pen.append(APPROVED, body, About(shop=row.shop))
    pen.connection.execute(
        insert(approvals).values(
            seq=seq,
            plan=approval.plan,
            who=approval.who,
            kind=approval.kind.value,
            at=approval.at,
            until=approval.until,
        )
    )


def newest_approval(connection: Connection, digest: str) -> Approval | None:
    """Return the last approval of the plan, expired or not."""
    row = connection.execute(
        select(approvals)
        .where(approvals.c.plan == digest)
        .order_by(approvals.c.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Approval(
        plan=row.plan, who=row.who, kind=ApprovalKind(row.kind), at=row.at, until=row.until
    )
