"""Until when a refusal may be begun, so that its order can still be shipped that day: pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from qsm_bot.base.clock import JST, day_end
from qsm_bot.base.errors.people import CarrierGone, PastCutoff
from qsm_bot.base.words import ModelObjection, Words
from qsm_bot.domain.calendar_jp import OPEN_EVERY_DAY, ShopCalendar

_HOUR = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")

_ALREADY_LEFT = Words(
    "the carrier leaves at {at:%H:%M}, it is {now:%H:%M} JST",
    "集荷は {at:%H:%M} まで、現在 {now:%H:%M}（日本時間）",
)
_LITTLE_TIME = Words(
    "It is {now:%H:%M} JST: what is refused now must be shipped within {left}.",
    "現在 {now:%H:%M}（日本時間）。今拒否した注文は、あと {left} で発送処理が必要です。",
)
_NO_CARRIER = Words(
    "The carrier does not come any more today: {why}.", "本日の集荷はもうありません: {why}。"
)
_SPAN = Words("{hours} h {minutes:02} min", "{hours} 時間 {minutes} 分")


def little_time(now: datetime) -> Words:
    """Say how long is left to ship what is refused now."""
    now = now.astimezone(JST)
    return _LITTLE_TIME.filled(now=now, left=span((day_end(now) - now).total_seconds()))


@dataclass(frozen=True, kw_only=True, slots=True)
class ShippingHours:
    """The shop's hours, in JST; what is None never comes.

    `cutoff`: from then on no refusal is begun. `carrier_cutoff`: from then on, and on the
    closed days of `calendar`, no carrier comes; `carrier_gone` says whether that stops a
    refusal. `warn_hour`: from then on an open duty is at risk.
    """

    cutoff: time | None = None
    warn_hour: int = 18
    calendar: ShopCalendar = OPEN_EVERY_DAY
    carrier_cutoff: time | None = None
    carrier_gone: Literal["warn", "stop"] = "warn"

    def raise_if_too_late(self, now: datetime) -> None:
        """Check that a refusal may be begun.

        Raises:
            PastCutoff: no more today.
            CarrierGone: nothing can be shipped any more today, and the shop stops then.
        """
        now = now.astimezone(JST)
        if self.cutoff is not None and now.time() >= self.cutoff:
            raise PastCutoff(now=f"{now:%H:%M}", cutoff=f"{self.cutoff:%H:%M}")
        why = self.why_no_carrier(now)
        if why is not None and self.carrier_gone == "stop":
            raise CarrierGone(why=why)

    def why_no_carrier(self, now: datetime) -> Words | None:
        """Return why no carrier comes any more on the day of `now`; None = one does."""
        now = now.astimezone(JST)
        closed = self.calendar.why_closed(now.date())
        if closed is None and self.carrier_cutoff is not None and now.time() >= self.carrier_cutoff:
            return _ALREADY_LEFT.filled(at=self.carrier_cutoff, now=now)
        return closed

    def warnings(self, now: datetime) -> Iterator[Words]:
        """Give what a person should know who begins a refusal at that moment."""
        now = now.astimezone(JST)
        why = self.why_no_carrier(now)
        if why is not None:
            yield _NO_CARRIER.filled(why=why)
        if now.hour >= self.warn_hour:
            yield little_time(now)


ANY_HOUR = ShippingHours()


def span(seconds: float) -> Words:
    """Return a span of time in hours and minutes, rounded down, without its sign."""
    minutes = int(abs(seconds) // 60)
    return _SPAN.filled(hours=minutes // 60, minutes=minutes % 60)


def hour_given(given: object) -> time | None:
    """Return the hour of the day that a setting means, or None for "off".

    Raises:
        ValueError: it means none.
    """
    if given in (None, "off") or isinstance(given, time):
        return given if isinstance(given, time) else None
    if not isinstance(given, str) or not _HOUR.fullmatch(given):
        raise ModelObjection(
            Words(
                'an hour such as "16:00" is expected, or "off"',
                '"16:00" のような時刻か "off" を書いてください',
            )
        )
    hour, minute = given.split(":")
    return time(int(hour), int(minute))
