"""Trying again: readings, and files that are held. Nothing that acts on the portal is retried."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_fixed,
    wait_none,
)

T = TypeVar("T")

_PATIENCE, _PAUSE = 2.0, 0.1  # seconds


def read_again(
    read: Callable[[], T], *, when: type[Exception] | tuple[type[Exception], ...], times: int
) -> T:
    """Call `read` until it does not raise `when`, at most `times` times.

    There is no pause between: a reading waits for the portal by itself.

    Raises:
        Exception: what the last call raised.
    """
    attempts = Retrying(
        retry=retry_if_exception_type(when),
        stop=stop_after_attempt(times),
        wait=wait_none(),
        reraise=True,
    )
    return attempts(read)


def if_denied_again(act: Callable[[], object]) -> None:
    """Rename or delete a file; what is denied for a moment is tried again for two seconds.

    On Windows a scanner or a synchronising folder holds a fresh file for a moment.

    Raises:
        OSError: it stays so.
    """
    attempts = Retrying(
        retry=retry_if_exception_type(PermissionError),
        stop=stop_after_delay(_PATIENCE),
        wait=wait_fixed(_PAUSE),
        reraise=True,
    )
    attempts(act)
