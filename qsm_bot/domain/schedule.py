"""When rounds are due, in Japan's time whatever the machine's zone: pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from qsm_bot.base.clock import JST, aware
from qsm_bot.base.words import ModelObjection, Words
from qsm_bot.domain.calendar_jp import OPEN_EVERY_DAY, WEEKDAYS, ShopCalendar

DAY = timedelta(days=1)
# So late a start is still on time: timers and the start of a program take their while.
GRACE = timedelta(minutes=1)
# What lies longer back is not counted up any more.
LOOK_BACK = timedelta(days=7)
# A clock that was set back by more begins anew; else no round would be due for all that time.
_SET_BACK = timedelta(hours=1)
_NEXT_WITHIN = 400
_MOST_TIMES = 48

_SPAN = re.compile(r"([1-9]\d{0,3})\s*([mh])")
_CLOCK = r"(\d{1,2}):([0-5]\d)"
_HOURS = re.compile(rf"{_CLOCK}\s*[-~–〜～]\s*{_CLOCK}")

_NO_WEEKDAY = Words(
    "{day:%Y-%m-%d} is not in schedule_days", "{day:%Y-%m-%d} は schedule_days にない曜日です"
)
_TOO_LATE = Words("more than {limit} min late", "{limit} 分を超える遅れ")
_WINDOW_OVER = Words("that day's hours are over", "その日の時間帯が終了")
_ONE_STANDS = Words("the round of {at:%H:%M} stands for it", "{at:%H:%M} の回で代替")
_STILL_RUNNING = Words("the round before was still running", "前の回が実行中")


class Fate(StrEnum):
    """What becomes of a round at the moment of looking."""

    DUE = "due"
    CAUGHT_UP = "caught_up"
    MISSED = "missed"
    CLOSED = "closed"
    OVERLAPPED = "overlapped"


TO_RUN = (Fate.DUE, Fate.CAUGHT_UP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One round of the schedule, what becomes of it, and why if it is not run."""

    at: datetime
    fate: Fate
    why: Words | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Busy:
    """A round that was run: when it began and when it had ended."""

    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class RoundHours:
    """Minutes of the day: from `begin` up to, not with, `end`."""

    begin: int = 0
    end: int = 24 * 60

    def hold(self, clock: time) -> bool:
        """Whether that time of the day lies in them."""
        return self.begin <= clock.hour * 60 + clock.minute < self.end


