"""Tables for the terminal. Numbers that name orders are never cut."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.plan import Plan, PlannedRefusal
from qsm_bot.domain.reason_text import page_length
from qsm_bot.domain.request import (
    OUTCOME_WORDS,
    CancelRequest,
    OutcomeKind,
    Proof,
    Receipt,
    RunResult,
    kinds_of,
)
from qsm_bot.domain.shipment import ShipResult
from qsm_bot.render.documents import PROOF_WORDS, SHIP_WORDS

if TYPE_CHECKING:
    from qsm_bot.base.retention import Batch
    from qsm_bot.ledger import Attempt

_COLOURS = {
    OutcomeKind.REFUSED: "green",
    OutcomeKind.REHEARSED: "green",
    OutcomeKind.UNKNOWN: "bold red",
    OutcomeKind.NEEDS_PERSON: "bold red",
}

_ORDER = Words("order", "注文番号")
_CART = Words("cart", "カート番号")
_ITEM = Words("item", "商品")
_BUYER_REASON = Words("buyer's reason", "キャンセル理由")
_REQUESTED = Words("requested", "要請日")
_STATUS = Words("status", "処理状態")
_DECISION = Words("decision", "判定")
_WHY = Words("why", "根拠")
_OUTCOME = Words("outcome", "結果")
_PROOFS = Words("proofs", "証拠")
_NOTE = Words("note", "備考")
_REASON = Words("reason", "拒否理由")
_WHEN = Words("when (JST)", "日時 (JST)")
_RUN = Words("run", "実行")
_REFUSE = Words("refuse: {reason}", "拒否: {reason}")
_LEAVE = Words("leave", "拒否しない")
_ASK = Words("ask a person", "確認が必要")
_SAME = Words("the same", "（上と同じ）")
_ANSWER = Words("answer", "応答")
_SHOWN = Words("shown by QAPI", "QAPI の状態")
_BUYER_READS = Words(
    "the buyer reads: 「{text}」 ({count})", "お客様への表示:「{text}」（{count}字）"
)
_PICTURES = Words("pictures", "画像")
_REPORTS = Words("reports", "レポート")
_BYTES = Words("bytes", "バイト")
_NEWEST = Words("last changed (JST)", "最終更新日 (JST)")
_SHOP = Words("shop", "ショップ")


def plain_table(lang: Lang, title: str, *columns: Words) -> Table:
    """Return an empty table; its first column is never cut."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, words in enumerate(columns):
        table.add_column(words.say(lang), no_wrap=index == 0, overflow="fold")
    return table


def request_table(shop: str, requests: Sequence[CancelRequest], lang: Lang) -> Table:
    """Return the open requests as a table."""
    table = plain_table(lang, shop, _ORDER, _CART, _ITEM, _BUYER_REASON, _REQUESTED, _STATUS)
    for row in requests:
        item = " ".join(part for part in (row.item_code, row.item_name) if part)
        requested = f"{row.requested_on}" if row.requested_on else ""
        table.add_row(row.order_no, row.cart_no, item, row.buyer_reason, requested, row.status)
    return table


def plan_table(plan: Plan, lang: Lang) -> Table:
    """Return a plan as a table: what would be refused and why the rest is not."""
    title = f"{plan.shop}  {plan.digest[:12]}  → {plan.expires_at:%Y-%m-%d %H:%M} JST"
    table = plain_table(lang, title, _ORDER, _DECISION, _WHY)
    for row in plan.refuse:
        decision = _REFUSE.filled(reason=row.reason.words).say(lang)
        table.add_row(row.order_no, Text(decision, "bold"), Text(_reasons(row, lang)))
    for rest, words in ((plan.leave, _LEAVE), (plan.ask, _ASK)):
        said = None
        for item in rest:
            if (item.why, item.advice) == said:
                # A cause that many orders share, as a missing file, is told once.
                table.add_row(item.order_no or "–", Text(words.say(lang), "dim"), _SAME.say(lang))
                continue
            said = (item.why, item.advice)
            advice = (f"→ {each.say(lang)}" for each in item.advice)
            why = Text("\n".join((item.why.say(lang), *advice)))
            table.add_row(item.order_no or "–", Text(words.say(lang), "dim"), why)
    return table


