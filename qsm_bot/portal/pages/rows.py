"""A list's texts, understood by its headings. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.plain_text import visible
from qsm_bot.base.words import Words, same
from qsm_bot.domain.request import CancelRequest, UnreadableRow
from qsm_bot.portal.selectors.pack import Pack

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
class GridTable:
    """What one reading of the grid gave."""

    headings: tuple[str, ...]
    rows: tuple[GridRow, ...]


class ColumnPositions:
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
    columns = ColumnPositions(table.headings, pack)
    requests: list[CancelRequest] = []
    unreadable: list[UnreadableRow] = []
    for position, row in enumerate(table.rows, start=1):
        parsed = parse_row(row.cells, columns)
        if isinstance(parsed, CancelRequest):
            requests.append(parsed)
        else:
            unreadable.append(UnreadableRow(position=position, cells=row.cells, why=parsed))
    return tuple(requests), tuple(unreadable)


def parse_row(cells: tuple[str, ...], columns: ColumnPositions) -> CancelRequest | Words:
    """Turn one row's texts into a request, or say why not."""
    if len(cells) != columns.count:
        return _BAD_CELLS.filled(seen=len(cells), expected=columns.count)
    values = {name: visible(cells[index]) for name, index in columns.at.items()}
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
