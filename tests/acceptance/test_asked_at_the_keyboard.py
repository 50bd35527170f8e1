"""Who approves at a keyboard is shown what they approve, and says who they are."""

import os
import pty
import subprocess

import pytest

from tests.acceptance.conftest import PROGRAM, Shop
from tests.acceptance.test_commands import FIRST, RULES
from tests.patience import patient
from tests.support import Said


def typed(shop: Shop, keys: str, *words: str) -> Said:
    """Run the installed program at a terminal on which somebody has typed."""
    ours, terminal = pty.openpty()
    os.write(ours, keys.encode())
    try:
        done = subprocess.run(
            [PROGRAM, *words],
            cwd=shop.folder,
            env={**shop.environment, **shop.portal},
            stdin=terminal,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=patient(100),
        )
    finally:
        os.close(terminal)
        os.close(ours)
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def plan(shop: Shop) -> str:
    """A plan of one refusal."""
    shop.write_rules(RULES)
    digest: str = shop.run("plan", "--json").json["plan"]
    return digest


def test_goods_wish_and_words_are_shown_before_the_question(shop: Shop, plan: str) -> None:
    said = typed(shop, "  \n佐藤 花子\nはい\n", "approve", plan, "--lang", "ja")

    assert said.code == 0, said.err
    asked = said.out.index("1件の拒否を承認しますか")
    assert all(-1 < said.out.find(each) < asked for each in (FIRST, "×1", "商品発送完了"))
    assert "佐藤 花子 が" in said.out
    assert "佐藤 花子" in shop.run("show", plan).out + shop.run("ledger", "export").out


@pytest.mark.parametrize("keys", ["佐藤\nn\n", "佐藤\n\n", "佐藤\n\x04", "\x04"])
@pytest.mark.by_day(2)
def test_anything_but_a_yes_approves_nothing(shop: Shop, plan: str, keys: str) -> None:
    said = typed(shop, keys, "approve", plan)

    assert said.code == 10
    assert shop.run("apply", plan, "--json").json["error"]["code"] == "PlanNotApproved"


def test_who_is_named_already_is_not_asked_for(shop: Shop, plan: str) -> None:
    said = typed(shop, "y\n", "approve", plan, "--by", "owner")

    assert said.code == 0
    assert "owner approved" in said.out
