"""The page on which rounds are kept, and a round as a process of its own."""

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.schedule import Fate, Slot
from qsm_bot.schedule.history import Ending, Line, Page, RoundHistory, lines_of
from qsm_bot.schedule.round_process import RoundProcess

NINE = datetime(2026, 1, 5, 9, tzinfo=JST)
HOUR = timedelta(hours=1)
RUN = Line(
    first=NINE,
    last=NINE,
    fate=Fate.DUE,
    began=NINE,
    ended=NINE + HOUR,
    ending=Ending(exit_code=20, run_id="20260105-090000-abcdef", outcomes={"refused": 2}),
)
CLOSED = Line(first=NINE, last=NINE, fate=Fate.CLOSED, why=Words("closed", "休業日"))


@pytest.fixture
def book(tmp_path: Path) -> RoundHistory:
    return RoundHistory(tmp_path / "schedule", "みほん商店")


def test_what_was_written_is_read_and_is_the_owner_s_alone(book: RoundHistory) -> None:
    page = Page(seen=NINE, lines=(CLOSED, RUN))

    book.write(page)

    assert book.read() == page
    assert book.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"seen": 1, "lines": []}', '{"seen": "2026-01-05T09:00", "lines": []}'],
)
def test_a_page_that_cannot_be_read_begins_anew(book: RoundHistory, content: str) -> None:
    book.path.parent.mkdir()
    book.path.write_text(content, encoding="utf-8")

    assert book.read() == Page()


def test_each_shop_has_a_page_of_its_own(tmp_path: Path) -> None:
    names = {RoundHistory(tmp_path, shop).path.name for shop in ("みほん", "見本", "a b", "a-b")}
    assert len(names) == 4
    assert all(name.isascii() for name in names)


def test_rounds_in_a_row_with_the_same_fate_are_one_line() -> None:
    why = Words("closed", "休業日")
    slots = [Slot(at=NINE + HOUR * n, fate=Fate.CLOSED, why=why) for n in range(3)]
    slots.append(Slot(at=NINE + HOUR * 3, fate=Fate.MISSED))

    closed, missed = lines_of(slots)
    page = Page().told([closed], NINE).told([closed, missed], NINE).told([missed], NINE)

    assert (closed.first, closed.last, closed.count) == (NINE, NINE + HOUR * 2, 3)
    assert [(line.fate, line.count) for line in page.lines] == [
        (Fate.CLOSED, 6),
        (Fate.MISSED, 2),
    ]


def test_the_page_does_not_grow_for_ever_and_rounds_that_were_run_stay_single() -> None:
    page = Page()
    for _ in range(100):
        page = page.told([RUN], NINE)
    assert len(page.lines) == 40


def test_the_last_round_says_when_it_ran_unless_it_was_killed() -> None:
    busy = Page(lines=(RUN, CLOSED)).busy
    assert busy is not None
    assert (busy.began, busy.ended) == (NINE, NINE + HOUR)
    assert Page(lines=(RUN, replace(RUN, ended=None))).busy is None
    assert Page(lines=(CLOSED,)).busy is None


def round_of(
    program: str, tmp_path: Path, *, end_early: bool = False, seconds: float = 600
) -> Ending:
    """Run a Python program as a round; it is asked to end once it has said something."""
    command = [sys.executable, "-c", program]
    log = tmp_path / "x" / "round.log"

    def listens() -> bool:
        return end_early and log.read_bytes() != b""

    return RoundProcess(command, log, seconds=seconds, end_early=listens)()


def test_a_round_tells_by_its_document(tmp_path: Path) -> None:
    outcomes = [{"outcome": "refused"}, {"outcome": "gone"}, {"outcome": "refused"}]
    error = {"code": "SessionEnded"}
    document = {"run_id": "r", "outcomes": outcomes, "error": error}
    program = (
        f"import sys; sys.stdout.write({json.dumps(document)!r}); "
        "print('said', file=sys.stderr); sys.exit(40)"
    )

    ending = round_of(program, tmp_path)

    assert ending == Ending(
        exit_code=40, run_id="r", error="SessionEnded", outcomes={"refused": 2, "gone": 1}
    )
    log = tmp_path / "x" / "round.log"
    assert log.read_text("utf-8") == "said\n"
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("program", "code"),
    [("print('no document')", 80), ("raise SystemExit(50)", 50), ("import os; os.abort()", 80)],
)
def test_a_round_without_a_document_did_not_end_well(
    program: str, code: int, tmp_path: Path
) -> None:
    assert round_of(program, tmp_path) == Ending(exit_code=code, error="NoDocument")


def test_a_round_of_all_shops_counts_them_all(tmp_path: Path) -> None:
    shop = {"outcomes": [{"outcome": "refused"}]}
    ending = round_of(f"print({json.dumps({'shops': [shop, shop]})!r})", tmp_path)
    assert ending == Ending(exit_code=0, outcomes={"refused": 2})


# Like the program: the signal is noted, and the order at hand finished.
HEEDS = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: None)
print("ready", file=sys.stderr, flush=True)
signal.pause()
print('{"run_id": "finished"}')
sys.exit(20)
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, lambda *_: None)\nwhile True: signal.pause()"


def test_asked_to_end_early_a_round_may_finish_what_it_does(tmp_path: Path) -> None:
    assert round_of(HEEDS, tmp_path, end_early=True) == Ending(exit_code=20, run_id="finished")


def test_a_round_beyond_its_time_is_asked_to_end(tmp_path: Path) -> None:
    assert round_of(HEEDS, tmp_path, seconds=4) == Ending(exit_code=20, run_id="finished")


def test_one_that_does_not_listen_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qsm_bot.schedule.child.GRACE_SECONDS", 0.5)
    assert round_of(DEAF, tmp_path, seconds=0.1) == Ending(exit_code=80, error="NoDocument")
