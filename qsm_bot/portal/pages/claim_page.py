"""The claim page: it knows its elements, recognises itself, and offers a person's gestures."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page

from qsm_bot.base.errors.orders import ReasonMissing
from qsm_bot.base.errors.outside import BrowserLost, PortalError, PortalErrorPage, PortalSlow
from qsm_bot.base.errors.people import SessionEnded
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.words import same
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.elements import Elements, Question
from qsm_bot.portal.pages.grid import ClaimGrid
from qsm_bot.portal.pages.login_page import LoginPage
from qsm_bot.portal.pages.order_details import ORDER_NO, FormToPress, OrderDetails, held
from qsm_bot.portal.pages.rows import GridTable
from qsm_bot.portal.selectors.pack import Pack, PageNeeds, PortalPage

_REASON_MS = 5000
_LOOK_MS = 10
# How long a page may take to ask for something after a gesture that may or may not need it
# (seconds): after a tab, before a list comes, and after a choice in the form.
_TAB_GRACE = 0.03
_LIST_GRACE = 0.1
_FORM_GRACE = 0.03
_POSTS_GRACE = 2.0
_NO_COUNTERS_AFTER = 1.0
# What a page at rest has not shown after so long, it has not.
_ABSENT_MS = 1000
_NOT_SHOWN = "not shown"
_FORM = Question("form", {}, ("reason", "reason_text", "refuse_button"), in_details=True)


class ClaimPage:
    """ClaimManagement.aspx: counters, grid, 取引情報 and the section キャンセル拒否.

    Attributes:
        shown_list: the label of the list that orders are opened from, set by whoever read it;
            "" as soon as the page shows, or may show, something else.
    """

    NEEDS: ClassVar = (
        PageNeeds("by_state_tab", PortalPage.CLAIMS),
        PageNeeds("by_search_tab", PortalPage.CLAIMS),
        PageNeeds("counter", PortalPage.CLAIMS),
        PageNeeds("grid", PortalPage.LIST, single=True),
        PageNeeds("loading", PortalPage.LIST, may_lack=True),
        PageNeeds("notice_close", PortalPage.CLAIMS, may_lack=True),
        PageNeeds("next_page", PortalPage.LIST, may_lack=True),
        PageNeeds("first_page", PortalPage.LIST, may_lack=True),
        PageNeeds("search_by", PortalPage.SEARCH, single=True),
        PageNeeds("search_text", PortalPage.SEARCH),
        PageNeeds("search_button", PortalPage.SEARCH),
        PageNeeds("details_order_no", PortalPage.DETAILS, single=True),
        PageNeeds("reason", PortalPage.DETAILS, acts=True),
        PageNeeds("reason_text", PortalPage.DETAILS, acts=True, may_lack=True),
        PageNeeds("refuse_button", PortalPage.DETAILS, acts=True),
    )

    def __init__(self, elements: Elements, limit: float) -> None:
        self._elements = elements
        self._traffic = elements.traffic
        self._login = LoginPage(elements)
        self._page: Page = elements.page
        self._pack: Pack = elements.pack
        self._limit = limit
        self._limit_ms = limit * 1000
        self.grid = ClaimGrid(elements, limit)
        self.details = OrderDetails(elements, limit)
        self.shown_list = ""
        self._frame_path = ""

    def is_here(self) -> bool:
        """Whether the browser shows the claim page, and the frame of it is still that page."""
        path = urlsplit(self._page.url).path.casefold()
        here = self._elements.at
        moved = here != self._page and urlsplit(here.url).path != self._frame_path
        return path == self._pack.paths.claims.casefold() and not moved

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

    def _counters(self, labels: tuple[str, ...], limit: float | None = None) -> Question:
        keys = {f"counter {label}": label for label in labels}
        order = {"keys": list(keys), "limit": self._limit_ms if limit is None else limit}
        return Question("counters", order, counters=keys)

    def _numbers(self, labels: tuple[str, ...], texts: list[str]) -> dict[str, int]:
        for label, text in zip(labels, texts, strict=True):
            if not re.search(r"\d", text):
                raise SelectorDrift(element=label, detail=f"no number beside it: {text!r}")
        digits = (re.sub(r"\D", "", same(text)) for text in texts)
        return dict(zip(labels, map(int, digits), strict=True))

    def find_frame(self) -> None:
        """Find the document that shows the counters: the page, or a frame of it.

        A page without them is left to whoever needs them: they tell what is missing.
        """
        label = self._pack.texts.counters.requests
        start = time.monotonic()
        self._elements.at = self._elements.details_at = self._page
        with border("counters", self._page):
            while len(self._page.frames) > 1 and time.monotonic() - start < self._limit:
                for place in list(self._elements.places()):
                    with suppress(PortalError, BrowserLost):
                        (found,) = self._elements.ask_at(place, self._counters((label,), limit=0))
                        if re.search(r"\d", found[0]):
                            self._elements.at = self._elements.details_at = place
                            self._frame_path = urlsplit(place.url).path
                            return
                if min(time.monotonic() - start, self._traffic.rest) > _NO_COUNTERS_AFTER:
                    return
                self._page.wait_for_timeout(_LOOK_MS)

    def show_list(self, label: str) -> None:
        """Click the number beside `label` and wait until what that asks for has come.

        Raises:
            SelectorDrift, SessionEnded, PortalErrorPage: it is not there, or something else came.
        """
        self._elements.title = label
        self.grid.start_again = lambda: self._load("by_state_tab", "counter", label)
        self.grid.start_again()

    def search_order(self, order_no: str) -> None:
        """Search one order number under 選択条件照会, in whatever state its claim is.

        Raises:
            SelectorDrift, SessionEnded, PortalErrorPage: as for `show_list`.
        """
        self._elements.title = ""
        self.grid.start_again = None
        search = {"by": same(self._pack.texts.search_by_order), "text": order_no}
        self._load("by_search_tab", "search_button", search=search)

    def show_search(self) -> None:
        """Show 選択条件照会, and search nothing."""
        self.shown_list = ""
        with border("選択条件照会", self._page):
            # As the list's own loading does it: without the mouse, whatever lies above.
            self._click_tab("by_search_tab")

    def open_details(self, order_no: str, point: tuple[float, float] | None) -> None:
        """Double-click the order's cell, as the manual's step 3 says: where it was just seen.

        Should the row have moved by then, 取引情報 shows another order, which is told there.
        """
        self._traffic.gesture()
        with border(order_no, self._page):
            self.grid.open_row(point)

    def choose_reason(self, label: str, text: str | None) -> None:
        """Pick the reason by its label and write the text.

        Raises:
            ReasonMissing: the pull-down is not there, or does not offer the label.
        """
        form = self._form(wanted=same(label), limit=min(self._limit_ms, _REASON_MS))
        selects = form["selects"]
        offered = selects[0] if len(selects) == 1 else []
        values = [each["value"] for each in offered if same(each["label"]) == same(label)]
        if len(values) != 1:
            names = " / ".join(each["label"] for each in offered) or f"({len(selects)} pull-downs)"
            raise ReasonMissing(label=label, offered=names)
        with border("キャンセル拒否理由", self._page):
            self._traffic.gesture()
            self._elements.only("reason").select_option(value=values[0])
        # その他's box may come only with the page that the choice asks for.
        self.settle(_POSTS_GRACE if form["posts"] else _FORM_GRACE)
        if text is not None:
            with border("キャンセル拒否理由", self._page):
                self._elements.only("reason_text").fill(text)

    def read_back(self) -> tuple[str, str]:
        """Return the label and the text that the form holds now."""
        return held(self._form())

    def form_to_press(self, *counters: str) -> FormToPress:
        """Return the button キャンセル拒否 and what is beside it right now.

        Raises:
            SelectorDrift: a counter has no number.
        """
        place = self._elements.details_at
        self._elements.raise_if_covered("refuse_button", place)
        # Click none but what the labels are of.
        usable = place.locator("css=:visible:not(:disabled)")
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

    def settle(self, grace: float) -> None:
        """Wait for what the last gesture asked for, also if the page is built anew by it.

        Args:
            grace: seconds that the page has to ask for something.

        Raises:
            SessionEnded, PortalErrorPage: another page came, or an error.
        """
        with border("page", self._page):
            self._traffic.settle(self._limit, grace=grace)
            if self._traffic.moved:
                # A frame that went may have been another one.
                with suppress(Error):
                    self._elements.at.wait_for_load_state("domcontentloaded")
                self.raise_if_elsewhere(self._login)
        if self._traffic.signed_out:
            raise SessionEnded(page=urlsplit(self._page.url).path)
        if self._traffic.failed:
            # The grid then stays as it was, or empty: neither says anything about an order.
            raise PortalErrorPage(url=self._traffic.failed)

    def _load(
        self, tab: str, trigger: str, label: str = "", search: Mapping[str, str] | None = None
    ) -> None:
        """Ask for a list; the grid's reading waits until it is calm.

        The tab is shown first if need be; that alone may have the page built anew.
        """
        self.shown_list = ""
        what = label or "選択条件照会"
        with border(what, self._page):
            # A list that comes late would be taken for the one asked for next.
            self._traffic.settle(self._limit, grace=0)
        keys = ("grid", *(("search_by", "search_text") if search else ()))
        counters = {trigger: label} if label else {}
        order = {"trigger": trigger, "search": search}
        named = (*keys, *(() if label else (trigger,)))
        question = Question("load", order, named, counters, gesture=True)
        if self._ask_gesture(question) == _NOT_SHOWN:
            self._click_tab(tab)
            if self._ask_gesture(replace(question, order={**order, "limit": _ABSENT_MS})) == (
                _NOT_SHOWN
            ):
                raise self._elements.lost(f"{trigger} {label}".strip())
        deadline = time.monotonic() + self._limit
        self.settle(_LIST_GRACE)
        # A page that was built anew may have asked for something of its own as it came.
        while self._traffic.pending and time.monotonic() < deadline:
            self.settle(0)
        if self._traffic.pending:
            raise PortalSlow(what=what, seconds=self._limit)

    def _click_tab(self, tab: str) -> None:
        self._elements.read(tab)
        self._ask_gesture(Question("click", {"key": tab}, (tab,), gesture=True))
        self.settle(_TAB_GRACE)

    def _ask_gesture(self, question: Question) -> str | None:
        self._traffic.gesture()
        (said,) = self._elements.ask_all(question)
        return cast("str | None", said)
