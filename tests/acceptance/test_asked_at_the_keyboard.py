"""Who approves at a keyboard is shown what they approve, and says who they are."""

import os
import pty
import subprocess
from contextlib import suppress

import pytest

from tests.acceptance.conftest import PROGRAM, Shop
from tests.acceptance.test_commands import FIRST, RULES
from tests.patience import patient
from tests.support import Said


def typed(shop: Shop, keys: bytes, *words: str, **settings: str) -> Said:
    """Run the installed program at a terminal on which somebody has typed."""
    ours, terminal = pty.openpty()
    os.write(ours, keys)
    shown = b""
    with subprocess.Popen(
        [PROGRAM, *words],
        cwd=shop.folder,
        env={**shop.environment, **shop.portal, **settings},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        # Once the last program has left a terminal, reading it is an error.
        with suppress(OSError):
            while part := os.read(ours, 65536):
                shown += part
        code = process.wait(patient(100))
    os.close(ours)
    return Said(code, shown.decode("utf-8", "replace"), "")


@pytest.fixture
def plan(shop: Shop) -> str:
    """A plan of one refusal."""
    shop.write_rules(RULES)
    digest: str = shop.run("plan", "--json").json["plan"]
    return digest


def test_goods_wish_and_words_are_shown_before_the_question(shop: Shop, plan: str) -> None:
    said = typed(shop, "  \n佐藤 花子\nはい\n".encode(), "approve", plan, "--lang", "ja")

    assert said.code == 0, said.out
    asked = said.out.index("1件の拒否を承認しますか")
    assert all(-1 < said.out.find(each) < asked for each in (FIRST, "×1", "商品発送完了"))
    assert "佐藤 花子 が" in said.out
    assert "佐藤 花子" in shop.run("show", plan).out + shop.run("ledger", "export").out


@pytest.mark.parametrize("keys", ["佐藤\nn\n", "佐藤\n\n", "佐藤\n\x04", "\x04"])
@pytest.mark.by_day(2)
def test_anything_but_a_yes_approves_nothing(shop: Shop, plan: str, keys: str) -> None:
    said = typed(shop, keys.encode(), "approve", plan)

    assert said.code == 10
    assert shop.run("apply", plan, "--json").json["error"]["code"] == "PlanNotApproved"


def test_who_is_named_already_is_not_asked_for(shop: Shop, plan: str) -> None:
    said = typed(shop, b"y\n", "approve", plan, "--by", "owner")

    assert said.code == 0
    assert "owner approved" in said.out


def test_a_name_that_no_file_can_hold_is_asked_for_again(shop: Shop, plan: str) -> None:
    """A terminal that speaks cp932, say."""
    keys = "佐藤\n".encode("cp932") + b"Sato\ny\n"

    said = typed(shop, keys, "approve", plan)

    assert said.code == 0, said.out
    assert "Sato approved" in said.out


@pytest.mark.parametrize("words", [("--without", "999"), ("--by", "  ")])
def test_what_can_only_fail_is_not_asked(shop: Shop, plan: str, words: tuple[str, ...]) -> None:
    said = typed(shop, b"Sato\ny\n", "approve", plan, *words)

    assert said.code == 60
    assert "approve these" not in said.out


def test_where_nobody_sees_the_question_none_is_asked(shop: Shop, plan: str) -> None:
    ours, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [PROGRAM, "approve", plan, "--by", "owner"],
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

    assert (done.returncode, "owner approved" in done.stdout) == (0, True)
