"""Rules that come back from Excel are written into the file with its comments."""

import tomllib

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from qsm_bot.rules.keep_comments import with_comments_of

BEFORE = """\
# 初めにお読みください
schema = 1

[limits]
max_count = 20 # 1回の上限

# 引き渡し済み
[[rule]]
name = "handed over"
reason = "shipped" # 商品発送完了
when = { item_name = ["*名入れ*"] }

# 梱包済み
[[rule]]
name = "packed"
reason = "ready"
"""


def after(text: str) -> str:
    kept = with_comments_of(BEFORE, text)
    assert tomllib.loads(kept) == tomllib.loads(text)
    return kept


def test_what_stays_stays_with_its_comments() -> None:
    assert after(BEFORE) == BEFORE


def test_a_changed_value_keeps_the_comment_behind_it() -> None:
    kept = after(BEFORE.replace("max_count = 20", "max_count = 5").replace("*名入れ*", "*刻印*"))

    assert "max_count = 5 # 1回の上限" in kept
    assert "# 初めにお読みください" in kept
    assert "# 商品発送完了" in kept


def test_a_new_rule_and_one_that_went() -> None:
    text = BEFORE[: BEFORE.index("# 梱包済み")] + '[[rule]]\nname = "new"\nreason = "other"\n'

    kept = after(text)

    assert "# 引き渡し済み" in kept
    assert kept.index("handed over") < kept.index('"new"')


@pytest.mark.parametrize("before", ["", "not = toml = at all", "rule = 3\n", "[[rule]]\nx = 1\n"])
def test_from_any_other_file_the_values_are_right(before: str) -> None:
    assert tomllib.loads(with_comments_of(before, BEFORE)) == tomllib.loads(BEFORE)


names = st.sampled_from(["a", "b", "c", "d"])
rules = st.lists(
    st.fixed_dictionaries(
        {"name": names},
        optional={
            "reason": names,
            "orders": st.lists(names),
            "when": st.dictionaries(names, st.integers() | st.lists(names), max_size=2),
        },
    ),
    max_size=4,
)


@given(rules, rules)
def test_whatever_was_and_comes_the_values_are_right(
    was: list[dict[str, object]], comes: list[dict[str, object]]
) -> None:
    old, new = (tomli_w.dumps({"schema": 1, "rule": each}) for each in (was, comes))

    kept = with_comments_of(f"# head\n{old}", new)

    assert tomllib.loads(kept) == tomllib.loads(new)
