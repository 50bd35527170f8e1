"""Standing orders: entries of the chain; a shop has one at a time, the newest."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.plans import BeyondStandingOrder, NoStandingOrder
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import Approval, ApprovalKind, Plan
from qsm_bot.domain.pre_approval import Amounts, PreApproval, standing_order_from_dict
from qsm_bot.ledger import plans
from qsm_bot.ledger.chain import About, Pen
from qsm_bot.ledger.shops import BookShop
from qsm_bot.ledger.tables import events

GIVEN, ENDED = "standing_order.given", "standing_order.ended"
_BY = "standing order {number} of {who}"
_NONE_LIVE = Words("there is none", "登録がありません")


def give(pen: Pen, shop: BookShop, order: PreApproval) -> PreApproval:
    """Write a standing order; it ends the one before."""
    number = pen.append(GIVEN, order.to_dict(), About(shop=shop.key))
    return replace(order, number=number, at=pen.now)


def end(pen: Pen, shop: BookShop, who: str) -> PreApproval:
    """Write that the shop's standing order ends now, and return it.

    Raises:
        NoStandingOrder: there is none that still holds.
    """
    order = live(pen.connection, shop, pen.now)
    if order is None:
        raise NoStandingOrder(shop=shop.shown)
    pen.append(ENDED, {"number": order.number, "who": who}, About(shop=shop.key))
    return replace(order, ended_at=pen.now, ended_by=who)


def live(connection: Connection, shop: BookShop, now: datetime) -> PreApproval | None:
    """Return the standing order that holds at that moment, hours of the day aside."""
    newest = next(iter(listed(connection, shop)), None)
    return newest if newest is not None and newest.is_live(now) else None


def listed(connection: Connection, shop: BookShop) -> list[PreApproval]:
    """Return all standing orders of the shop, newest first."""
    found: list[PreApproval] = []
    for row in _entries(connection, shop, GIVEN, ENDED):
        last = found[-1] if found else None
        if last is not None and last.ended_at is None:
            who = json.loads(row.body)["who"]
            found[-1] = replace(last, ended_at=row.at, ended_by=who)
        if row.kind == GIVEN:
            body = json.loads(row.body)
            found.append(standing_order_from_dict(body, shop=shop.shown, number=row.seq, at=row.at))
    return found[::-1]


def let_through(connection: Connection, shop: BookShop, now: datetime) -> Amounts:
    """Return the orders that standing orders have let through on that day in Japan.

    Counted is what was let through, not what was done: that is never less.
    """
    midnight = now.astimezone(JST).replace(hour=0, minute=0, second=0, microsecond=0)
    orders: dict[str, int | None] = {}
    for row in _entries(connection, shop, plans.APPROVED, since=midnight):
        orders |= json.loads(row.body).get("orders", {})
    return orders


def approve(pen: Pen, shop: BookShop, plan: Plan, amounts: Amounts) -> Approval:
    """Let a recorded plan through by the shop's standing order.

    Raises:
        BeyondStandingOrder: it does not reach that far, or there is none.
        PlanNotFound: the plan is not recorded.
    """
    order = live(pen.connection, shop, pen.now)
    if order is None:
        raise BeyondStandingOrder(why=_NONE_LIVE)
    today = let_through(pen.connection, shop, pen.now)
    why = order.why_not(plan, amounts, today, pen.now)
    if why is not None:
        raise BeyondStandingOrder(why=why)
    approval = Approval(
        plan=plan.digest,
        who=_BY.format(number=order.number, who=order.who),
        kind=ApprovalKind.STANDING,
        at=pen.now,
        until=plan.expires_at,
    )
    plans.approve(
        pen,
        approval,
        standing_order=order.number,
        rules=plan.rules,
        orders={row.order_no: amounts.get(row.order_no) for row in plan.refuse},
    )
    return approval


def _entries(
    connection: Connection, shop: BookShop, *kinds: str, since: datetime | None = None
) -> list[Row[Any]]:
    query = select(events.c.seq, events.c.at, events.c.kind, events.c.body)
    query = query.where(shop.owns(events.c.shop) & events.c.kind.in_(kinds))
    if since is not None:
        query = query.where(events.c.at >= since)
    return list(connection.execute(query.order_by(events.c.seq)))
