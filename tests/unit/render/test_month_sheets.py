"""A month in a spreadsheet, read back: numbers stay text, Japanese whole, nothing computes."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest

from qsm_bot.base.words import Lang
from qsm_bot.domain.request import OutcomeKind, RefusalReason
from qsm_bot.render.month_columns import COLUMNS
from qsm_bot.render.month_sheets import month_csv, month_xlsx
from tests.unit.render.month_parts import record, row

TEXT = "ご注文後すぐに裁断を開始しており、\nキャンセルをお受けできません。髙﨑①㈱〜𠮷"
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1+1")
DAMAGED_BY_EXCEL = ("0762544202", "762544202762")


PROOFS = {
    "ja": "QSMの完了表示, 拒否済み一覧にある",
    "en": "QSM said it is done, in the list of refused ones",
}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_workbook_read_back_has_text_where_text_was_and_times_where_times_were(
    lang: Lang,
) -> None:
    month = record(
        row("0762544202", reason=RefusalReason.OTHER, text=TEXT),
        row("762544206", sent=False, days=None, outcome=OutcomeKind.GONE, proofs=()),
    )
    book = openpyxl.load_workbook(io.BytesIO(month_xlsx(month, lang)))
    sheet, totals = book.worksheets
    head, first, second = sheet.iter_rows(values_only=True)

    assert list(head) == [column.head.say(lang) for column in COLUMNS]
    got = dict(zip((column.head.en for column in COLUMNS), first, strict=True))
    assert (got["order"], got["cart"], got["text"]) == ("0762544202", "250040690", TEXT)
    assert got["refusal sent (JST)"] == datetime(2026, 1, 5, 20, 30, 3)  # noqa: DTZ001
    assert (got["attempt"], got["days to refusal"]) == (1, 0)
    assert (got["rule"], got["approved by"], got["plan"]) == ("名入れ", "佐藤", "d" * 64)
    assert got["proofs"] == PROOFS[lang]
    assert second[0] is None
    assert sheet["B2"].number_format == "@"
    sums = dict(totals.iter_rows(values_only=True))
    assert sums["処理件数" if lang == "ja" else "attempts"] == 2
    assert sums["結果: 拒否完了" if lang == "ja" else "outcome: refused"] == 1


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    month = record(row(rule=text, text=text))

    cells = [
        c for r in openpyxl.load_workbook(io.BytesIO(month_xlsx(month, "en"))).active for c in r
    ]  # type: ignore[union-attr]
    assert [c.value for c in cells if c.data_type == "f"] == []
    assert sum(c.value == text for c in cells) == (2 if "\r" not in text else 0)
    rows = list(csv.reader(io.StringIO(month_csv(month, "en").decode("utf-8-sig"), newline="")))
    assert rows[1].count(f"'{text}") == 2


def test_a_csv_file_read_back_is_what_was_written() -> None:
    month = record(row(reason=RefusalReason.OTHER, text=TEXT), row("2", outcome=None))
    raw = month_csv(month, "ja")
    head, first, second = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))

    assert raw.startswith(b"\xef\xbb\xbf")
    assert head == [column.head.ja for column in COLUMNS]
    assert first[:5] == ["2026-01-05 20:30:03", "762544202", "250040690", "その他", TEXT]
    assert "途中" in second


@pytest.mark.parametrize("number", DAMAGED_BY_EXCEL)
def test_a_number_that_excel_would_shorten_is_marked_as_text(number: str) -> None:
    lines = csv.reader(io.StringIO(month_csv(record(row(number)), "en").decode("utf-8-sig")))
    assert list(lines)[1][1] == f"'{number}"
