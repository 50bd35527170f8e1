"""The rows of a file: CSV, TSV, or a sheet of an Excel file.

What is decided about Excel files:

- Of a formula counts the value that Excel computed when the file was saved. A formula
  without one is told; it is no empty cell.
- Merged cells: the value stands in the upper left cell only, the others are empty.
- Hidden sheets are only read if the settings name them; hidden and filtered rows count.
"""

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import partial
from itertools import islice
from typing import Any

from qsm_bot.errors import EncodingUnknown, EvidenceInvalid, EvidenceUnfinished
from qsm_bot.evidence.files import Snapshot
from qsm_bot.evidence_model import Source
from qsm_bot.words import Words


class Odd(Enum):
    """What stands in a cell in place of a value."""

    UNCALCULATED = "a formula without a computed value"


Cell = str | int | float | bool | date | datetime | time | timedelta | Odd | None
Row = tuple[Cell, ...]
Rows = Iterable[tuple[int, Row]]

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OLE = b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CHUNK = 1 << 20
_PART = 1000

_IN_UTF_16 = Words("the file is UTF-16, not UTF-8 or cp932", "文字コードが UTF-16 です")
_NOT_TEXT = Words(
    "neither UTF-8 nor cp932 (Shift_JIS of Windows)",
    "文字コードが UTF-8 でも cp932（Windows の Shift_JIS）でもありません",
)
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
    if snapshot.suffix == ".xlsx":
        return _excel_sheets(snapshot)
    rows = partial(_csv_rows, snapshot, decoded(snapshot))
    return [Sheet(file=snapshot.name, name="", rows=rows)]


def decoded(snapshot: Snapshot) -> str:
    """Return the text: UTF-8 with or without BOM, else cp932; never the narrower shift_jis.

    Raises:
        EncodingUnknown: it is neither; the line is named.
    """
    data = snapshot.data
    if data.startswith(_UTF_16):
        raise EncodingUnknown(place=snapshot.name, detail=_IN_UTF_16)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp932")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = Source(file=snapshot.name, row=line).words
        raise EncodingUnknown(place=place, detail=_NOT_TEXT) from error


def _csv_rows(snapshot: Snapshot, text: str) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_DELIMITERS[snapshot.suffix], strict=True
    )
    number, width, last = 0, 0, 0
    try:
        for number, row in enumerate(reader, start=1):  # named in the errors
            yield number, tuple(row)
            width, last = last, len(row)
    except csv.Error as error:
        place = Source(file=snapshot.name, row=number + 1).words
        detail = _BAD_CSV.filled(detail=error)
        raise EvidenceInvalid(place=place, detail=detail) from error
    if not text.endswith(("\n", "\r")) and last < width:
        place = Source(file=snapshot.name, row=number).words
        raise EvidenceUnfinished(place=place, detail=_CUT)


def _excel_sheets(snapshot: Snapshot) -> list[Sheet]:
    from openpyxl import load_workbook  # noqa: PLC0415  # slow to import, and not always needed

    if snapshot.data.startswith(_OLE):
        raise EvidenceInvalid(place=snapshot.name, detail=_OLD_EXCEL)
    try:
        with warnings.catch_warnings(action="ignore"):
            formulas = _has_formulas(snapshot.data)
            book = load_workbook(io.BytesIO(snapshot.data), read_only=True, data_only=True)
            with closing(book):
                states = {sheet.title: sheet.sheet_state for sheet in book.worksheets}
    except Exception as error:
        # The library lets out whatever a broken file makes its own parsers raise.
        detail = _NO_EXCEL.filled(detail=type(error).__name__)
        raise EvidenceUnfinished(place=snapshot.name, detail=detail) from error
    return [
        Sheet(
            file=snapshot.name,
            name=name,
            hidden=state != "visible",
            rows=partial(_excel_rows, snapshot, name, formulas=formulas),
        )
        for name, state in states.items()
    ]


def _excel_rows(snapshot: Snapshot, name: str, *, formulas: bool) -> Iterator[tuple[int, Row]]:
    values = _values(snapshot, name)
    rows = values if not formulas else map(_marked, values, _formulas(snapshot, name))
    number = 0
    while True:
        try:
            # Only round the library's own work: between two parts other code runs.
            with warnings.catch_warnings(action="ignore"):
                part = list(islice(rows, _PART))
        except Exception as error:
            place = Source(file=snapshot.name, sheet=name, row=number + 1).words
            detail = _NO_EXCEL.filled(detail=type(error).__name__)
            raise EvidenceUnfinished(place=place, detail=detail) from error
        if not part:
            return
        yield from enumerate(part, start=number + 1)
        number += len(part)


def _values(snapshot: Snapshot, name: str) -> Iterator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415  # see above

    book = load_workbook(io.BytesIO(snapshot.data), read_only=True, data_only=True)
    with closing(book):
        sheet = book[name]
        # Some tools write a range that is too small; what lies outside would be lost.
        sheet.reset_dimensions()
        rows: Iterator[Any] = sheet.iter_rows(values_only=True)
        yield from rows


def _formulas(snapshot: Snapshot, name: str) -> Iterator[tuple[bool, ...]]:
    """Yield which cells of each row hold a formula."""
    from openpyxl import load_workbook  # noqa: PLC0415  # see above

    book = load_workbook(io.BytesIO(snapshot.data), read_only=True, data_only=False)
    with closing(book):
        sheet = book[name]
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            yield tuple(cell.data_type == "f" for cell in row)


def _marked(values: Row, formulas: tuple[bool, ...]) -> Row:
    pairs = zip(values, formulas, strict=True)
    return tuple(Odd.UNCALCULATED if v is None and is_f else v for v, is_f in pairs)


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
