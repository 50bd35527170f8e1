"""What a run that ended early says of the orders it had begun, and of what stays open."""

from collections import Counter
from collections.abc import Sequence

from flows._parts.shop_run import ShopRun
from qsm_bot.base.errors.base import NOTHING_SENT, QsmBotError
from qsm_bot.base.words import Words
from qsm_bot.domain.request import OutcomeKind, Receipt

BEGUN = Words(
    "Of the orders begun before: {counts}; nothing was sent for the others.",
    "それまでに処理した注文: {counts}。その他の注文は送信していません。",
)
STAY_OPEN = Words(
    "{meaning} Attempts that stay open: {count}.", "{meaning}未確定のまま残る注文: {count} 件。"
)
RECONCILE_FIRST = Words(
    "`qsm-bot reconcile`, before another refusal. {next}",
    "`qsm-bot reconcile` を、次の拒否の前に実行してください。{next}",
)
_RECONCILE = "qsm-bot reconcile"
_SENT_WORDS = {
    OutcomeKind.REFUSED: Words("refused", "拒否完了"),
    OutcomeKind.ALREADY_REFUSED: Words("already refused", "拒否済み"),
    OutcomeKind.GONE: Words("gone", "一覧になし"),
    OutcomeKind.REJECTED: Words("turned down", "ポータルが受け付けず"),
    OutcomeKind.UNKNOWN: Words("unknown", "結果不明"),
    OutcomeKind.NEEDS_PERSON: Words("needs a person", "確認が必要"),
}
"""The outcomes of orders whose refusal was sent, or may have been: now, or before a look."""


def tell_of_acts(context: ShopRun, error: QsmBotError | None, receipts: Sequence[Receipt]) -> None:
    """Let the error that ended a run of acts, if one did, say what was sent before it."""
    if error is None:
        return
    left = context.ledger.open_attempts(context.shop)
    unknown = {row.order_no for row in receipts if row.outcome.kind is OutcomeKind.UNKNOWN}
    earlier = [attempt for attempt in left if attempt.order_no not in unknown]
    counts = Counter(row.outcome.kind for row in receipts if row.outcome.kind in _SENT_WORDS)
    if counts and error.meaning == NOTHING_SENT:
        error.meaning = BEGUN.filled(counts=_listed(counts))
    _tell_open(error, len(earlier))
    if (unknown or earlier) and _RECONCILE not in error.next_words.en:
        error.next_words = RECONCILE_FIRST.filled(next=error.next_words)


def tell_of_looks(context: ShopRun, error: QsmBotError | None) -> None:
    """Let the error that ended looks, which send nothing, say how much stays open."""
    if error is not None:
        _tell_open(error, len(context.ledger.open_attempts(context.shop)))


def _tell_open(error: QsmBotError, count: int) -> None:
    if count:
        error.meaning = STAY_OPEN.filled(meaning=error.meaning, count=count)


def _listed(counts: Counter[OutcomeKind]) -> Words:
    parts = [(count, _SENT_WORDS[kind]) for kind, count in counts.items()]
    return Words(
        ", ".join(f"{count} {words.en}" for count, words in parts),
        "、".join(f"{words.ja} {count} 件" for count, words in parts),
    )
