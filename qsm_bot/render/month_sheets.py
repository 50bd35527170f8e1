"""A month for spreadsheets: one workbook, or one CSV file that Excel opens without garbling."""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from qsm_bot.base.tables import excel_csv
from qsm_bot.base.words import Lang, Words
from qsm_bot.render.duty import STATE_WORDS
from qsm_bot.render.month import MonthRecord
from qsm_bot.render.month_columns import COLUMNS, ENDING_WORDS, Cell
from qsm_bot.render.report_words import REASON_WORDS

_TIME = "yyyy-mm-dd hh:mm:ss"
_ROWS, _TOTALS = Words("attempts", "処理一覧"), Words("totals", "合計")
_MONTH, _SHOP = Words("month", "対象月"), Words("shop", "ショップ")
_ATTEMPTS, _ORDERS = Words("attempts", "処理件数"), Words("orders", "注文数")
_OUTCOME, _REASON = (
    Words("outcome: {name}", "結果: {name}"),
    Words("reason: {name}", "理由: {name}"),
)
_DUTY = Words("duty to ship: {name}", "拒否後の発送: {name}")
_HEAD = Words("head of the ledger's chain", "台帳のハッシュ（末尾）")
_MADE = Words("made (JST)", "作成日時")


def month_csv(record: MonthRecord, lang: Lang) -> bytes:
    """Return the attempts as CSV for Excel.

    Sums are not in it: they would be rows like all others to whatever reads it.
    """
    heads = [column.head.say(lang) for column in COLUMNS]
    rows = ([_plain(column.value(row, lang)) for column in COLUMNS] for row in record.rows)
    return excel_csv([heads, *rows])


def _plain(cell: Cell) -> str:
    return "" if cell is None else f"{cell}"


def month_xlsx(record: MonthRecord, lang: Lang) -> bytes:
    """Return a workbook: the attempts, with every number that names something as text; the sums."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": f"{record.shop} {record.month}", "author": "qsm-bot"})
        _attempts_sheet(book, record, lang)
        _totals_sheet(book, record, lang)
    return file.getvalue()


def _attempts_sheet(book: Any, record: MonthRecord, lang: Lang) -> None:
    sheet = book.add_worksheet(_ROWS.say(lang))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = _formats(book)
    for index, column in enumerate(COLUMNS):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.head.say(lang), head)
    for number, row in enumerate(record.rows, start=1):
        for index, column in enumerate(COLUMNS):
            _write(sheet, number, index, column.value(row, lang), formats)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(record.rows), len(COLUMNS) - 1)
    # A number that names an order is text on purpose: no green corner in each cell.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.repeat_rows(0)


def _totals_sheet(book: Any, record: MonthRecord, lang: Lang) -> None:
    sheet = book.add_worksheet(_TOTALS.say(lang))
    formats = _formats(book)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 24)
    for number, (words, cell) in enumerate(_totals(record)):
        _write(sheet, number, 0, words.say(lang), formats)
        _write(sheet, number, 1, cell, formats)


def _totals(record: MonthRecord) -> Iterable[tuple[Words, Cell]]:
    yield _SHOP, record.shop
    yield _MONTH, str(record.month)
    yield _ATTEMPTS, len(record.rows)
    yield _ORDERS, record.orders
    for name, count in record.outcomes.items():
        yield _OUTCOME.filled(name=ENDING_WORDS[name]), count
    for name, count in record.reasons.items():
        yield _REASON.filled(name=REASON_WORDS[name]), count
    for state, count in record.duties.items():
        yield _DUTY.filled(name=STATE_WORDS[state]), count
    yield _HEAD, record.chain
    yield _MADE, record.made_at.replace(tzinfo=None, microsecond=0)


def _formats(book: Any) -> dict[type, Any]:
    top = {"valign": "top"}
    return {
        str: book.add_format({**top, "num_format": "@"}),
        datetime: book.add_format({**top, "num_format": _TIME, "align": "left"}),
        int: book.add_format({**top, "num_format": "0"}),
    }


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[type, Any]) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, formats[datetime])
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, formats[str])
    elif cell is not None:
        sheet.write_number(row, column, cell, formats[int])
