"""Broken promises that reach past one page: a shop's name, its ledgers, and texts of strangers.

Each test's number is its row in the list of what broke on pages from elsewhere.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from qsm_bot.mock_portal.world import World
from tests.acceptance.conftest import Shop, serving
from tests.patience import patient

ORDER, OTHER = "762544202", "762544391"
REFUSE = ("refuse", ORDER, "--reason", "shipped", "--yes", "--json")
# It stays unknown for as long as the test lasts, and the order stays in the list.
LOST = ("--fault", "error-before-effect")
UNKNOWN = {"QSM_TIMEOUT": str(patient(5)), "QSM_SETTLE_SECONDS": "3600"}


def pressed(shop: Shop) -> list[str]:
    """Return the refusal requests that reached the portal."""
    lines = shop.requests.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "SetCancelRefusal" in json.loads(line)["path"]]


@pytest.mark.by_day(2)
@pytest.mark.parametrize("name", ["みほん 商店", "みほん商店　", "ﾐﾎﾝ商店", ""])
def test_row_11_a_shop_by_another_name_is_the_same_shop(bare_shop: Shop, name: str) -> None:
    with serving(bare_shop, *LOST) as shop:
        first = shop.run(*REFUSE, **UNKNOWN)
        again = shop.run(*REFUSE, **UNKNOWN, QSM_SHOP_NAME=name)

        assert first.outcomes == {ORDER: "unknown"}
        assert again.code != 0
        assert len(pressed(shop)) == 1


def test_row_16_an_older_ledger_copied_back_stops_before_a_second_press(
    bare_shop: Shop, tmp_path: Path
) -> None:
    with serving(bare_shop, *LOST) as shop:
        shop.run("list")
        shutil.copytree(tmp_path / "data", tmp_path / "older")
        first = shop.run(*REFUSE, **UNKNOWN)
        shutil.rmtree(tmp_path / "data")
        (tmp_path / "older").rename(tmp_path / "data")

        again = shop.run(*REFUSE, **UNKNOWN)

        assert first.outcomes == {ORDER: "unknown"}
        assert (again.code, again.json["error"]["code"]) == (90, "LedgerForgot")
        assert len(pressed(shop)) == 1


def test_row_16_a_second_data_folder_stops_before_a_second_press(
    bare_shop: Shop, tmp_path: Path
) -> None:
    with serving(bare_shop, *LOST) as shop:
        shop.run(*REFUSE, **UNKNOWN)

        again = shop.run(*REFUSE, **UNKNOWN, QSM_DATA_DIR=str(tmp_path / "another"))

        assert (again.code, again.json["error"]["code"]) == (90, "LedgerForgot")
        assert len(pressed(shop)) == 1


STRANGE = "[/x] \\[ [size: L] \x1b[31m \x9b31m \u202e [bold]"


def strange_world() -> World:
    """Return a shop in which a buyer's reason and goods hold markup and control characters."""
    return World(
        replace(order, item_name=STRANGE, buyer_reason=STRANGE)
        if order.order_no == ORDER
        else order
        for order in World.seeded(3, seed=1).orders()
    )


@pytest.mark.by_day(1)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_row_13_a_buyer_s_markup_is_text(bare_shop: Shop, lang: str) -> None:
    with serving(bare_shop, world=strange_world()) as shop:
        listed = shop.run("list", "--lang", lang)
        document = shop.run("list", "--json").json
        refused = shop.run(*REFUSE)

    assert listed.code == 0
    assert "size: L" in listed.out
    assert not set("\x1b\x9b\u202e") & set(listed.out + listed.err)
    (row,) = [row for row in document["requests"] if row["order_no"] == ORDER]
    assert row["buyer_reason"].startswith("[/x] \\[ [size: L] <U+001B>[31m <U+009B>31m <U+202E>")
    assert (refused.code, refused.outcomes) == (0, {ORDER: "refused"})


def test_row_20_rows_that_cannot_be_read_stand_in_the_document(bare_shop: Shop) -> None:
    with serving(bare_shop, "--fault", "broken-row") as shop:
        document = shop.run("list", "--json").json

    assert len(document["unreadable"]) == 1
    assert len(document["requests"]) == len(World.seeded(12, seed=1).open_requests()) - 1
