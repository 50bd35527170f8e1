"""A file with several shops: each is told apart, and none is ever meant in silence."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.log import configure_logging
from qsm_bot.cli.app import run
from qsm_bot.config.settings_file import load_settings
from qsm_bot.ledger import Ledger

ORDER = "762544202"
SEEN = datetime(2026, 1, 5, 15, tzinfo=JST)
FILE = """
shop_name = "みほん商店"
[shops.tokyo]
login_id = "mihon_tokyo"
shop_name = "みほん東京"
[shops.osaka]
login_id = "mihon_osaka"
shop_name = "みほん大阪"
"""


@pytest.fixture(autouse=True)
def _shops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "qsm-bot.toml").write_text(FILE, encoding="utf-8")
    shop = load_settings(shop="osaka").shop
    ledger = f"sqlite:///{tmp_path / 'data' / 'ledger.sqlite3'}"
    with Ledger.open(ledger, clock=lambda: SEEN) as book:
        book.note("order.missing", {"outcome": "already_refused"}, shop=shop, order_no=ORDER)
    yield
    configure_logging(verbose=False, as_json=False)


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_duty_of_any_shop_is_told_without_asking_for_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = run(["duty", "--json", "--now", "2026-01-05T12:00"])

    shops = told(capsys)["shops"]
    assert code == 0
    assert [len(shop["duties"]) for shop in shops] == [0, 0, 1]


def test_the_shops_stand_apart_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    run(["duty", "--now", "2026-01-05T12:00"])

    out = capsys.readouterr().out
    assert out.index("■ tokyo") < out.index("■ osaka") < out.index(ORDER)


def test_what_waits_in_any_shop_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["inbox", "--json"])

    document = told(capsys)
    assert code == document["exit_code"] == 30
    assert len(document["shops"]) == 3


@pytest.mark.parametrize(
    "words", [["list"], ["history"], ["report"], ["plan"], ["duty", "--out", "a.csv"]]
)
def test_where_one_shop_is_needed_the_question_is_which(
    words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text("schema = 1\n", encoding="utf-8")

    assert run([*words, "--json"]) == 60

    said = told(capsys)["error"]["message"]
    assert "みほん商店, tokyo, osaka" in said


def test_the_settings_at_the_top_are_chosen_by_their_own_name() -> None:
    assert load_settings(shop="みほん商店").shop_name == "みほん商店"
    assert load_settings(shop="tokyo").shop_name == "みほん東京"


def test_the_environment_may_say_which_shop_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSM_SHOP_NAME", "みほん大阪")

    assert load_settings().is_of_one_shop


@pytest.mark.parametrize("note", ["…", "...", "・・・", " "])
def test_a_line_pasted_as_it_is_printed_records_nothing(note: str) -> None:
    assert run(["duty", "done", ORDER, "--shop", "osaka", "--note", note]) == 60
