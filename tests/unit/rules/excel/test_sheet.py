"""Rules as an Excel file and back, and what is said of a cell that is wrong."""

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsm_bot.base.errors.inputs import FileUnwritable, RulesInvalid, SheetUnreadable
from qsm_bot.base.plain_text import visible_in
from qsm_bot.base.tables import write_table
from qsm_bot.rules import RuleBook
from qsm_bot.rules.excel import rules_from_sheet, sheet_of, toml_of
from qsm_bot.rules.excel.cells import value_of

LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters=",、，;；")
WORD = st.text(LETTERS, min_size=1, max_size=6).map(lambda text: f"a{text}")
PATTERNS = st.lists(WORD, min_size=1, max_size=3)
DAYS = st.integers(0, 99)
WHEN = st.fixed_dictionaries(
    {"item_name": PATTERNS},
    optional={
        "not_option": PATTERNS.map(lambda given: [f"*{each}" for each in given]),
        "requested_from": st.dates(),
        "max_amount": st.integers(0, 10**9),
        "weekday": st.lists(st.sampled_from(["mon", "日"]), min_size=1),
        "time_until": st.sampled_from(["00:00", "23:59"]),
    },
)
FACTS = st.fixed_dictionaries(
    {"packed": st.sampled_from([True])},
    optional={
        "tracking_no": st.booleans(),
        "carrier": PATTERNS,
        "max_packed_days": DAYS,
        "columns": st.dictionaries(WORD, PATTERNS, min_size=1, max_size=2),
    },
)
RULE = st.fixed_dictionaries(
    {"reason": st.just("ready"), "evidence": FACTS},
    optional={
        "orders": st.lists(st.from_regex(r"[1-9][0-9]{0,12}", fullmatch=True), min_size=1),
        "when": WHEN,
        "limits": st.fixed_dictionaries(
            {"max_share": st.floats(0, 1)}, optional={"max_count": DAYS}
        ),
    },
)
OTHER = st.fixed_dictionaries(
    {
        "reason": st.just("other"),
        "text": st.text("字{}=+-", max_size=6).map(
            lambda text: "=あ" * 20 + text.replace("{", "{{").replace("}", "}}")
        ),
        "orders": st.just(["1"]),
    }
)
BOOKS = st.fixed_dictionaries(
    {"schema": st.just(1), "rule": st.lists(st.one_of(RULE, OTHER), max_size=3)},
    optional={
        "limits": st.fixed_dictionaries({"max_share": st.floats(0, 1), "max_amount": DAYS}),
        "text": st.fixed_dictionaries({"forbidden": st.just(["絶対"]), "emoji": st.booleans()}),
    },
)


@settings(deadline=None, max_examples=40)
@given(document=BOOKS)
def test_excel_and_back_and_toml_and_back_give_the_same_rules(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]
) -> None:
    for number, rule in enumerate(document["rule"]):
        rule["name"] = f"rule {number}"
    # As each door lets a text in.
    book = RuleBook.model_validate(visible_in(document))
    file = tmp_path_factory.getbasetemp() / "rules.xlsx"
    file.write_bytes(sheet_of(book))

    assert rules_from_sheet(file).digest == book.digest
    assert RuleBook.model_validate(tomllib.loads(toml_of(book))).digest == book.digest


def edited(folder: Path, **cells: object) -> Path:
    """Write two good rules as Excel, then put these values into cells of the first sheet."""
    rules = [
        {"name": "a", "reason": "ready", "evidence": {"packed": True}},
        {"name": "b", "reason": "shipped", "orders": ["762544202"]},
    ]
    book = RuleBook.model_validate({"schema": 1, "rule": rules})
    file = folder / "rules.xlsx"
    file.write_bytes(sheet_of(book))
    workbook = openpyxl.load_workbook(file)
    for name, value in cells.items():
        workbook["rules"][name] = value
    workbook.save(file)
    return file


