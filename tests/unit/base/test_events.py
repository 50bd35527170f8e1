"""Events: what a run tells programs, a JSON line each."""

import json
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qsm_bot.base.events import EventFile, EventKind, RunEvent
from qsm_bot.base.words import Words

AT = datetime(2026, 1, 5, 3, 0, 0, 250_000, tzinfo=UTC)
READ = RunEvent(kind=EventKind.STEP, words=Words("3 requests", "3 件"))
ENDED = RunEvent(kind=EventKind.DONE, facts={"exit_code": 0})


def clock() -> datetime:
    return AT


def write(file: Path, event: RunEvent, shop: str) -> None:
    events = EventFile.opened(str(file), clock)
    events.write(event, shop)
    events.close()


def test_a_line_says_when_what_and_whose_in_both_languages(tmp_path: Path) -> None:
    write(tmp_path / "e.jsonl", READ, "みほん商店")

    assert json.loads((tmp_path / "e.jsonl").read_text(encoding="utf-8")) == {
        "schema": 1,
        "at": "2026-01-05T12:00:00.250+09:00",
        "kind": "step",
        "shop": "みほん商店",
        "text": {"en": "3 requests", "ja": "3 件"},
    }


def test_a_file_is_appended_to_so_that_several_shops_can_share_it(tmp_path: Path) -> None:
    for shop in ("a", "b"):
        write(tmp_path / "e.jsonl", ENDED, shop)

    lines = (tmp_path / "e.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["shop"] for line in lines] == ["a", "b"]


def test_a_descriptor_gets_each_line_at_once() -> None:
    ours, theirs = os.pipe()
    EventFile.opened(str(theirs), clock).write(ENDED, None)

    assert json.loads(os.read(ours, 4096))["exit_code"] == 0
    os.close(ours)
    os.close(theirs)


def test_a_reader_that_went_away_does_not_disturb_the_run() -> None:
    ours, theirs = os.pipe()
    events = EventFile.opened(str(theirs), clock)
    os.close(ours)

    events.write(READ, None)
    events.write(ENDED, None)
    os.close(theirs)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of no pipe whether it is full")
def test_a_reader_that_stays_and_does_not_read_holds_nothing_up() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    with suppress(BlockingIOError):
        while os.write(theirs, bytes(4096)):
            pass
    os.set_blocking(theirs, True)
    events = EventFile.opened(str(theirs), clock)

    events.write(READ, None)
    there = os.read(ours, 4096)
    events.write(ENDED, None)

    # After the first failure nothing more is tried: no half of a line comes later.
    assert set(there) == {0}
    os.close(theirs)
    rest = b""
    while piece := os.read(ours, 65536):
        rest += piece
    os.close(ours)
    assert set(rest) == {0}


@pytest.mark.parametrize("target", ["/no/such/folder/e.jsonl", "", "987", "-1", "9" * 20])
def test_what_cannot_be_written_is_said_at_the_start(target: str) -> None:
    with pytest.raises(OSError, match=r"No such file|Bad file"):
        EventFile.opened(target, clock)


def test_a_descriptor_that_is_only_read_is_said_at_the_start() -> None:
    with (
        Path(os.devnull).open(encoding="utf-8") as file,
        pytest.raises(OSError, match="Bad file"),
    ):
        EventFile.opened(str(file.fileno()), clock)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in its folders")
def test_a_pipe_that_nobody_reads_holds_nothing_up(tmp_path: Path) -> None:
    pipe = tmp_path / "events"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="No such device"):
        EventFile.opened(str(pipe), clock)
