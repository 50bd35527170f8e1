"""The claim grid: read whole in one evaluation, understood by its headings."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Frame

from qsm_bot.base.errors.orders import RowDuplicate, RowGone
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.words import same
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.elements import Elements, Question
from qsm_bot.portal.pages.rows import ColumnPositions, GridRow, GridTable
from qsm_bot.portal.selectors.grid_kinds import odd_grid

_KEYS = ("grid", "loading", "next_page", "first_page")
_MOST_PAGES = 500
# How long a page may take to ask for the next page of a list; some have it already (seconds).
_TURN_GRACE = 0.03


@dataclass(frozen=True, slots=True)
class Revealed:
    """A row in view: its texts, and where the mouse hits its 注文番号 (CSS px), if it can."""

    cells: tuple[str, ...]
    point: tuple[float, float] | None


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
    """The grid of キャンセル要請 and its sister lists: whichever `scripts/grids/` can read.

    Attributes:
        start_again: asks for the list anew, which begins with its first page; None if nothing
            known does.
    """

    def __init__(self, elements: Elements, limit: float) -> None:
        self._elements = elements
        self._limit = limit
        self._headings: tuple[str, ...] = ()
        self._page_no = 0
        self.start_again: Callable[[], None] | None = None

    def read(self) -> GridTable:
        """Read all rows: of all pages, also those that are drawn only when scrolled into view.

        Raises:
            SelectorDrift: the grid is not built as known, or never comes to rest.
        """
        rows: list[GridRow] = []
        for page in self._pages({"act": "read"}):
            rows += self.table(page).rows
        if self._page_no:
            self._to_first()
        return GridTable(self._headings, tuple(rows))

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
        for answer in self._pages(order):
            rows = _table(answer).rows
            if len(rows) > 1:
                raise RowDuplicate(order=order_no, count=len(rows))
            if rows:
                point = answer["point"]
                return Revealed(rows[0].cells, (point[0], point[1]) if point else None)
        raise RowGone(order=order_no)

    def holds(self, order_no: str) -> bool:
        """Whether a row carries the number; the pages behind it are not turned to.

        Raises:
            RowGone: none does, as far as the list was drawn.
            SelectorDrift: as for `read`.
        """
        with suppress(RowDuplicate):
            self.reveal(order_no, None)
        return True

    def _pages(self, order: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        """Ask one page of the list after the other, from the first on; stay where it is ended."""
        answer = self._asked(order)
        self._page_no = 0
        if answer["pager"]["first"]:
            self._to_first()
            answer = self._asked(order)
        yield answer
        while answer["pager"]["next"]:
            self._turn("next")
            self._page_no += 1
            if self._page_no >= _MOST_PAGES:
                raise odd_grid("endless", str(_MOST_PAGES))
            answer = self._asked({**order, "turned": True})
            # From here the way back must be known: a row that is not on this page is not gone.
            if not answer["pager"]["first"] and self.start_again is None:
                raise odd_grid("no way back", "")
            yield answer

    def _to_first(self) -> None:
        for _ in range(_MOST_PAGES):
            again = self.start_again
            if again is not None and self._page_no:
                again()
            else:
                self._turn("first")
            if not self._asked({"act": "pager", "turned": True})["pager"]["first"]:
                return
        raise odd_grid("stuck", "1")

    def _turn(self, to: str) -> None:
        traffic = self._elements.traffic
        traffic.gesture()
        turn = replace(self.question({"act": "turn", "to": to}), gesture=True)
        self._elements.ask_all(turn)
        with border("grid", self._elements.page):
            traffic.settle(self._limit, grace=_TURN_GRACE)

    def _asked(self, order: Mapping[str, object]) -> dict[str, Any]:
        (answer,) = self._elements.ask_all(self.question(order))
        if "stuck" in answer:
            raise odd_grid("stuck", str(self._page_no or 1))
        self._check(answer)
        found: dict[str, Any] = answer
        return found

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
        place = self._elements.at
        if point is None:
            self._elements.raise_if_covered("", place)
            place.locator("[data-qsm-bot-cell]").click(click_count=times)
            return
        left, top = point
        if isinstance(place, Frame):
            frame = place.frame_element().bounding_box() or {"x": 0, "y": 0}
            left, top = left + frame["x"], top + frame["y"]
        self._elements.page.mouse.click(left, top, click_count=times)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the last reading."""
        return self._headings

    def column_of_order_no(self) -> int:
        """Return the position of 注文番号 among the headings of the last reading."""
        return ColumnPositions(self._headings, self._elements.pack).at["order_no"]

    def _check(self, answer: Mapping[str, Any]) -> None:
        if "restless" in answer:
            raise SelectorDrift(element="grid", detail="it does not come to rest")
        self._headings = tuple(answer.get("headings", self._headings))


def _table(answer: Mapping[str, Any]) -> GridTable:
    rows = tuple(GridRow(tuple(row["cells"]), row["top"]) for row in answer["rows"])
    return GridTable(tuple(answer["headings"]), rows)
