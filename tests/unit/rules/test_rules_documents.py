"""What docs/how-to/rules.md shows is loaded, and decided as they say."""

import re
import tomllib
from pathlib import Path

import pytest

from qsm_bot.cli.commands.example_files import EXAMPLES
from qsm_bot.rules import Conditions, EvidenceConditions, RuleBook, TextTable, Variable
from qsm_bot.rules.cases import cases_from, differences

ROOT = Path(__file__).parents[3]
DOCUMENTS = {
    name: (ROOT / "docs" / "how-to" / name).read_text("utf-8")
    for name in ("rules.md", "rules.ja.md")
}
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


RECIPE = re.compile(r"^### \d+\. (.*?)(?=^##)", re.MULTILINE | re.DOTALL)


def recipes(name: str) -> list[tuple[str, str]]:
    """Return each recipe's rules and its cases: its two blocks."""
    found = []
    for recipe in RECIPE.findall(DOCUMENTS[name]):
        rules, cases = BLOCK.findall(recipe)
        found.append((rules, cases))
    return found


def first_file(name: str) -> str:
    """Return the file of rules that a page begins with."""
    (block,) = BLOCK.findall(RECIPE.sub("", DOCUMENTS[name]))
    return str(block)


@pytest.mark.parametrize("number", range(10))
def test_a_recipe_decides_its_cases_as_the_document_says(number: int) -> None:
    rules, cases = recipes("rules.md")[number]
    book = RuleBook.model_validate({"schema": 1} | tomllib.loads(rules))

    found = differences(book, cases_from(tomllib.loads(cases), "rules.md"))

    assert found == []


def test_there_are_ten_recipes_the_same_in_both_languages() -> None:
    assert len(recipes("rules.md")) == 10
    assert recipes("rules.md") == recipes("rules.ja.md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_key_and_variable_is_named(name: str) -> None:
    text = DOCUMENTS[name]
    for model in (Conditions, EvidenceConditions, TextTable):
        for key in model.model_fields:
            assert f"`{key}`" in text or f"`{key} =" in text, key
    for variable in Variable:
        assert f"`{{{variable}}}`" in text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_first_file_of_the_page_can_be_used(name: str) -> None:
    book = RuleBook.model_validate(tomllib.loads(first_file(name)))

    assert [rule.reason for rule in book.rules] == [
        "shipped",
        "shipped",
        "ready",
        "made_to_order",
        "other",
    ]


def test_the_commented_examples_of_init_can_be_used() -> None:
    text = re.sub(
        r"(?m)^# ?(?=\[|name =|reason =|orders =|text =|item_name|max_|option|evidence|$)",
        "",
        EXAMPLES["rules.toml"],
    )
    assert len(RuleBook.model_validate(tomllib.loads(text)).rules) >= 3
