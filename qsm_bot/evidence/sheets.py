"""The rows of a file: CSV, TSV, or a sheet of an Excel file.

What is decided about Excel files:

- Of a formula counts the value that Excel computed when the file was saved. A formula
  without one is told; it is no empty cell.
- Merged cells: the value stands in the upper left cell only, the others are empty.
- Hidden sheets are only read if the settings name them; hidden and filtered rows count.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from qsm_bot.base.errors.evidence import EncodingUnknown, EvidenceInvalid, EvidenceUnfinished
from qsm_bot.base.tables import NoEncoding, Oversized, encoding_of, raise_if_oversized
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import Source
from qsm_bot.evidence.config import EXCEL
from qsm_bot.evidence.files import Snapshot

if TYPE_CHECKING:
    from openpyxl import Workbook


class Odd(Enum):
    """What stands in a cell in place of a value."""

    UNCALCULATED = "a formula without a computed value"


Cell = str | int | float | bool | date | datetime | time | timedelta | Odd | None
Row = tuple[Cell, ...]
Rows = Iterable[tuple[int, Row]]

_HEAD = 1 << 16
_QUOTED = re.compile(r'"[^"]*"')
_OLE = b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CHUNK = 1 << 20
_PART = 1000
_MOST_ROWS = 1 << 20  # of Excel itself
_MOST_CELLS = 40_000_000

_BAD_CSV = Words("the quotes or columns are broken: {detail}", "CSVの形が壊れています: {detail}")
_CUT = Words(
    "the file ends in the middle of this row: it is not completely written",
    "この行の途中でファイルが終わっています（書き込みが完了していません）",
)
_OLD_EXCEL = Words(
    "protected by a password, or in the old .xls format; save it as .xlsx without one",
    "パスワード付きか旧形式（.xls）です。パスワードなしの .xlsx で保存してください",
)
_NO_EXCEL = Words(
    "no Excel file, or one that is not completely written: {detail}",
    "Excelファイルではないか、書き込みが完了していません: {detail}",
)
_ENDLESS = Words(
    "the sheet has more rows or cells than are read; export fewer rows",
    "行またはセルが多すぎるシートです。件数を減らして書き出してください",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One sheet; `rows` reads it anew at each call, rows counted from 1 as Excel does."""

    file: str
    name: str
    rows: Callable[[], Rows]
    hidden: bool = False

    def at(self, row: int | None = None) -> Source:
        """Return the place of a row."""
        return Source(file=self.file, sheet=self.name, row=row)


def sheets_of(snapshot: Snapshot) -> list[Sheet]:
    """Return the sheets of a file; a CSV file is one without a name.

    Raises:
        EvidenceInvalid: it is not what its name says; EncodingUnknown, EvidenceUnfinished.
    """
    if snapshot.suffix in EXCEL:
        return _excel_sheets(snapshot)
    rows = partial(_csv_rows, snapshot, _encoding(snapshot))
    return [Sheet(file=snapshot.name, name="", rows=rows)]


def _encoding(snapshot: Snapshot) -> str:
    try:
        return encoding_of(snapshot.data)
    except NoEncoding as error:
        place = Source(file=snapshot.name, row=error.line).words
        raise EncodingUnknown(place=place, detail=error.words) from error


def _csv_rows(snapshot: Snapshot, encoding: str) -> Iterator[tuple[int, Row]]:
    text = io.TextIOWrapper(io.BytesIO(snapshot.data), encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=_delimiter(snapshot, encoding), strict=True)
    number, width, last = 0, 0, 0
    try:
        for number, row in enumerate(reader, start=1):
            yield number, tuple(row)
            width, last = last, len(row)
    except csv.Error as error:
        place = Source(file=snapshot.name, row=number + 1).words
        detail = _BAD_CSV.filled(detail=error)
        raise EvidenceInvalid(place=place, detail=detail) from error
    if not snapshot.data.endswith((b"\n", b"\r")) and last < width:
        place = Source(file=snapshot.name, row=number).words
        raise EvidenceUnfinished(place=place, detail=_CUT)


