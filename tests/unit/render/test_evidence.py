"""What `evidence show` and `evidence check` tell: tables, documents, exit codes."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from qsm_bot.base.words import Lang
from qsm_bot.evidence.protocol import EvidenceSet, load_all
from qsm_bot.render.evidence import (
    all_doubts,
    check_code,
    check_document,
    check_table,
    show_code,
    show_document,
    show_table,
)
from tests.unit.evidence.parts import NOW, ORDER, OTHER, TRACKING, source, write_csv, write_xlsx

HEADINGS = ("注文番号", "配送会社", "送り状番号", "発送日")
GOOD = (ORDER, "ヤマト", TRACKING, "2026/11/22")
UNDATED = (OTHER, "ヤマト", TRACKING, "11/22")


def found(*files: Path) -> EvidenceSet:
    return load_all([source(file) for file in files], NOW)


def printed(table: Table | str) -> str:
    console = Console(width=200, force_terminal=False)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def shown(evidence: EvidenceSet, order: str, lang: Lang = "ja") -> str:
    return printed(show_table(evidence, order, lang))


def checked(evidence: EvidenceSet, lang: Lang = "en") -> str:
    return printed(check_table(evidence, all_doubts(evidence), lang))


def test_each_fact_is_shown_with_its_file_sheet_and_row(tmp_path: Path) -> None:
    evidence = found(write_xlsx(tmp_path / "出荷データ.xlsx", 出荷=[HEADINGS, GOOD]))
    text = shown(evidence, ORDER)
    assert "送り状番号   123456789013   出荷データ.xlsx「出荷」 2行目" in text
    assert "発送日       2026-11-22" in text
    assert "要確認" not in text
    assert show_code(evidence, ORDER) == 0
    assert show_document(evidence, "みほん商店", ORDER, "ja") == {
        "schema": 1,
        "shop": "みほん商店",
        "order_no": ORDER,
        "facts": [
            {"fact": name, "value": value, "file": "出荷データ.xlsx", "sheet": "出荷", "row": 2}
            for name, value in (
                ("tracking_no", TRACKING),
                ("carrier", "ヤマト運輸"),
                ("shipped_on", "2026-11-22"),
            )
        ],
        "doubts": [],
        "exit_code": 0,
    }


def test_an_order_of_which_nothing_is_known_is_told(tmp_path: Path) -> None:
    evidence = found(write_csv(tmp_path / "a.csv", HEADINGS, GOOD))
    assert shown(evidence, OTHER, "en") == f"Nothing is known of {OTHER}.\n"
    assert show_code(evidence, OTHER) == 10
    assert show_document(evidence, "s", OTHER, "en")["facts"] == []


def test_an_unclear_cell_a_contradiction_and_a_wrong_number_are_for_a_person(
    tmp_path: Path,
) -> None:
    wrong = ("762544276", "ヤマト運輸", "123456789014", "")
    one = write_csv(tmp_path / "a.csv", HEADINGS, GOOD, UNDATED, wrong)
    two = write_csv(tmp_path / "b.csv", HEADINGS, (ORDER, "佐川急便", TRACKING, ""))
    evidence = found(one, two)
    for order, said in (
        (
            ORDER,
            "carrier: the sources differ: “ヤマト運輸” (a.csv row 2), “佐川急便” (b.csv row 2)",
        ),
        (OTHER, "a.csv row 3: 発送日: “11/22” is no date with a year"),
        ("762544276", "wrong check digit for ヤマト運輸"),
    ):
        assert said in shown(evidence, order, "en")
        assert said in checked(evidence)
        assert show_code(evidence, order) == 30
    assert check_code(evidence, all_doubts(evidence)) == 30
    document = check_document(evidence, all_doubts(evidence), "s", "en")
    assert [each["order_no"] for each in document["doubts"]] == [ORDER, OTHER, "762544276"]


def test_a_source_in_error_is_exit_code_60_whatever_the_others_know(tmp_path: Path) -> None:
    evidence = found(write_csv(tmp_path / "a.csv", HEADINGS, GOOD), tmp_path / "gone.csv")
    assert (show_code(evidence, ORDER), check_code(evidence, {})) == (60, 60)
    assert "evidence from gone.csv cannot be used: " in shown(evidence, ORDER, "en")
    text = checked(evidence)
    assert "EvidenceMissing: " in text
    assert "Put the file there" in text
    good, gone = check_document(evidence, {}, "s", "en")["sources"]
    assert (good["rows"], good["orders"], good["error"]) == (1, 1, None)
    assert (gone["name"], gone["error"]["code"], gone["read"]) == (
        *("gone.csv", "EvidenceMissing", None),
    )
    assert gone["error"]["meaning"].startswith("Orders that need this evidence go to a person")


def test_harmless_notes_are_told_and_are_no_problem(tmp_path: Path) -> None:
    evidence = found(write_csv(tmp_path / "a.csv", HEADINGS, GOOD, GOOD))
    assert "as 762544202 in the rows 2 3" in checked(evidence)
    assert check_code(evidence, all_doubts(evidence)) == 0
    assert len(check_document(evidence, {}, "s", "ja")["sources"][0]["notes"]) == 1


def test_many_doubts_are_counted_and_only_the_first_shown(tmp_path: Path) -> None:
    rows = [(str(762544202 + n), *UNDATED[1:]) for n in range(25)]
    evidence = found(write_csv(tmp_path / "a.csv", HEADINGS, *rows))
    text = checked(evidence)
    assert text.count("no date") == 20
    assert "25" in text.splitlines()[-2]


def test_without_sources_there_is_nothing_to_check() -> None:
    assert "No source of evidence is set" in checked(EvidenceSet())
    assert check_code(EvidenceSet(), {}) == 10
