"""The row of the fault matrix that a test plays, in its id; and what several rows need."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from qsm_bot.ledger import Act


def row(number: str) -> pytest.MarkDecorator:
    """Put the row's number into the test's id."""
    return pytest.mark.parametrize((), [pytest.param(id=number)])


@contextmanager
def full_disk(size: int = 0) -> Iterator[None]:
    """Let no file of this process be written beyond `size` bytes; the system itself says no."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(ledger: Path) -> Iterator[None]:
    """Write in the ledger, as another program, without coming to an end."""
    other = sqlite3.connect(ledger, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


@contextmanager
def at_step(step: str, trouble: Callable[[], AbstractContextManager[object]]) -> Iterator[None]:
    """Let there be trouble while the act records this step."""
    record = getattr(Act, step)

    def troubled(act: Act, *facts: Any) -> None:
        with trouble():
            record(act, *facts)

    with patch.object(Act, step, troubled):
        yield
