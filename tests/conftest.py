"""What all tests share: a clean environment, a browser, a mock portal."""

import gc
import os
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import BrowserContext, Playwright

from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.browser.find import ensure_browser
from qsm_bot.portal.browser.launch import LOOPBACK_ONLY, VIEWPORT
from tests import patience, ready_schema
from tests.grids import libraries
from tests.support import OpenPortal, portal_opener
from tests.tiers import of_the_night

REAL_GRIDS = Path(__file__).parent / "grids" / "test_real_grids.py"
ACCESSIBLE = Path(__file__).parent / "board" / "test_accessible.py"
# How fast a busy machine is says nothing of the program. What is found by chance, a night finds.
settings.register_profile(
    "night", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("day", settings.get_profile("night"), derandomize=True)
PUMP, CALM_MS = "_PUMP_MS", 15
_WITHOUT = pytest.StashKey[str]()
_TONIGHT = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let what only a night has time for be asked for."""
    parser.addoption("--night", action="store_true", help="run the long tests, too")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the workers share, before any of them is there."""
    settings.load_profile("night" if config.getoption("--night") else "day")
    if hasattr(config, "workerinput"):
        return
    patience.settle()
    _share_bytecode(config)
    _fetch_libraries(config)


def _share_bytecode(config: pytest.Config) -> None:
    """Compile each module once, not in each worker and each program that a test starts."""
    cache = getattr(config, "cache", None)
    if sys.dont_write_bytecode and cache is not None:
        os.environ["PYTHONPYCACHEPREFIX"] = str(cache.mkdir("bytecode"))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _fetch_libraries(config: pytest.Config) -> None:
    """Fetch the real grid libraries and axe if tests with them are asked for."""
    here = config.invocation_params.dir
    asked = [(here / each.partition("::")[0]).resolve() for each in config.args]
    wanting = {each for file in (REAL_GRIDS, ACCESSIBLE) for each in (file, *file.parents)}
    if not wanting & {*asked}:
        return
    try:
        libraries.fetch()
    except libraries.NotToBeHadError as error:
        config.stash[_WITHOUT] = str(error)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among the thousands of tests, which stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the night's tests to the night, but for those that are asked for by name."""
    asked = any("::" in each for each in config.args)
    if asked or config.getoption("--night") or "night" in config.getoption("markexpr"):
        return
    tonight = of_the_night(items, whole=not config.getoption("lf", None))
    if tonight:
        config.hook.pytest_deselected(items=list(tonight))
        items[:] = [item for item in items if item not in tonight]
    # The workers collect; who started them tells.
    getattr(config, "workeroutput", {})["tonight"] = len(tonight)
    config.stash[_TONIGHT] = len(tonight)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker left out; each has collected the same."""
    node.config.stash[_TONIGHT] = getattr(node, "workeroutput", {}).get("tonight", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many tests were left out."""
    if tonight := config.stash.get(_TONIGHT, 0):
        terminalreporter.write_line(f"{tonight} tests are left to the night (--night runs them)")


def pytest_report_header(config: pytest.Config) -> Sequence[str]:
    """Say which libraries are not to be had, and how patient the tests are."""
    why = config.stash.get(_WITHOUT, "")
    said = f"patience: {os.environ.get(patience.NAME)} ({patience.NAME} says otherwise)"
    return [
        said,
        *([f"grid libraries and axe, and their tests, are left out: {why}"] if why else []),
    ]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the developer's own reaches a test, and no test their keyring or home."""
    for name in os.environ:
        if name.startswith("QSM_") and name != patience.NAME:
            monkeypatch.delenv(name)
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)
    monkeypatch.setenv("QSM_LANG", "en")
    monkeypatch.setenv("QSM_TRACE_DIR", str(tmp_path / "second-trace"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture(scope="session")
def ledger_statements(tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """What a new SQLite ledger consists of."""
    return ready_schema.statements(tmp_path_factory.mktemp("ledger"))


@pytest.fixture(autouse=True)
def _new_ledgers_at_once(ledger_statements: Sequence[str]) -> Iterator[None]:
    """New SQLite ledgers are written at once; the ledger's own tests migrate them."""
    with ready_schema.written_at_once(ledger_statements):
        yield


@pytest.fixture
def uncovered() -> Iterator[None]:
    """A branch counts as tested where a test names what it wants of it, not in passing."""
    # pytest-cov's own `no_cover` does not hold in xdist's workers, which measure twice.
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.fixture(scope="session", autouse=True)
def _calm_waiting() -> None:
    """Look a little less often whether what is awaited has come: the tests share the machine."""
    for name, module in list(sys.modules.items()):
        if name.startswith("qsm_bot.portal.") and hasattr(module, PUMP):
            setattr(module, PUMP, CALM_MS)


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
