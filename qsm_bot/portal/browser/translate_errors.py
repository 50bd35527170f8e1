"""The border where Playwright's errors become ours."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from qsm_bot.base.errors.outside import BrowserLost, PortalSlow, PortalUnreachable

_GONE = ("has been closed", "crashed", "connection closed", "target closed")
# What Chromium and Playwright say of a document that has just been left.
_REBUILT = ("context was destroyed", "cannot find context", "was detached", "is navigating")
# Without its driver some of Playwright's calls fail before they are Playwright's: in asyncio.
_NO_LOOP = ("no running event loop", "event loop is closed", "event loop stopped")
# Chromium's own word, between Playwright's name of the call and the address said already.
_NETWORK = re.compile(r"\w+\.\w+: (net::\w+) at \S+")


@contextmanager
def border(what: str, page: Page) -> Iterator[None]:
    """Run a block; turn what Playwright raises into errors of the program.

    Args:
        what: what the block waits for, named in the error.
        page: the page that it works on.

    Raises:
        PortalSlow: a time-out.
        BrowserLost: the page, the browser or the driver is gone.
        PortalUnreachable: the network failed, or anything else Playwright says.
    """
    try:
        yield
    except PlaywrightTimeout as error:
        raise PortalSlow(what=what, seconds=_seconds(error)) from error
    except Error as error:
        line = error.message.splitlines()[0]
        if any(sign in error.message.casefold() for sign in _GONE):
            raise BrowserLost(detail=line) from error
        network = _NETWORK.fullmatch(line)
        raise PortalUnreachable(url=page.url, detail=network[1] if network else line) from error
    except RuntimeError as error:
        if any(sign in str(error).casefold() for sign in _NO_LOOP):
            raise BrowserLost(detail=str(error)) from error
        raise


def is_rebuilt(error: Error) -> bool:
    """Say whether the document that was asked is on its way out, and another one may answer."""
    return any(sign in error.message.casefold() for sign in _REBUILT)


def _seconds(error: PlaywrightTimeout) -> float:
    digits = "".join(char for char in error.message.partition("Timeout ")[2][:9] if char.isdigit())
    return int(digits or 0) / 1000
