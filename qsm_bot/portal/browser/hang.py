"""An end to calls that Playwright gives no limit: scripts in a page, and Chromium's own protocol.

A page whose script never ends, or that goes elsewhere just as a picture is taken (measured),
answers nothing at all. Nothing short of the browser's end brings such a call back.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from weakref import ReferenceType, WeakKeyDictionary, ref

from playwright.sync_api import Browser, Error, Frame, Page

from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words

_log = get_logger(__name__)
# Longer than a page may stand still while it waits for the portal's answer to a refusal.
_LIMIT = 120.0
_LOOK_SECONDS = 1.0
_HUNG = Words(
    "the page gave no answer for {seconds:g} s, so the browser was closed",
    "画面が {seconds:g} 秒間応答しないため、ブラウザを閉じました",
)


class _Watch:
    """Ends one browser when a block of calls to it has run into its limit.

    One thread looks every second: to begin and end a timer for each call costs more than the
    call does.
    """

    def __init__(self, pid: int) -> None:
        self.ended = False
        self._pid = pid
        self._ends_at: list[float] = []
        Thread(target=_look, args=[ref(self)], name="page-hangs", daemon=True).start()

    @contextmanager
    def limit(self) -> Iterator[None]:
        """Let a block run until its limit; blocks may stand inside one another."""
        at = time.monotonic() + _LIMIT
        self._ends_at.append(at)
        try:
            yield
        finally:
            self._ends_at.remove(at)

    def look(self) -> None:
        """End the browser if a block is over its limit."""
        if self.ended or time.monotonic() < min([*self._ends_at], default=float("inf")):
            return
        self.ended = True
        _log.error("page_hangs", seconds=_LIMIT)
        kill = signal.SIGTERM  # Windows ends a process by whatever signal
        if sys.platform != "win32":
            kill = signal.SIGKILL
        with suppress(OSError):
            os.kill(self._pid, kill)


_watches: WeakKeyDictionary[Browser, _Watch] = WeakKeyDictionary()


@contextmanager
def bounded(place: Page | Frame) -> Iterator[None]:
    """Run a block of calls to a page; end the browser if they take longer than two minutes.

    Args:
        place: what is asked: a page or a frame of it.

    Raises:
        BrowserLost: no answer came.
        playwright.sync_api.Error: what the block raises otherwise.
    """
    page = place.page if isinstance(place, Frame) else place
    browser = page.context.browser
    if browser is None:
        yield
        return
    watch = _watches.get(browser) or _watches.setdefault(browser, _Watch(_pid(browser)))
    try:
        with watch.limit():
            yield
    except Error as error:
        if watch.ended:
            raise BrowserLost(detail=_HUNG.filled(seconds=_LIMIT)) from error
        raise


def _look(watched: "ReferenceType[_Watch]") -> None:
    """Look until the browser is nobody's any more."""
    while (watch := watched()) is not None:
        watch.look()
        del watch
        # A page that hangs sends no event: only the time tells, and this thread does nothing else.
        time.sleep(_LOOK_SECONDS)


def _pid(browser: Browser) -> int:
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return next(int(each["id"]) for each in processes if each["type"] == "browser")
