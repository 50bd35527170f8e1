"""The real program, to which something happens at one chosen point of its run.

    python -m tests.faults.doomed POINT FATE WORD …

runs `qsm-bot WORD …`, and FATE strikes when POINT is reached: `confirm`, or `confirm:2` for
the second time. With the point `never` nothing happens but a line on stderr at the end: the
kinds of entries that each transaction of the ledger wrote.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from playwright.sync_api import Dialog, Route

from qsm_bot.ledger import Act, Ledger
from qsm_bot.ledger.chain import Pen
from qsm_bot.ledger.engine import Database
from qsm_bot.portal.qsm import QsmPortal

TRACE = "transactions: "
LEASE_SECONDS = "DOOMED_LEASE_SECONDS"

# Beside these there are `within` and `after`: before and after the commit of a transaction.
POINTS: dict[str, tuple[type, str, bool]] = {
    "chosen": (QsmPortal, "choose", True),
    "confirm": (Act, "committing", False),
    "accept": (Dialog, "accept", False),
    "accepted": (Dialog, "accept", True),
    "fetch": (Route, "fetch", False),
    "fetched": (Route, "fetch", True),
    "alert": (Act, "alerted", False),
    "look": (QsmPortal, "look", False),
    "saving": (Path, "replace", False),
}


class Doom:
    """Counts how often each point was reached, and lets the fate strike, once."""

    def __init__(self, point: str, fate: Callable[[], None]) -> None:
        self._name, _, times = point.partition(":")
        self._left = int(times or 1)
        self._fate = fate
        self.transactions: list[list[str]] = []

    def reached(self, name: str) -> None:
        """Strike, if this is the point."""
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                self._fate()

    def lie_in_wait(self) -> None:
        """Put the points into the program."""
        for name, (owner, method, after) in POINTS.items():
            if name == self._name:
                setattr(owner, method, self._waylaid(getattr(owner, method), name, after=after))
        Database.writing = self._writing(Database.writing)  # type: ignore[method-assign,assignment]
        Pen.append = self._append(Pen.append)  # type: ignore[method-assign]

    def _waylaid(self, method: Callable[..., Any], name: str, *, after: bool) -> Callable[..., Any]:
        @wraps(method)
        def waylaid(self_: object, *args: Any, **options: Any) -> Any:
            if not after:
                self.reached(name)
            result = method(self_, *args, **options)
            if after:
                self.reached(name)
            return result

        return waylaid

    def _writing(
        self, original: Callable[[Database], AbstractContextManager[Pen]]
    ) -> Callable[[Database], AbstractContextManager[Pen]]:
        @contextmanager
        def writing(database: Database) -> Iterator[Pen]:
            self.transactions.append([])
            with original(database) as pen:
                yield pen
                self.reached("within")
            self.reached("after")

        return writing

    def _append(self, original: Callable[..., int]) -> Callable[..., int]:
        @wraps(original)
        def append(pen: Pen, kind: str, *args: Any) -> int:
            self.transactions[-1].append(kind)
            return original(pen, kind, *args)

        return append


def _kill(number: int) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


def _kill_group(number: int) -> Callable[[], None]:
    return lambda: os.killpg(os.getpgid(0), number)


def _kill_driver() -> None:
    _end(_only_child(os.getpid()))


def _kill_browser() -> None:
    browser = _only_child(_only_child(os.getpid()))
    if Path(f"/proc/{browser}/exe").resolve().name in ("bash", "dash", "sh"):
        # Debian's headless shell hangs on a script that waits for it.
        browser = _only_child(browser)
    _end(browser)


FATES: dict[str, Callable[[], None]] = {
    "killed": _kill(signal.SIGKILL),
    "suspended": _kill(signal.SIGSTOP),
    "SIGINT": _kill(signal.SIGINT),
    "SIGTERM": _kill(signal.SIGTERM),
    "SIGINT-to-all": _kill_group(signal.SIGINT),
    "SIGTERM-to-all": _kill_group(signal.SIGTERM),
    "driver-killed": _kill_driver,
    "browser-killed": _kill_browser,
}


def _only_child(process: int) -> int:
    """Return the one child that is a program: Playwright's driver, or the driver's browser."""
    everyone = (int(each.name) for each in Path("/proc").glob("[0-9]*"))
    found = [each for each in everyone if parent_of(each) == process]
    if len(found) != 1:
        raise AssertionError(f"children of {process}: {found}")
    return found[0]


def parent_of(process: int) -> int | None:
    """Return the parent of a process, or None if it has ended."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent = status.rpartition(")")[2].split()[:2]
    return int(parent) if state != "Z" else None


def _end(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    while parent_of(process) is not None:
        # No event: the driver's end is Playwright's to wait for, the browser's the driver's.
        # No deadline: nothing survives SIGKILL.
        time.sleep(0.005)


def _shorten_leases(seconds: float) -> None:
    lease = Ledger.lease

    def short(self: Ledger, shop: str, holder: str, **options: Any) -> Any:
        return lease(self, shop, holder, **options | {"seconds": seconds})

    Ledger.lease = short  # type: ignore[method-assign]


def begin(words: Sequence[str]) -> None:
    """Be the program of these words, with its point and its fate before them."""
    doom = Doom(words[0], FATES[words[1]])
    doom.lie_in_wait()
    if LEASE_SECONDS in os.environ:
        _shorten_leases(float(os.environ[LEASE_SECONDS]))
    sys.argv[:] = ["qsm-bot", *words[2:]]
    from qsm_bot.cli import main  # noqa: PLC0415  # in the language of the environment

    try:
        main()
    finally:
        sys.stderr.write(TRACE + json.dumps(doom.transactions) + "\n")


if __name__ == "__main__":
    begin(sys.argv[1:])
