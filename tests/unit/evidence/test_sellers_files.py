"""Files as shops of several malls really have them; all data are invented."""

import unicodedata
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.evidence import EvidenceInvalid, OrderNumberDamaged
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.domain.evidence import Evidence, FactName
from qsm_bot.evidence.config import FolderSettings, evidence_settings
from qsm_bot.evidence.protocol import EvidenceSet
from qsm_bot.evidence.tables import TableSource
from tests.unit.evidence.parts import NOW, ORDER, OTHER, loaded, source, told, touched, write_xlsx

ONE, TWO = "300000000005", "300000000016"
PLAIN = "注文番号,配送会社,送り状番号,発送日\n"


def read(tmp_path: Path, text: str, name: str = "a.csv", **settings: Any) -> EvidenceSet:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return source(file, **settings).load(NOW)


def sent(evidence: Evidence) -> tuple[tuple[str, ...], str | None]:
    return evidence.tracking_no.values, evidence.carrier.value


def test_rows_of_other_malls_are_passed_over_and_counted(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "受注番号,販売店舗,お荷物伝票番号,配送方法,発送日\n"
        f"{ORDER},Qoo10,{ONE},ヤマト運輸,2026-11-22\n"
        f"393939-20261127-0000012345,楽天,{TWO},ヤマト運輸,2026-11-22\n"
        f"250-1234567-1234567,Amazon,{TWO},ヤマト運輸,2026-11-22\n"
        f"mihon-store-10001234,Yahoo!,{TWO},ヤマト運輸,2026-11-22\n"
        f"#1001,自社,{TWO},ヤマト運輸,2026-11-22\n",
        columns={"carrier": ["配送方法"]},
    )

    assert sent(found.of(ORDER)) == ((ONE,), "ヤマト運輸")
    assert list(found.by_order) == [ORDER]
    assert found.reports[0].notes[0].ja == (
        "読み飛ばした行: 4 行（他モール・合計・注記など。最初は 3 行目）"
    )


def test_only_the_rows_that_the_settings_want_count(tmp_path: Path) -> None:
    text = f"注文番号,店舗,送り状番号\n{ORDER},Qoo10 本店,{ONE}\n1234567890123456,別モール,{TWO}\n"

    found = read(tmp_path, text, only={"店舗": ["Qoo10*"]})

    assert list(found.by_order) == [ORDER]
    told(source(tmp_path / "a.csv"), OrderNumberDamaged)


@pytest.mark.parametrize(
    "row", ["合計,,2,", ",,,合計 2 件", "※本データは2026/11/23 9:00現在,,,", "以上,,,", "総計,1,1,"]
)
def test_totals_and_notes_are_no_orders(tmp_path: Path, row: str) -> None:
    found = read(tmp_path, f"{PLAIN}{ORDER},ヤマト運輸,{ONE},2026/11/22\n{row}\n")

    assert sent(found.of(ORDER)) == ((ONE,), "ヤマト運輸")


def test_facts_without_an_order_number_are_no_total(tmp_path: Path) -> None:
    text = f"{PLAIN}{ORDER},ヤマト運輸,{ONE},2026/11/22\n,ヤマト運輸,{TWO},2026/11/22\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")

    told(source(tmp_path / "a.csv"), OrderNumberDamaged)


@pytest.mark.parametrize("cell", [f'"{ORDER},{OTHER}"', f"{ORDER}、{OTHER}", f"{ORDER} {OTHER}"])
def test_orders_that_share_a_parcel_may_share_a_cell(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, f"{PLAIN}{cell},ヤマト運輸,{ONE},2026/11/22\n")

    assert sent(found.of(ORDER)) == sent(found.of(OTHER)) == ((ONE,), "ヤマト運輸")


def test_a_number_with_something_beside_it_is_a_doubt_about_that_order_only(tmp_path: Path) -> None:
    found = read(tmp_path, f"{PLAIN}{ORDER}様,ヤマト運輸,{ONE},\n{OTHER},ヤマト運輸,{TWO},\n")

    assert found.of(ORDER).problems[0].ja.startswith("a.csv 2行目: 「762544202様」")
    assert found.of(OTHER).doubts() == ()
    assert len(found.by_order) == 2


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_a_csv_file_may_be_parted_by_other_marks(tmp_path: Path, mark: str) -> None:
    text = f"{PLAIN}{ORDER},ヤマト運輸,{ONE},2026/11/22\n".replace(",", mark)

    assert sent(read(tmp_path, text).of(ORDER)) == ((ONE,), "ヤマト運輸")
    assert sent(read(tmp_path, text, "a.txt").of(ORDER)) == ((ONE,), "ヤマト運輸")


