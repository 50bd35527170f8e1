"""Page objects: each knows its elements, recognises itself, and offers a person's gestures."""

import re
from dataclasses import replace
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from playwright.sync_api import Page

from qsm_bot.errors import (
    PortalErrorPage,
    ReadBackMismatch,
    ReasonMissing,
    SelectorDrift,
    SessionEnded,
)
from qsm_bot.portal.border import border
from qsm_bot.portal.elements import Elements, Question
from qsm_bot.portal.grid import ClaimGrid, GridTable
from qsm_bot.portal.pack import Needs, Pack, Place
from qsm_bot.portal.pane import ORDER_NO, FormToPress, OrderPane, held
from qsm_bot.portal.traffic import Traffic
from qsm_bot.words import Words, same

_REASON_MS = 5000
_CAPTCHA = Words("a captcha challenge", "画像認証")
_SUB_ID = Words("the sub-ID step", "サブIDの入力")
_NEW_PASSWORD = Words("a new password is asked for", "パスワードの変更を求められています")
_CONSENT = Words(
    "consent to terms is asked for, which no program may give",
    "規約への同意を求められています（同意は人が行ってください）",
)
_LANGUAGE = Words(
    "the portal speaks another language (“{seen}”): switch it to 日本語",
    "画面が日本語ではありません（「{seen}」）。日本語に切り替えてください",
)
_FORM = Question("form", {}, ("reason", "reason_text", "refuse_button"), in_pane=True)


class LoginPage:
    """Login.aspx, title QSM LOGIN."""

    NEEDS: ClassVar = (
        Needs("login_id", Place.SIGN_IN, single=True),
        Needs("password", Place.SIGN_IN, single=True),
        Needs("sign_in", Place.SIGN_IN),
        Needs("challenge", Place.SIGN_IN, may_lack=True),
        Needs("sub_id", Place.SIGN_IN, may_lack=True),
        Needs("sub_id_confirm", Place.SIGN_IN, may_lack=True),
    )

    def __init__(self, elements: Elements) -> None:
        self._elements = elements

    def is_here(self) -> bool:
        """Whether the browser shows the sign-in page, by address, title or its ID field."""
        page, pack = self._elements.page, self._elements.pack
        if urlsplit(page.url).path.casefold() == pack.paths.login.casefold():
            return True
        # Not by a fallback: other pages may ask for a password as well.
        titled = page.locator(f"xpath=//title[normalize-space()='{pack.texts.login_title}']")
        return page.locator(pack.elements["login_id"].at[0]).or_(titled).count() > 0

    def submit(self, login_id: str, password: str) -> None:
        """Fill in both fields and press the button, once; without a password only the ID."""
        self._elements.remember(*(need.key for need in self.NEEDS))
        with border("sign-in", self._elements.page):
            self._elements.read("login_id").fill(login_id)
            if password:
                self._elements.read("password").fill(password)
                self._elements.read("sign_in").click()

    def give_sub_id(self, sub_id: str) -> bool:
        """Answer the sub-ID step if there is a sub-ID and the step is on screen; say so."""
        if not (sub_id and self._elements.shows("sub_id")):
            return False
        with border("sub-ID", self._elements.page):
            self._elements.read("sub_id").fill(sub_id)
            self._elements.read("sub_id_confirm").click()
        return True

    def asks_for_person(self, *, sub_id_given: bool = False) -> Words | None:
        """Return what is on screen that only a person may do, if something is."""
        if self._elements.shows("challenge"):
            return _CAPTCHA
        return _SUB_ID if not sub_id_given and self._elements.shows("sub_id") else None


