"""What the pages have under way: what a gesture asked for, and whether the page still lives."""

import re
import time
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, Request, Response

_PUMP_MS = 2
_ASKS = ("document", "xhr", "fetch")
# What begins later than this after a gesture was not asked for by it.
_CAUSED_SECONDS = 2.0

Name = tuple[str, str]


class Traffic:
    """Listens to one page, and to the windows that it opens, from its beginning. Seconds.

    The listeners stay: each coming and going of one costs a round trip to the browser.

    Args:
        page: the portal's page.
        glob: which requests the pack knows to deliver lists; a hint, no condition.
    """

    def __init__(self, page: Page, glob: str) -> None:
        self._page = page
        self._service = re.compile(re.escape(glob).replace(r"\*\*", ".*").replace(r"\*", "[^/]*"))
        self._under_way: dict[Request, Name] = {}
        self._asked: set[Request] = set()
        self._before: set[Name] = set()
        self._gesture_at = self._rest_from = time.monotonic()
        self._failed: Response | None = None
        self.began = False
        self.moved = False
        self.called: set[str] = set()
        self.crashed = False
        self.signed_out = False
        context = page.context
        context.on("request", self._begin)
        context.on("requestfinished", self._end)
        context.on("requestfailed", self._end)
        context.on("response", self._answer)
        page.on("crash", self._crash)
        page.on("popup", self._watch)

    def gesture(self) -> None:
        """Note that the page is about to be asked for something.

        What is under way already, such as a connection that is kept open, does not count.
        """
        self._asked.clear()
        self._before = set(self._under_way.values())
        self._gesture_at = self._rest_from = time.monotonic()
        self._failed = None
        self.began = self.moved = False

    def settle(self, limit: float, *, grace: float) -> None:
        """Wait until all that the last gesture asked for has come, at most `limit` seconds.

        Args:
            limit: the longest wait.
            grace: how long the page may take to ask for anything at all.

        Raises:
            playwright.sync_api.Error: the page is gone.
        """
        start = time.monotonic()
        while time.monotonic() - start < (limit if self._asked else grace):
            if self.began and not self._asked:
                return
            self._page.wait_for_timeout(_PUMP_MS)

    @property
    def pending(self) -> bool:
        """Whether something that the last gesture asked for has not come yet."""
        return bool(self._asked)

    @property
    def failed(self) -> str | None:
        """The address that answered the last gesture with an error, if one did."""
        return self._failed.url if self._failed is not None else None

    @property
    def rest(self) -> float:
        """For how long nothing that was asked for has been under way."""
        return 0.0 if self._asked else time.monotonic() - self._rest_from

    def _begin(self, request: Request) -> None:
        if request.resource_type not in _ASKS:
            return
        parts = urlsplit(request.url)
        name = (request.method, parts.path)
        if self._service.fullmatch(request.url):
            self.called.add("/".join(parts.path.split("/")[-2:]))
        caused = time.monotonic() - self._gesture_at < _CAUSED_SECONDS or bool(self._asked)
        if caused and name not in self._before:
            self._asked.add(request)
            self.began = True
            self.moved = self.moved or request.is_navigation_request()
        self._under_way[request] = name

    def _watch(self, window: Page) -> None:
        window.on("close", self._forget)
        window.on("popup", self._watch)

    def _forget(self, _window: Page) -> None:
        """Wait no more for what closed windows had asked for: nobody tells how that ended."""
        for request in [each for each in self._under_way if _is_of_closed(each)]:
            self._end(request)

    def _end(self, request: Request) -> None:
        self._under_way.pop(request, None)
        if request in self._asked:
            self._asked.discard(request)
            self._rest_from = time.monotonic()

    def _answer(self, response: Response) -> None:
        known = self._service.fullmatch(response.url)
        # A moment later the page leaves for the sign-in page by itself.
        if response.status == HTTPStatus.UNAUTHORIZED and known:
            self.signed_out = True
        if response.status < HTTPStatus.BAD_REQUEST or response.request not in self._asked:
            return
        # Of what only makes noise nobody need know whether it worked.
        if known or self._is_of_page(response.request):
            self._failed = response

    def _is_of_page(self, request: Request) -> bool:
        """Whether a page, or a frame of one, is posted to its own address or goes elsewhere."""
        try:
            own = urlsplit(request.frame.url).path
        except Error:
            return False
        return request.is_navigation_request() or urlsplit(request.url).path == own

    def _crash(self, _page: Page) -> None:
        self.crashed = True


def _is_of_closed(request: Request) -> bool:
    try:
        return request.frame.page.is_closed()
    except Error:
        return True
