"""Time is Japan's, and always names its zone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from qsm_bot.base.clock import JST, aware, now


def test_now_is_given_in_japan_standard_time() -> None:
    with time_machine.travel(datetime(2026, 1, 5, 16, 30, tzinfo=UTC), tick=False):
        moment = now()
    assert moment == datetime(2026, 1, 6, 1, 30, tzinfo=JST)
    assert moment.utcoffset() == timedelta(hours=9)


def test_a_time_that_names_its_zone_is_returned_unchanged() -> None:
    moment = datetime(2026, 1, 5, 16, 30, tzinfo=UTC)
    assert aware(moment) is moment


def test_a_time_without_a_zone_is_refused_and_told() -> None:
    with pytest.raises(ValueError, match="a time without a zone: 2026-01-05T16:30:00"):
        aware(datetime(2026, 1, 5, 16, 30))  # noqa: DTZ001  # what is refused
