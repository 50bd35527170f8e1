"""Tables of text in CSV and Excel files: what people open, edit and give back.

Numbers that name things are written as text, so that Excel leaves their digits alone, and
what begins like a formula is never one. What a seller's own file is written in is told, not
guessed: UTF-8 or cp932.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from qsm_bot.base.errors.inputs import FileUnwritable, SheetUnreadable
from qsm_bot.base.os_words import os_words
from qsm_bot.base.words import Words

Row = Sequence[str]

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# What makes Excel take a cell for a formula; Japanese Excel takes the wide signs, too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Excel shows 12 digits and more as 7.6E+11, and drops leading zeros; saving makes both last.
_SHORTENED = re.compile(r"0[0-9]+|[0-9]{12,}")

_SUFFIX = Words("the name must end in .csv or .xlsx", "名前の末尾は .csv か .xlsx にしてください")
_NO_SUCH_SHEET = Words(
    "there is no sheet “{sheet}”; its sheets are {found}",
    "シート「{sheet}」がありません（あるシート: {found}）",
)
_PLAIN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
_WIDEST, _MARGIN = 60, 2

# 200,000 rows of 40 columns unpack to about 300 MiB; the texts are held in memory.
_MOST_UNPACKED, _MOST_TEXTS = 400 << 20, 200 << 20
_OVERSIZED = Words(
    "unpacked the file has {size} MiB; at most {most} MiB are read. Export fewer rows",
    "展開すると {size} MiB になるファイルです（上限 {most} MiB）。件数を減らして書き出してください",
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_IN_UTF_16 = Words("the file is UTF-16, not UTF-8 or cp932", "文字コードが UTF-16 です")
_NOT_TEXT = Words(
    "neither UTF-8 nor cp932 (Shift_JIS of Windows)",
    "文字コードが UTF-8 でも cp932（Windows の Shift_JIS）でもありません",
)


class Oversized(ValueError):
    """An Excel file unpacks to more than a table of any shop holds."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words.en)


def raise_if_oversized(file: Path | io.BytesIO) -> None:
    """Check what an Excel file holds before anything in it is unpacked.

    Raises:
        Oversized: more than 400 MiB in all, or more than 200 MiB of texts.
        zipfile.BadZipFile, OSError: it is no such file.
    """
    with zipfile.ZipFile(file) as archive:
        # What is unpacked beyond the size that the archive names is cut off by the library.
        sizes = {each.filename: each.file_size for each in archive.infolist()}
    texts = sum(size for name, size in sizes.items() if "sharedStrings" in name)
    for size, most in ((sum(sizes.values()), _MOST_UNPACKED), (texts, _MOST_TEXTS)):
        if size > most:
            raise Oversized(_OVERSIZED.filled(size=size >> 20, most=most >> 20))


class NoEncoding(ValueError):
    """The bytes are in neither; `line` is the first that is not, if one can be named."""

    def __init__(self, words: Words, line: int | None = None) -> None:
        self.words = words
        self.line = line
        super().__init__(words.en)


def write_table(path: Path, rows: Sequence[Row], *, sheet: str) -> None:
    """Write rows, headings first, as `.csv` (UTF-8 with BOM, for Excel) or `.xlsx`.

    Raises:
        FileUnwritable: another ending, or the file cannot be written.
    """
    suffix = path.suffix.casefold()
    if suffix not in (".csv", ".xlsx"):
        raise FileUnwritable(file=path, detail=_SUFFIX)
    write_bytes(path, excel_csv(rows) if suffix == ".csv" else workbook({sheet: rows}))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file that the user named.

    Raises:
        FileUnwritable: it cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise FileUnwritable(file=path, detail=os_words(error)) from error


def excel_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV: UTF-8 with the mark by which Excel knows it, all cells quoted.

    A cell that Excel would compute or shorten has an apostrophe before it.
    """
    text = io.StringIO(newline="")
    text.write(_BOM)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows(map(_as_it_is, row) for row in rows)
    return text.getvalue().encode()


def workbook(sheets: dict[str, Sequence[Row]]) -> bytes:
    """Return an Excel file with these sheets; every cell is text, the headings stay in view."""
    # Slow to import, as the reader below is: most commands need neither.
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _PLAIN) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        heading = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            for column, width in enumerate(_widths(rows)):
                page.set_column(column, column, width, text)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    page.write_string(number, column, cell, text if number else heading)
    return buffer.getvalue()


def read_workbook(path: Path, *sheets: str) -> dict[str, list[list[object]]]:
    """Read sheets of an Excel file as rows of cells, as Excel last computed them.

    Raises:
        SheetUnreadable: no Excel file, or a sheet is missing.
    """
    import openpyxl  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        raise_if_oversized(path)
        book = openpyxl.load_workbook(path, data_only=True)
    except OSError as error:
        raise SheetUnreadable(file=path, detail=os_words(error)) from error
    except Oversized as error:
        raise SheetUnreadable(file=path, detail=error.words) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SheetUnreadable(file=path, detail=error) from error
    for sheet in sheets:
        if sheet not in book.sheetnames:
            found = ", ".join(book.sheetnames)
            raise SheetUnreadable(file=path, detail=_NO_SUCH_SHEET.filled(sheet=sheet, found=found))
    return {
        sheet: [list(row) for row in book[sheet].iter_rows(values_only=True)] for sheet in sheets
    }


def encoding_of(data: bytes) -> str:
    """Return the encoding of a text: UTF-8 with or without BOM, else cp932.

    Never shift_jis, which lacks letters that Windows writes, such as 髙 and ①.

    Raises:
        NoEncoding: it is neither.
    """
    if data.startswith(_UTF_16):
        raise NoEncoding(_IN_UTF_16)
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8-sig"
    try:
        data.decode("cp932")
    except UnicodeDecodeError as error:
        raise NoEncoding(_NOT_TEXT, data.count(b"\n", 0, error.start) + 1) from error
    return "cp932"


def _as_it_is(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) or _SHORTENED.fullmatch(cell) else cell


def _widths(rows: Sequence[Row]) -> list[int]:
    columns = max((len(row) for row in rows), default=0)
    longest = [
        max(
            (len(line) for row in rows if column < len(row) for line in row[column].split("\n")),
            default=0,
        )
        for column in range(columns)
    ]
    # Japanese letters are two columns wide.
    return [min(2 * length + _MARGIN, _WIDEST) for length in longest]
