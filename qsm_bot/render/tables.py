"""Tables for the terminal. Numbers that name orders are never cut."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from qsm_bot.model import CancelRequest, OutcomeKind, Receipt, RunResult, kinds_of
from qsm_bot.plan import Plan, PlannedRefusal
from qsm_bot.reason_text import page_length
from qsm_bot.render.documents import OUTCOME_WORDS, SHIP_WORDS
from qsm_bot.shipment import ShipResult
from qsm_bot.words import Lang, Words

if TYPE_CHECKING:
    from qsm_bot.ledger import Attempt
    from qsm_bot.mock_portal.defects import Defect
    from qsm_bot.mock_portal.faults import Kind
    from qsm_bot.retention import Batch
    from qsm_bot.testing.history import Finding

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
_LEAVE = Words("leave", "対象外")
_ASK = Words("ask a person", "要確認")
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
_BROKEN = Words("broken", "違反")
_WHAT = Words("what", "内容")
_FAULT = Words("fault", "障害")
_AREA = Words("where", "場所")
_DEFECT = Words("defect", "相違")
_ALSO = Words("makes false besides", "ほかに成り立たない項目")

_INVARIANTS: Mapping[str, Words] = {
    "I1": Words("one request per permit", "許可1件に送信1回"),
    "I2": Words("committed knowingly", "確認後にのみ実行"),
    "I3": Words("two proofs", "証拠2種類"),
    "I4": Words("no second attempt", "再試行なし"),
    "I5": Words("every run ends", "実行は必ず終了"),
    "I6": Words("no secret told", "秘密の非表示"),
    "effects": Words("refusals only", "拒否以外の処理なし"),
    "buttons": Words("this button only", "他のボタンなし"),
    "duty": Words("each refusal is shipped", "拒否ごとに発送義務"),
    "standing": Words("within the standing order", "事前承認の範囲内"),
    "agreement": Words("both books agree", "記録の一致"),
}


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
        decision = _REFUSE.filled(reason=row.reason.value).say(lang)
        table.add_row(row.order_no, Text(decision, "bold"), Text(_reasons(row, lang)))
    for rest, words in ((plan.leave, _LEAVE), (plan.ask, _ASK)):
        for item in rest:
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
        receipt.reason.value if receipt.reason else "",
        _outcome_text(outcome.kind, lang),
        " ".join(kind.value for kind in kinds_of(outcome.proofs)),
        outcome.detail.say(lang) if outcome.detail else "",
    )


def _outcome_text(kind: OutcomeKind, lang: Lang) -> Text:
    words = OUTCOME_WORDS[kind.value].say(lang)
    label = f"{kind.value} {words}" if lang == "ja" else words
    return Text(label, _COLOURS.get(kind, "yellow"))


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
        proofs = " ".join(kind.value for kind in kinds_of(row.proofs))
        named = [row.shop] if of_shops else []
        table.add_row(row.order_no, when, row.reason.value, outcome, proofs, row.run_id, *named)
    return table


def purge_table(batches: Sequence["Batch"], lang: Lang) -> Table:
    """Return old files, run by run, as a table."""
    table = plain_table(lang, "", _RUN, _PICTURES, _REPORTS, _BYTES, _NEWEST)
    for each in batches:
        counts = (str(len(each.pictures)), str(len(each.reports)), f"{each.size:,}")
        table.add_row(each.name, *counts, f"{each.newest:%Y-%m-%d}")
    return table


def finding_table(findings: Sequence["Finding"], lang: Lang) -> Table:
    """Return what the judge found as a table."""
    table = plain_table(lang, "", _ORDER, _BROKEN, _WHAT)
    for finding in findings:
        broken = f"{finding.invariant} {_INVARIANTS[finding.invariant].say(lang)}"
        table.add_row(finding.order_no or "–", Text(broken, "bold red"), finding.words)
    return table


def fault_table(catalogue: Mapping[str, "Kind"], lang: Lang) -> Table:
    """Return the fault lab's catalogue as a table."""
    table = plain_table(lang, "", _FAULT, _AREA, _WHAT)
    for name, kind in catalogue.items():
        shown = name if kind.value is None else f"{name}:{_plain(kind.value)}"
        table.add_row(shown, kind.area.value, kind.words.say(lang))
    return table


def defect_table(catalogue: Mapping[str, "Defect"], lang: Lang) -> Table:
    """Return the catalogue of defects as a table; the column `also` only if one has it."""
    also = [_ALSO] if any(each.also for each in catalogue.values()) else []
    table = plain_table(lang, "", _DEFECT, _AREA, _WHAT, *also)
    for name, each in catalogue.items():
        named = [" ".join(each.also)] if also else []
        table.add_row(name, each.part.value, each.words.say(lang), *named)
    return table


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
