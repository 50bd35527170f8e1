"""The columns of a month: the same in the workbook, in the CSV file and on the page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OUTCOME_WORDS, kinds_of
from qsm_bot.render.month import UNFINISHED, MonthRecord, MonthRow
from qsm_bot.render.report_words import PROOF_WORDS, REASON_WORDS

Cell = str | datetime | int | None
"""A time is Japanese and names no zone: sheets know none. None is an empty cell."""

KIND_WORDS = {
    PermitKind.REFUSAL: Words("refusal", "拒否"),
    PermitKind.REHEARSAL: Words("rehearsal", "予行"),
}
ENDING_WORDS = {**OUTCOME_WORDS, UNFINISHED: Words("not finished", "途中")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what stands in it, and its width in characters."""

    head: Words
    value: Callable[[MonthRow, Lang], Cell]
    width: int


def _jst(moment: datetime | None) -> datetime | None:
    # Sheets show seconds, and their fractions would not survive the way there and back.
    return moment.astimezone(JST).replace(tzinfo=None, microsecond=0) if moment else None


def _due(row: MonthRow) -> datetime | None:
    return row.duty.due if row.duty else None


def _closed_at(row: MonthRow) -> datetime | None:
    return row.duty.closing.at if row.duty and row.duty.closing else None


def _closed_how(row: MonthRow, lang: Lang) -> str | None:
    return row.duty.closing.words.say(lang) if row.duty and row.duty.closing else None


def _proofs(row: MonthRow, lang: Lang) -> str:
    return ", ".join(PROOF_WORDS[kind].say(lang) for kind in kinds_of(row.attempt.proofs))


COLUMNS = (
    Column(Words("refusal sent (JST)", "拒否送信日時"), lambda r, _: _jst(r.sent_at), 20),
    Column(Words("order", "注文番号"), lambda r, _: r.attempt.order_no, 14),
    Column(Words("cart", "カート番号"), lambda r, _: r.attempt.cart_no, 14),
    Column(
        Words("reason", "拒否理由"), lambda r, lang: REASON_WORDS[r.attempt.reason].say(lang), 18
    ),
    Column(Words("text", "理由文"), lambda r, _: r.attempt.text, 40),
    Column(Words("rule", "ルール"), lambda r, _: r.attempt.rule, 24),
    Column(Words("approved by", "承認者"), lambda r, _: r.approved_by, 14),
    Column(Words("outcome", "結果"), lambda r, lang: ENDING_WORDS[r.outcome].say(lang), 20),
    Column(
        Words("proofs", "証拠"),
        lambda r, lang: ", ".join(
            PROOF_WORDS[kind].say(lang) for kind in kinds_of(r.attempt.proofs)
        ),
        36,
    ),
    Column(Words("kind", "種別"), lambda r, lang: KIND_WORDS[r.attempt.kind].say(lang), 12),
    Column(Words("attempt", "何回目（予行を含む）"), lambda r, _: r.attempt.attempt, 8),
    Column(Words("begun (JST)", "開始日時"), lambda r, _: _jst(r.attempt.created_at), 20),
    Column(
        Words("requested on", "要請日"),
        lambda r, _: r.requested_on.isoformat() if r.requested_on else None,
        12,
    ),
    Column(Words("days to refusal", "拒否までの日数"), lambda r, _: r.waited, 14),
    Column(Words("run", "実行"), lambda r, _: r.attempt.run_id, 24),
    Column(Words("plan", "計画"), lambda r, _: r.attempt.plan, 66),
    Column(
        Words("ship by (JST)", "発送期限"), lambda r, _: _jst(r.duty.due) if r.duty else None, 20
    ),
    Column(
        Words("shipping recorded (JST)", "発送の記録日時"), lambda r, _: _jst(_closed_at(r)), 20
    ),
    Column(Words("how it is known", "発送の根拠"), _closed_how, 40),
)
"""What comes later is added at the end: a sheet that reads by position stays right."""


def outcome_words(record: MonthRecord) -> Words:
    """Return how many attempts ended how, in words."""
    counts = [(ENDING_WORDS[name], count) for name, count in record.outcomes.items()]
    return Words(
        ", ".join(f"{words.en} {count}" for words, count in counts) or "–",
        "、".join(f"{words.ja} {count}" for words, count in counts) or "–",
    )
