"""The entries of the book for people and third parties: page by page, or as JSON lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from sqlalchemy import Connection, Row, select

from qsm_bot.domain.request import canonical_json
from qsm_bot.ledger.chain import RAW
from qsm_bot.ledger.engine import Database
from qsm_bot.ledger.tables import events

PAGE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One entry; `at` is in JST."""

    seq: int
    at: datetime
    shop: str | None
    run_id: str | None
    order_no: str | None
    attempt_id: str | None
    kind: str
    body: Mapping[str, Any]
    prev: str
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFilter:
    """Which entries are wanted; what is None or empty asks nothing."""

    run_id: str | None = None
    order_no: str | None = None
    kinds: Sequence[str] = ()
    since: datetime | None = None


def paged(database: Database, asked: EventFilter) -> Iterator[Event]:
    """Give the entries in order; no connection stays open between two pages."""
    last = 0
    while True:
        with database.reading() as connection:
            page = _page(connection, last, asked)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].seq


def _page(connection: Connection, last: int, asked: EventFilter) -> list[Event]:
    query = select(events).where(events.c.seq > last).order_by(events.c.seq).limit(PAGE)
    if asked.run_id is not None:
        query = query.where(events.c.run_id == asked.run_id)
    if asked.order_no is not None:
        query = query.where(events.c.order_no == asked.order_no)
    if asked.kinds:
        query = query.where(events.c.kind.in_(asked.kinds))
    if asked.since is not None:
        query = query.where(events.c.at >= asked.since)
    return [_event(row) for row in connection.execute(query)]


def _event(row: Row[Any]) -> Event:
    return Event(**row._asdict() | {"body": json.loads(row.body)})


def export(database: Database, out: TextIO) -> int:
    """Write all entries as JSON lines and return how many.

    An entry's hash is the SHA-256 of its line without `hash`: keys sorted, no
    spaces, UTF-8. Its `prev` is the hash of the line before.
    """
    last = 0
    while True:
        with database.reading() as connection:
            query = RAW.where(events.c.seq > last).limit(PAGE)
            page = [row._asdict() for row in connection.execute(query)]
            lines = [canonical_json({**row, "body": json.loads(row["body"])}) for row in page]
        # Outside: what `out` cannot take is no fault of the ledger.
        out.writelines(f"{line}\n" for line in lines)
        last += len(page)
        if len(page) < PAGE:
            return last
