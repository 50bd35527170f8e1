"""Try generated histories for as long as there is time, without a browser.

    python -m tests.faults.fuzz MINUTES [--from BATCH] [--jobs 2]

A batch is 500 histories of up to eight steps; its number is the seed. A history that breaks a
promise is printed, made as short as it still does, and the end is 1. `--batch N` replays one.
"""

import argparse
import logging
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path

import structlog
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.test_generated_histories import Histories
from tests.ready_schema import statements, written_at_once

BATCH, STEPS = 500, 8
_SHORT = settings(
    max_examples=BATCH,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def _broken(number: int) -> str:
    """Try one batch; return what broke, or ""."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder, written_at_once(statements(Path(folder))):
        try:
            run_state_machine_as_test(seed(number)(Histories), settings=_SHORT)
        except Exception:  # noqa: BLE001  # whatever broke is told
            return traceback.format_exc()
    return ""


def _batches(first: int, end: float) -> Iterator[int]:
    for number in count(first):
        if time.monotonic() > end:
            return
        yield number


def main() -> int:
    """Try batches until the time is up."""
    first = datetime.now(UTC).date().toordinal() * 1000
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("minutes", type=float, nargs="?", default=5)
    asked.add_argument("--from", dest="first", type=int, default=first, help=f"today's: {first}")
    asked.add_argument("--jobs", type=int, default=2, help="so many at once; 2")
    asked.add_argument("--batch", type=int, help="try this one only")
    given = asked.parse_args()
    tried, failed, began = 0, 0, time.monotonic()
    batches = _batches(given.first, began + 60 * given.minutes)
    if given.batch is not None:
        batches = iter([given.batch])
    with ProcessPoolExecutor(given.jobs) as pool:
        while round_ := list(islice(batches, given.jobs)):
            _say(f"batches {round_[0]} to {round_[-1]}; just histories 0 --batch N plays one again")
            for number, broken in zip(round_, pool.map(_broken, round_), strict=True):
                tried, failed = tried + BATCH, failed + bool(broken)
                if broken:
                    _say(f"batch {number}:\n{broken}")
    _say(f"{tried} histories in {time.monotonic() - began:.0f} s, {failed} batches broke a promise")
    return int(bool(failed))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