def test_what_excel_makes_of_a_typed_cell_is_understood(tmp_path: Path) -> None:
    file = edited(tmp_path, D3=762544206, A4="c", B4="made_to_order")
    headings = [cell.value for cell in openpyxl.load_workbook(file)["rules"][1]]
    column = openpyxl.utils.get_column_letter(headings.index("evidence.made_to_order") + 1)
    book = rules_from_sheet(
        edited(tmp_path, D3=762544206, A4="c", B4="made_to_order", **{f"{column}4": True})
    )
    assert book.rules[1].orders == ["762544206"]
    assert book.rules[2].evidence is not None
    assert book.rules[2].evidence.made_to_order is True


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"B2": "redy"}, "rules!B2 (reason): Input should be 'shipped', 'ready', 'made_to_order'"),
        ({"B2": None}, "rules!B2 (reason): Field required"),
        ({"B2": "shipped"}, "rules!A2 (rule): reason shipped needs [rule.evidence]"),
        ({"D3": "7.62E+08"}, "rules!D3 (orders): String should match pattern"),
        ({"A3": "a"}, "two rules have the name 'a'"),
        ({"C1": "txt"}, 'rules!C1: unknown key “txt” (did you mean "text"?)'),
        ({"N2": "soon"}, "rules!N2 (when.requested_from): “soon” is no date such as 2026-11-23"),
    ],
)
def test_a_mistake_is_told_with_its_cell(
    tmp_path: Path, cells: dict[str, object], said: str
) -> None:
    with pytest.raises(RulesInvalid) as caught:
        rules_from_sheet(edited(tmp_path, **cells))
    assert said in caught.value.message.en


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    file = tmp_path / "rules.xlsx"
    with pytest.raises(SheetUnreadable):
        rules_from_sheet(file)
    file.write_bytes(b"PK")
    with pytest.raises(SheetUnreadable):
        rules_from_sheet(file)
    other = openpyxl.Workbook()
    other.save(file)
    with pytest.raises(SheetUnreadable, match="there is no sheet “rules”; its sheets are Sheet"):
        rules_from_sheet(file)


ROWS = [
    ("注文番号", "理由"),
    ("762544202", "=HYPERLINK(1)"),
    ("0012", "@SUM(A1)"),
    ("76254420212", "300000000005"),
]


def test_tables_for_people_hold_no_formula_and_keep_every_digit(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ROWS, sheet="s")
    write_table(tmp_path / "a.xlsx", ROWS, sheet="s")

    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert read[1:] == [
        ["762544202", "'=HYPERLINK(1)"],
        ["'0012", "'@SUM(A1)"],
        ["76254420212", "'300000000005"],
    ]
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["s"]
    cells = [(cell.value, cell.data_type, cell.number_format) for cell in page[3]]
    assert cells == [("0012", "s", "@"), ("@SUM(A1)", "s", "@")]


@pytest.mark.parametrize("name", ["a.txt", "none/a.csv"])
def test_a_table_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileUnwritable):
        write_table(tmp_path / name, ROWS, sheet="s")


def test_what_people_leave_in_a_sheet_is_no_rule(tmp_path: Path) -> None:
    """A blank row between rules, or above a limit."""
    file = edited(tmp_path, A4="c", B4="ready", D4="762544206")
    workbook = openpyxl.load_workbook(file)
    workbook["rules"].insert_rows(3)
    workbook["limits"].insert_rows(2)
    workbook.save(file)

    assert [rule.name for rule in rules_from_sheet(file).rules] == ["a", "b", "c"]


def test_a_limit_that_is_none_is_told_with_its_cell(tmp_path: Path) -> None:
    file = edited(tmp_path)
    workbook = openpyxl.load_workbook(file)
    workbook["limits"]["A2"] = "max_cuont"
    workbook.save(file)

    with pytest.raises(RulesInvalid, match=r"limits!A2: unknown key “max_cuont”"):
        rules_from_sheet(file)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [("text", 762544206.0, "762544206"), ("columns", "工程 = 刺繍", {"工程": ["刺繍"]})],
)
def test_a_cell_is_read_as_toml_would_have_it(kind: str, cell: object, value: object) -> None:
    assert value_of(kind, cell) == value


def test_a_column_without_its_value_is_none() -> None:
    with pytest.raises(ValueError, match="工程"):
        value_of("columns", "工程")
