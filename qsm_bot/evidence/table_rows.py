"""The rows of one sheet by order number; only the columns that are asked for are kept.

Reading goes through every row once and checks every order number: one that is damaged could
be any order's, so the whole source is in error then. The other cells are understood when an
order is asked for; what is unclear in them is a problem of that order alone.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from qsm_bot.base.errors.evidence import OrderNumberDamaged
from qsm_bot.base.patterns import fits_any
from qsm_bot.base.plain_text import visible
from qsm_bot.base.words import Words, same
from qsm_bot.domain.evidence import Evidence, Fact, Known, Source
from qsm_bot.evidence.cells import Found, Unclear, facts_in, is_blank, is_total, text_of
from qsm_bot.evidence.config import TableSettings
from qsm_bot.evidence.headings import Layout
from qsm_bot.evidence.order_numbers import (
    ROUND,
    is_number,
    is_of_other,
    order_number,
    order_numbers_in,
    several,
)
from qsm_bot.evidence.sheets import Cell, Row, Sheet

_NO_ORDER = Words(
    "facts without an order number; merged cells must be split, totals removed",
    "注文番号が空の行にデータがあります（結合セルは解除し、合計行は削除してください）",
)
_MORE = Words("{why} (and {count} more rows)", "{why}（ほか {count} 行）")
_ALL_ROUND = Words(
    "{count} of {all} order numbers end in 000: Excel has shortened them (exponent form)",
    "注文番号 {all} 件中 {count} 件が 000 で終わります。Excelの指数表示で桁が失われています",
)
_ROUND = Words(
    "{place}: the order number ends in 000; Excel may have shortened it",
    "{place}: 注文番号が 000 で終わるため、Excelで桁が失われた可能性があります",
)
_SHIFTED = Words(
    "{place}: more cells than there are headings; the columns may have shifted",
    "{place}: 見出しより列が多い行です（列がずれている可能性があります）",
)
_CELL = Words("{place}: {heading}: {why}", "{place}: {heading}: {why}")
_TWICE = Words(
    "{count} orders stand in several rows with the same facts, as {order} in the rows {rows}",
    "同じ内容の重複: {count} 件（例: {order}、{rows} 行目）",
)
_PASSED = Words(
    "passed over: {count} rows of other malls, totals or notes (the first is row {row})",
    "読み飛ばした行: {count} 行（他モール・合計・注記など。最初は {row} 行目）",
)
_AROUND = Words(
    "{place}: “{seen}” holds this order's number, but not alone",
    "{place}: 「{seen}」にこの注文番号が含まれますが、番号だけではありません",
)

_TWO = 2
_REMEMBERED = 10_000
# One number in a thousand ends so by itself; far more of them were shortened.
_ODD_SHARE = 50

_Line = tuple[int, bool, tuple[Cell, ...]]
"""Row number, whether it has cells beyond the headings, and the cells that are asked for."""


class TableRows(Mapping[str, Evidence]):
    """The rows of one sheet by order number; only the columns that are asked for are kept."""

    def __init__(
        self, sheet: Sheet, layout: Layout, settings: TableSettings, now: datetime
    ) -> None:
        self._place = sheet.at()
        self._layout = layout
        self._digits = settings.order_digits
        self._carrier = settings.carrier
        self._carriers = {same(word): name for word, name in settings.carriers.items()}
        self._now = now
        self._keys = tuple(layout.facts)
        self._extra = tuple(layout.extra)
        self._indexes = (*layout.facts.values(), *layout.extra.values())
        self._lines: dict[str, list[_Line]] = {}
        self._unclear: dict[str, list[tuple[int, str]]] = {}
        self._passed: list[int] = []
        self._read_before: dict[tuple[int, type, Cell], Found] = {}
        self.rows = 0
        self._read(sheet)
        self._round_is_odd = self._shortened * _ODD_SHARE > len(self._lines)

    def __getitem__(self, order_no: str) -> Evidence:
        merged: Evidence | None = None
        for line in self._lines.get(order_no, ()):
            one = self._evidence(order_no, line)
            merged = one if merged is None else merged.merged(one)
        facts = merged or Evidence()
        doubts = tuple(
            _AROUND.filled(place=self._at(row).words, seen=seen)
            for row, seen in self._unclear.get(order_no, ())
        )
        return facts.merged(Evidence(problems=doubts)) if doubts else facts

    def __contains__(self, order_no: object) -> bool:
        return order_no in self._lines or order_no in self._unclear

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._lines, *self._unclear)))

    def __len__(self) -> int:
        return len(self._lines.keys() | self._unclear.keys())

    @property
    def notes(self) -> tuple[Words, ...]:
        """Tell rows that were passed over, and orders in several rows which say the same."""
        passed = len(self._passed)
        notes = (_PASSED.filled(count=passed, row=self._passed[0]),) if passed else ()
        alike = {
            order: lines
            for order, lines in self._lines.items()
            if len(lines) > 1 and all(line[2] == lines[0][2] for line in lines)
        }
        if not alike:
            return notes
        order, lines = next(iter(alike.items()))
        rows = " ".join(str(line[0]) for line in lines)
        return (*notes, _TWICE.filled(count=len(alike), order=order, rows=rows))

    def _read(self, sheet: Sheet) -> None:
        damages: list[tuple[int, Words]] = []
        width = len(self._layout.headings)
        order, indexes = self._layout.order, self._indexes
        for number, row in sheet.rows():
            if number <= self._layout.row:
                continue
            if self._layout.only and not self._is_wanted(row):
                self._passed.append(number)
                continue
            cell = row[order] if order < len(row) else None
            found = order_number(cell, self._digits)
            numbers = (found,) if isinstance(found, str) else several(cell, self._digits)
            cells = tuple(row[i] if i < len(row) else None for i in indexes)
            if numbers and numbers[0]:
                shifted = 0 < width < len(row) and not all(map(is_blank, row[width:]))
                for each in numbers:
                    self._lines.setdefault(each, []).append((number, shifted, cells))
                self.rows += 1
            elif isinstance(found, Words):
                self._note_unfit(number, cell, found, damages)
            elif not all(map(is_blank, cells)):
                if is_total(row):
                    self._passed.append(number)
                else:
                    damages.append((number, _NO_ORDER))
        self._raise_if_damaged(damages)

    def _is_wanted(self, row: Row) -> bool:
        return all(
            fits_any(same(str(row[at])) if at < len(row) else "", patterns)
            for at, patterns in self._layout.only.items()
        )

    def _note_unfit(
        self, number: int, cell: Cell, why: Words, damages: list[tuple[int, Words]]
    ) -> None:
        """Keep a row whose cell is no order number: of no order here, of some, or of any."""
        if is_of_other(cell, self._digits):
            self._passed.append(number)
        elif isinstance(cell, str) and not is_number(cell):
            for each in order_numbers_in(cell, self._digits):
                self._unclear.setdefault(each, []).append((number, visible(cell)[:40]))
        else:
            damages.append((number, why))

    @property
    def _shortened(self) -> int:
        return sum(order.endswith(ROUND) for order in self._lines)

    def _at(self, row: int) -> Source:
        return Source(file=self._place.file, sheet=self._place.sheet, row=row)

    def _raise_if_damaged(self, damages: list[tuple[int, Words]]) -> None:
        if damages:
            number, why = damages[0]
            others = len(damages) - 1
            detail = _MORE.filled(why=why, count=others) if others else why
            raise OrderNumberDamaged(place=self._at(number).words, detail=detail)
        shortened, orders = self._shortened, len(self._lines)
        if shortened >= _TWO and shortened * 2 > orders:
            detail = _ALL_ROUND.filled(count=shortened, all=orders)
            raise OrderNumberDamaged(place=self._place.words, detail=detail)

    def _evidence(self, order_no: str, line: _Line) -> Evidence:
        number, shifted, cells = line
        source = self._at(number)
        if shifted:
            # Whatever stands in the wrong column now, a name for one, is not repeated.
            return Evidence(problems=(_SHIFTED.filled(place=source.words),))
        rounded = self._round_is_odd and order_no.endswith(ROUND)
        problems = [_ROUND.filled(place=source.words)] if rounded else []
        facts: dict[str, Known[Any]] = {}
        columns: dict[str, Known[Any]] = {}
        for position, (index, cell) in enumerate(zip(self._indexes, cells, strict=True)):
            try:
                if position < len(self._keys):
                    for name, values in self._facts_in(position, cell).items():
                        facts[name.value] = _known(values, source)
                elif text := same(text_of(cell)):
                    columns[self._extra[position - len(self._keys)]] = _known((text,), source)
            except Unclear as unclear:
                given = self._layout.headings
                heading = given[index] if index < len(given) else index + 1
                cell_words = _CELL.filled(place=source.words, heading=heading, why=unclear.why)
                problems.append(cell_words)
        if self._carrier and "tracking_no" in facts and "carrier" not in facts:
            facts["carrier"] = _known((self._carrier,), source)
        return Evidence(**facts, columns=columns, problems=tuple(problems))

    def _facts_in(self, position: int, cell: Cell) -> Found:
        """Return the facts in a cell; days and carriers are the same in most rows."""
        if cell is None or cell == "":
            return {}
        key = (position, type(cell), cell)
        if key not in self._read_before:
            found = facts_in(self._keys[position], self._translated(position, cell), self._now)
            if len(self._read_before) >= _REMEMBERED:
                self._read_before.clear()
            self._read_before[key] = found
        return self._read_before[key]

    def _translated(self, position: int, cell: Cell) -> Cell:
        """Return a cell with the shop's own words and codes for carriers replaced."""
        if not self._carriers or self._keys[position] != "carrier" or cell is None:
            return cell
        return self._carriers.get(same(text_of(cell)), cell)


def _known(values: tuple[Any, ...], source: Source) -> Known[Any]:
    return Known(facts=tuple([Fact(value=value, source=source) for value in values]))
