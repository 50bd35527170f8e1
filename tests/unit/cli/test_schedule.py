"""The commands schedule and watch, in this process: what they print and how they end."""

import json
import plistlib
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from qsm_bot.base.clock import JST
from qsm_bot.base.shop_lock import shop_lock
from qsm_bot.cli.app import run
from qsm_bot.schedule.history import Ending, Page, RoundHistory

SHOP = "みほん商店"
KEY = "https://qsm.qoo10.jp name みほん商店"
NINE = datetime(2026, 1, 5, 9, tzinfo=JST)
CONFIG = """\
schedule_at = ["09:00"]
[shops.tokyo]
schedule_at = ["09:00", "13:00"]
[shops.osaka]
schedule_every = "1h"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop with one round a day, in the current folder; no timer program is on the path."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("QSM_SHOP_NAME", SHOP)
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    Path("qsm-bot.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.fixture
def book(folder: Path) -> RoundHistory:
    return RoundHistory(folder / "data" / "schedule", KEY)


def test_print_gives_the_very_bytes(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["schedule", "print", "--for", "windows"]) == 0
    assert "<WakeToRun>true" in capsysbinary.readouterr().out.decode("utf-16")

    words = ["schedule", "print", "--for", "launchd", "--shop", "tokyo", "--config", "qsm-bot.toml"]
    assert run(words) == 0
    agent = plistlib.loads(capsysbinary.readouterr().out)
    config = str(folder / "qsm-bot.toml")
    watch = ["watch", "--once", "--shop", "tokyo", "--config", config]
    assert agent["ProgramArguments"] == [sys.executable, "-m", "qsm_bot", *watch]
    assert agent["WorkingDirectory"] == str(folder)


@pytest.mark.parametrize("kind", ["systemd", "windows", "launchd", "cron"])
def test_print_as_one_document(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schedule", "print", "--for", kind, "--all-shops", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["for"] == kind
    text = "".join(document["files"].values())
    assert "--all-shops" in text
    assert "qsm-bot-all-shops" in text


@pytest.mark.parametrize("verb", ["install", "remove", "status"])
def test_a_missing_program_is_told(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["schedule", verb, "--for", "cron", "--json"])
    error = json.loads(capsys.readouterr().out)["error"]
    assert (code, error["code"]) == (80, "TimerToolMissing")
    assert error["message"].startswith("crontab is not on this computer")


def test_install_says_what_it_did_and_what_the_timer_will_not_know(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = folder / "tools" / "crontab"
    table.parent.mkdir()
    table.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    table.chmod(0o755)

    codes = [run(["schedule", verb, "--for", "cron"]) for verb in ("install", "status", "remove")]

    said = capsys.readouterr()
    assert codes == [0, 10, 0]
    assert "qsm-bot is set up (cron). Next: " in said.out
    assert "qsm-bot: not set up (cron)" in said.out
    assert "the timer does not know this terminal's QSM_DATA_DIR QSM_LANG QSM_SHOP_NAME" in said.err


def watch_once(capsys: pytest.CaptureFixture[str], moment: datetime, *words: str) -> object:
    """Let a timer call at that moment; return the exit code and what became of the rounds."""
    with time_machine.travel(moment, tick=False):
        code = run(["watch", "--once", "--json", *words])
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == code
    return code, [(each["count"], each["state"]) for each in document["rounds"]]


def test_a_timer_s_call_runs_what_is_due_and_tells_what_was_missed(
    capsys: pytest.CaptureFixture[str], book: RoundHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[str, ...]] = []

    def round_(process: object) -> Ending:
        called.append(process._command)  # type: ignore[attr-defined]
        return Ending(exit_code=20, run_id="r")

    monkeypatch.setattr("qsm_bot.schedule.round_process.RoundProcess.__call__", round_)

    assert watch_once(capsys, NINE - timedelta(minutes=5)) == (10, [])
    assert watch_once(capsys, NINE) == (20, [(1, "due")])
    assert watch_once(capsys, NINE + timedelta(minutes=1)) == (10, [])
    assert watch_once(capsys, NINE + timedelta(days=3, hours=3)) == (30, [(3, "missed")])
    assert watch_once(capsys, NINE + timedelta(days=4), "--every", "1h")[0] == 20  # type: ignore[index]
    assert called[0] == (sys.executable, "-m", "qsm_bot", "run", "--json")
    assert len(called) == 2
    assert book.read().lines[0].ending == Ending(exit_code=20, run_id="r")


def test_a_timer_s_call_beside_another_watch_does_nothing(
    capsys: pytest.CaptureFixture[str], book: RoundHistory
) -> None:
    with shop_lock(book.path.parent, KEY):
        timer = run(["watch", "--once", "--json"])
        told = json.loads(capsys.readouterr().out)
        person = run(["watch", "--json"])

    assert (timer, list(told)) == (10, ["schema", "busy"])
    assert (person, json.loads(capsys.readouterr().out)["error"]["code"]) == (70, "ShopBusy")
    assert book.read() == Page()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--every", "soon"], '--every soon: a step such as "15m"'),
        (["--shop", "osaka"], "set one of them"),
    ],
)
def test_a_schedule_that_is_none_is_told(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["watch", *words]) == 60
    assert told in capsys.readouterr().err
