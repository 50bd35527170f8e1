"""Saved pages: what the page objects make of each, as written down beside it."""

import json
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.portal.capture.snapshots import READERS, SavedPages
from tests.support import shipped_pack

CASES = Path(__file__).parents[3] / "fixtures" / "html" / "cases"
FOLDERS = sorted(file.parent for file in CASES.glob("*/*/page.html"))


def test_each_page_has_cases() -> None:
    assert {folder.parent.name for folder in FOLDERS} == set(READERS)


@pytest.mark.parametrize(
    "folder", [pytest.param(each, id=f"{each.parent.name}/{each.name}") for each in FOLDERS]
)
def test_a_saved_page_is_understood_as_written_beside_it(
    context: BrowserContext, folder: Path
) -> None:
    meta = tomllib.loads((folder / "meta.toml").read_text(encoding="utf-8"))
    html = (folder / "page.html").read_text(encoding="utf-8")

    saved = SavedPages(context, shipped_pack(), limit=1)
    file, seen = saved.read(
        folder.parent.name, html, path=meta["path"], shop_name=meta.get("shop_name", "")
    )

    assert sorted(each.name for each in folder.iterdir()) == sorted(
        [file, "meta.toml", "page.html"]
    ), seen
    assert seen == json.loads((folder / file).read_text(encoding="utf-8"))
