"""Saved pages: what the page objects make of each, as written down beside it."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route

from qsm_bot.errors import QsmBotError
from qsm_bot.portal.grid import parse_rows
from qsm_bot.portal.pages import HomePage
from qsm_bot.portal.qsm import QsmPortal
from tests.integration.portal.parts import NOBODY, page_of
from tests.support import shipped_pack

CASES = Path(__file__).parents[3] / "fixtures" / "html" / "cases"
FOLDERS = sorted(file.parent for file in CASES.glob("*/*/page.html"))
HOST = "http://127.0.0.1:9"


def plain(value: object) -> Any:
    """The value as JSON would have it."""
    return json.loads(json.dumps(value, default=date.isoformat))


def grid(portal: QsmPortal, _: dict[str, str]) -> object:
    requests, unreadable = parse_rows(portal._claims.grid.read(), shipped_pack())
    return {
        "requests": [asdict(request) for request in requests],
        "unreadable": [
            {"position": row.position, "cells": row.cells, "why": row.why.en} for row in unreadable
        ],
    }


PAGES: dict[str, Callable[[QsmPortal, dict[str, str]], object]] = {
    "claims-grid": grid,
    "claims-counters": lambda portal, _: portal._claims.counters(*portal._counted()),
    "claims-details": lambda portal, _: portal._claims.details_order_no(),
    "login": lambda portal, _: portal._door._login.is_here(),
    "home": lambda portal, meta: HomePage(portal._elements).shop_name(meta["shop_name"]),
}


def test_each_page_has_cases() -> None:
    assert {folder.parent.name for folder in FOLDERS} == set(PAGES)


@pytest.mark.parametrize(
    "folder", [pytest.param(each, id=f"{each.parent.name}/{each.name}") for each in FOLDERS]
)
def test_a_saved_page_is_understood_as_written_beside_it(
    context: BrowserContext, folder: Path
) -> None:
    meta = tomllib.loads((folder / "meta.toml").read_text(encoding="utf-8"))
    html = (folder / "page.html").read_text(encoding="utf-8")

    def serve(route: Route) -> None:
        if route.request.url == HOST + meta["path"]:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    context.route("**/*", serve)
    portal = QsmPortal(context, base_url=HOST, pack=shipped_pack(), sign_in=NOBODY, timeout=1.0)
    page_of(portal).goto(HOST + meta["path"])

    try:
        seen = {"value": PAGES[folder.parent.name](portal, meta)}
        file = "expected.json"
    except QsmBotError as error:
        seen = {"code": error.code, "element": error.facts.get("element")}
        file = "error.json"

    assert sorted(each.name for each in folder.iterdir()) == sorted(
        [file, "meta.toml", "page.html"]
    ), seen
    assert plain(seen) == json.loads((folder / file).read_text(encoding="utf-8"))
