"""The settings of scheduled rounds: their types, and how they make a schedule."""

from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, InstanceOf
from pydantic_settings import BaseSettings, NoDecode

from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.words import Words
from qsm_bot.domain.calendar_jp import OPEN_EVERY_DAY, WEEKDAYS, ShopCalendar, calendar_given
from qsm_bot.domain.schedule import (
    ALL_DAY,
    RoundHours,
    Schedule,
    days_given,
    every_times,
    hours_given,
    span_given,
    times_given,
)

_BOTH = Words(
    "schedule_every and schedule_at: set one of them",
    "schedule_every と schedule_at はどちらか一方だけ設定してください",
)
_NONE = Words(
    'when are rounds due? Set schedule_every = "15m" or schedule_at = ["09:00", "13:00"]',
    '実行時刻が未設定です。schedule_every = "15m" または schedule_at = ["09:00", "13:00"]',
)
_OUTSIDE = Words(
    "schedule_at: {at:%H:%M} is not within schedule_hours",
    "schedule_at の {at:%H:%M} は schedule_hours の範囲外です",
)

ClosedDays = Annotated[InstanceOf[ShopCalendar], NoDecode, BeforeValidator(calendar_given)]
_Every = Annotated[InstanceOf[timedelta] | None, NoDecode, BeforeValidator(span_given)]
_Times = Annotated[tuple[time, ...], NoDecode, BeforeValidator(times_given)]
_Hours = Annotated[InstanceOf[RoundHours], NoDecode, BeforeValidator(hours_given)]
_Days = Annotated[frozenset[str], NoDecode, BeforeValidator(days_given)]


class ScheduleSettings(BaseSettings):
    """When rounds are due; hours are Japan's."""

    schedule_every: _Every = None
    schedule_at: _Times = ()
    schedule_hours: _Hours = ALL_DAY
    schedule_days: _Days = frozenset(WEEKDAYS)
    catch_up_minutes: Annotated[int, Field(ge=0)] = 60
    closed_days: ClosedDays = OPEN_EVERY_DAY

    def schedule(self, every: timedelta | None = None) -> Schedule:
        """Return when rounds are due.

        Args:
            every: a step that wins over the settings' own step or times.

        Raises:
            SettingsInvalid: nothing is set, too much is, or a time lies outside the hours.
        """
        step = every or self.schedule_every
        times = () if every else self.schedule_at
        if bool(step) == bool(times):
            raise SettingsInvalid(detail=_BOTH if step else _NONE)
        for at in times:
            if not self.schedule_hours.hold(at):
                raise SettingsInvalid(detail=_OUTSIDE.filled(at=at))
        return Schedule(
            times=every_times(step, self.schedule_hours) if step else times,
            every=step,
            hours=self.schedule_hours,
            weekdays=self.schedule_days,
            calendar=self.closed_days,
            catch_up=timedelta(minutes=self.catch_up_minutes),
        )
