"""What a person can be asked to point at: where it stands, what it is called, what it must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.words import Words, same
from qsm_bot.portal.calibrate.locators import Thing
from qsm_bot.portal.pages.rows import ColumnPositions
from qsm_bot.portal.selectors.pack import Pack


class ElementPlace(StrEnum):
    """Where an element stands, in the order of the walk."""

    LOGIN = "login"
    HOME = "home"
    CLAIMS = "claims"
    LIST = "list"
    ORDER = "order"
    FORM = "form"
    SEARCH = "search"


class ElementKind(StrEnum):
    """What an element is; the overlay's script knows the same words."""

    BUTTON = "button"
    SELECT = "select"
    BOX = "box"
    NUMBER = "number"
    GRID = "grid"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class TeachableElement:
    """An element of the pack that a person can show.

    `guarded`: it is clicked, so its selector demands its text.
    """

    place: ElementPlace
    kind: ElementKind
    name: Words
    guarded: bool = False


def _clicked(place: ElementPlace, en: str, ja: str) -> TeachableElement:
    return TeachableElement(place, ElementKind.BUTTON, Words(en, ja), guarded=True)


TEACHABLE = {
    "login_id": TeachableElement(
        ElementPlace.LOGIN, ElementKind.BOX, Words("the box for the ID", "「ログインID」の入力欄")
    ),
    "password": TeachableElement(
        ElementPlace.LOGIN,
        ElementKind.BOX,
        Words("the box for the password", "「パスワード」の入力欄"),
    ),
    "sign_in": _clicked(ElementPlace.LOGIN, "the sign-in button", "「ログイン」ボタン"),
    "sign_out": _clicked(ElementPlace.HOME, "ログアウト (sign out)", "「ログアウト」"),
    "shop_name": TeachableElement(
        ElementPlace.HOME, ElementKind.TEXT, Words("the shop's name", "ショップ名")
    ),
    "by_state_tab": _clicked(ElementPlace.CLAIMS, "the tab 状態別に照会", "「状態別に照会」のタブ"),
    "counter": TeachableElement(
        ElementPlace.CLAIMS,
        ElementKind.NUMBER,
        Words("the number beside キャンセル要請", "「キャンセル要請」の件数（数字）"),
    ),
    "notice_close": _clicked(
        ElementPlace.CLAIMS, "閉じる of the notice over the page", "重なるお知らせの「閉じる」"
    ),
    "grid": TeachableElement(
        ElementPlace.LIST,
        ElementKind.GRID,
        Words("the list of requests", "要請の一覧表（「注文番号」などの見出しがある表）"),
    ),
    "details_order_no": TeachableElement(
        ElementPlace.ORDER,
        ElementKind.TEXT,
        Words("the 注文番号 within 取引情報", "「取引情報」の注文番号（数字）"),
    ),
    "reason": TeachableElement(
        ElementPlace.FORM,
        ElementKind.SELECT,
        Words("the pull-down キャンセル拒否理由", "「キャンセル拒否理由」の選択欄"),
    ),
    "reason_text": TeachableElement(
        ElementPlace.FORM,
        ElementKind.BOX,
        Words("the box for the text of その他", "「その他」の理由文を書く入力欄"),
    ),
    "refuse_button": _clicked(
        ElementPlace.FORM, "the button キャンセル拒否", "「キャンセル拒否」ボタン"
    ),
    "by_search_tab": _clicked(
        ElementPlace.SEARCH, "the tab 選択条件照会", "「選択条件照会」のタブ"
    ),
    "search_by": TeachableElement(
        ElementPlace.SEARCH,
        ElementKind.SELECT,
        Words("the pull-down that offers 注文番号", "検索条件の選択欄（「注文番号」を選べるもの）"),
    ),
    "search_text": TeachableElement(
        ElementPlace.SEARCH,
        ElementKind.BOX,
        Words("the box for the number to search", "検索する番号の入力欄"),
    ),
    "search_button": _clicked(ElementPlace.SEARCH, "the search button 照会", "「照会」ボタン"),
}
"""By key, in the order in which they are asked for. Layers, pictures and pages that come only
at times (`loading`, `challenge` …) are not there to be shown."""

