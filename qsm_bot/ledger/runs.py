"""Runs: one command's work on one shop, from its first entry to its exit code."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.inputs import RunNotFound
from qsm_bot.base.errors.ledger import LedgerRuleBroken
from qsm_bot.base.exit_code import GOOD, ExitCode
from qsm_bot.ledger.chain import About, Pen, plain
from qsm_bot.ledger.shops import BookShop
from qsm_bot.ledger.tables import runs

LATEST = "latest"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRecord:
    """One run as the book knows it; `ended_at` stays None if the program was killed."""

    id: str
    shop: str
    command: str
    plan: str | None
    started_at: datetime
    ended_at: datetime | None
    exit_code: int | None
    error: Mapping[str, Any] | None

    @property
    def ended_well(self) -> bool:
        """Whether it came to its end, be it that a round left something to a person."""
        wants_person = self.exit_code == ExitCode.PERSON_NEEDED and self.error is None
        left_to_person = self.command == "run" and wants_person
        return self.exit_code in GOOD or left_to_person


def begin(pen: Pen, shop: str, command: str, plan: str | None) -> str:
    """Write a run's first entry and return its id, which sorts by time (JST)."""
    run_id = f"{pen.now.astimezone(JST):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    about = About(shop=shop, run_id=run_id)
    seq = pen.append("run.begun", {"command": command, "plan": plan}, about)
    pen.connection.execute(
        insert(runs).values(
            id=run_id, seq=seq, shop=shop, command=command, plan=plan, started_at=pen.now
        )
    )
    return run_id


def end(pen: Pen, run_id: str, exit_code: int, error: Mapping[str, Any] | None) -> None:
    """Write a run's last entry.

    Raises:
        RunNotFound: there is no such run.
        LedgerRuleBroken: it has ended before.
    """
    row = pen.connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
    if row is None:
        raise RunNotFound(run=run_id)
    if row.ended_at is not None:
        raise LedgerRuleBroken(detail=f"the run {run_id} has ended before")
    kept = None if error is None else plain(error)[1]
    pen.connection.execute(
        update(runs)
        .where(runs.c.id == run_id)
        .values(ended_at=pen.now, exit_code=exit_code, error=kept)
    )
    body = {"exit_code": exit_code, "error": error}
    pen.append("run.ended", body, About(shop=row.shop, run_id=run_id))


def find(connection: Connection, wanted: str) -> RunRecord:
    """Return the run with that id, with that unique beginning of an id, or the `latest`.

    Raises:
        RunNotFound: there is none, or there are several.
    """
    query = select(runs).order_by(runs.c.seq.desc())
    if wanted == LATEST:
        rows = connection.execute(query.limit(1)).all()
    else:
        match = runs.c.id.startswith(wanted, autoescape=True)
        rows = connection.execute(query.where(match).limit(2)).all()
    if not wanted or len(rows) != 1:
        raise RunNotFound(run=wanted)
    return _record(rows[0])


def listed(
    connection: Connection, shop: BookShop | None, limit: int | None, since: datetime | None
) -> list[RunRecord]:
    """Return the runs that were begun `since` then, newest first."""
    query = select(runs).order_by(runs.c.seq.desc()).limit(limit)
    if since is not None:
        query = query.where(runs.c.started_at >= since)
    if shop is not None:
        query = query.where(shop.owns(runs.c.shop))
    return [_record(row) for row in connection.execute(query)]


def _record(row: Row[Any]) -> RunRecord:
    return RunRecord(
        id=row.id,
        shop=row.shop,
        command=row.command,
        plan=row.plan,
        started_at=row.started_at,
        ended_at=row.ended_at,
        exit_code=row.exit_code,
        error=row.error,
    )
