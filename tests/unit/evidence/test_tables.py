"""Headings, order numbers, duplicates: what a whole table gives, or why nothing of it counts."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.base.errors.evidence import ExtraColumnMissing, HeadingMissing, OrderNumberDamaged
from qsm_bot.domain.evidence import FactName, Source
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

ALL = (
    *("注文番号", "カート番号", "お問い合わせ番号", "運送会社", "発送ステータス", "出荷日"),
    *("梱包日時", "受注生産", "商品区分", "受取人名", "棚番"),
)
ROW = (
    *(ORDER, "250040690", "1234-5678-9013", "クロネコヤマト", "発送済", "2026/11/22"),
    *("2026/11/21 14:05", "○", "名入れ、ギフト", "見本 花子", "A-1"),
)


def test_a_warehouse_s_file_gives_each_fact_with_its_place(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "出荷データ.csv", ("出荷一覧",), ALL, (), ROW, encoding="cp932")
    known = loaded(file, extra_columns=["棚番"]).of(ORDER)
    assert known.tracking_no.value == TRACKING
    assert known.carrier.value == "ヤマト運輸"
    assert known.shipping_status.value == "発送済"
    assert known.shipped_on.value == date(2026, 11, 22)
    assert known.packed_on.value == date(2026, 11, 21)
    assert known.packed_at.value == datetime(2026, 11, 21, 14, 5, tzinfo=NOW.tzinfo)
    assert known.made_to_order.value is True
    assert known.item_mark.values == ("名入れ", "ギフト")
    assert known.columns["棚番"].value == "A-1"
    assert known.sources == (Source(file="出荷データ.csv", row=4),)
    assert known.sources[0].words.ja == "出荷データ.csv 4行目"
    assert known.doubts() == ()


def test_columns_that_nobody_asked_for_are_not_kept(tmp_path: Path) -> None:
    found = loaded(write_csv(tmp_path / "a.csv", ALL, ROW))
    assert "見本 花子" not in repr(found.of(ORDER))
    assert "見本 花子" not in repr(vars(found.by_order))


@pytest.mark.parametrize("heading", ["注 文 番 号", "注文番号 ", "Order_No.", "ＯＲＤＥＲ ＮＯ"])
def test_width_blanks_and_case_of_a_heading_do_not_matter(tmp_path: Path, heading: str) -> None:
    file = write_csv(tmp_path / "a.csv", (heading, "送り状番号"), (ORDER, TRACKING))
    assert list(loaded(file).by_order) == [ORDER]


def test_headings_of_another_tool_are_mapped_in_the_settings(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", ("受注番号", "伝票番号"), (ORDER, TRACKING))
    columns = {"order_no": "受注番号", "tracking_no": ["送り状", "伝票番号"]}
    assert loaded(file, columns=columns).of(ORDER).tracking_no.value == TRACKING


@pytest.mark.parametrize(
    ("headings", "settings", "said"),
    [
        (
            ("注文番", "送り状番号"),
            {},
            'a.csv: order_no: no heading “注文番号” in the first 20 rows (did you mean "注文番"?)',
        ),
        (
            ("注文番号", "送状No"),
            {"columns": {"tracking_no": "送り状No"}},
            'a.csv row 1: tracking_no: no heading “送り状No” (did you mean "送状No"?)',
        ),
        (
            ("注文番号", "送り状番号", "追跡番号"),
            {},
            "a.csv row 1: tracking_no: several columns could be meant: 送り状番号 追跡番号",
        ),
        (("注文番号", "注文番号"), {}, "order_no: several columns could be meant"),
        (
            ("注文番号", "名前"),
            {},
            "neither this nor any other known fact has a column; the headings are: ",
        ),
    ],
)
def test_a_heading_that_is_missing_or_not_certain_is_told(
    tmp_path: Path, headings: tuple[str, ...], settings: dict[str, Any], said: str
) -> None:
    file = write_csv(tmp_path / "a.csv", headings, (ORDER, TRACKING, "")[: len(headings)])
    assert said in told(source(file, **settings), HeadingMissing).en


@pytest.mark.parametrize(
    ("headings", "key"),
    [
        (("注文番号", "送り状番号", "追跡番号"), "tracking_no"),
        (("注文番号", "発送日", "出荷日"), "shipped_on"),
        (("番号", "送り状番号", "発送日"), "order_no"),
    ],
)
def test_the_advice_names_the_key_of_the_heading(
    tmp_path: Path, headings: tuple[str, ...], key: str
) -> None:
    file = write_csv(tmp_path / "a.csv", headings, (ORDER, TRACKING, ""))
    with pytest.raises(HeadingMissing) as caught:
        source(file).load(NOW)
    assert f'columns = {{ {key} = "…" }}' in caught.value.next_words.ja


@pytest.mark.parametrize("headings", [HEADINGS, (*HEADINGS, "棚", "棚")])
def test_an_extra_column_that_is_not_certain_is_to_be_corrected_or_taken_out(
    tmp_path: Path, headings: tuple[str, ...]
) -> None:
    read = source(write_csv(tmp_path / "a.csv", headings), extra_columns=["棚"])
    with pytest.raises(ExtraColumnMissing, match="row 1: extra_columns: ") as caught:
        read.load(NOW)
    assert caught.value.next_words.en == (
        "Correct the heading in extra_columns of [[evidence]], or take it out."
    )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("762544202.0", "「762544202.0」に小数が付いています"),
        ("1234567", "「1234567」は7桁です（8〜12桁のはず。桁落ちの可能性）"),
        ("0762544202", "「0762544202」が 0 で始まっています"),
        ("762-544-202", "「762-544-202」は注文番号ではありません"),
        ("#N/A", "「#N/A」は注文番号ではありません"),
        ("", "注文番号が空の行にデータがあります"),
    ],
)
def test_a_cell_that_names_no_order_puts_the_whole_source_in_error(
    tmp_path: Path, cell: str, said: str
) -> None:
    file = write_csv(tmp_path / "a.csv", HEADINGS, (ORDER, "1"), (cell, "2"), (cell, "3"))
    words = told(source(file), OrderNumberDamaged)
    assert words.ja.startswith("a.csv 3行目: ")
    assert said in words.ja
    assert words.ja.endswith("（ほか 1 行）")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (762544202.5, "has decimals"),
        (7.62544e8, "Excel's exponent form"),
        (1234567890123456, "more digits than Excel can keep"),
        (True, "“True” is no order number"),
        (date(2026, 11, 22), "is no order number"),
        ("=A1", "a formula without a computed value"),
    ],
)
def test_what_excel_made_of_an_order_number_is_told(
    tmp_path: Path, cell: object, said: str
) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", 出荷=[HEADINGS, (cell, TRACKING)])
    if isinstance(cell, float) and cell.is_integer():
        _as_exponent(file)
    words = told(source(file), OrderNumberDamaged)
    assert words.en.startswith("a.xlsx “出荷” row 2: ")
    assert said in words.en


def _as_exponent(file: Path) -> None:
    """Let the file hold 7.62544E8, as tools write it that know numbers only as floats."""
    import zipfile  # noqa: PLC0415  # here only

    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(file, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data.replace(b"<v>762544000</v>", b"<v>7.62544E8</v>"))


@pytest.mark.parametrize("cell", ['="762544202"', "'762544202", " ７６２５４４２０２ "])
def test_what_protects_a_number_from_excel_is_no_part_of_it(tmp_path: Path, cell: str) -> None:
    text = f"注文番号\t送り状番号\n{cell}\t{TRACKING}\n".replace('"', '"""')
    file = tmp_path / "a.tsv"
    file.write_text(text.replace('="""762544202"""', '"=""762544202"""'), encoding="utf-8")
    assert list(loaded(file).by_order) == [ORDER]


