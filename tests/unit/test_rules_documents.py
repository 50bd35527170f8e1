"""What docs/rules.md and the READMEs show is loaded, and decided as they say."""

import re
import tomllib
from pathlib import Path

import pytest

from qsm_bot.cli.examples import EXAMPLES
from qsm_bot.rule_cases import cases_from, differences
from qsm_bot.rules import Conditions, EvidenceConditions, RuleBook, TextTable, Variable

ROOT = Path(__file__).parents[2]
DOCUMENTS = {
    name: (ROOT / "docs" / name).read_text("utf-8") for name in ("rules.md", "rules.ja.md")
}
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def recipes(name: str) -> list[tuple[str, str]]:
    """Return each recipe's rules and its cases."""
    blocks = BLOCK.findall(DOCUMENTS[name])
    return list(zip(blocks[::2], blocks[1::2], strict=True))


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


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_rules_of_the_readme_can_be_used(name: str) -> None:
    blocks = [
        each for each in BLOCK.findall((ROOT / name).read_text("utf-8")) if "[[rule]]" in each
    ]
    assert blocks
    for block in blocks:
        assert RuleBook.model_validate(tomllib.loads(block)).rules


def test_the_commented_examples_of_init_can_be_used() -> None:
    text = re.sub(
        r"(?m)^# ?(?=\[|name =|reason =|orders =|text =|item_name|max_|option|evidence|$)",
        "",
        EXAMPLES["rules.toml"],
    )
    assert len(RuleBook.model_validate(tomllib.loads(text)).rules) >= 3