def test_an_order_may_have_several_parcels(tmp_path: Path) -> None:
    rows = f"{ORDER},ヤマト運輸,{ONE},2026/11/22\n{ORDER},ヤマト運輸,{TWO},2026/11/22\n"
    cells = f"{OTHER},ヤマト運輸,{ONE}、{TWO},2026/11/22\n"

    found = read(tmp_path, PLAIN + rows + cells)

    for order in (ORDER, OTHER):
        assert sent(found.of(order)) == ((ONE, TWO), "ヤマト運輸")
        assert found.of(order).doubts(FactName.TRACKING_NO) == ()


def test_two_numbers_in_one_cell_may_be_parted_by_a_blank(tmp_path: Path) -> None:
    found = read(
        tmp_path, f"{PLAIN}{ORDER},ヤマト運輸,{ONE} {TWO},\n{OTHER},佐川急便,3000 0000 0005,\n"
    )

    assert found.of(ORDER).tracking_no.values == (ONE, TWO)
    assert found.of(OTHER).tracking_no.values == (ONE,)


def test_of_two_sources_each_must_know_the_parcels_of_the_other(tmp_path: Path) -> None:
    both = read(tmp_path, f"{PLAIN}{ORDER},ヤマト運輸,{ONE}、{TWO},\n")
    part = read(tmp_path, f"{PLAIN}{ORDER},ヤマト運輸,{TWO},\n", "b.csv")
    other = read(tmp_path, f"{PLAIN}{ORDER},ヤマト運輸,300000000020,\n", "c.csv")

    assert both.of(ORDER).merged(part.of(ORDER)).contradictions() == ()
    assert both.of(ORDER).merged(other.of(ORDER)).contradictions() != ()


B2 = "お客様管理番号,送り状種類,クール区分,伝票番号,出荷予定日,お届け先名\n"
B2_ROW = f"{ORDER},0,0,{ONE},2026/11/22,見本 花子\n"


def test_a_file_of_one_carrier_needs_no_column_for_it(tmp_path: Path) -> None:
    names = {"order_no": ["お客様管理番号"], "tracking_no": ["伝票番号"]}

    found = read(tmp_path, B2 + B2_ROW, columns=names, carrier="クロネコヤマト")

    assert sent(found.of(ORDER)) == ((ONE,), "ヤマト運輸")


def test_a_file_without_headings_goes_by_the_place_of_its_columns(tmp_path: Path) -> None:
    places = {"order_no": 1, "tracking_no": 4}

    found = read(tmp_path, B2_ROW, columns=places, carrier="ヤマト運輸")

    assert sent(found.of(ORDER)) == ((ONE,), "ヤマト運輸")
    assert list(read(tmp_path, B2 + B2_ROW, columns=places).by_order) == [ORDER]


def test_what_is_unclear_in_a_file_without_headings_is_told_by_the_column(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ORDER},soon\n", columns={"order_no": 1, "shipped_on": 2})

    assert found.of(ORDER).problems[0].ja.startswith("a.csv 1行目: 2: ")


def test_a_shop_may_say_what_its_codes_for_carriers_mean(tmp_path: Path) -> None:
    text = f"{PLAIN}{ORDER},1001,{ONE},2026/11/22\n{OTHER},,{TWO},2026/11/22\n"

    found = read(tmp_path, text, carriers={"1001": "ヤマト"})

    assert sent(found.of(ORDER)) == ((ONE,), "ヤマト運輸")
    assert sent(found.of(OTHER)) == ((TWO,), None)


def test_the_spellings_of_carriers_own_tools_are_known(tmp_path: Path) -> None:
    headings = ("お問い合せ送り状No.", "お荷物伝票番号", "発送伝票番号", "お問い合わせNo.")
    for heading in headings:
        text = f"受注番号,{heading}\n{ORDER},{ONE}\n"
        assert read(tmp_path, text).of(ORDER).tracking_no.value == ONE, heading


def test_an_order_s_own_column_counts_before_a_tool_s(tmp_path: Path) -> None:
    found = read(tmp_path, f"受注番号,注文番号,送り状番号\n{OTHER},{ORDER},{ONE}\n")

    assert list(found.by_order) == [ORDER]


