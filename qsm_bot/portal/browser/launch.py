"""Start a browser and hand out one context: the only place that starts Playwright."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

from qsm_bot.base.errors.inputs import BrowserSettingInvalid, ScreenMissing
from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.portal.browser.find import choose_browser

VIEWPORT = {"width": 1280, "height": 900}

# The rules know no numbers, and `127.*` would let 127.evil.example through. What ends in a
# number, however, is an address to the browser and never a name: so each last number is named.
_THIS_MACHINE = ("localhost", "::1", *(f"127.*.*.{last}" for last in range(256)))

# Keeps a test, demo or benchmark browser from asking for any host but this machine.
LOOPBACK_ONLY = "--host-resolver-rules=" + ", ".join(
    ["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in _THIS_MACHINE)]
)

# What Playwright says of a channel (chrome, msedge, …) whose browser nobody has installed.
_NOT_INSTALLED = "is not found at"

# Playwright's driver would outlive a program that is killed, and tidy up: it lets go the
# request that the fuse holds, so that the browser sends it a second time (measured). This
# makes the driver end the moment the program's end of its pipe closes.
_DIE_WITH_US = "process.stdin.once('end',()=>process.kill(process.pid,'SIGKILL'))"


@contextmanager
def open_context(
    setting: str, *, headless: bool, loopback_only: bool, timeout: float
) -> Iterator[BrowserContext]:
    """Yield a fresh browser context in Japanese and JST, closed afterwards.

    Args:
        setting: the setting `browser`: `chromium`, a channel name or a path.
        headless: without a window.
        loopback_only: let no request leave this machine.
        timeout: seconds that a page or element is waited for.

    Raises:
        BrowserSettingInvalid: the setting names a browser that is not there.
        BrowserMissing: no usable browser.
        BrowserLost: it does not start.
        ScreenMissing: a window is wanted, and there is no screen.
    """
    if not headless:
        _raise_if_no_screen()
    with _mortal_playwright() as playwright:
        browser = _launch(playwright, setting, headless=headless, loopback_only=loopback_only)
        try:
            context = new_context(browser)
            context.set_default_timeout(timeout * 1000)
            yield context
        finally:
            _close(browser)


@contextmanager
def _mortal_playwright() -> Iterator[Playwright]:
    """Start Playwright with a driver that ends together with this program."""
    before = os.environ.get("NODE_OPTIONS")
    guard = f"--import=data:text/javascript,{quote(_DIE_WITH_US)}"
    # The driver's rubbish is small and short-lived: 30 MB less for each shop, and no slower.
    ours = f"--max-semi-space-size=1 {guard}"
    os.environ["NODE_OPTIONS"] = f"{before} {ours}" if before else ours
    with ExitStack() as stack:
        try:
            playwright = stack.enter_context(sync_playwright())
        finally:
            if before is None:
                del os.environ["NODE_OPTIONS"]
            else:
                os.environ["NODE_OPTIONS"] = before
        yield playwright


def new_context(browser: Browser) -> BrowserContext:
    """Return a context as the bot uses it: Japanese, JST, one size for all pictures."""
    return browser.new_context(
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]},
        service_workers="block",
    )


def _launch(
    playwright: Playwright, setting: str, *, headless: bool, loopback_only: bool
) -> Browser:
    own = Path(playwright.chromium.executable_path)
    choice = choose_browser(setting, own, for_person=not headless)
    try:
        return playwright.chromium.launch(
            channel=choice.channel,
            executable_path=choice.program,
            headless=headless,
            args=[LOOPBACK_ONLY] if loopback_only else [],
            # The run itself decides what an interrupt means; a browser that dies first
            # would leave an order between two states.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
    except Error as error:
        if choice.channel and _NOT_INSTALLED in error.message:
            raise BrowserSettingInvalid(setting=setting) from error
        raise BrowserLost(detail=f"{choice.label}: {error.message.splitlines()[0]}") from error


def _raise_if_no_screen() -> None:
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise ScreenMissing


def own_browser() -> Path:
    """Return where Playwright keeps its own Chromium; it need not be there."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _close(browser: Browser) -> None:
    try:
        browser.close()
    except Error:
        # It is gone already; whoever needed it has heard of that before.
        return