def _delimiter(snapshot: Snapshot, encoding: str) -> str:
    """Return what parts the columns: a file's name does not always say so."""
    if snapshot.suffix == ".tsv":
        return "\t"
    head = snapshot.data[:_HEAD].decode(encoding, errors="replace")
    for line in head.splitlines():
        plain = _QUOTED.sub("", line)
        counts = {mark: plain.count(mark) for mark in ",\t;"}
        if any(counts.values()):
            return max(counts, key=lambda mark: counts[mark])
    return ","


def _excel_sheets(snapshot: Snapshot) -> list[Sheet]:
    if snapshot.data.startswith(_OLE):
        raise EvidenceInvalid(place=snapshot.name, detail=_OLD_EXCEL)
    try:
        raise_if_oversized(io.BytesIO(snapshot.data))
        with warnings.catch_warnings(action="ignore"):
            values = _opened(snapshot, data_only=True)
            formulas = _opened(snapshot, data_only=False) if _has_formulas(snapshot.data) else None
    except Oversized as error:
        raise EvidenceInvalid(place=snapshot.name, detail=error.words) from error
    except Exception as error:
        # The library lets out whatever a broken file makes its own parsers raise.
        detail = _NO_EXCEL.filled(detail=type(error).__name__)
        raise EvidenceUnfinished(place=snapshot.name, detail=detail) from error
    return [
        Sheet(
            file=snapshot.name,
            name=sheet.title,
            hidden=sheet.sheet_state != "visible",
            rows=partial(_excel_rows, snapshot.name, sheet.title, values, formulas),
        )
        for sheet in values.worksheets
    ]


def _opened(snapshot: Snapshot, *, data_only: bool) -> "Workbook":
    from openpyxl import load_workbook  # noqa: PLC0415  # slow to import, and not always needed

    return load_workbook(io.BytesIO(snapshot.data), read_only=True, data_only=data_only)


def _excel_rows(
    file: str, name: str, values: "Workbook", formulas: "Workbook | None"
) -> Iterator[tuple[int, Row]]:
    rows: Iterator[Any] = _sheet(values, name).iter_rows(values_only=True)
    if formulas is not None:
        rows = map(_marked, rows, _sheet(formulas, name).iter_rows())
    number = cells = 0
    while True:
        try:
            # Only round the library's own work: between two parts other code runs.
            with warnings.catch_warnings(action="ignore"):
                part = list(islice(rows, _PART))
        except Exception as error:
            place = Source(file=file, sheet=name, row=number + 1).words
            detail = _NO_EXCEL.filled(detail=type(error).__name__)
            raise EvidenceUnfinished(place=place, detail=detail) from error
        if not part:
            return
        cells += sum(map(len, part))
        if number > _MOST_ROWS or cells > _MOST_CELLS:
            raise EvidenceInvalid(place=Source(file=file, sheet=name).words, detail=_ENDLESS)
        yield from enumerate(part, start=number + 1)
        number += len(part)


def _sheet(book: "Workbook", name: str) -> Any:
    sheet: Any = book[name]
    # Some tools write a range that is too small; what lies outside would be lost.
    sheet.reset_dimensions()
    return sheet


def _marked(values: Row, cells: tuple[Any, ...]) -> Row:
    pairs = zip(values, cells, strict=True)
    return tuple(
        Odd.UNCALCULATED if value is None and cell.data_type == "f" else value
        for value, cell in pairs
    )


def _has_formulas(data: bytes) -> bool:
    """Look for a formula in the sheets' XML; most exports have none and are read once only."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and _holds(archive, name):
                return True
    return False


def _holds(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            if _FORMULA.search(tail + chunk):
                return True
            tail = chunk[-64:]
    return False