@pytest.mark.parametrize(
    "cell",
    ["2026/11/22 09:00-12:00", "2026-11-22 9-12", "2026/11/22 14時～16時", "2026/11/22 12時以降"],
)
def test_a_time_window_is_no_moment_and_no_zone(tmp_path: Path, cell: str) -> None:
    evidence = read(tmp_path, f"{PLAIN}{ORDER},ヤマト運輸,{ONE},{cell}\n").of(ORDER)

    assert evidence.shipped_on.values == ()
    assert "時間帯" in evidence.problems[0].ja


def test_a_zone_in_its_full_form_is_one(tmp_path: Path) -> None:
    text = f"{PLAIN}{ORDER},,,2026-11-21T20:00:00-05:00\n{OTHER},,,2026-11-22 09:00 +0900\n"

    found = read(tmp_path, text)

    assert (
        found.of(ORDER).shipped_on.value == found.of(OTHER).shipped_on.value == date(2026, 11, 22)
    )


def folder(path: Path, **settings: Any) -> TableSource:
    return TableSource(settings=FolderSettings(kind="folder", path=path, **settings))


def export(path: Path, order: str, hours: float, number: str = ONE) -> Path:
    path.write_text(f"{PLAIN}{order},ヤマト運輸,{number},2026/11/22\n", encoding="utf-8")
    return touched(path, NOW - timedelta(hours=hours))


@pytest.mark.parametrize("suffix", [".xls", ".xlsb", ".ods"])
def test_a_newer_file_that_is_not_read_is_told(tmp_path: Path, suffix: str) -> None:
    export(tmp_path / "出荷_1.csv", ORDER, 3)
    touched(export(tmp_path / f"出荷_2{suffix}", OTHER, 2), NOW)

    words = told(folder(tmp_path, pattern="出荷*"), EvidenceInvalid)

    assert f"出荷_2{suffix}" in words.ja
    assert "古いファイルは使いません" in words.ja


def test_the_parts_of_an_export_are_read_together(tmp_path: Path) -> None:
    export(tmp_path / "出荷 [1].csv", ORDER, 2)
    export(tmp_path / "出荷 [2].csv", OTHER, 1)
    export(tmp_path / "出荷 [0].csv", "762544300", 99)

    found = folder(tmp_path, pattern="出荷 [*].csv", read="all").load(NOW)

    assert set(found.by_order) == {ORDER, OTHER}
    assert len(found.reports) == 2


def test_a_name_from_a_mac_fits_the_same_pattern(tmp_path: Path) -> None:
    export(tmp_path / unicodedata.normalize("NFD", "データ.csv"), ORDER, 1)

    assert ORDER in folder(tmp_path, pattern="データ*").load(NOW).by_order


def test_a_workbook_with_macros_is_a_workbook(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", 出荷=[("注文番号", "送り状番号"), (ORDER, ONE)])
    file.rename(tmp_path / "a.xlsm")

    assert loaded(tmp_path / "a.xlsm").of(ORDER).tracking_no.value == ONE


UNUSED = '{0} → 使っていません（{1}のことですか？ columns = {{ {2} = "{0}" }}）'


def test_each_column_is_told_what_it_is_taken_for(tmp_path: Path) -> None:
    text = f"注文番号,送り状番号,配送方法,出荷確定日,店舗,備考\n{ORDER},{ONE},,,Qoo10,\n"

    lines = [line.ja for line in read(tmp_path, text, only={"店舗": ["Qoo10"]}).reports[0].columns]

    assert lines == [
        "注文番号 → 注文番号",
        "送り状番号 → 送り状番号",
        UNUSED.format("配送方法", "配送会社", "carrier"),
        UNUSED.format("出荷確定日", "発送日", "shipped_on"),
        "店舗 → 使う行の絞り込み",
        "使っていない列: 備考",
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"carrier": "やまどう運送"}, "使える配送会社: ヤマト運輸"),
        ({"columns": {"order_no": 1, "tracking_no": "番号"}}, "すべて見出しか"),
        ({"columns": {"order_no": 1, "tracking_no": 2}, "extra_columns": ["x"]}, "見出しで指定"),
    ],
)
def test_settings_that_cannot_work_are_told(table: dict[str, Any], said: str) -> None:
    given = [{"kind": "file", "path": "a.csv", **table}]

    class Wrong(SettingsInvalid):
        def __init__(self, *, file: object, detail: object) -> None:
            super().__init__(detail=detail)
            self.file = file

    with pytest.raises(QsmBotError) as caught:
        evidence_settings(given, file=Path("qsm-bot.toml"), where="evidence", error=Wrong)

    assert said in caught.value.message.ja
