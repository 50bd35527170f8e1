"""Page objects: each knows its elements, recognises itself, and offers a person's gestures."""

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from playwright.sync_api import Error, Locator, Page

from qsm_bot.errors import (
    PortalErrorPage,
    ReadBackMismatch,
    ReasonMissing,
    SelectorDrift,
    SessionEnded,
)
from qsm_bot.portal.border import border
from qsm_bot.portal.elements import Elements
from qsm_bot.portal.grid import ClaimGrid
from qsm_bot.portal.pack import Needs, Pack
from qsm_bot.words import same


class LoginPage:
    """Login.aspx, title QSM LOGIN."""

    NEEDS: ClassVar = (Needs("login_id"), Needs("password"), Needs("sign_in"), Needs("challenge"))

    def __init__(self, elements: Elements) -> None:
        self._elements = elements

    def is_here(self) -> bool:
        """Whether the browser shows the sign-in page, by address or by its ID field."""
        page, pack = self._elements.page, self._elements.pack
        if urlsplit(page.url).path.casefold() == pack.paths.login.casefold():
            return True
        return self._elements.find("login_id") is not None

    def submit(self, login_id: str, password: str) -> None:
        """Fill in both fields and press the button, once."""
        with border("sign-in", self._elements.page):
            self._elements.read("login_id").fill(login_id)
            self._elements.read("password").fill(password)
            self._elements.read("sign_in").click()

    def asks_for_person(self) -> bool:
        """Whether a captcha challenge is on screen."""
        challenge = self._elements.find("challenge")
        return challenge is not None and challenge.is_visible()


class HomePage:
    """Default.aspx: shop name and ログアウト prove who is signed in."""

    NEEDS: ClassVar = (Needs("sign_out"), Needs("shop_name"))

    def __init__(self, elements: Elements) -> None:
        self._elements = elements

    def is_here(self) -> bool:
        """Whether the browser shows the home page."""
        path = urlsplit(self._elements.page.url).path.casefold()
        return path == self._elements.pack.paths.home.casefold()

    def shop_name(self, expected: str) -> str:
        """Return the shop name that the page shows; `expected` if that stands anywhere on it."""
        page = self._elements.page
        with border("home page", page):
            self._elements.read("sign_out")
            named = self._elements.find("shop_name")
            if named is not None:
                return same(named.inner_text())
            return expected if expected and expected in page.locator("body").inner_text() else ""


