"""The pytest plugin: its options, its fixtures, and when the kit's own hooks begin.

It is loaded into every pytest run where qsm-bot is installed, so it imports nothing of the
program until the kit, its marker or its fixtures are used.
"""

import pytest

from qsm_bot.acceptance.markers import KIT, STATEMENT, UNDER_LOAD

pytest_plugins = ["qsm_bot.acceptance.fixtures"]

FIXTURES = frozenset(
    {"seller_page", "claim_page", "open_request", "portal_journal", "portal_seeds", "qsm_target"}
)
_REPORTS = ("qa_html", "qa_json", "qa_compare")
_PLAIN = {
    "--qsm-selectors": "selector pack of the clone (default: QSM_SELECTORS, else the shipped one)",
    "--qsm-login-id": "who signs in (default: QSM_LOGIN_ID)",
    "--qsm-password": "the password (default: QSM_PASSWORD; better there than on a command line)",
    "--qsm-shop-name": "the shop that must be shown then (default: QSM_SHOP_NAME)",
    "--qa-html": "write the report as one HTML file, with pictures",
    "--qa-json": "write the report as JSON; a later run can be compared with it",
    "--qa-compare": "JSON report of an earlier run: say what has changed",
    "--qa-load": "then let 50x10 (sellers x refusals) or so many refuse at once",
    "--qa-lang": "language of the reports: ja or en (default: QSM_LANG, else the locale)",
}
_REPEATED = {
    "--qa-only": ("ID", "judge this statement only; may be repeated, or hold several, by commas"),
    "--qa-load-host": ("HOST", "a host besides this machine that may be put under load"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the kit's options; all but the first begin with --qsm- or --qa-."""
    group = parser.getgroup("qsm-bot", "acceptance kit for clones of J·QSM")
    group.addoption(
        "--clone-confirmed",
        action="store_true",
        help="the portal is a clone on which orders may be refused",
    )
    for name, text in _PLAIN.items():
        group.addoption(name, metavar="VALUE", default=None, help=text)
    group.addoption(
        "--qsm-timeout",
        metavar="SECONDS",
        type=float,
        default=10.0,
        help="how long a page or an element is waited for",
    )
    for name, (metavar, text) in _REPEATED.items():
        group.addoption(name, metavar=metavar, action="append", default=[], help=text)
    group.addoption(
        "--qa-progress", action="store_true", help="say each verdict on stderr at once (with -s)"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers; where the kit itself is run, refuse the real hosts before all else."""
    config.addinivalue_line("markers", f"{STATEMENT}(id): judges this statement of the manual")
    config.addinivalue_line("markers", f"{UNDER_LOAD}: puts the clone under load")
    if any(map(_names_kit, config.args)):
        from qsm_bot.acceptance.pytest_hooks import hooks_of

        if hasattr(config.option, "dist"):
            # The statements share one shop: side by side, one would count the other's refusals.
            config.option.dist = "no"
        hooks_of(config, is_kit=True)
    elif _is_spread(config) and any(config.getoption(name) for name in _REPORTS):
        # Each process would write what it saw of the run over what the others saw.
        raise pytest.UsageError("--qa-html, --qa-json and --qa-compare need one process: -n 0")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse the real hosts for any suite that uses the marker or the fixtures."""
    if config.pluginmanager.has_plugin(KIT) or any(map(_is_ours, items)):
        from qsm_bot.acceptance.pytest_hooks import hooks_of

        hooks_of(config).select(config, items)


def _is_spread(config: pytest.Config) -> bool:
    """Whether pytest-xdist runs the tests in several processes, and this is the first of them."""
    return not hasattr(config, "workerinput") and getattr(config.option, "dist", "no") != "no"


def _names_kit(word: str) -> bool:
    return KIT in word.replace("\\", ".").replace("/", ".")


def _is_ours(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return item.get_closest_marker(STATEMENT) is not None or not FIXTURES.isdisjoint(names)
