"""Attempts found by what is wanted of them, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from qsm_bot.domain.request import OutcomeKind, RefusalReason
from qsm_bot.ledger.attempts import Attempt, from_row
from qsm_bot.ledger.shops import BookShop
from qsm_bot.ledger.states import ActState
from qsm_bot.ledger.tables import attempts


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is asked of attempts; what is None or empty asks nothing.

    `since` and `until` (excluded) are about when the attempt began, which no later look
    changes; `settled` is False for those that are unknown or unfinished.
    """

    shop: str | None = None
    run_id: str | None = None
    order_no: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    outcomes: Sequence[OutcomeKind] = ()
    reasons: Sequence[RefusalReason] = ()
    settled: bool | None = None
    limit: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptTally:
    """How many attempts of a shop stand alike; `outcome` is None before their first end."""

    shop: str
    state: ActState
    outcome: OutcomeKind | None
    count: int


def found(connection: Connection, wanted: Wanted, shop: BookShop | None) -> list[Attempt]:
    """Return the attempts, of that shop, that match all else that is asked, newest first."""
    query = select(attempts).order_by(attempts.c.seq.desc()).limit(wanted.limit)
    if shop is not None:
        query = query.where(shop.owns(attempts.c.shop))
    for name in ("run_id", "order_no"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(attempts.c[name] == value)
    if wanted.since is not None:
        query = query.where(attempts.c.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(attempts.c.created_at < wanted.until)
    if wanted.outcomes:
        query = query.where(attempts.c.outcome.in_([each.value for each in wanted.outcomes]))
    if wanted.reasons:
        query = query.where(attempts.c.reason.in_([each.value for each in wanted.reasons]))
    if wanted.settled is not None:
        is_settled = attempts.c.state == ActState.SETTLED.value
        query = query.where(is_settled if wanted.settled else ~is_settled)
    return [from_row(row) for row in connection.execute(query)]


def tallies(connection: Connection) -> list[AttemptTally]:
    """Count the attempts of all shops by state and outcome."""
    columns = (attempts.c.shop, attempts.c.state, attempts.c.outcome)
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    return [
        AttemptTally(
            shop=shop,
            state=ActState(state),
            outcome=OutcomeKind(outcome) if outcome else None,
            count=count,
        )
        for shop, state, outcome, count in connection.execute(query)
    ]
