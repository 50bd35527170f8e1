"""Jobs: commands as processes; one at a time, found again, stopped between two orders."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from qsm_bot.base.stopping import STOP_FILE
from qsm_bot.base.words import Lang
from qsm_bot.board.desk import ShopDesk
from qsm_bot.board.job_record import JobKind, end_of
from qsm_bot.board.jobs import ShopJobs, events_in
from qsm_bot.config.settings import Settings
from tests.patience import patient

_PROGRAM = """
import json, pathlib, sys, time
code, folder, events = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
with open(events, "a") as out:
    print(json.dumps({"kind": "step", "text": {"en": sys.argv[4], "ja": sys.argv[4]}}), file=out)
while not (folder / "go").exists():
    time.sleep(0.02)  # what another process does sends no event
with open(events, "a") as out:
    print(json.dumps({"kind": "done", "exit_code": code}), file=out)
sys.exit(code)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScriptDesk(ShopDesk):
    """A shop whose commands are a script: it waits for the file `go`, and ends as it is told."""

    def command(self, words: Sequence[str], lang: Lang, *, events: Path | None) -> list[str]:
        """Return the script's command line."""
        return [sys.executable, "-c", _PROGRAM, words[0], str(self.folder), str(events), words[1]]


@pytest.fixture
def desk(tmp_path: Path) -> ScriptDesk:
    settings = Settings.model_construct(data_dir=tmp_path / "data", shop_name="みほん商店")
    return ScriptDesk(key="x", load=lambda: settings, folder=tmp_path)


def until(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + patient(20)
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)  # what another process does sends no event


def start(jobs: ShopJobs, *steps: tuple[str, str], kind: JobKind = JobKind.READ) -> str:
    return jobs.start(kind, steps, lang="ja")


def test_a_job_ends_with_its_commands_code_and_what_it_told(desk: ScriptDesk) -> None:
    jobs = ShopJobs(desk)
    name = start(jobs, ("0", "one"), ("20", "two"))
    (desk.folder / "go").touch()

    until(lambda: end_of(jobs.folder(name)) is not None)
    assert end_of(jobs.folder(name)) == 20
    assert [e["text"]["en"] for e in events_in(jobs.folder(name)) if "text" in e] == ["one", "two"]


def test_what_follows_a_failed_command_is_not_begun(desk: ScriptDesk) -> None:
    jobs = ShopJobs(desk)
    (desk.folder / "go").touch()
    name = start(jobs, ("60", "one"), ("0", "two"))

    until(lambda: end_of(jobs.folder(name)) is not None)
    assert end_of(jobs.folder(name)) == 60
    assert [e["text"]["en"] for e in events_in(jobs.folder(name)) if "text" in e] == ["one"]


def test_one_runs_and_the_others_wait_in_their_order(desk: ScriptDesk) -> None:
    jobs = ShopJobs(desk)
    names = [start(jobs, ("0", each)) for each in ("one", "two", "three")]

    until(lambda: events_in(jobs.folder(names[0])))
    assert [job.name for job in jobs.alive()] == names
    assert events_in(jobs.folder(names[1])) == []
    (desk.folder / "go").touch()
    until(lambda: not jobs.alive())
    assert [end_of(jobs.folder(name)) for name in names] == [0, 0, 0]


def test_the_same_job_is_not_begun_twice(desk: ScriptDesk) -> None:
    jobs = ShopJobs(desk)

    assert start(jobs, ("0", "one")) == start(jobs, ("0", "one"))
    (desk.folder / "go").touch()
    until(lambda: not jobs.alive())


def test_a_wish_to_stop_ends_with_the_job(desk: ScriptDesk) -> None:
    jobs = ShopJobs(desk)
    start(jobs, ("0", "one"))
    jobs.stop()
    assert (desk.load().data_dir / STOP_FILE).exists()

    (desk.folder / "go").touch()
    until(lambda: not jobs.alive())
    assert not (desk.load().data_dir / STOP_FILE).exists()


def test_a_board_that_comes_back_finds_the_job_still_running(desk: ScriptDesk) -> None:
    first = ShopJobs(desk)
    name = start(first, ("0", "one"))
    until(lambda: events_in(first.folder(name)) and (first.folder(name) / "pid").exists())

    second = ShopJobs(desk)

    assert [job.name for job in second.alive()] == [name]
    (desk.folder / "go").touch()
    until(lambda: not second.alive())
    assert end_of(second.folder(name)) == 0


def test_a_job_that_died_with_the_board_is_told_as_broken_off(desk: ScriptDesk) -> None:
    jobs = ShopJobs(desk)
    (desk.folder / "go").touch()
    name = start(jobs, ("0", "one"))
    until(lambda: end_of(jobs.folder(name)) is not None)
    (jobs.folder(name) / "end.json").unlink()
    (jobs.folder(name) / "events.jsonl").write_text('{"kind": "step"}\n{"kind', encoding="utf-8")

    assert end_of(ShopJobs(desk).folder(name)) == -1


def test_a_job_is_named_by_nothing_but_its_own_folder(desk: ScriptDesk) -> None:
    jobs = ShopJobs(desk)

    for name in ("..", "../..", "nothing", ""):
        assert jobs.find(name) is None
    assert jobs.newest() == []
