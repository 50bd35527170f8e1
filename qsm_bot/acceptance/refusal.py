"""One refusal at a clone, carried out once and looked at from all sides."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from qsm_bot.acceptance.case import NOTHING
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.pressing import PressResult, choose_reason, press_and_accept
from qsm_bot.acceptance.clone.screen import Piece
from qsm_bot.acceptance.manual import BACK_IN, CONFIRM, DELIVERY, REFUSED, REQUESTS
from qsm_bot.base.errors.orders import ConfirmMissing
from qsm_bot.base.errors.safety import ConfirmTextChanged
from qsm_bot.base.words import Words, same
from qsm_bot.portal.pages.rows import GridTable

TEXT = "ご注文後すぐに制作を開始しており、キャンセルをお受けすることができません。ご了承ください。"
_SOON = 3.0
_GONE = Words("it has left the list", "一覧から消えた")
_CELLS = 30


@dataclass(frozen=True, slots=True)
class ClaimListState:
    """The list of キャンセル要請 with its rows by order number, and both counters, freshly read."""

    requests: int
    refused: int
    headings: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """What was chosen for an order, what was seen before and after, and what left the browser.

    `refused_list` are the order numbers behind キャンセル拒否完了, `delivery` the line of the order
    in 配送管理: None without such a page, "" if it does not stand there under 配送要請.
    """

    order_no: str
    reason: str
    text: str
    before: ClaimListState
    press: PressResult
    after: ClaimListState
    refused_list: tuple[str, ...]
    delivery: str | None = field(repr=False)
    pictures: Mapping[str, bytes] = field(repr=False)


def claim_list_state(clone_page: ClonePage) -> ClaimListState:
    """Open the claim page freshly, and read counters and list.

    Raises:
        SelectorDrift, PortalError: they do not come, or are not built as known.
    """
    clone_page.open_claims()
    counted = clone_page.claims.counters(REQUESTS, REFUSED)
    table = clone_page.list_of(REQUESTS)
    return ClaimListState(
        counted[REQUESTS], counted[REFUSED], table.headings, rows_by_order(clone_page, table)
    )


def row_change(
    before: ClaimListState, after: ClaimListState, order_no: str, public: Collection[str]
) -> Words:
    """Say what has changed in an order's row.

    Args:
        before: the list as it was, with the order.
        after: the list as it is.
        order_no: the order.
        public: the headings whose values may stand in a report.
    """
    if order_no not in after.rows:
        return _GONE
    was, now = (
        dict(zip(each.headings, each.rows[order_no], strict=False)) for each in (before, after)
    )
    if was == now and before.rows[order_no] == after.rows[order_no]:
        return NOTHING
    shown = {same(heading) for heading in public}
    changed = [heading for heading in {**was, **now} if was.get(heading) != now.get(heading)]
    parts = [
        f"{heading}: {was.get(heading, '–')} → {now.get(heading, '–')}"
        if same(heading) in shown
        else f"{heading}: …"
        for heading in changed
    ]
    words = " | ".join(parts) or "…"
    return Words(words, words)


def rows_by_order(clone_page: ClonePage, table: GridTable) -> dict[str, tuple[str, ...]]:
    """Return the rows of a list by their 注文番号.

    Raises:
        SelectorDrift: the list has no such column.
    """
    column = clone_page.claims.grid.column_of_order_no()
    return {same(row.cells[column]): row.cells for row in table.rows if len(row.cells) > column}


def refuse(clone_page: ClonePage, order_no: str, reason: str, text: str) -> Refusal:
    """Refuse an order as the manual says, and look at everything that it says of it.

    Raises:
        ConfirmMissing: nothing was asked, and nothing sent.
        ConfirmTextChanged: what was asked is no refusal.
        QsmBotError: it did not come so far.
    """
    before = claim_list_state(clone_page)
    clone_page.open_order(order_no)
    choose_reason(clone_page, reason, text)
    pictures = {"form": clone_page.screenshot("form")} if clone_page.target.pictures else {}
    pressed = press_and_accept(clone_page)
    _raise_if_not_asked(pressed)
    after = claim_list_state(clone_page)
    if clone_page.target.pictures:
        pictures["list"] = clone_page.screenshot()
    refused_list = tuple(rows_by_order(clone_page, clone_page.list_of(REFUSED)))
    if clone_page.target.pictures:
        pictures["refused"] = clone_page.screenshot()
    return Refusal(
        order_no=order_no,
        reason=reason,
        text=text,
        before=before,
        press=pressed,
        after=after,
        refused_list=refused_list,
        delivery=line_in_delivery(clone_page, order_no),
        pictures=pictures,
    )


def _raise_if_not_asked(pressed: PressResult) -> None:
    if pressed.acts or any(each.accepted for each in pressed.dialogs if each.kind == "confirm"):
        return
    if pressed.asked:
        raise ConfirmTextChanged(expected=CONFIRM, seen=pressed.asked[0])
    raise ConfirmMissing(alert=" / ".join(pressed.texts("alert")) or "–")


def line_in_delivery(clone_page: ClonePage, order_no: str) -> str | None:
    """Go to 配送管理 by the menu and return the order's line; None without such a page.

    Raises:
        PortalError: the page does not come.
    """
    before = clone_page.page.url
    # The menu may be a frame of its own.
    for place in list(clone_page.elements.places()):
        clone_page.elements.at = place
        entries = clone_page.screen().saying(DELIVERY)
        if entries:
            clone_page.element(entries[0]).click()
            break
    clone_page.elements.at = clone_page.page
    if not entries:
        return None
    clone_page.until(lambda: clone_page.page.url != before)
    clone_page.page.wait_for_load_state("load")
    line = ""

    def has_come() -> bool:
        nonlocal line
        line = _line(clone_page, order_no)
        return bool(line)

    clone_page.until(has_come, _SOON)
    return line


def _line(clone_page: ClonePage, order_no: str) -> str:
    screen = clone_page.screen()
    numbers = screen.saying(order_no)
    if not (numbers and any(BACK_IN in each.text for each in screen.texts)):
        return ""
    line = [each for each in screen.texts if _is_near(each, numbers[0])]
    return " | ".join(each.text for each in sorted(line, key=lambda each: each.box.left))


def _is_near(piece: Piece, number: Piece) -> bool:
    """Whether a text belongs to the number's line of the table, and not to a menu beside it."""
    return piece.box.is_beside(number.box) and abs(piece.index - number.index) < _CELLS
