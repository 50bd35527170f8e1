"""TOML faults in the words of who writes the file, with the line and the usual cause."""

import re
from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import RulesInvalid, RulesMisnamed
from qsm_bot.base.toml import read_toml
from qsm_bot.rules import load_rules

RULE = """schema = 1

[[rule]]
name = "引き渡し済み"
reason = "shipped"
evidence = { tracking_no = true }
"""


def told(path: Path) -> str:
    with pytest.raises(RulesInvalid) as caught:
        read_toml(path, RulesInvalid)
    return caught.value.message.ja


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        ('reason = "shipped"', 'reason ＝ "shipped"', 5, "全角の「＝」"),
        ('reason = "shipped"', "reason = “shipped”", 5, "引用符が"),
        ('reason = "shipped"', 'reason = "shipped', 5, "閉じる引用符"),
        ('reason = "shipped"', "reason = shipped", 5, "引用符で囲んで"),
        ('reason = "shipped"', r'text = "C:\Users\山田\出荷.csv"', 5, "C:/Users/"),
        ('reason = "shipped"', 'name = "x"', 5, "2回"),
        ('reason = "shipped"', "live = True", 5, "true か false を、小文字で"),
        ('reason = "shipped"', "live = true;", 5, "true か false を、小文字で"),
        ("[[rule]]", "［[rule]]", 3, "全角の「［」"),
        ("[[rule]]", "[[rule]", 3, "TOML の書き方"),
    ],
)
def test_a_fault_is_told_with_its_line_and_cause(
    tmp_path: Path, good: str, bad: str, line: int, said: str
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULE.replace(good, bad), encoding="utf-8")

    words = told(file)

    assert f"{line}行目「{bad}」" in words
    assert said in words
    assert not re.search(r"\b(?:line|column|Invalid|Expected|Illegal)\b", words)


def test_a_file_in_the_encoding_of_old_editors_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_bytes(RULE.encode("cp932"))

    assert "UTF-8 ではありません（4行目）" in told(file)


def test_an_empty_end_of_a_file_is_told_too(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text("schema = ", encoding="utf-8")

    assert "1行目「schema =」" in told(file)


@pytest.mark.parametrize("name", ["rules.toml.txt", "rules.txt"])
def test_a_file_with_an_ending_behind_its_own_is_noticed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(RULE, encoding="utf-8")

    with pytest.raises(RulesMisnamed) as caught:
        load_rules(tmp_path / "rules.toml")

    assert f"{name} のことですか" in caught.value.message.ja
    assert "init" not in caught.value.next_words.ja
