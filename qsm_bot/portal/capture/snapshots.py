"""Saved pages: how one is taken from the browser, and what our readers make of it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Route

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.base.words import same
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.capture.tree import Node, from_json
from qsm_bot.portal.pages.claim_page import ClaimPage
from qsm_bot.portal.pages.elements import Elements, Question
from qsm_bot.portal.pages.home_page import HomePage
from qsm_bot.portal.pages.login_page import LoginPage
from qsm_bot.portal.pages.order_details import ORDER_NO
from qsm_bot.portal.pages.rows import parse_rows
from qsm_bot.portal.selectors.pack import Pack
from qsm_bot.portal.sign_in.session import PortalSession

# Nobody listens there: saved pages are served from memory.
_HOST = "http://127.0.0.1:9"
_CALM_MS = 5000
_ROWS = 50


class Snapshots:
    """Takes the page of a session as it is now, and reads pages that were taken."""

    def __init__(self, session: PortalSession) -> None:
        self._elements = session.elements
        self._page = session.page
        self._traffic = session.traffic

    def take(self, *, details: bool = False) -> Node:
        """Return the page, once it has asked for all that it shows; of the list the first rows.

        Args:
            details: take 取引情報, in whichever frame or window it has opened.

        Raises:
            BrowserLost, PortalSlow, PortalUnreachable: the page could not be read.
        """
        with border("snapshot", self._page):
            with suppress(Error):
                # Some pages never stop asking; they are taken as they are.
                self._page.wait_for_load_state("networkidle", timeout=_CALM_MS)
            self._traffic.settle(_CALM_MS / 1000, grace=0)
        question = Question("snapshot", {"rows": _ROWS}, ("grid",), in_details=details)
        return from_json(self._elements.ask_all(question)[0])

    def secrets(self) -> set[str]:
        """Return the values of the browser's cookies."""
        with border("cookies", self._page):
            return {cookie.get("value", "") for cookie in self._page.context.cookies()}

    @contextmanager
    def reading(self) -> Iterator["SavedPages"]:
        """Yield a reader of saved pages, in a browser context of its own.

        Raises:
            BrowserLost: the browser ended.
        """
        browser = self._page.context.browser
        if browser is None:
            raise BrowserLost(detail="context without a browser")
        with border("saved pages", self._page):
            context = browser.new_context(locale="ja-JP", service_workers="block")
            try:
                yield SavedPages(context, self._elements.pack)
            finally:
                context.close()


class SavedPages:
    """Reads saved pages as the live ones are read; nothing leaves the browser meanwhile."""

    def __init__(self, context: BrowserContext, pack: Pack, limit: float = 5) -> None:
        self._context = context
        self._pack = pack
        self._limit = limit
        self._html: dict[str, str] = {}
        context.route("**/*", self._serve)

    def read(self, kind: str, html: str, *, path: str, shop_name: str) -> tuple[str, Any]:
        """Return the name of the file that belongs beside the page, and its content.

        Args:
            kind: which of `READERS` reads it.
            html: the page.
            path: where on the portal it stood.
            shop_name: the shop that the home page is expected to show.
        """
        self._html = {_HOST + path: html}
        page = self._context.new_page()
        page.set_default_timeout(self._limit * 1000)
        try:
            parts = SnapshotParts(page, self._pack, self._limit)
            page.goto(_HOST + path, timeout=30_000)
            value = READERS[kind](parts, shop_name)
        except QsmBotError as error:
            return "error.json", {"code": error.code, "element": error.facts.get("element")}
        finally:
            page.close()
        return "expected.json", json.loads(json.dumps({"value": value}, default=date.isoformat))

    def _serve(self, route: Route) -> None:
        html = self._html.get(route.request.url)
        if html is None:
            route.abort()
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")


class SnapshotParts:
    """The page objects in front of one saved page."""

    def __init__(self, page: Page, pack: Pack, limit: float) -> None:
        self.pack = pack
        self.elements = Elements(page, pack, limit)
        self.claims = ClaimPage(self.elements, limit)


def _grid(parts: SnapshotParts, _shop: str) -> object:
    requests, unreadable = parse_rows(parts.claims.grid.read(), parts.pack)
    return {
        "requests": [asdict(request) for request in requests],
        "unreadable": [
            {"position": row.position, "cells": row.cells, "why": row.why.en} for row in unreadable
        ],
    }


def _counters(parts: SnapshotParts, _shop: str) -> object:
    labels = parts.pack.texts.counters
    return parts.claims.counters(labels.requests, labels.refused)


READERS: Mapping[str, Callable[[SnapshotParts, str], object]] = {
    "claims-grid": _grid,
    "claims-counters": _counters,
    "claims-details": lambda parts, _: same(parts.elements.ask_all(ORDER_NO)[0]),
    "login": lambda parts, _: LoginPage(parts.elements).is_here(),
    "home": lambda parts, shop: HomePage(parts.elements).shop_name(shop),
}
"""What reads each kind of page case."""
