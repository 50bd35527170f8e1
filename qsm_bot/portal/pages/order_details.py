"""取引情報 where it has opened: in the claim page, in a frame of it, or in a window of its own.

The manual shows it in the page. Wherever it is, everything that is read of an order and done
with it belongs to the one document that shows the order's 注文番号.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Error, Frame, Locator, Page

from qsm_bot.base.errors.orders import DetailNotOpened, ReadBackMismatch, WrongOrderOpened
from qsm_bot.base.errors.outside import BrowserLost, PortalError
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import same
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.elements import Elements, Question

_log = get_logger(__name__)
_LEAVE_MS = 5000
_PATIENCE_MS = 250
# Where the last order opened elsewhere the page itself is not waited for.
_LEAST_PATIENCE_MS = 20
_PUMP_MS = 2
# A page that has asked for nothing by then has not taken the click (measured under load).
_REST_SECONDS = 3.0
# How long a window may take to close itself after its last word.
_END_SECONDS = 0.3
_SILENCE = """() => {
    const silence = (window) => {
        for (const name of ["alert", "confirm", "prompt"]) window[name] = () => undefined;
        for (let i = 0; i < window.frames.length; i++) try { silence(window.frames[i]); } catch {}
    };
    silence(window);
    return true;
}"""

ORDER_NO = Question("details", {"wanted": None, "limit": 0}, ("details_order_no",), in_details=True)
"""Asks for the order number that 取引情報 shows now; "" while it is empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormToPress:
    """取引情報 and its section キャンセル拒否 right before the click.

    `order_no` is the number that is shown. `labels` are those of all elements that can be the
    button; `held` are the reason's label and the text in the form; `counters` are the page's,
    by label.
    """

    order_no: str
    button: Locator
    labels: list[str]
    held: tuple[str, str]
    counters: dict[str, int]


class OrderDetails:
    """Finds 取引情報 anew for each order, and tidies up what that took. Times are seconds."""

    def __init__(self, elements: Elements, limit: float) -> None:
        self._elements = elements
        self._page = elements.page
        self._limit = limit
        self._windows: list[Page] = []
        self._given_up = ""
        # What the last order taught: where it opens, and whether its window closes itself.
        self._opens_elsewhere = False
        self._stays_open = False
        self._page.on("popup", self._note)

    @property
    def window(self) -> Page:
        """The window in which 取引情報 is; the claim page's if that one has closed."""
        place = self._elements.details_at
        window = place.page if isinstance(place, Frame) else place
        return self._page if window.is_closed() else window

    def find(self, order_no: str) -> str:
        """Wait until 取引情報 shows the order and return the number; else what it shows, or "".

        A page at rest is given up before the limit, but once only for an order: it may be slow.

        From then on its elements are looked for in the place that shows it. The
        page itself comes first: while nothing else has opened, it alone is asked.

        Raises:
            SelectorDrift: several frames show the order, or several windows opened.
        """
        start = time.monotonic()
        while True:
            places = list(self._places())
            usual = _LEAST_PATIENCE_MS if self._opens_elsewhere else _PATIENCE_MS
            patience = min(usual / (1 + len(places)), self._limit * 1000)
            shown = self._asked(self._elements.at, order_no, patience)
            if shown == order_no:
                return self._found(self._elements.at, shown)
            others = {place: self._shown_at(place) for place in self._places()}
            found = [place for place, number in others.items() if number == order_no]
            if found:
                self._raise_if_several(found)
                return self._found(found[0], order_no)
            waited = time.monotonic() - start
            at_rest = min(waited, self._elements.traffic.rest) > _REST_SECONDS
            if waited > self._limit or (at_rest and self._given_up != order_no):
                self._given_up = order_no
                return next(filter(None, (shown, *others.values())), "")

    def _found(self, place: Page | Frame, shown: str) -> str:
        self._elements.details_at = place
        self._opens_elsewhere = place is not self._elements.at
        # The form stands below, and may still be on its way.
        with border("取引情報", self._page):
            place.wait_for_load_state("domcontentloaded")
        return shown

    def close(self) -> None:
        """Close what opened for an earlier order; 取引情報 is looked for in the page again."""
        self._elements.details_at = self._elements.at
        for window in self._windows:
            # A person, or the portal itself, may have closed it.
            with suppress(Error):
                window.close()
        self._windows = []

    def let_end(self) -> None:
        """Let a window of its own close itself, and have drawn anew what had opened it."""
        start = time.monotonic()
        patience = 0 if self._stays_open else _END_SECONDS
        while any(not window.is_closed() for window in self._windows):
            self._stays_open = time.monotonic() - start > patience
            if self._stays_open:
                break
            self._page.wait_for_timeout(_PUMP_MS)
        if self._windows:
            self._elements.traffic.settle(self._limit, grace=_END_SECONDS)

    def leave(self) -> None:
        """Close windows that may still do something by themselves; see `silence`."""
        for window in self._windows:
            with suppress(Error):
                silence(window)
        self.close()

    def _note(self, window: Page) -> None:
        self._windows.append(window)

    def _raise_if_several(self, found: list[Page | Frame]) -> None:
        # A second window may only not have come as far as to show the order too.
        windows = sum(not window.is_closed() for window in self._windows)
        count = max(len(found), windows)
        if count > 1:
            raise SelectorDrift(element="取引情報", detail=f"{count} windows or frames of it")

    def _places(self) -> Iterator[Page | Frame]:
        host = urlsplit(self._page.url).netloc
        yield from (place for place in self._elements.places() if place != self._elements.at)
        for window in self._windows:
            for frame in [] if window.is_closed() else window.frames:
                # A document that the portal wrote itself has no host; others are not ours.
                if urlsplit(frame.url).netloc in ("", host):
                    yield frame

    def _shown_at(self, place: Page | Frame) -> str:
        try:
            return self._asked(place, None, 0)
        except (PortalError, BrowserLost) as error:
            # It is on its way to another document, or has gone.
            _log.debug("pane_not_ready", detail=error.message.en)
            return ""

    def _asked(self, place: Page | Frame, wanted: str | None, limit: float) -> str:
        order = {"wanted": wanted, "limit": limit}
        (shown,) = self._elements.ask_at(place, Question("details", order, ORDER_NO.keys))
        return same(shown)


def silence(page: Page) -> None:
    """Let no dialog of the page open any more, before it is left.

    A dialog that opens while the browser is on its way to another page cannot be answered
    any more, and nothing ends its wait (measured).

    Raises:
        playwright.sync_api.Error: the page does not answer.
    """
    page.wait_for_function(_SILENCE, timeout=_LEAVE_MS)


def held(form: Mapping[str, Any]) -> tuple[str, str]:
    """Return the reason's label and the text that the form holds."""
    options = form["selects"][0] if len(form["selects"]) == 1 else []
    return next((each["label"] for each in options if each["selected"]), ""), form["text"]


def raise_if_another(order_no: str, shown: str) -> None:
    """Check that 取引情報 shows the order.

    Raises:
        WrongOrderOpened, DetailNotOpened: it shows another one, or none.
    """
    if not shown:
        raise DetailNotOpened(order=order_no)
    if shown != order_no:
        raise WrongOrderOpened(order=order_no, seen=shown)


def raise_if_not_kept(expected: str, seen: str) -> None:
    """Compare what was entered with what the page holds, character by character.

    Raises:
        ReadBackMismatch: they differ.
    """
    if seen != expected:
        raise ReadBackMismatch(expected=expected, seen=seen)
