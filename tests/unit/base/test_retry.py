"""Readings are tried again; everything else is let through at once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from qsm_bot.base.retry import read_again


@dataclass
class Reading:
    """Raises each of `errors` in turn, then gives 42."""

    errors: list[Exception]
    calls: int = field(default=0)

    def __call__(self) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return 42


def test_a_reading_that_works_is_made_once() -> None:
    read = Reading([])
    assert read_again(read, when=ValueError, times=3) == 42
    assert read.calls == 1


def test_a_reading_is_made_again_until_it_works() -> None:
    read = Reading([ValueError("1"), ValueError("2")])
    assert read_again(read, when=ValueError, times=3) == 42
    assert read.calls == 3


def test_the_last_reading_s_own_error_comes_out() -> None:
    read = Reading([ValueError("1"), ValueError("2"), ValueError("3")])
    with pytest.raises(ValueError, match="2"):
        read_again(read, when=ValueError, times=2)
    assert read.calls == 2


def test_an_error_that_was_not_named_comes_out_at_once() -> None:
    read = Reading([KeyError("x")])
    with pytest.raises(KeyError, match="x"):
        read_again(read, when=ValueError, times=3)
    assert read.calls == 1


def test_several_errors_can_be_named() -> None:
    read = Reading([KeyError("x"), ValueError("y")])
    assert read_again(read, when=(KeyError, ValueError), times=3) == 42


def test_a_result_that_is_none_counts_as_read() -> None:
    calls: list[int] = []
    read: Callable[[], None] = lambda: calls.append(1)  # noqa: E731  # its type is the point
    read_again(read, when=ValueError, times=3)
    assert calls == [1]
