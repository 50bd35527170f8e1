"""Tables of the mock portal's commands: both catalogues, and what `portal check` found."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from qsm_bot.base.words import Lang, Words
from qsm_bot.render.tables import plain_table

if TYPE_CHECKING:
    from qsm_bot.mock_portal.defects import Defect
    from qsm_bot.mock_portal.faults import FaultKind
    from qsm_bot.mock_portal.testing.history import Breach

_AGREES = Words(
    "The portal's journal and the ledger agree: {effects}.",
    "ポータルの記録と台帳は一致しています: {effects}。",
)
_NO_EFFECTS = Words("no effects", "処理なし")
_EFFECTS = {
    "refuse": "拒否",
    "cancel": "キャンセル",
    "retraction": "撤回の要請",
    "withdraw": "取り下げ",
}
_ORDER = Words("order", "注文番号")
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
    "duty": Words("each refusal is shipped", "拒否した注文はすべて発送"),
    "standing": Words("within the standing order", "事前承認の範囲内"),
    "agreement": Words("both books agree", "記録の一致"),
}


def breach_table(breaches: Sequence["Breach"], lang: Lang) -> Table:
    """Return the broken invariants as a table."""
    table = plain_table(lang, "", _ORDER, _BROKEN, _WHAT)
    for each in breaches:
        broken = f"{each.invariant} {_INVARIANTS[each.invariant].say(lang)}"
        table.add_row(each.order_no or "–", Text(broken, "bold red"), each.words)
    return table


def fault_table(catalogue: Mapping[str, "FaultKind"], lang: Lang) -> Table:
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


def agreement(effects: Mapping[str, int]) -> Words:
    """Return the line that journal and ledger agree, with how often the portal did what."""
    counted = sorted(effects.items())
    return _AGREES.filled(
        effects=Words(
            ", ".join(f"{kind} {count}" for kind, count in counted),
            "、".join(f"{_EFFECTS.get(kind, kind)} {count}件" for kind, count in counted),
        )
        if counted
        else _NO_EFFECTS
    )


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
