"""Rounds by the clock: the week of docs/how-to/rounds.md, and what must never happen."""

import os
import re
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from flows.watch import RoundsByClock, RoundsLook
from qsm_bot.base.clock import JST
from qsm_bot.config.settings import Settings
from qsm_bot.domain.calendar_jp import OPEN_EVERY_DAY, WEEKDAYS
from qsm_bot.domain.schedule import Fate, Schedule
from qsm_bot.render.rounds import line_words
from qsm_bot.schedule.history import Ending, Line, RoundHistory

DOCS = Path(__file__).parents[3] / "docs" / "how-to"
ROW = re.compile(r"^\| (2027-.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
UNTIL = re.compile(r"(asleep|off|busy) until (.{16})")
GOOD = Ending(exit_code=0)
MONDAY = datetime(2027, 11, 1, tzinfo=JST)


@pytest.fixture(params=["Asia/Tokyo", "America/New_York"])
def zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put this machine into a time zone."""
    with patch.dict(os.environ, TZ=request.param):
        time.tzset()
        yield
    time.tzset()


@dataclass
class Computer:
    """A machine that sleeps, is switched off, and whose rounds take their time."""

    schedule: Schedule
    folder: Path
    now: datetime = MONDAY
    asleep: dict[datetime, datetime] = field(default_factory=dict)
    off: dict[datetime, datetime] = field(default_factory=dict)
    busy: dict[datetime, datetime] = field(default_factory=dict)
    begun: list[datetime] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)

    @property
    def book(self) -> RoundHistory:
        return RoundHistory(self.folder, "みほん商店")

    @property
    def rounds(self) -> RoundsByClock:
        # As the machine itself would write the moment.
        return RoundsByClock(
            schedule=self.schedule,
            book=self.book,
            run=self.round,
            clock=lambda: self.now.astimezone(),  # noqa: PLW0108  # now is another each time
        )

    def round(self) -> Ending:
        self.begun.append(self.now)
        self.now = self.busy.get(self.now, self.now + timedelta(minutes=3))
        return self.endings.pop(0) if self.endings else GOOD

    def wait(self, span: timedelta) -> None:
        """Let a minute pass, or the sleep that begins now."""
        later = self.now + timedelta(minutes=1)
        self.now = self.asleep.pop(later, later)

    def use_until(self, end: datetime, stop: Callable[[], bool] = lambda: False) -> int | None:
        """Let the program watch; it is started anew after the machine was off."""
        while self.now < end:
            code = self.rounds.watch(
                stop=lambda: stop() or self.now >= end or self.now in self.off,
                wait=self.wait,
                show=lambda page, coming: None,
                report=self.report,
            )
            if self.now not in self.off:
                return code
            self.now = self.off[self.now]
        return None

    def report(self, look: RoundsLook) -> None:
        self.lines += look.lines

    def slots(self) -> dict[datetime, Line]:
        """Return the line of each round, in the order of the rounds."""
        found = {}
        always = replace(self.schedule, calendar=OPEN_EVERY_DAY, weekdays=frozenset(WEEKDAYS))
        for line in sorted(self.lines, key=lambda line: line.first):
            at: datetime | None = line.first
            for _ in range(line.count):
                assert at is not None
                found[at] = line
                at = always.after(at)
        return found


def schedule_of(name: str) -> Schedule:
    (block,) = re.findall(
        r"^```toml\n(.*?)^```", (DOCS / name).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return Settings(**tomllib.loads(block)).schedule()


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=JST)


def told(line: Line, lang: str) -> str:
    words = line_words(line)
    text = (words.en if lang == "en" else words.ja).partition(": ")[2]
    return re.sub("(, exit code|、終了コード) 0", "", text)


@pytest.mark.usefixtures("zone")
def test_a_week_goes_as_the_document_says_in_both_languages(tmp_path: Path) -> None:
    computer = Computer(schedule_of("rounds.md"), tmp_path)
    rows = ROW.findall((DOCS / "rounds.md").read_text("utf-8"))
    for when, machine, _ in rows:
        at = moment(f"{when[:10]} {when[-5:]}")
        if found := UNTIL.fullmatch(machine):
            states: dict[datetime, datetime] = getattr(computer, found[1])
            states[at] = moment(found[2])

    computer.use_until(MONDAY + timedelta(days=7))

    slots = computer.slots()
    assert [(f"{at:%Y-%m-%d %a %H:%M}", told(line, "en")) for at, line in slots.items()] == [
        (when, becomes) for when, _, becomes in rows
    ]
    japanese = ROW.findall((DOCS / "rounds.ja.md").read_text("utf-8"))
    assert [told(line, "ja") for line in slots.values()] == [row[2] for row in japanese]
    assert schedule_of("rounds.ja.md") == computer.schedule
    assert len(computer.begun) == len([row for row in rows if re.match("run|caught", row[2])])


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """A computer with a round each quarter of an hour, from 09:00 up to 18:00."""
    schedule = Settings(schedule_every="15m", schedule_hours="09:00-18:00").schedule()
    return Computer(schedule, tmp_path, now=MONDAY.replace(hour=8))


def test_a_round_that_was_killed_is_not_begun_again(computer: Computer) -> None:
    def die() -> Ending:
        raise KeyboardInterrupt

    computer.now = MONDAY.replace(hour=9)
    with pytest.raises(KeyboardInterrupt):
        replace(computer.rounds, run=die).look()

    again = computer.rounds.look()

    assert (again.run, again.lines, computer.begun) == (None, (), [])
    (line,) = computer.book.read().lines
    assert (line.began, line.ended) == (MONDAY.replace(hour=9), None)


def test_nothing_is_begun_if_it_cannot_be_written_down(computer: Computer) -> None:
    computer.now = MONDAY.replace(hour=9)
    computer.book.path.mkdir()

    with pytest.raises(Exception, match="cannot be written"):
        computer.rounds.look()

    assert computer.begun == []


@pytest.mark.parametrize("code", [40, 60, 90])
def test_after_a_round_that_needs_a_person_there_is_no_other(computer: Computer, code: int) -> None:
    computer.endings = [GOOD, Ending(exit_code=50), Ending(exit_code=code)]

    ended = computer.use_until(MONDAY.replace(hour=12))

    assert (ended, len(computer.begun)) == (code, 3)


@pytest.mark.parametrize(("hours_back", "second"), [(0.5, (12, 15)), (3, (9, 15))])
def test_a_clock_set_back_a_little_repeats_no_round_and_by_hours_begins_anew(
    computer: Computer, hours_back: float, second: tuple[int, int]
) -> None:
    computer.now = MONDAY.replace(hour=12)
    after = MONDAY.replace(hour=12, minute=10)
    computer.asleep = {after: after - timedelta(hours=hours_back)}

    computer.use_until(MONDAY.replace(hour=13), lambda: len(computer.begun) == 2)

    hour, minute = second
    assert computer.begun == [
        MONDAY.replace(hour=12),
        MONDAY.replace(hour=hour, minute=minute),
    ]


def test_asked_to_stop_it_ends_after_the_round_at_hand(computer: Computer) -> None:
    ended = computer.use_until(MONDAY.replace(hour=12), stop=lambda: bool(computer.begun))

    assert (ended, computer.begun) == (None, [MONDAY.replace(hour=9)])
    assert computer.lines[0].ended == MONDAY.replace(hour=9, minute=3)


def test_a_timer_s_call_says_by_its_exit_code_what_it_found(computer: Computer) -> None:
    codes = []
    for hour, minute in ((8, 59), (9, 0), (9, 1), (9, 20), (17, 59), (20, 0), (20, 1)):
        computer.now = MONDAY.replace(hour=hour, minute=minute)
        codes.append(computer.rounds.look().exit_code)

    # Not yet; on time; done; caught up; the last of many caught up; nothing since.
    assert codes == [10, 0, 10, 0, 0, 10, 10]
    computer.now = (MONDAY + timedelta(days=1)).replace(hour=18)
    look = computer.rounds.look()
    assert (look.exit_code, sum(line.count for line in look.missed)) == (30, 36)
    assert [line.fate for line in computer.book.read().lines][-1] is Fate.MISSED
