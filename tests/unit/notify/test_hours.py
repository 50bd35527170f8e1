"""Quiet hours in Japan Standard Time."""

from datetime import UTC, datetime, time

import pytest

from qsm_bot.notify.hours import QuietHours, clock_time
from tests.unit.notify.parts import NOON


@pytest.mark.parametrize(
    ("window", "quiet"),
    [
        ("22:00-07:00", {22, 23, 0, 6}),
        ("0:00 - 7:00", {0, 6}),
        ("12:00～13:30", {12, 13}),
    ],
)
def test_the_window_may_go_over_midnight_and_has_no_end_of_its_own(
    window: str, quiet: set[int]
) -> None:
    hours = QuietHours.parse(window)
    checked = (0, 6, 7, 11, 12, 13, 14, 21, 22, 23)
    assert {each for each in checked if hours.hold(NOON.replace(hour=each))} == quiet


def test_another_zone_is_the_same_moment() -> None:
    assert QuietHours.parse("22:00-07:00").hold(datetime(2026, 1, 5, 13, 0, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "22-7", "24:00-07:00", "07:00-07:00", "22:00"])
def test_what_is_no_window_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        QuietHours.parse(text)


def test_a_time_of_the_day() -> None:
    assert clock_time("9:30") == time(9, 30)
    with pytest.raises(ValueError, match="time of the day"):
        clock_time("9")
