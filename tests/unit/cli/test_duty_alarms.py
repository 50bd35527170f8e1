"""Duties at risk are told by whatever runs anyway: each alarm once, louder and louder."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.cli.app import run
from qsm_bot.cli.wiring.duty_alarms import raise_duty_alarms
from qsm_bot.cli.wiring.sign_in_gate import shop_state
from qsm_bot.config.settings import Settings
from qsm_bot.config.settings_file import load_settings
from qsm_bot.ledger import Ledger
from qsm_bot.notify.outbox import Outbox

FIRST, SECOND = "762544202", "762544206"
NOON = datetime(2026, 1, 5, 12, tzinfo=JST)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A shop whose messages go nowhere: they wait in the outbox."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QSM_LOGIN_ID", "mihon")
    monkeypatch.setenv("QSM_SHOP_NAME", "みほん商店")
    monkeypatch.setenv("QSM_NOTIFY", "json://127.0.0.1:9")
    monkeypatch.setenv("QSM_SCHEDULE_AT", "09:00")
    return load_settings()


def refused(shop: Settings, *orders: str) -> None:
    with Ledger.open(shop.ledger, clock=lambda: NOON, shop=shop.identity) as ledger:
        for order in orders:
            body = {"outcome": "already_refused"}
            ledger.note("order.missing", body, shop=shop.shop, order_no=order)


def subjects(shop: Settings) -> list[str]:
    outbox = Outbox(shop.data_dir / "notify", shop.identity.key)
    return [each.message.subject.en for each in outbox.waiting()]


def at(moment: datetime, shop: Settings) -> list[str]:
    said: list[Words] = []
    with time_machine.travel(moment, tick=False):
        raise_duty_alarms(shop, "en", said.append)
    return [words.en for words in said]


def test_each_alarm_is_raised_once(shop: Settings) -> None:
    refused(shop, FIRST, SECOND)
    assert at(NOON, shop) == []
    evening = NOON.replace(hour=18)
    told = [at(evening + timedelta(minutes=minutes), shop) for minutes in range(0, 480, 10)]

    lines = [line for lines in told for line in lines]
    orders = f"{FIRST} {SECOND}"
    assert lines == [
        f"みほん商店: refused, and not shipped yet: {orders}",
        f"みほん商店: refused, and to be shipped within two hours: {orders}",
        f"みほん商店: refused, and shipping is overdue: {orders}",
    ]
    assert [len(each) for each in told].index(1) == 0
    assert len(subjects(shop)) == 3


def test_an_order_that_comes_later_is_told_of_alone(shop: Settings) -> None:
    refused(shop, FIRST)
    at(NOON.replace(hour=18), shop)
    refused(shop, SECOND)
    assert at(NOON.replace(hour=19), shop) == [
        f"みほん商店: refused, and not shipped yet: {SECOND}"
    ]


def test_what_was_shipped_is_told_of_no_more(shop: Settings) -> None:
    refused(shop, FIRST)
    with time_machine.travel(NOON.replace(hour=20), tick=False):
        assert run(["duty", "done", FIRST, "--note", "handed over"]) == 0
    assert at(NOON.replace(hour=22), shop) == []
    assert shop_state(shop).duties_told == {}


def test_a_timer_s_call_raises_it_also_where_no_round_is_due(
    shop: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(shop, FIRST)
    with time_machine.travel(NOON.replace(hour=18), tick=False):
        assert run(["watch", "--once", "--json"]) == 10
    assert f"not shipped yet: {FIRST}" in capsys.readouterr().err
    assert subjects(shop) == ["refused, and not shipped yet"]


def test_what_goes_wrong_changes_nothing(shop: Settings, tmp_path: Path) -> None:
    refused(shop, FIRST)
    (tmp_path / "state").write_text("a file in the folder's place")
    assert len(at(NOON.replace(hour=18), shop)) == 1
    (tmp_path / "ledger.sqlite3").write_bytes(b"damaged")
    assert at(NOON.replace(hour=18), shop) == []
