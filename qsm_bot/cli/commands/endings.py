"""How every command that acts ends, and what all of them may be told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.language import t
from qsm_bot.cli.wiring.announce import announce
from qsm_bot.domain.request import OutcomeKind, RunResult

if TYPE_CHECKING:
    from qsm_bot.domain.duty import Duty

EvenLateOption = Annotated[
    bool,
    typer.Option(
        "--even-late",
        help=t(
            "past the cut-off, or while orders are overdue for shipping",
            "受付締切の後や、期限切れの未発送があっても実行する",
        ),
    ),
]

_NOTHING = Words("There was nothing to do.", "処理するキャンセル要請はありません。")
_LOOK_FIRST = Words(
    "What became of {orders} is not known: do NOT refuse again. Next: qsm-bot reconcile",
    "{orders} の結果が分かりません。もう一度拒否しないでください。次: qsm-bot reconcile",
)
_REHEARSED = Words(
    "{orders}: everything up to the confirm went well, and nothing was sent. To refuse for good: "
    "`qsm-bot refuse {orders}` with the same reason and text.",
    "{orders}: 確認ダイアログまで問題なく進み、何も送信していません。"
    "実際に拒否するには、同じ理由・内容で `qsm-bot refuse {orders}` を実行してください。",
)


def finish(job: Job, result: RunResult, duties: "Sequence[Duty]") -> int:
    """Show and announce how a run ended, and return its exit code."""
    from qsm_bot.render.documents import run_document
    from qsm_bot.render.duty import ship_lines
    from qsm_bot.render.tables import run_table

    job.show(run_document(result, job.lang), lambda: run_table(result, job.lang))
    if result.error is not None and not job.as_json:
        job.show_error(result.error)
    if not (result.receipts or result.error or result.waiting):
        job.say(_NOTHING)
    rehearsed = _orders(result, OutcomeKind.REHEARSED)
    if rehearsed:
        job.say(_REHEARSED.filled(orders=" ".join(rehearsed)))
    unknown = _orders(result, OutcomeKind.UNKNOWN)
    if unknown:
        job.say(_LOOK_FIRST.filled(orders=" ".join(unknown)))
    for words in ship_lines(duties, now()):
        job.say(words)
    announce(job, result)
    return result.exit_code


def _orders(result: RunResult, kind: OutcomeKind) -> list[str]:
    return [each.order_no for each in result.receipts if each.outcome.kind is kind]
