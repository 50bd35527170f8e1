"""Commands that go through all shops of the settings file, one after the other."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.cli.app import run
from qsm_bot.cli.wiring.sign_in_gate import gate_of
from qsm_bot.config.settings_file import load_settings
from qsm_bot.ledger import Ledger

ORDER = "762544202"
CONFIG = """\
portal_url = "http://127.0.0.1:9"
keep_session = false
[shops.a]
login_id = "a-id"
password = "a password"
shop_name = "みほん商店"
[shops.b]
login_id = "b-id"
password = "b password"
shop_name = "みほん商店"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two shops with one shown name; b has an order to ship, and its password is wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path / "data"))
    Path("qsm-bot.toml").write_text(CONFIG, encoding="utf-8")
    b = load_settings(None, "b")
    (tmp_path / "data").mkdir()
    at = datetime(2026, 1, 5, 12, tzinfo=JST)
    with Ledger.open(b.ledger, clock=lambda: at, shop=b.identity) as ledger:
        ledger.note("order.missing", {"outcome": "already_refused"}, shop=b.shop, order_no=ORDER)
    gate_of(b, "b password")._state.hold_sign_in(
        f"{b.identity.key}\n\nb password", "SignInFailed", Words("no", "不可"), at
    )
    return tmp_path


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = run([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_inbox_of_all_shops_keeps_them_apart(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = called(capsys, "inbox", "--all-shops")
    assert (code, document["exit_code"]) == (30, 30)
    a, b = document["shops"]  # type: ignore[misc]
    assert (a["name"], a["exit_code"], a["items"]) == ("a", 10, [])  # type: ignore[has-type]
    assert {item["kind"] for item in b["items"]} == {"duty", "sign_in"}  # type: ignore[has-type]
    types = [words for item in b["items"] for words in item["type"]]  # type: ignore[has-type]
    assert all(words.endswith(" --shop b") for words in types)


def test_the_duties_of_all_shops(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = called(capsys, "duty", "--all-shops")
    assert code == 30
    assert [len(each["duties"]) for each in document["shops"]] == [0, 1]  # type: ignore[attr-defined]


def test_doctor_looks_at_each_shop_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = called(capsys, "doctor")
    assert code == 40
    states = [
        {check["name"]: check["state"] for check in each["checks"]}["sign-in"]
        for each in document["shops"]  # type: ignore[attr-defined]
    ]
    assert states == ["ok", "fail"]


def test_for_people_each_shop_has_a_heading(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inbox", "--all-shops"]) == 30
    out = capsys.readouterr().out
    assert out.index("■ a") < out.index("■ b") < out.index(ORDER)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["inbox", "--all-shops", "--shop", "a"], "--shop and --all-shops"),
        (["inbox", "--all-shops", "--config", "none.toml"], "none.toml"),
    ],
)
def test_what_cannot_be_is_told(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 60
    assert told in capsys.readouterr().err


def test_a_file_without_shops_has_none_to_go_through(capsys: pytest.CaptureFixture[str]) -> None:
    Path("qsm-bot.toml").write_text('login_id = "a-id"\n', encoding="utf-8")
    assert run(["inbox", "--all-shops"]) == 60
    assert "[shops.NAME]" in capsys.readouterr().err
