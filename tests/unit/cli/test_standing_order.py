"""The commands on standing orders, and of all shops, in this process: no portal is needed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qsm_bot.base.log import configure_logging
from qsm_bot.cli.app import run

RULES = """
schema = 1
[[rule]]
name = "named, by hand"
reason = "shipped"
orders = ["1"]
[[rule]]
name = "other"
reason = "ready"
orders = ["2"]
"""
NEW = ("standing-order", "new", "--max-run", "2", "--max-day", "5", "--until", "2099-12-31")
BY = ("--by", "Sato")


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path))
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    yield
    configure_logging(verbose=False, as_json=False)


def test_a_person_gives_looks_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    limits = ("--max-yen", "9000", "--hours", "9:00-16:00")
    rules = ("--rules", "named, by hand", "--rules", "other,other")
    given = run([*NEW, *rules, *limits, *BY, "--json"])
    first = json.loads(capsys.readouterr().out)
    assert given == 0
    assert (first["rules"], first["who"], first["live"]) == (
        ["named, by hand", "other"],
        "Sato",
        True,
    )
    assert (first["max_run"], first["max_day"], first["max_yen"]) == (2, 5, 9000)
    assert (first["hours"], first["until"]) == ("09:00-16:00", "2099-12-31")

    assert run(["standing-order", "end", "--by", "Suzuki"]) == 0
    assert run(["standing-order", "end"]) == 60
    capsys.readouterr()
    assert run(["standing-order", "list", "--json"]) == 0
    (kept,) = json.loads(capsys.readouterr().out)["standing_orders"]
    assert (kept["number"], kept["live"], kept["ended_by"]) == (first["number"], False, "Suzuki")
    assert run(["standing-order", "list"]) == 0
    assert "Suzuki" in capsys.readouterr().out


def test_only_an_order_that_held_is_said_to_be_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["standing-order", "list"]) == 0
    assert "There is no standing order." in capsys.readouterr().out
    told = []
    for _ in range(2):
        assert run([*NEW, "--rules", "other"]) == 0
        told.append("the one before is over" in capsys.readouterr().out)
    assert told == [False, True]


@pytest.mark.parametrize(
    "words",
    [
        [*NEW, "--rules", "othr"],
        [*NEW, "--rules", "other", "--hours", "16:00-9:00"],
        [*NEW, "--rules", "other", "--until", "2020-01-01"],
        [*NEW, "--rules", "other", "--max-run", "6"],
        [*NEW, "--rules", "other", "--max-day", "0"],
        [*NEW],
        ["run", "--all-shops", "--shop", "a"],
        ["run", "--all-shops"],
        ["run", "--jobs", "0"],
    ],
)
def test_what_cannot_be_meant_is_turned_down(words: list[str]) -> None:
    assert run(words) == 60
