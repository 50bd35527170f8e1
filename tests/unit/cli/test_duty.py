"""The commands on duties, in this process: no portal is needed."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.log import configure_logging
from qsm_bot.cli.app import run
from qsm_bot.cli.program import language as lang
from qsm_bot.ledger import Ledger

ORDER = "762544202"
SEEN = datetime(2026, 1, 5, 15, tzinfo=JST)
NOON, NEXT_DAY = "2026-01-05T03:00Z", "2026-01-06T00:00+09:00"


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A shop in which somebody else has refused one order."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path))
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite3'}", clock=lambda: SEEN) as ledger:
        ledger.note("order.missing", {"outcome": "already_refused"}, shop="shop", order_no=ORDER)
    yield
    configure_logging(verbose=False, as_json=False)


def test_each_moment_has_its_exit_code() -> None:
    codes = [run(["duty", "--now", moment]) for moment in (NOON, NEXT_DAY)]
    assert codes == [0, 30]


def test_a_moment_without_a_zone_is_in_japan() -> None:
    last, over = "2026-01-05T23:59", "2026-01-06T00:00"
    assert [run(["duty", "--now", moment, "--out", "a.csv"]) for moment in (last, over)] == [30, 30]
    assert [run(["duty", "--now", moment]) for moment in ("2026-01-05T12:00", last)] == [0, 30]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["duty", "done", ORDER], "'--note' を指定してください"),
        (["duty", "done", ORDER, "--note", " "], "--note には、行ったこと"),
        (["duty", "done", ORDER, "--note", "x", "--lang", "fr"], "--lang fr: ja か en"),
        (["duty", "--now", "now"], "2026-01-05T20:00（日本時間）"),
        (["duty", "--nope"], "--nope というオプションはありません"),
        (["dute"], "dute"),
        (["ledger", "nope"], "nope"),
    ],
)
def test_a_usage_error_names_the_help_of_its_command(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lang, "LANG", "ja")  # chosen when the program starts
    monkeypatch.setenv("QSM_LANG", "ja")
    assert run(words) == 60
    told = capsys.readouterr().err
    assert said in told
    call = " ".join(word for word in words[:2] if word in {"duty", "done", "ledger"})
    assert f"`{f'qsm-bot {call}'.strip()} --help`" in told


@pytest.mark.parametrize(
    "words",
    [
        ["--now", "this evening"],
        ["--now", "0001-01-01T00:00+14:00"],
        ["--out", "packing.pdf"],
        ["--out", "nowhere/packing.csv"],
        ["--now", NOON, "done", ORDER, "--note", "posted"],
        ["done", ORDER, "--note", " "],
        ["done", ORDER],
        ["done", "999999999", "--note", "posted"],
        ["reopen", ORDER, "--note", "came back"],
    ],
)
def test_what_cannot_be_meant_is_turned_down(words: list[str]) -> None:
    assert run(["duty", *words]) == 60


def test_a_person_closes_a_duty_and_takes_it_back(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(["duty", "done", ORDER, "--note", "posted", "--by", "Sato"])
    said = capsys.readouterr().out
    nothing = run(["duty", "--now", NOON])
    capsys.readouterr()
    again = run(["duty", "reopen", ORDER, "--note", "came back", "--by", "Sato", "--json"])
    document = json.loads(capsys.readouterr().out)

    assert (done, nothing, again) == (0, 10, 0)
    assert "says Sato" in said
    assert (document["state"], document["by"]) == ("overdue", "Sato")
    assert run(["duty", "--now", NOON]) == 0


@pytest.mark.parametrize("name", ["packing.csv", "packing.XLSX", "packing.html"])
def test_packing_lists_are_written(name: str, tmp_path: Path) -> None:
    assert run(["duty", "--now", NOON, "--out", name]) == 0
    assert (tmp_path / name).stat().st_size > 100
