"""What all tests share: a clean environment, a browser, a mock portal."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import BrowserContext, Playwright

from qsm_bot.browser import LOOPBACK_ONLY, VIEWPORT
from qsm_bot.browser_setup import ensure_browser
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from tests.grids import libraries
from tests.support import OpenPortal, portal_opener

REAL_GRIDS = Path(__file__).parent / "grids" / "test_real_grids.py"
# How fast a busy machine is says nothing of the program.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("unhurried")
_WITHOUT = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Fetch the real grid libraries if tests with them are asked for: once, before any worker."""
    here = config.invocation_params.dir
    asked = [(here / each.partition("::")[0]).resolve() for each in config.args]
    if hasattr(config, "workerinput") or not {REAL_GRIDS, *REAL_GRIDS.parents} & {*asked}:
        return
    try:
        libraries.fetch()
    except libraries.NotToBeHadError as error:
        config.stash[_WITHOUT] = str(error)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which tests are left out."""
    why = config.stash.get(_WITHOUT, "")
    return f"tests with the real grid libraries are left out: {why}" if why else None


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own reaches a test, and no test reaches their keyring."""
    for name in os.environ:
        if name.startswith("QSM_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("QSM_LANG", "en")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    playwright: Playwright, browser_type_launch_args: dict[str, Any]
) -> dict[str, Any]:
    """Playwright's own browser, an installed one, or one that is installed now."""
    own = Path(playwright.chromium.executable_path)
    choice = ensure_browser("chromium", own, print)
    return {
        **browser_type_launch_args,
        "executable_path": choice.program,
        "args": [LOOPBACK_ONLY],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The context as the bot opens it."""
    return {
        **browser_context_args,
        "locale": "ja-JP",
        "timezone_id": "Asia/Tokyo",
        "viewport": VIEWPORT,
        "service_workers": "block",
    }


@pytest.fixture
def server() -> Iterator[MockPortal]:
    """A mock portal with twelve open requests."""
    with MockPortal(World.seeded(12, seed=1), journal=Journal()) as running:
        yield running


@pytest.fixture
def open_portal(context: BrowserContext) -> OpenPortal:
    """Opens a seat at a mock portal in this test's browser context."""
    return portal_opener(context)
