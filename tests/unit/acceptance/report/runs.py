"""Runs of the kit with given verdicts."""

from datetime import datetime

from qsm_bot.acceptance.clone.dialog import DialogSeen
from qsm_bot.acceptance.report.verdicts import Comparison, ReportPicture, Run, StatementVerdict
from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=JST)
HELD, BROKEN, LEFT = (
    StatementVerdict.HELD,
    StatementVerdict.DID_NOT_HOLD,
    StatementVerdict.NOT_JUDGED,
)
WHY = Words("no journal", "記録なし")


def run_of(**verdicts: StatementVerdict) -> Run:
    """Return a run with these verdicts; `_` in a name stands for `-`."""
    run = Run(portal="http://127.0.0.1:1", pack="qsm-jp", started=MOMENT)
    run.select(name.replace("_", "-") for name in verdicts)
    for name, verdict in verdicts.items():
        run.records[name.replace("_", "-")].judge(verdict, WHY if verdict is LEFT else "")
    return run


def full_run() -> Run:
    run = run_of(columns=BROKEN, cells=LEFT, reasons=HELD)
    record = run.records["columns"]
    record.checks.append(Comparison(Words("headings", "見出し"), "選択", "<b>選</b>", held=False))
    record.dialogs.append(DialogSeen("alert", "完了", accepted=True))
    record.pictures.append(ReportPicture(Words("the list", "一覧"), b"\xff\xd8jpeg"))
    record.services.append("swe_ClaimBizService.asmx/GetClaimList")
    run.note_names("list", {"headings": ("選択", "処理状態"), "services": ("A",)})
    run.note_names("list", {"headings": ("選択", "処理状態"), "services": ("B",)})
    return run
