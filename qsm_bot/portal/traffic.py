"""What the page has under way: lists that are being loaded, and whether it still lives."""

import re
import time
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, Response

_PUMP_MS = 2


class Traffic:
    """Listens to one page from its beginning.

    The listeners stay: each coming and going of one costs a round trip to the browser.
    """

    def __init__(self, page: Page, glob: str) -> None:
        self._page = page
        self._service = re.compile(re.escape(glob).replace(r"\*\*", ".*").replace(r"\*", "[^/]*"))
        self._under_way: set[Request] = set()
        self.called: set[str] = set()
        self.crashed = False
        self.signed_out = False
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)
        page.on("response", self._answer)
        page.on("crash", self._crash)

    def wait_until_quiet(self, limit: float) -> None:
        """Wait until no list is being loaded any more, at most `limit` seconds.

        A list that comes late would be taken for the one asked for next.
        """
        deadline = time.monotonic() + limit
        while self._under_way and time.monotonic() < deadline:
            self._page.wait_for_timeout(_PUMP_MS)

    def _begin(self, request: Request) -> None:
        if self._service.fullmatch(request.url):
            self._under_way.add(request)
            self.called.add("/".join(urlsplit(request.url).path.split("/")[-2:]))

    def _end(self, request: Request) -> None:
        self._under_way.discard(request)

    def _answer(self, response: Response) -> None:
        # A moment later the page leaves for the sign-in page by itself.
        if response.status == HTTPStatus.UNAUTHORIZED and self._service.fullmatch(response.url):
            self.signed_out = True

    def _crash(self, _page: Page) -> None:
        self.crashed = True
