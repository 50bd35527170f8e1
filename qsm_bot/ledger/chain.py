"""The hash chain: each entry carries the hash of the one before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, bindparam, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from qsm_bot.base.clock import Clock
from qsm_bot.base.errors.ledger import LedgerCorrupt
from qsm_bot.domain.request import canonical_json, sha256
from qsm_bot.ledger.tables import chain, events, utc_text

GENESIS = "0" * 64

# Every field of an entry but its own hash, which covers them.
HASHED = ("seq", "at", "shop", "run_id", "order_no", "attempt_id", "kind", "body", "prev")

_HEAD = select(chain.c.seq, chain.c.hash).with_for_update()
_TAIL = select(events.c.hash).where(events.c.seq == bindparam("seq"))
# Built once: these run at every step of every act.
_APPEND = insert(events)
_MOVE = (
    update(chain)
    .where(chain.c.seq == bindparam("last"))
    .values(seq=bindparam("next"), hash=bindparam("digest"))
)
# As stored: a damaged time must be shown as damage, not fail to be read.
RAW = select(
    *(
        type_coerce(column, String).label(column.name) if column.name == "at" else column
        for column in events.c
    )
).order_by(events.c.seq)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainReport:
    """What a walk along the chain found; `broken` is the first entry that does not fit.

    `entries` counts those that do, from the first; `head` is the hash in the last of them.
    """

    entries: int
    head: str
    broken: int | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What an entry is about; what does not apply is None."""

    shop: str | None = None
    run_id: str | None = None
    order_no: str | None = None
    attempt_id: str | None = None


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 that belongs to an entry, with `body` as values and `at` as text."""
    return sha256(canonical_json({name: entry[name] for name in HASHED}))


def plain(body: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
    """Return a body as canonical JSON text and as the values that this text means.

    What JSON does not know becomes text, and half a surrogate pair "?": a strange
    dialog text must not keep the step that it belongs to from being recorded.
    """
    values = json.dumps(dict(body), ensure_ascii=False, default=str)
    values = values.encode("utf-8", "replace").decode()
    document: dict[str, Any] = json.loads(values)
    return canonical_json(document), document


class Pen:
    """The one hand that writes in one transaction; it holds the lock on the chain's head."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.now = clock()
        self._seq, self._hash = _locked_head(connection)

    def append(self, kind: str, body: Mapping[str, object], about: About) -> int:
        """Add an entry and return its number.

        Raises:
            LedgerCorrupt: the book holds entries that its head does not know of.
        """
        body_text, document = plain(body)
        entry: dict[str, Any] = {
            "seq": self._seq + 1,
            "at": utc_text(self.now),
            "shop": about.shop,
            "run_id": about.run_id,
            "order_no": about.order_no,
            "attempt_id": about.attempt_id,
            "kind": kind,
            "body": document,
            "prev": self._hash,
        }
        entry["hash"] = entry_hash(entry)
        row = entry | {"body": body_text, "at": self.now}
        try:
            self.connection.execute(_APPEND, row)
        except IntegrityError as error:
            raise _behind(entry["seq"]) from error
        self._move_head(entry["seq"], entry["hash"])
        return self._seq

    def _move_head(self, seq: int, digest: str) -> None:
        moved = self.connection.execute(_MOVE, {"last": self._seq, "next": seq, "digest": digest})
        if moved.rowcount != 1:
            raise _behind(seq)
        self._seq, self._hash = seq, digest


def _behind(seq: int) -> LedgerCorrupt:
    return LedgerCorrupt(entry=seq, detail="the chain's head does not name the last entry")


def _locked_head(connection: Connection) -> tuple[int, str]:
    head = connection.execute(_HEAD).one_or_none()
    if head is None:
        raise LedgerCorrupt(entry=0, detail="the chain's head is missing")
    # Nothing is written behind a tail that was cut off or changed. A statement of its own:
    # joined to the lock, PostgreSQL would look for the tail in the state before the lock.
    tail = connection.execute(_TAIL, {"seq": head.seq}).scalar() if head.seq else GENESIS
    if head.hash != tail:
        raise _behind(head.seq)
    return head.seq, head.hash


def verify(connection: Connection) -> ChainReport:
    """Walk the chain from the first entry to the head and report the first that does not fit."""
    head = connection.execute(select(chain.c.seq, chain.c.hash)).one_or_none()
    last, count = GENESIS, 0
    with connection.execution_options(yield_per=1000).execute(RAW) as rows:
        for row in rows:
            wrong = damage(row._asdict(), count + 1, last)
            if wrong:
                return ChainReport(entries=count, head=last, broken=count + 1, detail=wrong)
            last, count = row.hash, count + 1
    if head is None:
        detail = "the chain's head is missing"
    elif head.seq > count:
        detail = f"the tail is cut off: the head names entry {head.seq}"
    elif (head.seq, head.hash) != (count, last):
        detail = f"the head names entry {head.seq} with hash {head.hash[:12]}"
    else:
        return ChainReport(entries=count, head=last)
    broken = count + 1 if head is not None and head.seq > count else count
    return ChainReport(entries=count, head=last, broken=broken, detail=detail)


def hashes(connection: Connection) -> list[str]:
    """Return the hashes of all entries, in order, as they are stored."""
    return list(connection.execute(select(events.c.hash).order_by(events.c.seq)).scalars())


def damage(row: Mapping[str, Any], seq: int, prev: str) -> str:
    """Say what is wrong with an entry as it is stored; "" if it is the next one, and intact.

    Args:
        row: its fields, with `body` and `at` as text.
        seq: the number that it must have.
        prev: the hash of the entry before it.
    """
    if row["seq"] != seq:
        return f"entry {seq} is missing"
    if row["prev"] != prev:
        return f"entry {seq} does not follow the entry before it"
    try:
        body = json.loads(row["body"])
        intact = canonical_json(body) == row["body"]
        intact &= entry_hash({**row, "body": body}) == row["hash"]
    except (ValueError, TypeError):
        intact = False
    return "" if intact else f"entry {seq} was changed"
