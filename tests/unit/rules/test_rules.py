"""Rules files: a closed vocabulary, and every mistake told with its place."""

from pathlib import Path
from typing import Any

import pytest

from qsm_bot.base.errors.inputs import RulesInvalid
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import Limits
from qsm_bot.domain.request import RefusalReason
from qsm_bot.rules import Conditions, Rule, RuleBook, load_rules

TEXT = "あ" * 30
WHOLE = f"""
schema = 1

[limits]
max_count = 5
max_share = 1
share_from = 3

[[rule]]
name = "梱包済み"
reason = "shipped"
orders = ["700000001"]

[[rule]]
name = "custom"
reason = "other"
text = "{TEXT}"
when = {{ item_name = ["*名入れ*"], requested_from = 2026-01-01, min_amount = 100 }}
"""


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "rules.toml"
    file.write_bytes(text.encode(encoding))
    return file


def rule(**keys: Any) -> dict[str, Any]:
    return {"name": "a", "reason": "shipped", "orders": ["1"]} | keys


def problem(folder: Path, text: str) -> str:
    with pytest.raises(RulesInvalid) as caught:
        load_rules(written(folder, text))
    assert caught.value.facts["file"] == folder / "rules.toml"
    detail = caught.value.facts["detail"]
    return detail.en if isinstance(detail, Words) else str(detail)


def of_one_rule(folder: Path, lines: str) -> str:
    return problem(folder, f'schema = 1\n[[rule]]\nname = "a"\n{lines}\n')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_rules_file_is_read_with_or_without_the_mark_of_windows_editors(
    tmp_path: Path, encoding: str
) -> None:
    book = load_rules(written(tmp_path, WHOLE, encoding))
    assert [one.name for one in book.rules] == ["梱包済み", "custom"]
    assert book.rules[1].reason is RefusalReason.OTHER
    assert book.plan_limits == Limits(max_count=5, max_share=1, share_from=3)


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    book = load_rules(written(tmp_path, WHOLE.replace("\n", "\r\n")))
    assert len(book.rules) == 2


def test_without_limits_the_program_s_own_hold(tmp_path: Path) -> None:
    assert load_rules(written(tmp_path, "schema = 1")).plan_limits == Limits()


def test_a_file_saved_as_shift_jis_is_told_to_be_saved_as_utf8(tmp_path: Path) -> None:
    with pytest.raises(RulesInvalid, match=r"not UTF-8 at byte \d+; save the file as UTF-8"):
        load_rules(written(tmp_path, WHOLE, "cp932"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesInvalid, match=r"none\.toml: there is no rules file"):
        load_rules(tmp_path / "none.toml")


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert "at line 2" in problem(tmp_path, "schema = 1\nlimits = = 2")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("schema = 2", "schema: Input should be 1"),
        ("", "schema: Field required"),
        ("schema = 1\nrules = []", 'rules: unknown key (did you mean "rule"?)'),
        (
            "schema = 1\n[limits]\nmax_cuont = 3",
            'limits.max_cuont: unknown key (did you mean "max_count"?)',
        ),
        ("schema = 1\nzzz = 1", "zzz: unknown key"),
        (
            "schema = 1\n[limits]\nmax_count = -1",
            "limits.max_count: Input should be greater than or equal to 0",
        ),
        ("schema = 1\n[limits]\nmax_count = true", "limits.max_count: Input should be a valid int"),
        (
            "schema = 1\n[limits]\nmax_share = 1.01",
            "limits.max_share: Input should be less than or equal to 1",
        ),
        ("schema = 1\n[limits]\nmax_share = nan", "limits.max_share"),
    ],
)
def test_a_mistake_beside_the_rules_is_told(tmp_path: Path, text: str, told: str) -> None:
    assert problem(tmp_path, text).startswith(told)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('reason = "shiped"\norders = ["1"]', "rule.1.reason: Input should be 'shipped', 'ready'"),
        ('orders = ["1"]', "rule.1.reason: Field required"),
        (
            'reson = "ready"\nreason = "ready"\norders = ["1"]',
            'rule.1.reson: unknown key (did you mean "reason"?)',
        ),
        (
            'reason = "ready"\nwhen = { itm_code = ["1"] }',
            'rule.1.when.itm_code: unknown key (did you mean "item_code"?)',
        ),
        ('reason = "ready"\norders = [1]', "rule.1.orders.1: Input should be a valid string"),
        ('reason = "ready"\norders = ["７"]', "rule.1.orders.1: String should match pattern"),
        ('reason = "ready"\norders = ["1 "]', "rule.1.orders.1: String should match pattern"),
        ('reason = "ready"\norders = []', "rule.1.orders: List should have at least 1 item"),
        ('reason = "ready"\norders = "1"', "rule.1.orders: Input should be a valid list"),
        ('reason = "ready"\nwhen = { item_code = [] }', "rule.1.when.item_code: List should have"),
        ('reason = "ready"\nwhen = { option = [""] }', "rule.1.when.option.1: String should have"),
        ('reason = "ready"\nwhen = { status = "x" }', "rule.1.when.status: Input should be a"),
        (
            'reason = "ready"\nwhen = { requested_from = "2026-01-01" }',
            "rule.1.when.requested_from: Input should be a valid date",
        ),
        (
            'reason = "ready"\nwhen = { ordered_from = 2026-01-01T00:00:00 }',
            "rule.1.when.ordered_from: Input should be a valid date",
        ),
        ('reason = "ready"\nwhen = { min_amount = 1.5 }', "rule.1.when.min_amount: Input should"),
        ('reason = "ready"\nwhen = { max_age_days = -1 }', "rule.1.when.max_age_days: Input"),
        ('reason = "ready"\nwhen = { min_amount = "1" }', "rule.1.when.min_amount: Input should"),
    ],
)
def test_a_mistake_in_a_rule_is_told_with_the_rule_s_place(
    tmp_path: Path, lines: str, told: str
) -> None:
    assert of_one_rule(tmp_path, lines).startswith(told)


