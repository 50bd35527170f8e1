"""Plain tables of text in CSV and Excel files: what people open, edit and give back.

Numbers that name things are written as text, so that Excel leaves their digits alone, and
what begins like a formula is never one.
"""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import xlsxwriter  # type: ignore[import-untyped]  # it has no types
from openpyxl.utils.exceptions import InvalidFileException

from qsm_bot.errors import FileUnwritable, SheetUnreadable
from qsm_bot.excel_csv import excel_csv
from qsm_bot.words import Words

Row = Sequence[str]

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
        raise FileUnwritable(file=path, detail=error.strerror) from error


def workbook(sheets: dict[str, Sequence[Row]]) -> bytes:
    """Return an Excel file with these sheets; every cell is text, the headings stay in view."""
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
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except OSError as error:
        raise SheetUnreadable(file=path, detail=error.strerror or error) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SheetUnreadable(file=path, detail=error) from error
    for sheet in sheets:
        if sheet not in book.sheetnames:
            found = ", ".join(book.sheetnames)
            raise SheetUnreadable(file=path, detail=_NO_SUCH_SHEET.filled(sheet=sheet, found=found))
    return {
        sheet: [list(row) for row in book[sheet].iter_rows(values_only=True)] for sheet in sheets
    }


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
