"""Pictures of the page, with everything about the buyer covered before they are taken."""

import base64
from typing import Literal

from playwright.sync_api import CDPSession, Page

from qsm_bot.portal.border import border
from qsm_bot.portal.elements import Elements


class Camera:
    """Takes masked pictures of one page.

    It speaks Chromium's own protocol, because only that can be told to compress fast:
    three pictures of each order are most of what looking costs.
    """

    def __init__(self, page: Page, elements: Elements) -> None:
        self._page = page
        self._elements = elements
        self._session: CDPSession | None = None

    def picture(self, about: Literal["form", "list"]) -> bytes:
        """Return the form or the list as PNG, masked by the pack's list of public labels.

        The masks only change colours, and stay: taking them off would draw the page once more.

        Raises:
            BrowserLost, PortalSlow, PortalUnreachable, SelectorDrift: no picture; an unmasked
                one is never taken.
        """
        labels = self._elements.pack.texts.public_labels
        order = {"publicLabels": labels, "about": about}
        self._elements.ask("mask", order, "grid", "refuse_button")
        with border("picture", self._page):
            return self._shot()

    def _shot(self) -> bytes:
        if self._session is None:
            self._session = self._page.context.new_cdp_session(self._page)
        answer = self._session.send(
            "Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True}
        )
        return base64.b64decode(answer["data"])
