"""Pictures of the page, with everything about the buyer covered before they are taken."""

import base64
from typing import Literal

from playwright.sync_api import CDPSession, Page

from qsm_bot.portal.browser.hang import bounded
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.elements import Elements, Question

_KEYS = ("grid", "details_order_no", "reason", "refuse_button")

_FAST = {"format": "png", "optimizeForSpeed": True}
_RESTLESS_MS = 5000

About = Literal["form", "list"]
"""What must be in view in a picture."""


def cover(elements: Elements, about: About, window: Page) -> None:
    """Mask a page by the pack's list of public labels, and scroll to what a picture is about.

    The masks only change colours, and stay: taking them off would draw the page once more.

    Raises:
        BrowserLost, PortalSlow, PortalUnreachable, SelectorDrift: it could not be masked.
    """
    labels = elements.pack.texts.public_labels
    order = {"publicLabels": labels, "about": about}
    elements.ask_at(window, Question("mask", order, _KEYS))


class Camera:
    """Takes masked pictures of one page and its windows.

    It speaks Chromium's own protocol, because only that can be told to compress fast:
    three pictures of each order are most of what looking costs.
    """

    def __init__(self, page: Page, elements: Elements) -> None:
        self._page = page
        self._elements = elements
        self._session: CDPSession | None = None

    def picture(self, about: About, window: Page, *, restless: bool = False) -> bytes:
        """Return the form or the list as PNG, masked by the pack's list of public labels.

        Args:
            about: what must be in view.
            window: the page, or the window in which 取引情報 has opened.
            restless: the page may be on its way elsewhere, of which Chromium then takes no
                picture and says nothing: given up after seconds, though half as fast.

        Raises:
            BrowserLost, PortalSlow, PortalUnreachable, SelectorDrift: no picture; an unmasked
                one is never taken.
        """
        cover(self._elements, about, window)
        with border("picture", window):
            if restless:
                return window.screenshot(timeout=_RESTLESS_MS, caret="initial")
            return self._shot(window)

    def _shot(self, window: Page) -> bytes:
        if window != self._page:
            session = window.context.new_cdp_session(window)
        else:
            session = self._session = self._session or window.context.new_cdp_session(window)
        with bounded(window):
            answer = session.send("Page.captureScreenshot", _FAST)
        return base64.b64decode(answer["data"])
