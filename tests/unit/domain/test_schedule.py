"""When rounds are due: single moments; the whole week stands in docs/how-to/rounds.md."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.config.settings import Settings
from qsm_bot.domain.calendar_jp import calendar_of
from qsm_bot.domain.schedule import (
    ALL_DAY,
    Busy,
    Fate,
    RoundHours,
    Schedule,
    days_given,
    every_times,
    hours_given,
    span_given,
    times_given,
)

MONDAY = datetime(2026, 1, 5, tzinfo=JST)
NINE = Schedule(times=(time(9), time(13)), hours=RoundHours(9 * 60, 18 * 60))
DUE, CAUGHT_UP, MISSED = Fate.DUE, Fate.CAUGHT_UP, Fate.MISSED


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return that time of the Monday in Japan, as a machine elsewhere would write it."""
    span = timedelta(hours=hour, minutes=minute, seconds=second)
    return (MONDAY + span).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "now", "fates"),
    [
        (at(8), at(8, 59, 59), []),
        (at(8), at(9), [DUE]),
        (at(9), at(9, 0, 1), []),
        (at(8), at(9, 1), [DUE]),
        (at(8), at(9, 1, 1), [CAUGHT_UP]),
        (at(8), at(10), [CAUGHT_UP]),
        (at(8), at(10, 0, 1), [MISSED]),
        (at(8), at(13), [MISSED, DUE]),
        (at(8), at(13, 30), [MISSED, CAUGHT_UP]),
        (at(8), at(23, 59), [MISSED, MISSED]),
        (None, at(9, 0, 30), [DUE]),  # a timer's very first call
        (None, at(9, 30), []),  # before the first call nothing was promised
        (at(9, 0, 1), at(8, 59, 50), []),  # the clock was set back a little
        (at(9 + 48), at(9), [DUE]),  # it was two days ahead
        (at(-24 * 30), at(8), [MISSED] * 14),  # a month off: a week is counted up
    ],
)
def test_what_becomes_of_the_rounds_since_the_last_look(
    since: datetime | None, now: datetime, fates: list[Fate]
) -> None:
    assert [slot.fate for slot in NINE.judge(since=since, now=now)] == fates


def test_a_round_is_caught_up_only_within_the_hours_and_on_its_day() -> None:
    late = replace(NINE, times=(time(17, 50),), catch_up=timedelta(days=1))
    for now, fate in ((at(17, 59, 59), CAUGHT_UP), (at(18), MISSED), (at(24 + 10), MISSED)):
        (slot,) = late.judge(since=at(17), now=now)
        assert slot.fate is fate


def test_of_several_rounds_the_newest_stands_for_all() -> None:
    often = replace(NINE, times=every_times(timedelta(minutes=15), NINE.hours))

    *earlier, newest = often.judge(since=at(8), now=at(9, 50))

    assert (newest.at, newest.fate) == (at(9, 45), CAUGHT_UP)
    assert {slot.fate for slot in earlier} == {MISSED}
    assert {slot.why.en for slot in earlier if slot.why} == {"the round of 09:45 stands for it"}


def test_what_fell_due_while_a_round_was_running_is_left_out_and_not_caught_up() -> None:
    often = replace(NINE, times=every_times(timedelta(minutes=15), NINE.hours))
    busy = Busy(began=at(9), ended=at(9, 16))

    (left_out,) = often.judge(since=at(9), now=at(9, 16), busy=busy)
    caught_up = often.judge(since=at(9), now=at(9, 40), busy=busy)[-1]

    assert left_out.fate is Fate.OVERLAPPED
    assert (caught_up.at, caught_up.fate) == (at(9, 30), CAUGHT_UP)


