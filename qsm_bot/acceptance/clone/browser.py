"""The kit's browser, as a fixture: a `conftest.py` that imports it has the same one."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from qsm_bot.acceptance.clone.hosts import REAL, is_local
from qsm_bot.acceptance.clone.target import Target
from qsm_bot.portal.browser.find import choose_browser
from qsm_bot.portal.browser.launch import LOOPBACK_ONLY

_NOT_REAL = f"--host-resolver-rules=MAP {REAL} ~NOTFOUND, MAP *.{REAL} ~NOTFOUND"


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
    browser_name: str,
    playwright: Playwright,
    qsm_target: Target,
) -> dict[str, Any]:
    """The browser that other commands would take; it finds no real host."""
    wanted = dict(browser_type_launch_args)
    if browser_name != "chromium":
        return wanted
    rule = LOOPBACK_ONLY if is_local(qsm_target.origin) else _NOT_REAL
    wanted["args"] = [*wanted.get("args", ()), rule]
    if not {"channel", "executable_path"} & wanted.keys():
        setting = os.environ.get("QSM_BROWSER") or "chromium"
        own = Path(playwright.chromium.executable_path)
        choice = choose_browser(setting, own, for_person=wanted.get("headless") is False)
        wanted |= {"channel": choice.channel, "executable_path": choice.program}
    return wanted