def test_numbers_that_mostly_end_in_zeros_were_shortened(tmp_path: Path) -> None:
    file = write_csv(
        *(tmp_path / "a.csv", HEADINGS, ("762544000", "1"), ("762545000", "2"), (ORDER, "3"))
    )
    words = told(source(file), OrderNumberDamaged)
    assert "2 of 3 order numbers end in 000" in words.en


def test_one_number_that_ends_in_zeros_is_for_a_person_unless_it_is_one_of_many(
    tmp_path: Path,
) -> None:
    few = [(str(762544199 + n), "") for n in range(10)]
    many = [(str(762544190 + n), "") for n in range(60)]
    for rows, asks in ((few, True), ([*few, ("762545000", "")], True), (many, False)):
        found = loaded(write_csv(tmp_path / "a.csv", HEADINGS, *rows, ("762546000", "1")))
        assert bool(found.of("762546000").problems) is asks
        assert found.of(rows[0][0]).problems == ()


def test_an_order_twice_with_the_same_facts_is_a_harmless_note(tmp_path: Path) -> None:
    rows = [(ORDER, TRACKING), (OTHER, "1"), (ORDER, TRACKING)]
    found = loaded(write_csv(tmp_path / "a.csv", HEADINGS, *rows))
    [report] = found.reports
    assert (report.rows, report.orders) == (3, 2)
    assert report.notes[0].en == (
        "1 orders stand in several rows with the same facts, as 762544202 in the rows 2 4"
    )
    assert found.of(ORDER).tracking_no.value == TRACKING
    assert found.of(ORDER).doubts() == ()


