"""Trying again: on readings only. Nothing that acts on the portal is ever retried."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_none

T = TypeVar("T")


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
