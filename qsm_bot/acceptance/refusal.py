"""One refusal at a clone, carried out once and looked at from all sides."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from qsm_bot.acceptance.case import NOTHING
from qsm_bot.acceptance.desk import Desk
from qsm_bot.acceptance.manual import BACK_IN, CONFIRM, DELIVERY, REFUSED, REQUESTS
from qsm_bot.acceptance.pressing import Press, choose, press_in_earnest
from qsm_bot.acceptance.screen import Piece
from qsm_bot.errors import ConfirmMissing, ConfirmTextChanged
from qsm_bot.portal.grid import GridTable
from qsm_bot.words import Words, same

TEXT = "ご注文後すぐに制作を開始しており、キャンセルをお受けすることができません。ご了承ください。"
_SOON = 3.0
_GONE = Words("it has left the list", "一覧から消えた")
_CELLS = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """Both counters, and the list of キャンセル要請 with its rows by order number, freshly read."""

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
    before: Standing
    press: Press
    after: Standing
    refused_list: tuple[str, ...]
    delivery: str | None = field(repr=False)
    pictures: Mapping[str, bytes] = field(repr=False)


def standing(desk: Desk) -> Standing:
    """Read counters and list freshly.

    Raises:
        SelectorDrift, PortalError: they do not come, or are not built as known.
    """
    desk.open_claims()
    counted = desk.claims.counters(REQUESTS, REFUSED)
    table = desk.list_of(REQUESTS)
    return Standing(counted[REQUESTS], counted[REFUSED], table.headings, by_order(desk, table))


def row_change(before: Standing, after: Standing, order_no: str, public: Collection[str]) -> Words:
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
    told = " | ".join(parts) or "…"
    return Words(told, told)


def by_order(desk: Desk, table: GridTable) -> dict[str, tuple[str, ...]]:
    """Return the rows of a list by their 注文番号.

    Raises:
        SelectorDrift: the list has no such column.
    """
    column = desk.claims.grid.column_of_order_no()
    return {same(row.cells[column]): row.cells for row in table.rows if len(row.cells) > column}


def refuse(desk: Desk, order_no: str, reason: str, text: str) -> Refusal:
    """Refuse an order as the manual says, and look at everything that it says of it.

    Raises:
        ConfirmMissing: nothing was asked, and nothing sent.
        ConfirmTextChanged: what was asked is no refusal.
        QsmBotError: it did not come so far.
    """
    before = standing(desk)
    desk.open_order(order_no)
    choose(desk, reason, text)
    pictures = {"form": desk.shoot("form")} if desk.target.pictures else {}
    pressed = press_in_earnest(desk)
    _raise_if_not_asked(pressed)
    after = standing(desk)
    if desk.target.pictures:
        pictures["list"] = desk.shoot()
    refused_list = tuple(by_order(desk, desk.list_of(REFUSED)))
    if desk.target.pictures:
        pictures["refused"] = desk.shoot()
    return Refusal(
        order_no=order_no,
        reason=reason,
        text=text,
        before=before,
        press=pressed,
        after=after,
        refused_list=refused_list,
        delivery=line_in_delivery(desk, order_no),
        pictures=pictures,
    )


def _raise_if_not_asked(pressed: Press) -> None:
    if pressed.acts or any(each.accepted for each in pressed.dialogs if each.kind == "confirm"):
        return
    if pressed.asked:
        raise ConfirmTextChanged(expected=CONFIRM, seen=pressed.asked[0])
    raise ConfirmMissing(alert=" / ".join(pressed.texts("alert")) or "–")


def line_in_delivery(desk: Desk, order_no: str) -> str | None:
    """Go to 配送管理 by the menu and return the order's line; None without such a page.

    Raises:
        PortalError: the page does not come.
    """
    entries = desk.screen().saying(DELIVERY)
    if not entries:
        return None
    before = desk.page.url
    desk.element(entries[0]).click()
    desk.until(lambda: desk.page.url != before)
    desk.page.wait_for_load_state("load")
    line = ""

    def has_come() -> bool:
        nonlocal line
        line = _line(desk, order_no)
        return bool(line)

    desk.until(has_come, _SOON)
    return line


def _line(desk: Desk, order_no: str) -> str:
    screen = desk.screen()
    numbers = screen.saying(order_no)
    if not (numbers and any(BACK_IN in each.text for each in screen.texts)):
        return ""
    line = [each for each in screen.texts if _is_near(each, numbers[0])]
    return " | ".join(each.text for each in sorted(line, key=lambda each: each.box.left))


def _is_near(piece: Piece, number: Piece) -> bool:
    """Whether a text belongs to the number's line of the table, and not to a menu beside it."""
    return piece.box.is_beside(number.box) and abs(piece.index - number.index) < _CELLS