ALL_DAY = RoundHours()


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """When rounds are due.

    `times` are of the day (JST), in order; `every` is the step if they have an even one.
    Rounds are only begun within `hours`, on `weekdays`, and not on the closed days of
    `calendar`. `catch_up` is how late a missed round may still be begun.
    """

    times: tuple[time, ...]
    every: timedelta | None = None
    hours: RoundHours = ALL_DAY
    weekdays: frozenset[str] = frozenset(WEEKDAYS)
    calendar: ShopCalendar = OPEN_EVERY_DAY
    catch_up: timedelta = timedelta(hours=1)

    def why_closed(self, day: date) -> Words | None:
        """Return why there is no round on that day; None = there are rounds."""
        if WEEKDAYS[day.weekday()] not in self.weekdays:
            return _NO_WEEKDAY.filled(day=day)
        return self.calendar.why_closed(day)

    def after(self, moment: datetime) -> datetime | None:
        """Return the next round after `moment`, or None if there is none for a year.

        Raises:
            ValueError: the moment names no zone.
        """
        moment = aware(moment).astimezone(JST)
        days = (moment.date() + DAY * number for number in range(_NEXT_WITHIN))
        found = (at for day in days if not self.why_closed(day) for at in self._on(day))
        return next((at for at in found if at > moment), None)

    def judge(
        self, *, since: datetime | None, now: datetime, busy: Busy | None = None
    ) -> tuple[Slot, ...]:
        """Return what becomes of each round after `since` up to `now`, oldest first.

        At most one of them is to be run: one round looks at all that is open, so the newest
        stands for those before it.

        Args:
            since: up to when rounds were judged before; None = never.
            now: the moment of looking, in any zone.
            busy: the last round that was run, with its end.

        Raises:
            ValueError: a moment names no zone.
        """
        now = aware(now).astimezone(JST)
        slots = [self._slot(at, now, busy) for at in self._between(_begin(since, now), now)]
        newest = next((slot for slot in reversed(slots) if slot.fate in TO_RUN), None)
        return tuple(slot if slot is newest else _given_up(slot, newest) for slot in slots)

    def _on(self, day: date) -> Iterator[datetime]:
        return (datetime.combine(day, clock, JST) for clock in self.times)

    def _between(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        days = range((end.date() - begin.date()).days + 1)
        for number in days:
            yield from (at for at in self._on(begin.date() + DAY * number) if begin < at <= end)

    def _slot(self, at: datetime, now: datetime, busy: Busy | None) -> Slot:
        closed = self.why_closed(at.date())
        if closed:
            return Slot(at=at, fate=Fate.CLOSED, why=closed)
        if busy and busy.began < at <= busy.ended:
            return Slot(at=at, fate=Fate.OVERLAPPED, why=_STILL_RUNNING)
        if now - at <= GRACE:
            return Slot(at=at, fate=Fate.DUE)
        why = self._why_too_late(at, now)
        return Slot(at=at, fate=Fate.MISSED if why else Fate.CAUGHT_UP, why=why)

    def _why_too_late(self, at: datetime, now: datetime) -> Words | None:
        if now - at > self.catch_up:
            return _TOO_LATE.filled(limit=int(self.catch_up.total_seconds()) // 60)
        if now.date() != at.date() or not self.hours.hold(now.time()):
            return _WINDOW_OVER
        return None


def begins_anew(since: datetime | None, now: datetime) -> bool:
    """Whether nothing is known of the rounds before `now`: first look, or a clock set back far."""
    return since is None or aware(since) - now > _SET_BACK


def _begin(since: datetime | None, now: datetime) -> datetime:
    if since is None or begins_anew(since, now):
        return now - GRACE
    # Set back by a little: the rounds up to then were judged already.
    return max(since.astimezone(JST), now - LOOK_BACK)


def _given_up(slot: Slot, newest: Slot | None) -> Slot:
    if newest is None or slot.fate not in TO_RUN:
        return slot
    return replace(slot, fate=Fate.MISSED, why=_ONE_STANDS.filled(at=newest.at))


def every_times(every: timedelta, hours: RoundHours = ALL_DAY) -> tuple[time, ...]:
    """Return the times of the day from the begin of `hours` on, in steps of `every`."""
    step = int(every.total_seconds()) // 60
    return tuple(time(*divmod(minute, 60)) for minute in range(hours.begin, hours.end, step))


def span_given(given: object) -> timedelta | None:
    """Return the step that a setting means, as "15m" or "2h"; None for "off".

    Raises:
        ValueError: it means none, or more than a day.
    """
    if given in (None, "off") or isinstance(given, timedelta):
        return given if isinstance(given, timedelta) else None
    found = _SPAN.fullmatch(given.strip().casefold()) if isinstance(given, str) else None
    if found is None:
        raise _wrong(
            'a step such as "15m" or "2h" is expected, or "off"',
            '"15m"・"2h" のような間隔か "off" を書いてください',
        )
    step = timedelta(minutes=int(found[1]) * (60 if found[2] == "h" else 1))
    if step > DAY:
        raise _wrong("at most 24h", "24h 以内にしてください")
    return step


def times_given(given: object) -> tuple[time, ...]:
    """Return the times of the day that a setting means, in order, each once.

    Raises:
        ValueError: one is none, or there are more than 48.
    """
    words = sorted({_minute(word) for word in _words(given, '["09:00", "13:00"]')})
    if len(words) > _MOST_TIMES:
        raise _wrong(
            f"at most {_MOST_TIMES} times; for more set schedule_every",
            f"時刻は {_MOST_TIMES} 件までです。それ以上は schedule_every を使ってください",
        )
    if words and words[-1] >= ALL_DAY.end:
        raise _wrong("times of the day, up to 23:59", "時刻は 23:59 までです")
    return tuple(time(*divmod(minute, 60)) for minute in words)


def hours_given(given: object) -> RoundHours:
    """Return the hours that a setting means, as "09:00-18:00"; "" is the whole day.

    Raises:
        ValueError: it means none, or they would pass midnight.
    """
    if isinstance(given, RoundHours):
        return given
    text = given.strip() if isinstance(given, str) else None
    if text == "":
        return ALL_DAY
    found = _HOURS.fullmatch(text) if text is not None else None
    if found is None:
        raise _wrong(
            'two times of the day are expected, as in "09:00-18:00"',
            '"09:00-18:00" のように2つの時刻を書いてください',
        )
    hours = RoundHours(_minute(f"{found[1]}:{found[2]}"), _minute(f"{found[3]}:{found[4]}"))
    if hours.begin >= hours.end:
        raise _wrong(
            "the second time must be later than the first; 24:00 is the last",
            "2つ目の時刻は1つ目より後にしてください（24:00 まで）",
        )
    return hours


def days_given(given: object) -> frozenset[str]:
    """Return the weekdays that a setting means; none named = all.

    Raises:
        ValueError: a word is no weekday.
    """
    if isinstance(given, frozenset):
        return given
    words = frozenset(word.casefold() for word in _words(given, '["mon", "tue"]'))
    unknown = sorted(words - set(WEEKDAYS))
    if unknown:
        raise _wrong(
            f'"{unknown[0]}": one of {", ".join(WEEKDAYS)}',
            f'"{unknown[0]}" は使えません（{"・".join(WEEKDAYS)} のどれか）',
        )
    return words or frozenset(WEEKDAYS)


def _words(given: object, example: str) -> Iterable[str]:
    words: object = given.replace(",", " ").split() if isinstance(given, str) else given
    if not isinstance(words, Sequence):
        # pydantic takes no TypeError for a wrong value.
        raise _wrong(f"a list such as {example} is expected", f"{example} のようなリストが必要です")
    return [str(word).strip() for word in words]


def _minute(word: str) -> int:
    # The default of the settings comes through here as well, hence the seconds.
    found = re.fullmatch(rf"{_CLOCK}(?::00)?", word)
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= minute <= ALL_DAY.end:
        raise _wrong(
            f'"{word}": a time of the day such as 09:00 is expected',
            f'"{word}": 09:00 のような時刻を書いてください',
        )
    return minute


def _wrong(en: str, ja: str) -> ModelObjection:
    return ModelObjection(Words(en, ja))
