"""Helpers of the tests that run the acceptance kit."""

import json
import stat
import sys
from pathlib import Path

from tests.acceptance.conftest import Shop
from tests.support import Said


def accept(shop: Shop, *words: str, **settings: str) -> Said:
    return shop.run("accept", shop.portal["QSM_PORTAL_URL"], *words, **settings)


def verdicts(said: Said) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in said.json["statements"]}


def refusal_calls(shop: Shop) -> list[str]:
    lines = map(json.loads, shop.requests.read_text("utf-8").splitlines())
    return [line["order"] for line in lines if line["path"].endswith("/SetCancelRefusal")]


def telltale(folder: Path) -> Path:
    """Return a browser that leaves a file behind if anybody starts it."""
    browser = folder / "browser"
    browser.write_text(f"#!{sys.executable}\nopen({str(folder / 'started')!r}, 'w')\n", "utf-8")
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    return browser
