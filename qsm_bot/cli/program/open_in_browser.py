"""Showing a page to the person who sits at this computer."""

import os
import sys
from contextlib import suppress
from pathlib import Path


def open_in_browser(what: str | Path) -> None:
    """Open an address or a file in the person's own browser; without a screen, do nothing."""
    address = what.absolute().as_uri() if isinstance(what, Path) else what
    import webbrowser

    chosen = "BROWSER" in os.environ
    windows = sys.platform in ("win32", "darwin")
    if chosen or windows or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        with suppress(Exception):
            browser = webbrowser.get()
            # A text browser would take the terminal, and not give it back.
            if chosen or type(browser) is not webbrowser.GenericBrowser:
                browser.open(address)
