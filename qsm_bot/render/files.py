"""Reports written to disk."""

from datetime import datetime
from pathlib import Path

from qsm_bot.errors import EvidenceUnwritable, PlanNotFound
from qsm_bot.ledger import Ledger, RunRecord
from qsm_bot.plan import Plan
from qsm_bot.render.duty import ends_of
from qsm_bot.render.report import report_html
from qsm_bot.words import Lang


def write_report(
    ledger: Ledger, run: RunRecord, evidence: Path, path: Path, *, lang: Lang, now: datetime
) -> None:
    """Write the HTML report of one run.

    Args:
        ledger: where the run stands.
        run: the run.
        evidence: the folder of the pictures.
        path: the file to write.
        lang: the main language.
        now: the moment that the report names as its own.

    Raises:
        EvidenceUnwritable: the file cannot be written.
    """

    def picture(name: str) -> bytes | None:
        file = evidence / name
        return file.read_bytes() if file.is_file() else None

    html = report_html(
        run=run,
        plan=_plan(ledger, run),
        attempts=list(reversed(ledger.attempts(run_id=run.id))),
        events=list(ledger.events(run_id=run.id)),
        picture=picture,
        lang=lang,
        chain=ledger.verify().head,
        made_at=now,
        duty_ends=dict(ends_of(ledger.duties(run.shop), now)),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(html, encoding="utf-8")
        path.chmod(0o600)
    except OSError as error:
        raise EvidenceUnwritable(path=path, detail=error.strerror) from error


def _plan(ledger: Ledger, run: RunRecord) -> Plan | None:
    try:
        return ledger.plan(run.plan) if run.plan else None
    except PlanNotFound:
        return None
