"""The request fuse: at most one refusal request leaves the browser under one permit.

Chromium sends a POST again by itself when a reused connection dies before the
answer's headers: two effects for one click. The fuse sends the request itself,
once, without retries or redirects, and hands the page the answer.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Request, Response, Route

from qsm_bot.log import get_logger
from qsm_bot.portal.protocol import Answer

FuseMode = Literal["strict", "count", "off"]

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_EVERYTHING = "**/*"
_log = get_logger(__name__)


class RequestFuse:
    """Watches the requests of one press.

    Before the confirm is accepted (`open_gate`) no state-changing request may leave in
    strict mode. After it, the refusal request is the one whose path ends as the pack
    says, else the first state-changing one; a further request of that path is held back.
    """

    def __init__(
        self,
        *,
        mode: FuseMode,
        budget: int,
        refusal: str,
        timeout: float,
        on_answer: Callable[[Answer], None],
    ) -> None:
        self.sent = 0
        self.sending = False
        self.held: list[str] = []
        self.answer: Answer | None = None
        self._mode = mode
        self._budget = budget
        self._ending = refusal.casefold()
        self._timeout = timeout
        self._on_answer = on_answer
        self._open = False
        self._opened_at = 0.0
        self._path: str | None = None

    @contextmanager
    def installed(self, context: BrowserContext) -> Iterator["RequestFuse"]:
        """Watch `context` within the block."""
        if self._mode == "strict":
            context.route(_EVERYTHING, self._guard)
        elif self._mode == "count":
            context.on("request", self._count)
            context.on("response", self._note_response)
        try:
            yield self
        finally:
            # A browser that is gone needs no unrouting.
            with suppress(Error):
                if self._mode == "strict":
                    context.unroute(_EVERYTHING, self._guard)
                elif self._mode == "count":
                    context.remove_listener("request", self._count)
                    context.remove_listener("response", self._note_response)

    def note_unwatched(self) -> None:
        """Report a click that nothing followed: without a watch a request may have left."""
        if self._mode == "off":
            self._report(Answer(method="?", path="?", status=None))

    def open_gate(self) -> None:
        """Let the refusal request out from now on: the confirm is about to be accepted."""
        self._open = True
        self._opened_at = time.time()

    def _guard(self, route: Route) -> None:
        request = route.request
        if request.method in _SAFE_METHODS:
            route.continue_()
        elif not self._open:
            self._hold(route)
        elif not self._is_refusal(request):
            route.continue_()
        elif self.sent >= self._budget or self._is_too_late():
            self._hold(route)
        else:
            self._send(route)

    def _is_refusal(self, request: Request) -> bool:
        path = _path(request).casefold()
        if self._ending:
            return path.endswith(self._ending)
        if self._path is None:
            self._path = path
        return path == self._path

    def _is_too_late(self) -> bool:
        """Whether this program slept so long since the commit that others may have looked."""
        return time.time() - self._opened_at > self._timeout

    def _hold(self, route: Route) -> None:
        path = _path(route.request)
        self.held.append(path)
        _log.warning("request_held_back", path=path, gate_open=self._open, sent=self.sent)
        with suppress(Error):
            route.abort("blockedbyclient")

    def _send(self, route: Route) -> None:
        self.sent += 1
        # Taken away while this is under way, the fuse would let the browser's own copy go.
        self.sending = True
        try:
            self._send_once(route)
        finally:
            self.sending = False

    def _send_once(self, route: Route) -> None:
        request = route.request
        path = _path(request)
        try:
            response = route.fetch(max_retries=0, max_redirects=0, timeout=self._timeout * 1000)
        except Error as error:
            _log.warning("refusal_unanswered", path=path, error=error.message.splitlines()[0])
            self._report(Answer(method=request.method, path=path, status=None))
            with suppress(Error):
                route.abort("failed")
            return
        self._report(Answer(method=request.method, path=path, status=response.status))
        with suppress(Error):
            route.fulfill(response=response)

    def _report(self, answer: Answer) -> None:
        self.answer = answer
        try:
            self._on_answer(answer)
        except Exception as error:  # noqa: BLE001  # the answer is out; the page must still get it
            _log.error("answer_not_recorded", error=repr(error))

    def _count(self, request: Request) -> None:
        if request.method in _SAFE_METHODS:
            return
        if self._open:
            self.sent += self._is_refusal(request)
        elif _path(request).casefold().endswith(self._ending):
            # A page that does not ask may have acted all the same.
            self._report(Answer(method=request.method, path=_path(request), status=None))

    def _note_response(self, response: Response) -> None:
        request = response.request
        if self.sent and request.method not in _SAFE_METHODS and self._is_refusal(request):
            path = _path(request)
            self._report(Answer(method=request.method, path=path, status=response.status))


def _path(request: Request) -> str:
    return urlsplit(request.url).path
