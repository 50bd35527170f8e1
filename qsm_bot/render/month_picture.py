"""The picture of a month: what is drawn, in the units of its SVG, without any file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, repeat
from operator import mul

from qsm_bot.domain.calendar_jp import ShopCalendar
from qsm_bot.render.month import UNFINISHED, Month, MonthRow

WIDTH, HEIGHT = 960, 230
LEFT, RIGHT, TOP, BOTTOM = 36, 8, 22, 26
_GAP = 0.24  # of a day's width

_REST = ShopCalendar(weekdays=frozenset({"sat", "sun"}), holidays=True)

# From what is done to what needs a person; the order of the piles, from the bottom.
COLOURS: Mapping[str, str] = {
    "refused": "#1a7f37",
    "already_refused": "#5aa9a3",
    "rehearsed": "#b6bec8",
    "gone": "#c9a227",
    "changed": "#e3cc7a",
    "not_sent": "#9a6700",
    "rejected": "#e07b53",
    "needs_person": "#7a1f5c",
    "unknown": "#b3261e",
    UNFINISHED: "#3b3f45",
}

LONGEST = 7
"""Days from the request to the refusal; what took longer is counted together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One coloured rectangle, and how many attempts it stands for."""

    x: float
    y: float
    width: float
    height: float
    name: str
    count: int

    @property
    def colour(self) -> str:
        """Its colour."""
        return COLOURS[self.name]


@dataclass(frozen=True, kw_only=True, slots=True)
class DayBar:
    """One day: its number and middle, the top of its pile, and how many attempts it has."""

    number: int
    x: float
    y: float
    count: int
    rest: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysPicture:
    """The outcomes of each day as piles; `lines` are the heights (y) with their counts."""

    days: tuple[DayBar, ...]
    blocks: tuple[Block, ...]
    lines: tuple[tuple[float, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One bar that lies: its name, its count, and its share of the longest one (0 to 1)."""

    name: str
    count: int
    share: float


def days_picture(rows: Sequence[MonthRow], month: Month) -> DaysPicture:
    """Return the picture of the outcomes, day by day."""
    counts = {number: Counter[str]() for number in range(1, month.days + 1)}
    for row in rows:
        counts[row.day.day][row.outcome] += 1
    highest = max(piled.total() for piled in counts.values())
    step = _step(highest)
    steps = max(1, -(-highest // step))
    floor = HEIGHT - BOTTOM
    unit = (floor - TOP) / (steps * step)
    width = (WIDTH - LEFT - RIGHT) / month.days
    days, blocks = [], []
    for number, piled in counts.items():
        x = LEFT + (number - 1) * width
        y: float = floor
        for name in COLOURS:
            if piled[name]:
                y -= piled[name] * unit
                blocks.append(_block(x, y, width, piled[name] * unit, name, piled[name]))
        days.append(_day(month, number, x + width / 2, y, piled.total()))
    lines = tuple((floor - each * step * unit, each * step) for each in range(steps + 1))
    return DaysPicture(days=tuple(days), blocks=tuple(blocks), lines=lines)


def _block(x: float, y: float, width: float, height: float, name: str, number: int) -> Block:
    inset = width * _GAP / 2
    return Block(x=x + inset, y=y, width=width - 2 * inset, height=height, name=name, count=number)


def _day(month: Month, number: int, x: float, y: float, piled: int) -> DayBar:
    rest = _REST.why_closed(month.first + timedelta(days=number - 1)) is not None
    return DayBar(number=number, x=x, y=y, count=piled, rest=rest)


def _step(highest: int) -> int:
    """Return the smallest round step (1, 2, 5, 10 …) of which five reach the highest pile."""
    tens = accumulate(repeat(10), mul, initial=1)
    steps = (digit * ten for ten in tens for digit in (1, 2, 5))
    return next(step for step in steps if step * 5 >= highest)


def bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """Return counts as bars, in their order."""
    longest = max(counts.values(), default=1) or 1
    return tuple(Bar(name=n, count=c, share=c / longest) for n, c in counts.items())


def waiting(rows: Iterable[MonthRow]) -> tuple[Bar, ...]:
    """Return how many days lay between request and refusal, as bars "0" to "7+"; "" is unknown."""
    days = [row.waited for row in rows if row.sent_at is not None]
    known = Counter(min(each, LONGEST) for each in days if each is not None)
    counts = {
        f"{each}+" if each == LONGEST else f"{each}": known[each]
        for each in range(max(known, default=-1) + 1)
    }
    unknown = days.count(None)
    return bars(counts | ({"": unknown} if unknown else {}))