class HomePage:
    """Default.aspx: shop name and ログアウト prove who is signed in."""

    # Without shop_name the configured name is looked for in the whole page.
    NEEDS: ClassVar = (
        Needs("sign_out", Place.HOME),
        Needs("shop_name", Place.HOME, may_lack=True),
        Needs("new_password", Place.HOME, may_lack=True),
        Needs("consent", Place.HOME, may_lack=True),
    )

    def __init__(self, elements: Elements) -> None:
        self._elements = elements

    def is_here(self) -> bool:
        """Whether the browser shows the home page."""
        path = urlsplit(self._elements.page.url).path.casefold()
        return path == self._elements.pack.paths.home.casefold()

    def asks_for_person(self) -> Words | None:
        """Return what stands before the page that only a person may do, if something does."""
        if self._elements.shows("new_password"):
            return _NEW_PASSWORD
        if self._elements.shows("consent"):
            return _CONSENT
        if self._elements.find("sign_out") is not None:
            return None
        for word in self._elements.pack.texts.other_languages:
            if self._elements.page.get_by_text(word, exact=True).count():
                return _LANGUAGE.filled(seen=word)
        return None

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
        Needs("by_state_tab", Place.CLAIMS),
        Needs("by_search_tab", Place.CLAIMS),
        Needs("counter", Place.CLAIMS),
        Needs("grid", Place.LIST, single=True),
        Needs("loading", Place.LIST, may_lack=True),
        Needs("next_page", Place.LIST, may_lack=True),
        Needs("first_page", Place.LIST, may_lack=True),
        Needs("search_by", Place.SEARCH, single=True),
        Needs("search_text", Place.SEARCH),
        Needs("search_button", Place.SEARCH),
        Needs("details_order_no", Place.DETAILS, single=True),
        Needs("reason", Place.DETAILS, acts=True),
        Needs("reason_text", Place.DETAILS, acts=True),
        Needs("refuse_button", Place.DETAILS, acts=True),
    )

    def __init__(self, elements: Elements, traffic: Traffic, limit: float) -> None:
        self._elements = elements
        self._traffic = traffic
        self._page: Page = elements.page
        self._pack: Pack = elements.pack
        self._limit = limit
        self._limit_ms = limit * 1000
        self.grid = ClaimGrid(elements, limit)
        self.pane = OrderPane(elements, limit)

    def is_here(self) -> bool:
        """Whether the browser shows the claim page."""
        path = urlsplit(self._page.url).path.casefold()
        return path == self._pack.paths.claims.casefold()

    def counters(self, *labels: str) -> dict[str, int]:
        """Return the numbers beside the labels; the page fills them in after it has loaded.

        Raises:
            SelectorDrift: a label has no number.
        """
        return self._numbers(labels, *self._elements.ask_all(self._counters(labels)))

    def rows_and_counters(self, *labels: str) -> tuple[GridTable, dict[str, int]]:
        """Return the grid of a search for one order, and the numbers beside the labels.

        Raises:
            SelectorDrift: see `ClaimGrid.read` and `counters`.
        """
        grid, texts = self._elements.ask_all(
            self.grid.question({"act": "read", "few": True}), self._counters(labels)
        )
        return self.grid.table(grid), self._numbers(labels, texts)

    def _counters(self, labels: tuple[str, ...]) -> Question:
        keys = {f"counter {label}": label for label in labels}
        order = {"keys": list(keys), "limit": self._limit_ms}
        return Question("counters", order, counters=keys)

    def _numbers(self, labels: tuple[str, ...], texts: list[str]) -> dict[str, int]:
        for label, text in zip(labels, texts, strict=True):
            if not re.search(r"\d", text):
                raise SelectorDrift(element=label, detail=f"no number beside it: {text!r}")
        digits = (re.sub(r"\D", "", same(text)) for text in texts)
        return dict(zip(labels, map(int, digits), strict=True))

    def show_list(self, label: str) -> None:
        """Click the number beside `label` and wait until its list has been delivered."""
        self._load({"tab": "by_state_tab", "trigger": "counter"}, label)

    def search_order(self, order_no: str) -> None:
        """Search one order number under 選択条件照会, in whatever state its claim is."""
        search = {"by": same(self._pack.texts.search_by_order), "text": order_no}
        self._load({"tab": "by_search_tab", "trigger": "search_button", "search": search})

    def open_details(self, order_no: str, point: tuple[float, float] | None) -> None:
        """Double-click the order's cell, as the manual's step 3 says: where it was just seen.

        Should the row have moved by then, 取引情報 shows another order, which is told there.
        """
        with border(order_no, self._page):
            self.grid.open_row(point)

    def choose_reason(self, label: str, text: str | None) -> None:
        """Pick the reason by its label and write the text.

        Raises:
            ReasonMissing: the pull-down is not there, or does not offer the label.
        """
        selects = self._form(wanted=same(label), limit=min(self._limit_ms, _REASON_MS))["selects"]
        offered = selects[0] if len(selects) == 1 else []
        values = [each["value"] for each in offered if same(each["label"]) == same(label)]
        if len(values) != 1:
            names = " / ".join(each["label"] for each in offered) or f"({len(selects)} pull-downs)"
            raise ReasonMissing(label=label, offered=names)
        with border("キャンセル拒否理由", self._page):
            self._elements.only("reason").select_option(value=values[0])
            if text is not None:
                self._elements.only("reason_text").fill(text)

    def read_back(self) -> tuple[str, str]:
        """Return the label and the text that the form holds now."""
        return held(self._form())

    def form_to_press(self, *counters: str) -> FormToPress:
        """Return キャンセル拒否 and what stands beside it right now.

        Raises:
            SelectorDrift: a counter has no number.
        """
        # Click none but what the labels are of.
        usable = self._elements.pane.locator("css=:visible:not(:disabled)")
        form, number, texts = self._elements.ask_all(_FORM, ORDER_NO, self._counters(counters))
        return FormToPress(
            order_no=same(number),
            button=self._elements.only("refuse_button").and_(usable),
            labels=form["buttons"],
            held=held(form),
            counters=self._numbers(counters, texts),
        )

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

    def _form(self, **order: object) -> dict[str, Any]:
        (form,) = self._elements.ask_all(replace(_FORM, order=order))
        return cast("dict[str, Any]", form)

    def _load(self, order: dict[str, Any], label: str = "") -> None:
        """Ask for a list and wait for the service's answer; the grid's reading waits for calm."""
        with border(label or "選択条件照会", self._page):
            self._traffic.wait_until_quiet(self._limit)
        keys = [order["tab"], order["trigger"], "grid"]
        if "search" in order:
            keys += ["search_by", "search_text"]
        with (
            border(label or "選択条件照会", self._page),
            self._page.expect_response(self._pack.services.list) as answer,
        ):
            counters = {"counter": label} if label else None
            keys = [key for key in keys if key != "counter"]
            self._elements.ask("load", {**order, "limit": self._limit_ms}, *keys, counters=counters)
        if self._traffic.signed_out:
            raise SessionEnded(page=urlsplit(self._page.url).path)
        if not answer.value.ok:
            # The grid then stays as it was, or empty: neither says anything about an order.
            raise PortalErrorPage(url=answer.value.url)


def raise_if_not_kept(expected: str, seen: str) -> None:
    """Compare what was entered with what the page holds, character by character.

    Raises:
        ReadBackMismatch: they differ.
    """
    if seen != expected:
        raise ReadBackMismatch(expected=expected, seen=seen)


NEEDS: tuple[Needs, ...] = (*LoginPage.NEEDS, *HomePage.NEEDS, *ClaimPage.NEEDS)
"""Every element that the page objects touch; a selector pack must name exactly these."""
