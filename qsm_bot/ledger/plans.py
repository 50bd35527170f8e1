"""Plans and the approvals that let them through."""

import re

from sqlalchemy import Connection, Text, func, insert, or_, select, type_coerce

from qsm_bot.base.errors.orders import LeftOut
from qsm_bot.base.errors.plans import (
    PlanAmbiguous,
    PlanNotFound,
    PlanReplaced,
    PlanTampered,
)
from qsm_bot.domain.plan import LEFT_OUT, Approval, ApprovalKind, Plan
from qsm_bot.domain.plan_file import plan_from_dict
from qsm_bot.ledger.chain import About, Pen
from qsm_bot.ledger.shops import BookShop
from qsm_bot.ledger.tables import approvals, plans

MIN_PREFIX = 8
APPROVED = "plan.approved"
_INSTEAD = "instead_of"


def record(pen: Pen, shop: BookShop, plan: Plan) -> None:
    """Keep a plan, once."""
    digest = plan.digest
    if pen.connection.execute(select(plans.c.digest).where(plans.c.digest == digest)).first():
        return
    pen.connection.execute(
        insert(plans).values(digest=digest, shop=shop.key, recorded_at=pen.now, body=plan.to_dict())
    )
    body = {"digest": digest, "refuse": len(plan.refuse), "total": plan.total}
    pen.append("plan.recorded", body, About(shop=shop.key))


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


def is_of(connection: Connection, shop: BookShop, digest: str) -> bool:
    """Say whether the plan was recorded for this shop."""
    query = select(plans.c.digest).where(plans.c.digest == digest, shop.owns(plans.c.shop))
    return connection.execute(query).first() is not None


def raise_if_replaced(connection: Connection, digest: str) -> None:
    """Check that nobody let the plan, or what it is a part of, through without other orders.

    Raises:
        PlanReplaced: somebody did; what was left out then stays left out.
    """
    body = connection.scalar(select(plans.c.body).where(plans.c.digest == digest)) or {}
    wholes = {digest, body.get(_INSTEAD, digest)}
    approved = select(approvals.c.plan).where(approvals.c.plan != digest)
    # Nothing else in a plan holds another one's digest.
    text = type_coerce(plans.c.body, Text)
    query = (
        select(plans.c.digest)
        .where(plans.c.digest.in_(approved), or_(*(text.contains(each) for each in wholes)))
        .order_by(plans.c.recorded_at.desc())
    )
    other = connection.scalar(query.limit(1))
    if other is not None:
        raise PlanReplaced(plan=digest[:12], other=other[:12])


def raise_if_left_out(connection: Connection, digest: str, order_no: str) -> None:
    """Check what was said last of an order, since the plan was let through.

    Raises:
        LeftOut: somebody let another plan of the shop through without the order.
    """
    mine = select(func.max(approvals.c.seq)).where(approvals.c.plan == digest).scalar_subquery()
    shop = select(plans.c.shop).where(plans.c.digest == digest).scalar_subquery()
    later = (
        select(plans.c.body, approvals.c.who)
        .join(approvals, approvals.c.plan == plans.c.digest)
        .where(plans.c.shop == shop, approvals.c.seq > mine)
        .order_by(approvals.c.seq.desc())
    )
    for body, who in connection.execute(later):
        if any(row["order_no"] == order_no for row in body["refuse"]):
            return
        rest = body["leave"] if _INSTEAD in body else ()
        if any((row["order_no"], row["why"]["en"]) == (order_no, LEFT_OUT.en) for row in rest):
            raise LeftOut(order=order_no, who=who)


def approve(pen: Pen, approval: Approval, **more: object) -> None:
    """Keep an approval of a recorded plan; `more` stands beside it in its entry.

    Raises:
        PlanNotFound: the plan is not recorded.
        PlanReplaced: it was let through without some of its orders.
    """
    # Of two who leave out different orders at the same time, one is told.
    raise_if_replaced(pen.connection, approval.plan)
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
