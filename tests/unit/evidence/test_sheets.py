"""What a file says in which encoding, and what Excel files may hold."""

import csv
import io
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from qsm_bot.base.errors.evidence import (
    EncodingUnknown,
    EvidenceInvalid,
    EvidenceUnfinished,
    SheetUnclear,
)
from qsm_bot.evidence.files import Snapshot
from qsm_bot.evidence.sheets import sheets_of
from tests.unit.evidence.parts import (
    HEADINGS,
    NOW,
    ORDER,
    OTHER,
    TRACKING,
    loaded,
    source,
    told,
    write_csv,
    write_xlsx,
)

LETTERS = st.text(st.sampled_from('髙①㈱～見本 花子,"\n\r0a'), max_size=8)
TABLES = st.lists(st.lists(LETTERS, min_size=2, max_size=4), min_size=1, max_size=5)


def shot(data: bytes, name: str = "a.csv") -> Snapshot:
    return Snapshot(name=name, data=data, changed_at=NOW)


@given(table=TABLES, encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp932"]))
def test_what_a_tool_writes_in_any_of_the_encodings_is_read_as_it_was(
    table: list[list[str]], encoding: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)

    [sheet] = sheets_of(shot(text.getvalue().encode(encoding)))

    assert list(sheet.rows()) == [(n, tuple(row)) for n, row in enumerate(table, start=1)]


def test_tabs_part_the_columns_of_a_tsv_file() -> None:
    [sheet] = sheets_of(shot(b"a,b\tc\n", "a.TSV"))
    assert list(sheet.rows()) == [(1, ("a,b", "c"))]


def test_bytes_of_no_encoding_are_told_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "出荷.csv"
    file.write_bytes("注文番号,送り状番号\n".encode("cp932") + b"762544202,\x81\xff\n")
    words = told(source(file), EncodingUnknown)
    assert words.en == "出荷.csv row 2: neither UTF-8 nor cp932 (Shift_JIS of Windows)"
    assert words.ja.startswith("出荷.csv 2行目: 文字コードが UTF-8 でも cp932")


def test_utf_16_is_told_by_its_name(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", HEADINGS, encoding="utf-16")
    assert "UTF-16" in told(source(file), EncodingUnknown).ja


def test_a_quote_that_never_ends_is_no_long_cell(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", HEADINGS, (ORDER, '"1'), (OTHER, "2"))
    assert told(source(file), EvidenceInvalid).en.startswith(
        "a.csv row 2: the quotes or columns are broken"
    )


def test_a_file_that_ends_within_a_row_is_not_yet_written(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"注文番号,送り状番号\n{ORDER},{TRACKING}\n762544", encoding="utf-8")
    assert told(source(file), EvidenceUnfinished).en.startswith("a.csv row 3: the file ends in")


def test_a_last_row_without_a_line_end_is_whole_if_its_cells_are_there(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"注文番号,送り状番号\n{ORDER},{TRACKING}", encoding="utf-8")
    assert loaded(file).of(ORDER).tracking_no.value == TRACKING


def test_half_an_excel_file_is_not_yet_written(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", 出荷=[HEADINGS, (ORDER, TRACKING)])
    file.write_bytes(file.read_bytes()[:-900])
    assert "not completely written" in told(source(file), EvidenceUnfinished).en


def test_broken_xml_within_an_excel_file_is_told_with_its_row(tmp_path: Path) -> None:
    import zipfile  # noqa: PLC0415  # here only

    whole = write_xlsx(tmp_path / "whole.xlsx", S=[HEADINGS, (ORDER, TRACKING)])
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:-40] if name.endswith("sheet1.xml") else data)
    assert told(source(file), EvidenceUnfinished).en.startswith("a.xlsx “S” row 1: ")


@pytest.mark.parametrize("name", ["a.xlsx", "protected.xlsx"])
def test_an_old_or_protected_excel_file_is_told(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "パスワード" in told(source(file), EvidenceInvalid).ja


def test_days_and_numbers_of_excel_are_values(tmp_path: Path) -> None:
    rows = [
        (*HEADINGS, "発送日", "梱包日時"),
        (int(ORDER), int(TRACKING), date(2026, 11, 22), datetime(2026, 11, 21, 9, 5)),  # noqa: DTZ001  # Excel knows no zone
    ]
    known = loaded(write_xlsx(tmp_path / "a.xlsx", S=rows)).of(ORDER)
    assert (known.tracking_no.value, known.shipped_on.value) == (TRACKING, date(2026, 11, 22))
    assert known.packed_at.value == datetime(2026, 11, 21, 9, 5, tzinfo=NOW.tzinfo)


def formula_file(path: Path, formula: str, *, in_order: bool = False) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADINGS))
    sheet.append([formula, TRACKING] if in_order else [ORDER, formula])
    book.save(path)
    return path


def test_a_formula_that_was_never_computed_is_no_empty_cell(tmp_path: Path) -> None:
    known = loaded(formula_file(tmp_path / "a.xlsx", "=1+1")).of(ORDER)
    assert known.tracking_no.value is None
    assert known.problems[0].en == (
        "a.xlsx “Sheet” row 2: 送り状番号: a formula without a computed value; "
        "open the file in Excel and save it"
    )


def test_a_formula_s_computed_value_counts(tmp_path: Path) -> None:
    import zipfile  # noqa: PLC0415  # here only

    plain = formula_file(tmp_path / "plain.xlsx", "=A1")
    file = tmp_path / "a.xlsx"
    value = f"<v>{TRACKING}</v>".encode()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"<v></v>", value).replace(b"<v />", value))
    assert loaded(file).of(ORDER).tracking_no.value == TRACKING


@pytest.mark.parametrize("hidden", [(), ("控え",)])
def test_the_one_visible_sheet_with_order_numbers_is_read(
    tmp_path: Path, hidden: tuple[str, ...]
) -> None:
    unlike = [("メモ",)] if not hidden else [HEADINGS, (OTHER, "1")]
    sheets = {"控え": unlike, "出荷": [HEADINGS, (ORDER, TRACKING)]}
    found = loaded(write_xlsx(tmp_path / "a.xlsx", hidden, **sheets))
    [report] = found.reports
    assert list(found.by_order) == [ORDER]
    assert report.read is not None
    assert (report.read.ja, report.notes[0].en) == ("a.xlsx「出荷」", "not read: 控え")


def test_order_numbers_in_two_visible_sheets_are_not_guessed_at(tmp_path: Path) -> None:
    rows = [HEADINGS, (ORDER, TRACKING)]
    file = write_xlsx(tmp_path / "a.xlsx", 十月=rows, 十一月=rows)
    words = told(source(file), SheetUnclear)
    assert words.en == "a.xlsx: order numbers stand in several sheets: 十月 十一月"
    assert list(loaded(file, sheet="十一月").by_order) == [ORDER]


def test_a_named_sheet_is_read_even_if_hidden_and_a_wrong_name_gets_a_hint(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", ["出荷"], 出荷=[HEADINGS, (ORDER, "1")], 表紙=[["a"]])
    assert list(loaded(file, sheet=" 出荷").by_order) == [ORDER]
    words = told(source(file, sheet="出荷日"), SheetUnclear)
    assert words.en == 'a.xlsx: no sheet “出荷日” (did you mean "出荷"?)'