def test_an_order_twice_with_different_facts_is_a_contradiction(tmp_path: Path) -> None:
    headings = ("注文番号", "配送状態")
    rows = [(ORDER, "発送済"), (ORDER, "未発送"), (ORDER, "")]
    found = loaded(write_csv(tmp_path / "a.csv", headings, *rows))
    known = found.of(ORDER)
    assert known.shipping_status.value is None
    assert known.contradictions(FactName.SHIPPING_STATUS)[0].ja == (
        "発送状態が食い違います: 「発送済」（a.csv 2行目）、「未発送」（a.csv 3行目）"
    )
    assert known.contradictions(FactName.CARRIER) == ()
    assert found.reports[0].notes == ()


def test_empty_rows_are_skipped_and_short_rows_say_nothing_more(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"注文番号,送り状番号,備考\n,,\n\n{ORDER}\n,,合計\n", encoding="utf-8")
    found = loaded(file)
    assert (found.reports[0].rows, found.of(ORDER).names) == (1, ())


def test_rows_that_a_tool_filled_in_beforehand_are_empty(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "受注生産"), (ORDER, TRACKING, True), (None, " ", False), ("", "", False)]
    found = loaded(write_xlsx(tmp_path / "a.xlsx", 出荷=rows))
    assert (found.reports[0].rows, list(found.by_order)) == (1, [ORDER])


def test_a_row_with_more_cells_than_headings_gives_no_fact_and_is_for_a_person(
    tmp_path: Path,
) -> None:
    rows = [(ORDER, TRACKING, "見本市", ""), (OTHER, TRACKING, "")]
    found = loaded(write_csv(tmp_path / "a.csv", HEADINGS, *rows))
    assert "a.csv row 2: more cells than there are headings" in found.of(ORDER).problems[0].en
    assert found.of(ORDER).names == ()
    assert found.of(OTHER).problems == ()


def test_a_cell_merged_over_two_orders_puts_the_source_in_error(tmp_path: Path) -> None:
    rows = [HEADINGS, (ORDER, TRACKING), (None, "1")]
    words = told(source(write_xlsx(tmp_path / "a.xlsx", 出荷=rows)), OrderNumberDamaged)
    assert words.ja.startswith("a.xlsx「出荷」 3行目: 注文番号が空の行")
