"""A shop's name in the names of files: plain, told apart, and the same in every version."""

import re
from pathlib import Path

import pytest

from qsm_bot.base.shop_lock import shop_lock
from qsm_bot.base.shop_slug import shop_slug
from qsm_bot.config.saved_sign_in import SessionStore
from qsm_bot.notify.outbox import Outbox
from qsm_bot.schedule.history import RoundHistory
from qsm_bot.schedule.timers.task import task_name

PORTAL = "https://qsm.qoo10.jp"
LONG = "x" * 120
# As the data folders that there are have them.
KEPT = {
    "": ("shop-e3b0c44298", "shop-4cf5764831"),
    "mihon-shop": ("mihon-shop-87e15c728e", "mihon-shop-62208e85c7"),
    "みほん商店": ("shop-5126bc91c7", "shop-37081be9b0"),
    "ｍｉｈｏｎ": ("shop-d0ea836531", "shop-99bfbb3b01"),
    "Mihon みほん 2": ("Mihon-2-0f20fee062", "Mihon-2-d02dafe0b7"),
    "../etc/passwd": ("etc-passwd-7fef78f534", "etc-passwd-b11c754cb5"),
    "a/b": ("a-b-c14cddc033", "a-b-19c64b9965"),
    "a.b.": ("a-b-3c97b3ea04", "a-b-b392b90daa"),
    "..": ("shop-5ec1f7e700", "shop-27dc2bed78"),
    "--x--": ("x-cf0e7da16c", "x-2f12f0d531"),
    LONG: (f"{LONG}-13f05a0b59", f"{LONG}-3b7afbdd35"),
}


@pytest.mark.parametrize(("shop", "slug", "session"), [(k, *v) for k, v in KEPT.items()])
def test_the_files_of_a_data_folder_keep_their_names(
    tmp_path: Path, shop: str, slug: str, session: str
) -> None:
    assert Outbox(tmp_path, shop).folder.name == slug
    assert RoundHistory(tmp_path, shop).path.name == f"{slug}.json"
    assert SessionStore(tmp_path, shop=shop, portal=PORTAL).path.name == f"{session}.session"


@pytest.mark.parametrize(("shop", "slug"), [(k, v[0]) for k, v in KEPT.items()])
def test_the_lock_keeps_its_name_which_has_no_word_for_a_name_that_is_not_plain(
    tmp_path: Path, shop: str, slug: str
) -> None:
    plain = any(char.isascii() and char.isalnum() for char in shop)
    with shop_lock(tmp_path, shop):
        locks = [file.name for file in tmp_path.glob("*.lock")]
    assert locks == [f"{slug if plain else slug.removeprefix('shop')}.lock"]


def test_timers_of_plain_names_are_called_as_the_shop() -> None:
    assert task_name("A_b-2") == "qsm-bot-A_b-2"
    assert task_name("みほん商店") == "qsm-bot-shop-5126bc91c7"


@pytest.mark.parametrize("shop", KEPT)
def test_the_slug_is_one_plain_part_of_a_path(shop: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", shop_slug(shop))


def test_names_that_look_alike_have_slugs_of_their_own() -> None:
    alike = ["a/b", "a.b", "a b", "ａ-b", "a-b", "みほん", "見本"]
    assert len({shop_slug(shop) for shop in alike}) == len(alike)
