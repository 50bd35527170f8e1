"""Try generated pages for as long as there is time.

    python -m tests.foreign.fuzz MINUTES [--from SEED]

Prints each seed whose press broke a promise, with the page made as plain as it still fails, and
ends with 1 if there was one. `--seed SEED` replays one.
"""

import argparse
import logging
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import structlog
from playwright.sync_api import Browser, Playwright, sync_playwright

from qsm_bot.portal.browser.find import ensure_browser
from qsm_bot.portal.browser.launch import LOOPBACK_ONLY
from tests.foreign.judged import broken_promises, press_on
from tests.foreign.variants import Clone, Variant, clone, shrunk


def _fails(browser: Browser, site: Clone, variant: Variant) -> list[str]:
    return broken_promises(variant, press_on(browser, site, variant))


def _tried(browser: Browser, site: Clone, seed: int) -> bool:
    """Try one seed; say so if it breaks a promise."""
    variant = Variant.of(seed)
    broken = _fails(browser, site, variant)
    if broken:
        _say(f"seed {seed} broke a promise; just fuzz 0 --seed {seed} plays it again")
        small = shrunk(variant, lambda tried: bool(_fails(browser, site, tried)))
        _say(f"seed {seed}: {'; '.join(broken)}\n  page: {variant}\n  it takes: {small}")
    return not broken


def _browser(playwright: Playwright) -> Browser:
    own = Path(playwright.chromium.executable_path)
    program = ensure_browser("chromium", own, _say).program
    return playwright.chromium.launch(executable_path=program, args=[LOOPBACK_ONLY])


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Try seeds until the time is up."""
    first = datetime.now(UTC).date().toordinal() * 1000
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("minutes", type=float, nargs="?", default=5)
    asked.add_argument("--from", dest="first", type=int, default=first, help=f"today's: {first}")
    asked.add_argument("--seed", type=int, help="try this one only")
    given = asked.parse_args()
    # What is held back on purpose is not news here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    seeds = count(given.first) if given.seed is None else [given.seed]
    tried, broken, end = 0, 0, time.monotonic() + 60 * given.minutes
    with sync_playwright() as playwright, clone() as site:
        browser = _browser(playwright)
        for seed in seeds:
            broken += not _tried(browser, site, seed)
            tried += 1
            if time.monotonic() > end:
                break
        browser.close()
    _say(f"{tried} pages tried, {broken} broke a promise")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
