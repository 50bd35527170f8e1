"""The claim grid: read whole in one evaluation, understood by its headings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qsm_bot.errors import RowDuplicate, RowGone, SelectorDrift
from qsm_bot.model import CancelRequest, UnreadableRow
from qsm_bot.portal.elements import Elements, Question
from qsm_bot.portal.pack import Pack
from qsm_bot.words import Words, same

_KEYS = ("grid", "loading", "next_page", "first_page")
_HEADINGS = Words(
    "expected the heading “{heading}” once; seen: {seen}",
    "想定: 見出し「{heading}」1つ 実際: {seen}",
)
_BAD_CELLS = Words("{seen} cells, {expected} headings", "セル {seen}、見出し {expected}")
_NO_NUMBER = Words("no order number: “{seen}”", "注文番号がありません: 「{seen}」")
_BAD_DATE = Words("not a date: “{seen}”", "日付ではありません: 「{seen}」")


@dataclass(frozen=True, slots=True)
class GridRow:
    """Texts of one row's cells and its distance (CSS px) from the top of the table."""

    cells: tuple[str, ...]
    top: float


@dataclass(frozen=True, slots=True)
class Revealed:
    """A row in view: its texts, and where the mouse hits its 注文番号 (CSS px), if it can."""

    cells: tuple[str, ...]
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class GridTable:
    """What one reading of the grid gave."""

    headings: tuple[str, ...]
    rows: tuple[GridRow, ...]


class RowPlaces:
    """Where each order's row was last seen, so that it is found again without scrolling about.

    Only a hint: `reveal` looks at the row itself.
    """

    def __init__(self, tops: dict[str, float] | None = None, height: float = 0) -> None:
        self._tops = tops or {}
        self._height = height

    @classmethod
    def of(cls, table: GridTable, column: int) -> "RowPlaces":
        """Remember the rows of a reading, by the order number in `column`."""
        tops = {row.cells[column]: row.top for row in table.rows if len(row.cells) > column}
        first = sorted(tops.values())[:2]
        return cls(tops, first[-1] - first[0] if first else 0)

    def top(self, order_no: str) -> float | None:
        """Return the row's distance (CSS px) from the top of the table, if it was seen."""
        return self._tops.get(order_no)

    def remove(self, order_no: str) -> None:
        """Take a row out: the rows below it move up."""
        gone = self._tops.pop(order_no, None)
        if gone is not None:
            self._tops = {
                order: top - self._height if top > gone else top
                for order, top in self._tops.items()
            }