_KINDS = {
    ElementKind.SELECT: Words("this is no pull-down", "選択欄（プルダウン）ではありません"),
    ElementKind.BOX: Words("this is no box to write in", "入力欄ではありません"),
    ElementKind.NUMBER: Words(
        "this is no number: click the digits alone", "数字ではありません。数字だけの部分です"
    ),
}
_HIDDEN = Words("it cannot be seen", "画面に見えていません")
_MUST_SAY = Words(
    "this says “{seen}”; only a button that says exactly “{wanted}” is taken",
    "これは「{seen}」です。「{wanted}」とだけ書かれたボタン以外は登録できません",
)
_NO_BUTTON = Words(
    "this only looks like a text: the button itself is meant",
    "ボタンではなく文字のようです。ボタンそのものを選んでください",
)
_OTHER_ACT = Words(
    "“{seen}” acts on the order and is never taken for anything else",
    "「{seen}」は注文を処理するボタンです。ほかの部品としては登録できません",
)
_NO_TEXT = Words("it carries no text by which to know it", "文字がなく、特定できません")
_LACKS = Words("the pull-down does not offer: {labels}", "選択肢に {labels} がありません")
_NO_GRID = Words(
    "this is not built as a list that can be read", "読み取れる形式の一覧表ではありません"
)
_NO_HEADING = Words("the list cannot be read: {detail}", "一覧表を読み取れません: {detail}")
_OTHER_NUMBER = Words(
    "this says “{seen}”; the opened order is {wanted}",
    "これは「{seen}」です。開いた注文は {wanted} です",
)
_IN_LIST = Words("this stands in the list, not in 取引情報", "取引情報ではなく、一覧の中です")


def problem(key: str, thing: Thing, pack: Pack, order_no: str = "") -> Words | None:
    """Return why the element cannot be the one with this key; None if it can.

    Args:
        key: of `TEACHABLE`.
        thing: what the page told about the element.
        pack: texts, labels and headings that it must carry.
        order_no: the order that is open, as 取引情報 must show it.
    """
    if not thing.visible:
        return _HIDDEN
    kind = TEACHABLE[key].kind
    is_kind = {
        ElementKind.SELECT: thing.options is not None,
        ElementKind.BOX: thing.box,
        ElementKind.NUMBER: thing.number,
    }.get(kind, True)
    if not is_kind:
        return _KINDS[kind]
    if key == "refuse_button":
        return _no_refuse_button(thing, pack)
    if kind in (ElementKind.BUTTON, ElementKind.TEXT) and _acts(thing, pack):
        return _OTHER_ACT.filled(seen=thing.text)
    if TEACHABLE[key].guarded and not thing.text:
        return _NO_TEXT
    return _else(key, thing, pack, order_no)


def _else(key: str, thing: Thing, pack: Pack, order_no: str) -> Words | None:
    texts = pack.texts
    if key == "reason":
        return _no_choice(thing, list(texts.reasons.model_dump().values()))
    if key == "search_by":
        return _no_choice(thing, [texts.search_by_order])
    if key == "grid":
        return _no_grid(thing, pack)
    if key == "details_order_no":
        if thing.listed:
            return _IN_LIST
        if same(thing.text) != order_no:
            return _OTHER_NUMBER.filled(seen=thing.text, wanted=order_no)
    return None


def _acts(thing: Thing, pack: Pack) -> bool:
    texts = pack.texts
    return same(thing.text) in map(same, (texts.refuse_button, *texts.all_neighbours))


def _no_refuse_button(thing: Thing, pack: Pack) -> Words | None:
    wanted = pack.texts.refuse_button
    for said in (thing.text, thing.seen):
        if same(said) != same(wanted):
            return _MUST_SAY.filled(seen=said or "–", wanted=wanted)
    return None if thing.clickable else _NO_BUTTON


def _no_choice(thing: Thing, wanted: Sequence[str]) -> Words | None:
    offered = [same(label) for label in thing.options or ()]
    lacking = [label for label in wanted if offered.count(same(label)) != 1]
    return _LACKS.filled(labels=" / ".join(lacking)) if lacking else None


def _no_grid(thing: Thing, pack: Pack) -> Words | None:
    if thing.headings is None:
        return _NO_GRID
    try:
        ColumnPositions(thing.headings, pack)
    except SelectorDrift as error:
        return _NO_HEADING.filled(detail=error.facts["detail"])
    return None
