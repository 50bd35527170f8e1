"""The row about the schedule: the machine slept through rounds."""

import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.watch import RoundsByClock, RoundsLook
from qsm_bot.base.clock import JST
from qsm_bot.config.settings import Settings
from qsm_bot.render.rounds import line_words
from qsm_bot.schedule.history import RoundHistory
from qsm_bot.schedule.round_process import RoundProcess
from tests.faults.rows import row

MORNING = datetime(2026, 1, 5, 8, tzinfo=JST)
ROUND = "import sys; open(sys.argv[1], 'a').write('x'); print('{\"run_id\": \"r\"}')"


@dataclass
class Sleeper:
    """A machine with rounds at 09:00, 13:00 and 17:00 that sleeps once; each leaves a mark."""

    folder: Path
    asleep: datetime
    awake: datetime
    now: datetime = MORNING
    said: list[str] = field(default_factory=list)

    @property
    def marks(self) -> int:
        """How many rounds were begun, as they left it on the disk."""
        file = self.folder / "marks"
        return len(file.read_text("utf-8")) if file.exists() else 0

    def use_the_day(self) -> None:
        settings = Settings(
            schedule_at=["09:00", "13:00", "17:00"],  # type: ignore[arg-type]
            schedule_hours="09:00-18:00",  # type: ignore[arg-type]
        )
        book = RoundHistory(self.folder, "みほん商店")
        call = [sys.executable, "-c", ROUND, str(self.folder / "marks")]
        RoundsByClock(
            schedule=settings.schedule(),
            book=book,
            run=RoundProcess(call, book.log, seconds=600),
            clock=lambda: self.now,
        ).watch(
            stop=lambda: self.now.date() > MORNING.date(),
            wait=self.wait,
            show=lambda page, coming: None,
            report=self.report,
        )

    def wait(self, span: timedelta) -> None:
        later = self.now + timedelta(minutes=1)
        self.now = self.awake if self.now < self.asleep <= later else later

    def report(self, look: RoundsLook) -> None:
        self.said += [line_words(line).ja for line in look.lines]


@pytest.fixture(params=[(40, "caught up"), (90, "missed")])
def slept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Sleeper, str]:
    """A machine that sleeps through the round of 13:00 for so many minutes."""
    minutes, fate = request.param
    asleep = MORNING.replace(hour=12)
    awake = MORNING.replace(hour=13) + timedelta(minutes=minutes)
    return Sleeper(tmp_path, asleep, awake), fate


@row("F135")
def test_a_round_slept_through_is_caught_up_only_within_its_window(
    slept: tuple[Sleeper, str],
) -> None:
    machine, fate = slept

    machine.use_the_day()

    told = {
        "caught up": "01-05 13:00: 13:40 に後から実行、終了コード 0",
        "missed": "01-05 13:00: 実行できませんでした、60 分を超える遅れ",
    }
    assert machine.said == [
        "01-05 09:00: 09:00 に実行、終了コード 0",
        told[fate],
        "01-05 17:00: 17:00 に実行、終了コード 0",
    ]
    assert machine.marks == (3 if fate == "caught up" else 2)


@row("F135")
def test_of_many_rounds_slept_through_at_most_one_is_caught_up(tmp_path: Path) -> None:
    machine = Sleeper(
        tmp_path, MORNING.replace(hour=8, minute=30), MORNING.replace(hour=17, minute=5)
    )

    machine.use_the_day()

    assert machine.said == [
        "01-05 09:00 〜 01-05 13:00（2 回）: 実行できませんでした、60 分を超える遅れ",
        "01-05 17:00: 17:05 に後から実行、終了コード 0",
    ]
    assert machine.marks == 1