@pytest.mark.parametrize("lines", ['reason = "ready"', 'reason = "ready"\nwhen = {}'])
def test_a_rule_that_would_take_every_request_is_refused(tmp_path: Path, lines: str) -> None:
    assert "a rule needs orders, when or evidence" in of_one_rule(tmp_path, lines)


def test_orders_alone_may_stand_beside_an_empty_when() -> None:
    assert Rule.model_validate(rule(when={})).when == Conditions()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"reason": "other"}, "30 characters or more are needed, it has 0"),
        ({"reason": "other", "text": "あ" * 29}, "30 characters or more are needed, it has 29"),
        ({"reason": "ready", "text": TEXT}, "the reason ready takes no text"),
    ],
)
def test_the_text_is_checked_when_the_file_is_read(keys: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Rule.model_validate(rule(**keys))


def test_emoji_are_refused_unless_the_file_allows_them() -> None:
    document = {"schema": 1, "rule": [rule(reason="other", text=TEXT + "🎁")]}
    with pytest.raises(ValueError, match=r"U\+1F381"):
        RuleBook.model_validate(document)
    allowed = RuleBook.model_validate(document | {"text": {"emoji": True}})
    assert allowed.rules[0].text == TEXT + "🎁"


def test_emoji_excuse_nothing_else() -> None:
    """A rule alone lets its text pass until the file is known; the file still looks at it."""
    for keys, told in (
        ({"reason": "other", "text": "🎁"}, "30 characters or more"),
        ({"reason": "ready", "text": "🎁"}, "the reason ready takes no text"),
    ):
        document = {"schema": 1, "text": {"emoji": True}, "rule": [rule(**keys)]}
        with pytest.raises(ValueError, match=told):
            RuleBook.model_validate(document)


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        Rule.model_validate(rule(name=""))


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    text = "schema = 1" + 2 * '\n[[rule]]\nname = "b"\nreason = "ready"\norders = ["1"]'
    assert "two rules have the name 'b'" in problem(tmp_path, text)


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    told = of_one_rule(tmp_path, 'reason = "x"\norders = [1]')
    assert [part.split(":")[0] for part in told.split("; ")] == ["rule.1.reason", "rule.1.orders.1"]


def test_the_digest_follows_the_content_and_not_the_spelling_of_the_file(tmp_path: Path) -> None:
    first = load_rules(written(tmp_path, WHOLE)).digest
    assert load_rules(written(tmp_path, "# a remark\n" + WHOLE)).digest == first
    assert load_rules(written(tmp_path, WHOLE.replace("= 100", "= 101"))).digest != first


def test_the_digest_is_the_same_however_the_book_was_made() -> None:
    document = {"schema": 1, "rule": [rule()]}
    assert RuleBook.model_validate(document).digest == RuleBook.model_validate(document).digest