def _reasons(row: PlannedRefusal, lang: Lang) -> str:
    """Return why a request would be refused, and exactly what its buyer would read."""
    lines = [words.say(lang) for words in row.because] or [row.rule]
    if row.text:
        shown = _BUYER_READS.filled(text=row.text, count=page_length(row.text))
        lines.append(shown.say(lang))
    return "\n".join(lines)


def run_table(result: RunResult, lang: Lang) -> Table:
    """Return a run's outcomes as a table."""
    table = plain_table(
        lang, f"{result.shop}  {result.run_id}", _ORDER, _REASON, _OUTCOME, _PROOFS, _NOTE
    )
    for receipt in result.receipts:
        table.add_row(*_receipt_cells(receipt, lang))
    return table


def _receipt_cells(receipt: Receipt, lang: Lang) -> tuple[str | Text, ...]:
    outcome = receipt.outcome
    return (
        receipt.order_no,
        receipt.reason.words.say(lang) if receipt.reason else "",
        _outcome_text(outcome.kind, lang),
        _proofs(outcome.proofs, lang),
        outcome.detail.say(lang) if outcome.detail else "",
    )


def _proofs(proofs: Sequence[Proof], lang: Lang) -> str:
    return (" " if lang == "en" else "・").join(
        PROOF_WORDS[kind].say(lang) for kind in kinds_of(proofs)
    )


def _outcome_text(kind: OutcomeKind, lang: Lang) -> Text:
    return Text(OUTCOME_WORDS[kind.value].say(lang), _COLOURS.get(kind, "yellow"))


def ship_table(result: ShipResult, lang: Lang) -> Table:
    """Return what became of a shipment, and how QAPI shows the order."""
    table = plain_table(lang, f"{result.shop}  {result.run_id}", _ORDER, _OUTCOME, _ANSWER, _SHOWN)
    answer = "–" if result.answer is None else f"{result.answer[0]} {result.answer[1]}"
    shown = result.shown
    parts = (shown.shipping, shown.carrier, shown.tracking) if shown else ()
    table.add_row(
        result.shipment.order_no,
        SHIP_WORDS[result.outcome.value].say(lang),
        answer,
        " ".join(filter(None, parts)) or "–",
    )
    return table


def history_table(attempts: Sequence["Attempt"], lang: Lang, *, of_shops: bool = False) -> Table:
    """Return attempts of the ledger as a table, if need be with the shop of each."""
    shop = [_SHOP] if of_shops else []
    table = plain_table(lang, "", _ORDER, _WHEN, _REASON, _OUTCOME, _PROOFS, _RUN, *shop)
    for row in attempts:
        outcome = (
            _outcome_text(row.outcome, lang) if row.outcome else Text(row.state.value, "bold red")
        )
        when = f"{row.updated_at:%Y-%m-%d %H:%M:%S}"
        proofs = _proofs(row.proofs, lang)
        named = [row.shop] if of_shops else []
        table.add_row(
            row.order_no,
            when,
            row.reason.words.say(lang),
            outcome,
            proofs,
            row.run_id,
            *named,
        )
    return table


def purge_table(batches: Sequence["Batch"], lang: Lang) -> Table:
    """Return old files, run by run, as a table."""
    table = plain_table(lang, "", _RUN, _PICTURES, _REPORTS, _BYTES, _NEWEST)
    for each in batches:
        counts = (str(len(each.pictures)), str(len(each.reports)), f"{each.size:,}")
        table.add_row(each.name, *counts, f"{each.newest:%Y-%m-%d}")
    return table