class ClaimGrid:
    """The grid of キャンセル要請 and its sister lists: whichever `scripts/grids/` can read."""

    def __init__(self, elements: Elements, limit: float) -> None:
        self._elements = elements
        self._limit = limit
        self._headings: tuple[str, ...] = ()

    def read(self) -> GridTable:
        """Read all rows: of all pages, also those that are drawn only when scrolled into view.

        Raises:
            SelectorDrift: the grid is not built as known, or never comes to rest.
        """
        (answer,) = self._elements.ask_all(self.question({"act": "read"}))
        return self.table(answer)

    def question(self, order: Mapping[str, object]) -> Question:
        """Return the question for the page; `few` says that the first row is enough."""
        return Question("grid", {**order, "limit": self._limit * 1000}, _KEYS)

    def table(self, answer: dict[str, Any]) -> GridTable:
        """Return what a reading gave.

        Raises:
            SelectorDrift: the grid is not built as known, or never comes to rest.
        """
        self._check(answer)
        if not answer["whole"]:
            raise SelectorDrift(element="grid", detail="rows stay undrawn when scrolled into view")
        return _table(answer)

    def reveal(self, order_no: str, top: float | None) -> Revealed:
        """Scroll the order's row into view, looking first near `top`, and say where it is.

        Raises:
            RowGone, RowDuplicate: no row, or several, carry the number.
            SelectorDrift: as for `read`.
        """
        heading = same(self._elements.pack.columns.order_no)
        order = {"act": "reveal", "heading": heading, "value": order_no, "top": top}
        (answer,) = self._elements.ask_all(self.question(order))
        self._check(answer)
        rows = _table(answer).rows
        if not rows:
            raise RowGone(order=order_no)
        if len(rows) > 1:
            raise RowDuplicate(order=order_no, count=len(rows))
        point = answer["point"]
        return Revealed(rows[0].cells, (point[0], point[1]) if point else None)

    def open_row(self, point: tuple[float, float] | None) -> None:
        """Open the row that was just revealed, as the pack says, by its 注文番号 cell.

        Args:
            point: where the mouse hits the cell; None waits until it can.
        """
        way = self._elements.pack.grid.open
        self.click_row(point, times=2 if way == "dblclick" else 1)
        if way == "enter":
            self._elements.page.keyboard.press("Enter")

    def click_row(self, point: tuple[float, float] | None, *, times: int = 1) -> None:
        """Click the 注文番号 cell of the row that was just revealed; `point` as for `open_row`."""
        page = self._elements.page
        if point is None:
            page.locator("[data-qsm-bot-cell]").click(click_count=times)
        else:
            page.mouse.click(*point, click_count=times)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the last reading."""
        return self._headings

    def column_of_order_no(self) -> int:
        """Return the position of 注文番号 among the headings of the last reading."""
        return Columns(self._headings, self._elements.pack).at["order_no"]

    def _check(self, answer: Mapping[str, Any]) -> None:
        if "restless" in answer:
            raise SelectorDrift(element="grid", detail="it does not come to rest")
        self._headings = tuple(answer["headings"])


def _table(answer: Mapping[str, Any]) -> GridTable:
    rows = tuple(GridRow(tuple(row["cells"]), row["top"]) for row in answer["rows"])
    return GridTable(tuple(answer["headings"]), rows)


class Columns:
    """Where each known column stands among the headings.

    Raises:
        SelectorDrift: a needed heading is missing, or stands there twice.
    """

    def __init__(self, headings: tuple[str, ...], pack: Pack) -> None:
        even = [same(heading) for heading in headings]
        self.at: dict[str, int] = {}
        for name, heading in pack.columns.model_dump().items():
            if even.count(same(heading)) != 1:
                detail = _HEADINGS.filled(heading=heading, seen=" | ".join(headings))
                raise SelectorDrift(element=heading, detail=detail)
            self.at[name] = even.index(same(heading))
        for name, heading in pack.optional_columns.model_dump(exclude_none=True).items():
            if same(heading) in even:
                self.at[name] = even.index(same(heading))
        self.count = len(headings)


def parse_rows(
    table: GridTable, pack: Pack
) -> tuple[tuple[CancelRequest, ...], tuple[UnreadableRow, ...]]:
    """Turn the grid's texts into requests; what cannot be understood comes second.

    Raises:
        SelectorDrift: a needed heading is missing.
    """
    columns = Columns(table.headings, pack)
    requests: list[CancelRequest] = []
    unreadable: list[UnreadableRow] = []
    for position, row in enumerate(table.rows, start=1):
        parsed = parse_row(row.cells, columns)
        if isinstance(parsed, CancelRequest):
            requests.append(parsed)
        else:
            unreadable.append(UnreadableRow(position=position, cells=row.cells, why=parsed))
    return tuple(requests), tuple(unreadable)


def parse_row(cells: tuple[str, ...], columns: Columns) -> CancelRequest | Words:
    """Turn one row's texts into a request, or say why not."""
    if len(cells) != columns.count:
        return _BAD_CELLS.filled(seen=len(cells), expected=columns.count)
    values = {name: cells[index] for name, index in columns.at.items()}
    order_no = same(values["order_no"])
    if not re.fullmatch(r"[0-9]+", order_no):
        return _NO_NUMBER.filled(seen=values["order_no"])
    try:
        requested_on, ordered_on = _date(values["requested_on"]), _date(values["ordered_on"])
    except ValueError as error:
        return _BAD_DATE.filled(seen=error.args[0])
    return CancelRequest(
        order_no=order_no,
        cart_no=same(values["cart_no"]),
        item_code=same(values["item_code"]),
        status=same(values["status"]),
        buyer_reason=values["buyer_reason"],
        requested_on=requested_on,
        ordered_on=ordered_on,
        item_name=values.get("item_name", ""),
        option=values.get("option", ""),
        quantity=_number(values.get("quantity", "")),
        amount=_number(values.get("amount", "")),
    )


def _date(text: str) -> date | None:
    even = same(text)
    if not even:
        return None
    found = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})( .*)?", even)
    if not found:
        raise ValueError(text)
    try:
        return date(*(int(part) for part in found.groups()[:3]))
    except ValueError as error:
        raise ValueError(text) from error


def _number(text: str) -> int | None:
    """Read a whole number such as `1`, `3,980円` or `￥3,980`; None if it is anything else."""
    found = re.fullmatch(r"[¥\\]?\s*([0-9][0-9,]*)\s*(円|個|点)?", same(text))
    return int(found[1].replace(",", "")) if found else None