class ClaimPage:
    """ClaimManagement.aspx: counters, grid, 取引情報 and the section キャンセル拒否."""

    NEEDS: ClassVar = (
        Needs("by_state_tab"),
        Needs("by_search_tab"),
        Needs("counter"),
        Needs("grid"),
        Needs("loading"),
        Needs("search_by"),
        Needs("search_text"),
        Needs("search_button"),
        Needs("details_order_no"),
        Needs("reason", acts=True),
        Needs("reason_text", acts=True),
        Needs("refuse_button", acts=True),
    )

    def __init__(self, elements: Elements, timeout: float) -> None:
        self._elements = elements
        self._page: Page = elements.page
        self._pack: Pack = elements.pack
        self.grid = ClaimGrid(elements, timeout)

    def is_here(self) -> bool:
        """Whether the browser shows the claim page."""
        path = urlsplit(self._page.url).path.casefold()
        return path == self._pack.paths.claims.casefold()

    def counter(self, label: str) -> int:
        """Return the number beside `label`; the page fills it in after it has loaded.

        Raises:
            SelectorDrift: the label has no number.
        """
        digits = re.compile(r"^\s*[(（]?[0-9０-９,]+[)）]?\s*件?\s*$")
        place = self._elements.read("counter", label=label)
        number = place.filter(has_text=digits)
        try:
            text = same(number.inner_text())
        except Error as error:
            detail = f"no number beside it: {error.message.splitlines()[0]}"
            raise SelectorDrift(element=label, detail=detail) from error
        return int(re.sub(r"\D", "", text))

    def show_list(self, label: str) -> None:
        """Click the number beside `label` and wait until its list has been delivered."""
        self._show_tab("by_state_tab", "counter", label)
        self._load(self._elements.read("counter", label=label))

    def search_order(self, order_no: str) -> None:
        """Search one order number under 選択条件照会, in whatever state its claim is."""
        self._show_tab("by_search_tab", "search_button")
        with border("選択条件照会", self._page):
            by = self._elements.read("search_by")
            by.select_option(label=self._pack.texts.search_by_order)
            self._elements.read("search_text").fill(order_no)
        self._load(self._elements.read("search_button"))

    def open_details(self, order_no: str) -> None:
        """Double-click the order's cell, as the manual's step 3 says."""
        with border(order_no, self._page):
            self.grid.cell(order_no).dblclick()

    def details_order_no(self) -> str:
        """Return the order number that 取引情報 shows, "" while it is empty."""
        shown = self._elements.find("details_order_no")
        with border("取引情報", self._page):
            return same(shown.inner_text()) if shown is not None else ""

    def choose_reason(self, label: str, text: str | None) -> None:
        """Pick the reason by its label and write the text.

        Raises:
            ReasonMissing: the pull-down is not there, or does not offer the label.
        """
        with border("キャンセル拒否理由", self._page):
            select, count = self._elements.only("reason")
            offered = _options(select) if count == 1 else []
            values = [o["value"] for o in offered if same(o["label"]) == same(label)]
            if len(values) != 1:
                names = " / ".join(o["label"] for o in offered) or f"({count} pull-downs)"
                raise ReasonMissing(label=label, offered=names)
            select.select_option(value=values[0])
            if text is not None:
                self._elements.only("reason_text")[0].fill(text)

    def read_back(self, *, with_text: bool) -> tuple[str, str]:
        """Return the label and the text that the form holds now."""
        with border("キャンセル拒否理由", self._page):
            select, _ = self._elements.only("reason")
            label = next((o["label"] for o in _options(select) if o["selected"]), "")
            text = self._elements.only("reason_text")[0].input_value() if with_text else ""
        return label, text

    def refuse_buttons(self) -> tuple[Locator, list[str]]:
        """Return the locator of キャンセル拒否 and the label of each element that it matches."""
        button, _ = self._elements.only("refuse_button")
        with border("キャンセル拒否", self._page):
            labels = button.evaluate_all(
                "all => all.filter(e => e.getClientRects().length && !e.disabled)"
                ".map(e => e.value || e.textContent)"
            )
        return button, labels

    def raise_if_elsewhere(self, login: LoginPage) -> None:
        """Check that this is the claim page.

        Raises:
            SessionEnded: the portal went back to its sign-in page.
            PortalErrorPage: it shows a notice or error page, or another page.
        """
        if login.is_here():
            raise SessionEnded(page=urlsplit(self._page.url).path)
        if not self.is_here():
            raise PortalErrorPage(url=self._page.url)

    def _show_tab(self, tab: str, content: str, label: str = "") -> None:
        words = {"label": label} if label else {}
        inside = self._elements.find(content, **words)
        with border(tab, self._page):
            if inside is None or not inside.is_visible():
                self._elements.read(tab).click()

    def _load(self, trigger: Locator) -> None:
        """Click what loads a list and wait for the service's answer; the grid waits for calm."""
        self.grid.mark()
        with (
            border("list", self._page),
            self._page.expect_response(self._pack.services.list),
        ):
            trigger.click()


def _options(select: Locator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = select.evaluate(
        "e => [...e.options].map(o => ({label: o.label, value: o.value, selected: o.selected}))"
    )
    return found


def raise_if_not_kept(expected: str, seen: str) -> None:
    """Compare what was entered with what the page holds, character by character.

    Raises:
        ReadBackMismatch: they differ.
    """
    if seen != expected:
        raise ReadBackMismatch(expected=expected, seen=seen)


NEEDS: tuple[Needs, ...] = (*LoginPage.NEEDS, *HomePage.NEEDS, *ClaimPage.NEEDS)
"""Every element that the page objects touch; a selector pack must name exactly these."""
