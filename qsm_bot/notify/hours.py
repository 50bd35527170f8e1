"""Quiet hours: a window of each day in Japan Standard Time."""

import re
from dataclasses import dataclass
from datetime import datetime, time

from qsm_bot.base.clock import JST
from qsm_bot.base.words import ModelObjection, Words

_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_WINDOW = re.compile(rf"{_CLOCK}\s*[-~–〜～]\s*{_CLOCK}")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` up to, not with, `end`; over midnight if `end` is the earlier one."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """Build from a text as "22:00-07:00".

        Raises:
            ValueError: it is none, or its two times are the same.
        """
        found = _WINDOW.fullmatch(text.strip())
        if not found:
            raise ModelObjection(
                Words(
                    'two times of the day, as in "22:00-07:00"',
                    '"22:00-07:00" のように2つの時刻を書いてください',
                )
            )
        hours = [int(part) for part in found.groups()]
        quiet = cls(time(hours[0], hours[1]), time(hours[2], hours[3]))
        if quiet.begin == quiet.end:
            raise ModelObjection(
                Words(
                    "the two times are the same",
                    "2つの時刻が同じです",
                )
            )
        return quiet

    def hold(self, moment: datetime) -> bool:
        """Whether it is quiet at `moment`."""
        clock = moment.astimezone(JST).time()
        if self.begin < self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end


def clock_time(text: str) -> time:
    """Return a time of the day, as "10:00".

    Raises:
        ValueError: it is none.
    """
    found = re.fullmatch(_CLOCK, text.strip())
    if not found:
        raise ModelObjection(
            Words(
                "a time of the day, as in 10:00",
                "10:00 のような時刻を書いてください",
            )
        )
    return time(int(found[1]), int(found[2]))
