"""A file, or the newest of a folder, as a source of evidence.

Loading reads every row once and checks every order number: one that is damaged could be
any order's, so the whole source is in error then. The other cells are understood when an
order is asked for; what is unclear in them is a problem of that order alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from qsm_bot.errors import OrderNumberDamaged, SheetUnclear
from qsm_bot.evidence import headings
from qsm_bot.evidence.cells import Unclear, facts_in, is_blank, text_of
from qsm_bot.evidence.config import FolderSettings, TableSettings
from qsm_bot.evidence.files import newest, snapshot
from qsm_bot.evidence.headings import Layout
from qsm_bot.evidence.order_numbers import ROUND, order_number
from qsm_bot.evidence.protocol import EvidenceSet, SourceReport
from qsm_bot.evidence.sheets import Cell, Row, Sheet, sheets_of
from qsm_bot.evidence_model import Evidence, Fact, Known, Source
from qsm_bot.toml import did_you_mean
from qsm_bot.words import Words, same

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
_NOT_READ = Words("not read: {sheets}", "読んでいないシート: {sheets}")
_NO_SHEET = Words("no sheet “{name}”{hint}", "シート「{name}」がありません{hint}")
_WHICH_SHEET = Words(
    "order numbers stand in several sheets: {sheets}",
    "注文番号の列が複数のシートにあります: {sheets}",
)

_TWO = 2
# One number in a thousand ends so by itself; far more of them were shortened.
_ODD_SHARE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSource:
    """A CSV, TSV or Excel file of the seller's order or warehouse tool."""

    settings: TableSettings

    @property
    def name(self) -> str:
        """What the source is called: the settings' name for it, or its file's."""
        return self.settings.title

    def load(self, now: datetime) -> EvidenceSet:
        """Read the file as it is at this moment.

        Raises:
            EvidenceInvalid: of a kind; file, sheet and row are named, and what to do.
        """
        path = self.settings.path
        if isinstance(self.settings, FolderSettings):
            path = newest(path, self.settings.pattern)
        shot = snapshot(path)
        shot.raise_if_older(self.settings.max_age_hours, now)
        sheets = sheets_of(shot)
        sheet, row = self._chosen(sheets)
        layout = headings.layout_of(sheet, *row, self.settings)
        table = _Table(sheet, layout, self.settings.order_digits, now)
        unread = [each.name for each in sheets if each is not sheet]
        notes = (_NOT_READ.filled(sheets=" ".join(unread)),) if unread else ()
        report = SourceReport(
            name=self.name,
            read=sheet.at().words,
            rows=table.rows,
            orders=len(table),
            notes=notes + table.notes,
        )
        return EvidenceSet(reports=(report,), by_order=table)

    def _chosen(self, sheets: list[Sheet]) -> tuple[Sheet, tuple[int, Row]]:
        """Return the named sheet, or the only visible one with order numbers; and its headings."""
        names = self.settings.columns
        if self.settings.sheet is not None and sheets[0].name:
            sheets = [_named(self.settings.sheet, sheets)]
        else:
            sheets = [sheet for sheet in sheets if not sheet.hidden] or sheets
        rows = {index: headings.heading_row(sheet, names) for index, sheet in enumerate(sheets)}
        found = [(sheets[index], row) for index, row in rows.items() if row is not None]
        if not found:
            raise headings.missing(sheets[0], names)
        if len(found) > 1:
            detail = _WHICH_SHEET.filled(sheets=" ".join(sheet.name for sheet, _ in found))
            raise SheetUnclear(place=sheets[0].file, detail=detail)
        return found[0]


def _named(name: str, sheets: list[Sheet]) -> Sheet:
    for sheet in sheets:
        if same(sheet.name) == same(name):
            return sheet
    hint = did_you_mean(name, [sheet.name for sheet in sheets])
    raise SheetUnclear(place=sheets[0].file, detail=_NO_SHEET.filled(name=name, hint=hint))


_Line = tuple[int, bool, tuple[Cell, ...]]
"""Row number, whether it has cells beyond the headings, and the cells that are asked for."""


class _Table(Mapping[str, Evidence]):
    """The rows of one sheet by order number; only the columns that are asked for are kept."""

    def __init__(
        self, sheet: Sheet, layout: Layout, digits: tuple[int, int], now: datetime
    ) -> None:
        self._place = sheet.at()
        self._layout = layout
        self._digits = digits
        self._now = now
        self._keys = tuple(layout.facts)
        self._extra = tuple(layout.extra)
        self._indexes = (*layout.facts.values(), *layout.extra.values())
        self._lines: dict[str, list[_Line]] = {}
        self.rows = 0
        self._read(sheet)
        self._round_is_odd = self._shortened * _ODD_SHARE > len(self._lines)

    def __getitem__(self, order_no: str) -> Evidence:
        merged: Evidence | None = None
        for line in self._lines[order_no]:
            one = self._evidence(order_no, line)
            merged = one if merged is None else merged.merged(one)
        return merged or Evidence()

    def __contains__(self, order_no: object) -> bool:
        return order_no in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def notes(self) -> tuple[Words, ...]:
        """Tell orders that stand in several rows which say the same."""
        alike = {
            order: lines
            for order, lines in self._lines.items()
            if len(lines) > 1 and all(line[2] == lines[0][2] for line in lines)
        }
        if not alike:
            return ()
        order, lines = next(iter(alike.items()))
        rows = " ".join(str(line[0]) for line in lines)
        return (_TWICE.filled(count=len(alike), order=order, rows=rows),)

    def _read(self, sheet: Sheet) -> None:
        damages: list[tuple[int, Words]] = []
        width = len(self._layout.headings)
        for number, row in sheet.rows():
            if number <= self._layout.row:
                continue
            cells = tuple(row[i] if i < len(row) else None for i in self._indexes)
            found = order_number(self._order_cell(row), self._digits)
            if isinstance(found, Words):
                damages.append((number, found))
            elif found:
                shifted = len(row) > width and not all(map(is_blank, row[width:]))
                self._lines.setdefault(found, []).append((number, shifted, cells))
                self.rows += 1
            elif not all(map(is_blank, cells)):
                damages.append((number, _NO_ORDER))
        self._raise_if_damaged(damages)

    @property
    def _shortened(self) -> int:
        return sum(order.endswith(ROUND) for order in self._lines)

    def _at(self, row: int) -> Source:
        return replace(self._place, row=row)

    def _order_cell(self, row: Row) -> Cell:
        return row[self._layout.order] if self._layout.order < len(row) else None

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
                    found = facts_in(self._keys[position], cell, self._now)
                    facts |= {name.value: _known(values, source) for name, values in found.items()}
                elif text := same(text_of(cell)):
                    columns[self._extra[position - len(self._keys)]] = _known((text,), source)
            except Unclear as unclear:
                heading = self._layout.headings[index]
                cell_words = _CELL.filled(place=source.words, heading=heading, why=unclear.why)
                problems.append(cell_words)
        return Evidence(**facts, columns=columns, problems=tuple(problems))


def _known(values: tuple[Any, ...], source: Source) -> Known[Any]:
    return Known(facts=tuple(Fact(value=value, source=source) for value in values))
