"""The tables as queries see them; the migrations make them, with checks and triggers."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from qsm_bot.base.clock import JST, aware
from qsm_bot.domain.request import canonical_json


class UtcTime(TypeDecorator[datetime]):
    """A moment as fixed-width ISO text in UTC: sorts right, same bytes on every database.

    SQLite would drop the zone of a real timestamp, and the hash covers this very text.
    """

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write a moment."""
        del dialect
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read a moment, in JST."""
        del dialect
        return None if value is None else datetime.fromisoformat(value).astimezone(JST)


class JsonText(TypeDecorator[Any]):
    """Plain values as canonical JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the values."""
        del dialect
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the values."""
        del dialect
        return None if value is None else json.loads(value)


def utc_text(moment: datetime) -> str:
    """Return the one spelling of `moment` in the ledger.

    Raises:
        ValueError: it names no zone.
    """
    return aware(moment).astimezone(UTC).isoformat(timespec="microseconds")


metadata = MetaData()

# What other rows call a shop (`key`), and the key that all its names lead to (`main`).
shops = Table(
    "shops",
    metadata,
    Column("key", Text, primary_key=True),
    Column("main", Text, nullable=False),
    Column("shown", Text, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("shop", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("body", JsonText, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("plan", String(64), ForeignKey("plans.digest"), nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Index("ix_approvals_plan", "plan"),
)

leases = Table(
    "leases",
    metadata,
    Column("shop", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("token", String(32), nullable=False),
    Column("until", UtcTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("shop", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("plan", String(64)),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("exit_code", Integer),
    Column("error", JsonText),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("run_id", String(32), ForeignKey("runs.id"), nullable=False),
    Column("shop", Text, nullable=False),
    Column("order_no", Text, nullable=False),
    Column("cart_no", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("plan", String(64), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("text", Text),
    Column("rule", Text, nullable=False),
    Column("lease", String(32)),
    Column("state", String(16), nullable=False),
    Column("blocks", Boolean(create_constraint=False), nullable=False),
    Column("outcome", String(16)),
    Column("detail", JsonText),
    Column("proofs", JsonText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("shop", "order_no", "attempt", name="uq_attempts_number"),
    Index("ix_attempts_run_id", "run_id"),
    # The permit: at most one attempt per order that was, or may have been, sent. On PostgreSQL
    # the WHERE is the same; said here too, it would import that dialect at every start.
    Index("uq_attempts_blocks", "shop", "order_no", unique=True, sqlite_where=text("blocks")),
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("shop", Text),
    Column("run_id", Text),
    Column("order_no", Text),
    Column("attempt_id", Text),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_events_run_id", "run_id"),
    Index("ix_events_order_no", "order_no"),
    Index("ix_events_attempt_id", "attempt_id"),
)

# One row: the last entry's number and hash, so that a cut-off tail is seen too.
chain = Table(
    "chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