def test_new_year_holidays_and_weekdays_have_no_rounds() -> None:
    # 2025-12-28 is a Sunday, 2026-01-12 a holiday.
    shop = replace(
        NINE, calendar=calendar_of(["new_year", "holiday"]), weekdays=days_given("mon tue wed")
    )
    found, moment = [], datetime(2025, 12, 24, 20, tzinfo=JST)
    for _ in range(6):
        following = shop.after(moment)
        assert following is not None
        found.append(f"{following:%m-%d %H}")
        moment = following
    assert found == ["01-05 09", "01-05 13", "01-06 09", "01-06 13", "01-07 09", "01-07 13"]
    (slot, *_) = shop.judge(since=datetime(2026, 1, 12, tzinfo=JST), now=at(7 * 24 + 14))
    assert slot.fate is Fate.CLOSED
    assert slot.why is not None
    assert "成人の日" in slot.why.ja


def test_a_schedule_that_is_always_closed_has_no_next_round() -> None:
    assert replace(NINE, weekdays=frozenset()).after(at(9)) is None


def test_a_moment_without_a_zone_is_turned_down() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        NINE.judge(since=None, now=datetime(2026, 1, 5, 9))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("settings", "times", "first"),
    [
        ({"schedule_every": "15m", "schedule_hours": "09:00-10:00"}, 4, time(9)),
        ({"schedule_every": "2h"}, 12, time(0)),
        ({"schedule_every": "24h", "schedule_hours": "09:30 〜 24:00"}, 1, time(9, 30)),
        ({"schedule_at": ["13:00", "9:00", "13:00"]}, 2, time(9)),
        ({"schedule_at": "13:00, 09:00"}, 2, time(9)),
    ],
)
def test_settings_make_the_times_of_the_day(
    settings: dict[str, object], times: int, first: time
) -> None:
    schedule = Settings(**settings).schedule()  # type: ignore[arg-type]
    assert (len(schedule.times), schedule.times[0]) == (times, first)


def test_the_environment_can_set_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSM_SCHEDULE_AT", "09:00 13:00")
    monkeypatch.setenv("QSM_SCHEDULE_DAYS", "mon,Fri")
    monkeypatch.setenv("QSM_CATCH_UP_MINUTES", "5")
    schedule = Settings().schedule()
    assert schedule.times == (time(9), time(13))
    assert schedule.weekdays == {"mon", "fri"}
    assert schedule.catch_up == timedelta(minutes=5)


def test_a_step_that_was_typed_wins_over_the_settings() -> None:
    schedule = Settings(schedule_at=["09:00"]).schedule(timedelta(hours=6))  # type: ignore[arg-type]
    assert schedule.times == (time(0), time(6), time(12), time(18))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "when are rounds due"),
        ({"schedule_every": "1h", "schedule_at": ["09:00"]}, "set one of them"),
        ({"schedule_at": ["08:59"], "schedule_hours": "09:00-18:00"}, "08:59 is not within"),
        ({"schedule_at": ["18:00"], "schedule_hours": "09:00-18:00"}, "18:00 is not within"),
    ],
)
def test_settings_that_make_no_schedule_are_told(settings: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsInvalid, match=told):
        Settings(**settings).schedule()  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["0m", "15", "15 s", "25h", "1441m", "", 15, "-5m"])
def test_a_step_that_is_none_is_turned_down(given: object) -> None:
    with pytest.raises(ValueError, match=r"step|at most 24h"):
        span_given(given)


@pytest.mark.parametrize("given", ["18:00-09:00", "09:00-09:00", "9-18", "09:00-24:01", 9])
def test_hours_that_are_none_are_turned_down(given: object) -> None:
    with pytest.raises(ValueError, match="time"):
        hours_given(given)


@pytest.mark.parametrize(
    "given",
    [["24:00"], ["9"], ["09:60"], 9, [f"{h}:{m:02}" for h in range(24) for m in (0, 20, 40)]],
)
def test_times_that_are_none_or_too_many_are_turned_down(given: object) -> None:
    with pytest.raises(ValueError, match=r"time|list"):
        times_given(given)


def test_words_for_nothing_set() -> None:
    assert (span_given("off"), hours_given(""), times_given("")) == (None, ALL_DAY, ())
    assert len(days_given([])) == 7
    with pytest.raises(ValueError, match='"monday": one of mon, tue'):
        days_given(["monday"])
