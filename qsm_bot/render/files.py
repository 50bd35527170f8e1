"""Reports written to disk."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.errors.plans import PlanNotFound
from qsm_bot.base.os_words import os_words
from qsm_bot.base.pictures import PictureStore
from qsm_bot.base.words import Lang
from qsm_bot.domain.plan import Plan
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import Ledger, RunRecord
from qsm_bot.render.duty import ends_of
from qsm_bot.render.formats import MonthFormat
from qsm_bot.render.month import MonthRecord
from qsm_bot.render.month_page import month_html
from qsm_bot.render.report import report_html


def write_report(
    ledger: Ledger, run: RunRecord, pictures: PictureStore, path: Path, *, lang: Lang, now: datetime
) -> None:
    """Write the HTML report of one run.

    Args:
        ledger: where the run stands.
        run: the run.
        pictures: the shop's pictures.
        path: the file to write.
        lang: the main language.
        now: the moment that the report names as its own.

    Raises:
        EvidenceUnwritable: the file cannot be written.
    """

    def picture(name: str) -> bytes | None:
        file = pictures.path(name)
        return file.read_bytes() if file.is_file() else None

    plan, attempts = _plan(ledger, run), list(reversed(ledger.attempts(run_id=run.id)))
    begun = {attempt.order_no for attempt in attempts}
    left = [row.order_no for row in plan.refuse if row.order_no not in begun] if plan else []
    html = report_html(
        run=run,
        plan=plan,
        approval=ledger.approval(run.plan) if run.plan else None,
        attempts=attempts,
        events=list(ledger.events(run_id=run.id)),
        picture=picture,
        lang=lang,
        chain=ledger.verify().head,
        made_at=now,
        duty_ends=dict(ends_of(ledger.duties(run.shop), now)),
        refused_before=dict(_refused_before(ledger, run.shop, left)),
    )
    _write(path, html.encode())


def _refused_before(
    ledger: Ledger, shop: str, orders: Sequence[str]
) -> Iterator[tuple[str, datetime]]:
    for order_no in orders:
        for attempt in ledger.attempts(shop=shop, order_no=order_no):
            if attempt.outcome is OutcomeKind.REFUSED:
                yield order_no, attempt.updated_at


def month_name(record: MonthRecord, kind: MonthFormat) -> str:
    """Return the name of a month's file; shops that share a folder have one each."""
    shop = re.sub(r"[^\w-]", "_", record.shop)
    return f"{record.month}-{shop}.{kind}"


def write_month(record: MonthRecord, kind: MonthFormat, path: Path, lang: Lang) -> None:
    """Write the report of a month.

    Raises:
        EvidenceUnwritable: the file cannot be written.
    """
    _write(path, _month(record, kind, lang))


def _month(record: MonthRecord, kind: MonthFormat, lang: Lang) -> bytes:
    # Each is loaded only if it is asked for: XlsxWriter takes its time.
    if kind is MonthFormat.XLSX:
        from qsm_bot.render.month_sheets import month_xlsx  # noqa: PLC0415

        return month_xlsx(record, lang)
    if kind is MonthFormat.CSV:
        from qsm_bot.render.month_sheets import month_csv  # noqa: PLC0415

        return month_csv(record, lang)
    return month_html(record, lang).encode()


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)
        path.chmod(0o600)
    except OSError as error:
        raise EvidenceUnwritable(path=path, detail=os_words(error)) from error


def _plan(ledger: Ledger, run: RunRecord) -> Plan | None:
    if run.plan is None:
        # A round begins before there is a plan; what it left to a person it has made itself.
        made = (plan for plan in ledger.pending(run.shop).plans if _is_of(plan, run))
        return next(made, None)
    try:
        return ledger.plan(run.plan)
    except PlanNotFound:
        return None


def _is_of(plan: Plan, run: RunRecord) -> bool:
    ended = run.ended_at or plan.created_at
    return run.command == "run" and run.started_at <= plan.created_at <= ended
