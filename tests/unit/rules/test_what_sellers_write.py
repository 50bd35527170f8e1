"""Rules as sellers write them: what would not mean what it says is objected to, or told."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pydantic import ValidationError
from rich.console import Console

from qsm_bot.base.errors.inputs import RulesInvalid
from qsm_bot.base.words import Lang
from qsm_bot.domain.evidence import NO_EVIDENCE
from qsm_bot.mock_portal.testing.builders import NOW
from qsm_bot.mock_portal.testing.builders import request as of
from qsm_bot.render.rules import cases_table, check_table
from qsm_bot.rules import RuleBook
from qsm_bot.rules.cases import cases_from, differences
from qsm_bot.rules.decide import judge_rules
from qsm_bot.rules.excel import rules_from_sheet, sheet_of

SHIPPED = {"name": "引き渡し済み", "reason": "shipped", "evidence": {"tracking_no": True}}


def book(*rules: dict[str, Any]) -> RuleBook:
    return RuleBook.model_validate({"schema": 1, "rule": list(rules)})


def made(**when: list[str]) -> dict[str, Any]:
    return {
        "name": "名入れ",
        "reason": "made_to_order",
        "when": {"item_name": ["*名入れ*"], **when},
    }


@pytest.mark.parametrize("mark", [",", "、", "，", ";", "；"])
@pytest.mark.parametrize("key", ["not_item_name", "item_name", "option"])
def test_several_patterns_in_one_are_objected_to(key: str, mark: str) -> None:
    with pytest.raises(ValidationError, match="one pattern with a comma"):
        book(made(**{key: [f"*サンプル*{mark}*見本*"]}))


@pytest.mark.parametrize("key", ["not_item_name", "not_option", "not_buyer_reason"])
def test_an_exclusion_of_the_whole_field_only_is_objected_to(key: str) -> None:
    with pytest.raises(ValidationError, match="leaves out only what is exactly that"):
        book(made(**{key: ["サンプル"]}))
    book(made(**{key: ["*サンプル*"]}, not_item_code=["931204118"]))


CARRIERS = [
    ("ヤマト運輸", "300000000005", "shipped"),
    ("ヤマト（ネコポス）", "300000000005", "shipped"),
    (None, "300000000005", "ask"),
    ("1001", "300000000005", "ask"),
    ("クロネコヤマト宅急便", "300000000006", "ask"),
    ("佐川急便（元払い）", "300000000006", "ask"),
    ("元払い", "300000000006", "ask"),
    ("宅急便（発払い）", "09012345678", "ask"),
    ("ヤマト（ネコポス）", "762544202", "ask"),
    ("佐川急便（元払い）", "15000012026", "ask"),
    ("ヤマト宅急便(仮)", "99999999", "ask"),
    ("ヤマト運輸", "000000000000", "ask"),
    ("佐川急便", "111111111111", "ask"),
    ("日本郵便", "0000000000000", "ask"),
    ("西濃運輸", "0312345678", "ask"),
    ("西濃運輸", "762544202", "ask"),
    ("日本郵便", "09012345678", "ask"),
]


@pytest.mark.parametrize(("carrier", "number", "expect"), CARRIERS)
def test_only_a_number_that_can_be_checked_proves_a_shipment(
    carrier: str | None, number: str, expect: str
) -> None:
    facts = {"tracking_no": number} | ({} if carrier is None else {"carrier": carrier})
    case = {"name": "a", "expect": expect, "evidence": facts}

    cases = cases_from({"now": "2026-11-28T10:00:00", "case": [case]}, "cases.toml")

    assert differences(book(SHIPPED), cases) == []


def test_the_order_s_and_the_cart_s_own_numbers_prove_nothing() -> None:
    request = {"order_no": "762544202111", "cart_no": "300000000005"}
    cases = [
        {"name": number, "expect": "ask", "request": request}
        | {"evidence": {"tracking_no": number, "carrier": "福山通運"}}
        for number in request.values()
    ]

    given = cases_from({"now": "2026-11-28T10:00:00", "case": cases}, "cases.toml")

    assert differences(book(SHIPPED), given) == []


def shown(table: object) -> str:

    console = Console(width=200, markup=False)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_a_pattern_that_means_the_whole_name_is_told() -> None:
    told = shown(check_table(book(made(item_name=["名入れ"])), "ja"))

    assert "商品名が「名入れ」と完全に同じものだけが対象です" in told
    assert "「*名入れ*」" in told


@pytest.mark.parametrize(
    ("lang", "said"), [("ja", "2件中1件が期待どおりです。"), ("en", "1 of 2 cases come out")]
)
def test_the_trial_of_cases_ends_with_how_many_are_good(lang: Lang, said: str) -> None:
    cases = [{"name": each, "expect": each} for each in ("leave", "ask")]
    given = cases_from({"now": "2026-11-28T10:00:00", "case": cases}, "cases.toml")

    assert said in shown(cases_table(2, differences(book(SHIPPED), given), lang))


def test_a_name_that_does_not_fit_is_told_with_the_pattern() -> None:
    request = {"item_name": "名入れ 見本"}
    rules = book(made(not_item_name=["*見本*"]), made(item_name=["刻印*"]) | {"name": "刻印"})

    first, second = judge_rules(of(**request), NO_EVIDENCE, rules, NOW)

    assert first.checks[0].line.ja == "✗ 商品名「名入れ 見本」は、除外の条件「*見本*」に当たります"
    assert second.checks[0].line.ja == "✗ 商品名「名入れ 見本」は、条件「刻印*」と一致しません"


def workbook(path: Path, column: str, cell: object) -> Path:
    file = path / "rules.xlsx"
    file.write_bytes(sheet_of(book(SHIPPED, made())))
    sheets = openpyxl.load_workbook(file)
    sheet = sheets["rules"]
    at = next(each.column for each in sheet[1] if each.value == column)
    sheet.cell(row=2, column=at).value = cell
    sheets.save(file)
    return file


@pytest.mark.parametrize("sign", ["◯", "〇", "○", "●", "はい", True, "TRUE", "あり"])
def test_every_circle_is_yes(tmp_path: Path, sign: object) -> None:
    rules = rules_from_sheet(workbook(tmp_path, "evidence.tracking_no", sign))

    assert rules.rules[0].evidence is not None
    assert rules.rules[0].evidence.tracking_no is True


@pytest.mark.parametrize(("cell", "days"), [("1日", 1), ("３", 3), ("1,000件", 1000), (2, 2)])
def test_a_number_may_have_its_unit(tmp_path: Path, cell: object, days: int) -> None:
    rules = rules_from_sheet(workbook(tmp_path, "evidence.max_packed_days", cell))

    assert rules.rules[0].evidence is not None
    assert rules.rules[0].evidence.max_packed_days == days


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("evidence.tracking_no", "なし", "○ か ×を入れてください（「なし」は使えません）"),
        ("when.item_name", "*名入れ*、*刻印*", "1行に1つ"),
        ("evidence.max_packed_days", "すぐ", "整数"),
        ("limits.max_share", "半分", "数"),
    ],
)
def test_a_cell_that_says_something_else_is_told_with_the_way_out(
    tmp_path: Path, column: str, cell: str, said: str
) -> None:
    with pytest.raises(RulesInvalid) as caught:
        rules_from_sheet(workbook(tmp_path, column, cell))

    assert said in caught.value.message.ja
    assert "rules!" in caught.value.message.ja
    assert "Excel ファイル" in caught.value.next_words.ja
