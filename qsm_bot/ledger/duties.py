"""Duties: derived from the attempts and entries at each reading; only their ends are written."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, Select, Table, func, literal, or_, select

from qsm_bot.base.errors.inputs import DutyClosed, DutyNotOpen
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import ClosedBy, Closing, Duty
from qsm_bot.domain.request import OutcomeKind, RefusalReason
from qsm_bot.ledger.attempts import ANSWERED
from qsm_bot.ledger.chain import About, Pen
from qsm_bot.ledger.shops import BookShop
from qsm_bot.ledger.states import ActState
from qsm_bot.ledger.tables import attempts, events

CLOSED, REOPENED = "duty.closed", "duty.reopened"
MISSING = "order.missing"

# A portal that does not ask first leaves no commit, only the request, or only the intent.
_MAY_HAVE_LEFT = (f"attempt.{ActState.COMMITTING}", ANSWERED)
_INTENT = f"attempt.{ActState.ARMED}"
_OPEN = Words("open", "未発送")
_SHUT = Words("closed", "発送済み")

_ends = events.alias("ends")
_IS_OPEN = or_(_ends.c.kind.is_(None), _ends.c.kind == REOPENED)
_END = (_ends.c.kind.label("end"), _ends.c.body.label("end_body"), _ends.c.at.label("end_at"))


def listed(
    connection: Connection, shop: BookShop, *, order_no: str | None = None, only_open: bool = False
) -> list[Duty]:
    """Return the duties, the one that is due first in front."""
    # An order has one last end, whoever refused it: what is closed is so in every row.
    by_us, by_others = (
        query.where(_IS_OPEN) if only_open else query
        for query in (
            _query(OutcomeKind.REFUSED, shop, order_no),
            _query(OutcomeKind.ALREADY_REFUSED, shop, order_no),
        )
    )
    found = {row.order_no: _duty(row, by_others=False) for row in connection.execute(by_us)}
    seen = [
        *connection.execute(by_others),
        *_missing(connection, shop, order_no),
    ]
    for row in sorted(seen, key=lambda row: row.seq):
        if row.order_no not in found:
            found[row.order_no] = _duty(row, by_others=True)
    duties = (duty for duty in found.values() if not (only_open and duty.closing))
    return sorted(duties, key=lambda duty: (duty.refused_at, duty.order_no))


def overdue(connection: Connection, shop: BookShop, now: datetime) -> list[Duty]:
    """Return the open duties of the shop's own refusals that were due before `now`.

    Asked before each order: what was closed stays in the database.
    """
    query = _query(OutcomeKind.REFUSED, shop, None)
    duties = [_duty(row, by_others=False) for row in connection.execute(query.where(_IS_OPEN))]
    return [duty for duty in duties if now > duty.due]


def close(pen: Pen, shop: BookShop, order_no: str, closing: Closing) -> Duty:
    """Write why the order needs no shipping any more, and return its duty as it is then.

    Raises:
        DutyNotOpen: it has no open duty.
    """
    duty = _one(pen.connection, shop, order_no)
    if duty is None:
        raise DutyNotOpen(order=order_no, state=_OPEN)
    if duty.closing is not None:
        raise DutyClosed(order=order_no, why=duty.closing.words)
    body = closing.to_dict() | {"due": duty.due.isoformat()}
    pen.append(CLOSED, body, About(shop=shop.key, order_no=order_no))
    return replace(duty, closing=replace(closing, at=pen.now), reopened=False)


def reopen(pen: Pen, shop: BookShop, order_no: str, *, who: str, why: str) -> Duty:
    """Write that the order must be shipped after all, and return its duty as it is then.

    Raises:
        DutyNotOpen: it has no closed duty.
    """
    duty = _one(pen.connection, shop, order_no)
    if duty is None or duty.closing is None:
        raise DutyNotOpen(order=order_no, state=_SHUT)
    body = {"who": who, "why": Words(why, why).to_dict()}
    pen.append(REOPENED, body, About(shop=shop.key, order_no=order_no))
    return replace(duty, closing=None, reopened=True)


def _one(connection: Connection, shop: BookShop, order_no: str) -> Duty | None:
    return next(iter(listed(connection, shop, order_no=order_no)), None)


@lru_cache(maxsize=64)
def _query(outcome: OutcomeKind, shop: BookShop, order_no: str | None) -> Select[Any]:
    """Select the attempts with that outcome: the moment of the refusal, and the last end.

    Built once: it is asked before each order, and building it takes longer than asking.
    """
    left_at = func.coalesce(_first(*_MAY_HAVE_LEFT), _first(_INTENT), attempts.c.created_at)
    query = (
        select(
            attempts.c.seq,
            attempts.c.order_no,
            attempts.c.cart_no,
            attempts.c.reason,
            attempts.c.updated_at.label("seen_at"),
            left_at.label("left_at"),
            *_END,
        )
        .select_from(attempts)
        .outerjoin(_ends, _ends.c.seq == _last_end(attempts, shop))
        .where(shop.owns(attempts.c.shop) & (attempts.c.outcome == outcome.value))
    )
    return query if order_no is None else query.where(attempts.c.order_no == order_no)


def _missing(connection: Connection, shop: BookShop, order_no: str | None) -> list[Row[Any]]:
    """Select the orders that were asked for by number and had been refused by somebody else."""
    rows = connection.execute(_missing_query(shop, order_no))
    return [r for r in rows if json.loads(r.body)["outcome"] == OutcomeKind.ALREADY_REFUSED]


@lru_cache(maxsize=64)
def _missing_query(shop: BookShop, order_no: str | None) -> Select[Any]:
    query = (
        select(
            events.c.seq,
            events.c.order_no,
            literal("").label("cart_no"),
            events.c.body,
            events.c.at.label("seen_at"),
            *_END,
        )
        .select_from(events)
        .outerjoin(_ends, _ends.c.seq == _last_end(events, shop))
        .where(shop.owns(events.c.shop) & (events.c.kind == MISSING))
    )
    return query if order_no is None else query.where(events.c.order_no == order_no)


def _last_end(of: Table, shop: BookShop) -> ScalarSelect[Any]:
    """Select the number of the last entry that closed or reopened the duty of `of`'s order."""
    ends = events.alias("each_end")
    return (
        select(func.max(ends.c.seq))
        .where(ends.c.order_no == of.c.order_no, shop.owns(ends.c.shop))
        .where(ends.c.kind.in_((CLOSED, REOPENED)))
        .correlate(of)
        .scalar_subquery()
    )


def _first(*kinds: str) -> ScalarSelect[Any]:
    """Select the moment of the attempt's first entry of these kinds."""
    return (
        select(func.min(events.c.at))
        .where((events.c.attempt_id == attempts.c.id) & events.c.kind.in_(kinds))
        .correlate(attempts)
        .scalar_subquery()
    )


def _duty(row: Row[Any], *, by_others: bool) -> Duty:
    closed = row.end == CLOSED
    return Duty(
        order_no=row.order_no,
        refused_at=row.seen_at if by_others else row.left_at,
        cart_no=row.cart_no,
        # What others gave as their reason is not in the ledger.
        reason=None if by_others else RefusalReason(row.reason),
        by_others=by_others,
        closing=_closing(json.loads(row.end_body), row.end_at) if closed else None,
        reopened=row.end == REOPENED,
    )


def _closing(body: Mapping[str, Any], at: datetime) -> Closing:
    return Closing(
        by=ClosedBy(body["by"]), why=Words.from_dict(body["why"]), who=body["who"], at=at
    )
