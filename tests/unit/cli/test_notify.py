"""Messages on the command line: none changes how a command ends."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

from flows.inbox import LOOKED
from qsm_bot.base.clock import JST, now
from qsm_bot.base.errors.people import SignInNeedsPerson
from qsm_bot.cli.app import run
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.wiring.announce import (
    announce,
    announce_day,
    announce_signed_in,
    announce_window,
    notifier_of,
)
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind, RunResult
from qsm_bot.ledger import Ledger
from qsm_bot.mock_portal.testing.builders import plan, planned
from qsm_bot.notify.occasions import of_error
from tests.sink import TOKEN, Sink, sink

SHOP = "みほん商店"
UNKNOWN_PLAN = ["apply", "0123456789ab", "--json"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """A channel of the shop, whose folder is empty; it is noon, so no day ends meanwhile."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QSM_SHOP_NAME", SHOP)
    with sink() as place, time_machine.travel(datetime(2026, 1, 5, 12, tzinfo=JST)):
        monkeypatch.setenv("QSM_NOTIFY", place.url)
        yield place


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def book(folder: Path) -> Ledger:
    return Ledger.open(f"sqlite:///{(folder / 'ledger.sqlite3').as_posix()}")


def test_an_error_that_nobody_is_there_to_read_is_told_once(
    place: Sink, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [run(UNKNOWN_PLAN), run(UNKNOWN_PLAN)] == [60, 60]
    (told,) = place.received
    assert "PlanNotFound" in told["message"]
    assert TOKEN not in said(capsys)


def test_without_a_channel_nothing_is_kept(
    place: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QSM_NOTIFY")
    assert run(UNKNOWN_PLAN) == 60
    assert not (tmp_path / "notify").exists()
    assert run(["notify", "test"]) == run(["notify", "flush"]) == 60


def test_an_outbox_that_cannot_be_written_changes_no_exit_code_and_is_no_reason_for_silence(
    place: Sink, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notify").write_text("")
    assert run(UNKNOWN_PLAN) == 60
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "PlanNotFound"
    assert len(place.received) == 1


def test_a_bug_of_the_messages_changes_no_exit_code(
    place: Sink, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qsm_bot.notify.notifier.Notifier.post", interrupted)
    assert run(UNKNOWN_PLAN) == 60
    assert "not_announced" in said(capsys)


def test_a_bug_of_a_command_is_told_by_its_name_only(
    place: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("見本 花子")

    monkeypatch.setattr("qsm_bot.cli.wiring.stores.find_plan", broken)
    assert run(UNKNOWN_PLAN) == 80
    (told,) = place.received
    assert "QsmBotError" in told["message"]
    assert "見本" not in told["message"]


def test_a_good_run_or_a_sign_in_makes_the_next_trouble_news(place: Sink) -> None:
    job, trouble = Job(), SignInNeedsPerson(what="x")
    good = RunResult(shop=SHOP, run_id="r", plan=None, receipts=())
    for solve in (
        lambda: announce(job, good),
        lambda: announce_signed_in(job),
        lambda: announce(job, plan(refuse=())),
    ):
        announce(job, trouble)
        announce(job, trouble)
        solve()
    announce(job, trouble)
    assert [each["title"] for each in place.received] == [f"[qsm-bot] {SHOP}: sign-in needed"] * 4


def test_somebody_is_called_to_the_window_of_a_sign_in_unless_they_sit_there(
    place: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce_window(Job(), 300)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    announce_window(Job(), 600)
    (told,) = place.received
    assert "for 5 minutes" in told["message"]


def test_flush_and_test_say_what_became_of_each(
    place: Sink, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QSM_NOTIFY_QUIET", "00:00-23:59")
    announce(Job(), SignInNeedsPerson(what="x"))
    assert run(["notify", "flush"]) == 20
    assert run(["notify", "flush", "--wake"]) == 0
    assert run(["notify", "flush"]) == 10
    assert len(place.received) == 1
    place.status = 500
    assert run(["notify", "test"]) == 60
    text = said(capsys)
    assert "sent: 1, still waiting: 0" in text
    assert "1 json: failed" in text
    assert TOKEN not in text


@pytest.mark.parametrize(("hour", "messages"), [("11:59", 1), ("12:01", 0), ("", 0)])
def test_rounds_send_the_days_summary_from_its_hour_on_once(
    place: Sink, monkeypatch: pytest.MonkeyPatch, hour: str, messages: int
) -> None:
    monkeypatch.setenv("QSM_SUMMARY_AT", hour)
    for _ in range(2):
        announce_day(Job())
    assert ["summary" in told["title"] for told in place.received] == [True] * messages


def test_the_summary_of_a_day_goes_out_once(
    place: Sink, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["notify", "summary"]) == 0
    assert "sent before" not in capsys.readouterr().err
    assert run(["notify", "summary"]) == 0
    assert "Today's summary was sent before" in capsys.readouterr().err
    (told,) = place.received
    assert "Runs: 0" in told["message"]


def test_the_watchdog_asks_the_ledger_for_a_run_that_ended_well(
    place: Sink, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["watchdog", "--expect-by", "10:00", "--json"]
    assert run(words) == 30
    assert json.loads(capsys.readouterr().out)["good_run"] is None
    with book(tmp_path) as ledger:
        good = ledger.begin_run(SHOP, "apply", None)
        ledger.end_run(good, 0)
    assert run(words) == 0
    assert json.loads(capsys.readouterr().out)["good_run"] == good
    assert run([*words, "--now", "2036-01-05T10:05"]) == 30
    assert run(["watchdog", "--expect-by", "25:00"]) == 60
    assert [told["title"] for told in place.received] == [
        f"[qsm-bot] {SHOP}: no run came to a good end"
    ] * 2


def test_the_inbox_shows_each_thing_with_what_to_type_until_it_is_done(
    place: Sink, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place.status = 500
    job = Job()
    notifier_of(job.settings, "en").post(
        of_error(SHOP, SignInNeedsPerson(what="x"), now(), attended=False)
    )
    with book(tmp_path) as ledger:
        begun = ledger.begin_run(SHOP, "apply", None)
        permit = ledger.issue_permit(begun, SHOP, planned(), "d", PermitKind.REFUSAL)
        ledger.act(permit).settle(Outcome(kind=OutcomeKind.NEEDS_PERSON))

    assert run(["inbox", "--json"]) == 30
    document = json.loads(capsys.readouterr().out)
    assert [(item["kind"], item["type"][-1]) for item in document["items"]] == [
        ("needs_person", "qsm-bot inbox --done 700000001"),
        ("sign_in", "qsm-bot login"),
        ("message", "qsm-bot notify flush"),
    ]
    assert (document["spooled"], document["sign_in_hours"]) == (1, None)
    assert run(["inbox", "--done", "700000001", "--done", "700000009"]) == 60
    assert run(["inbox", "--lang", "ja"]) == 30
    assert "qsm-bot login" in said(capsys)
    assert run(["inbox", "--done", "700000001"]) == 60
    with book(tmp_path) as ledger:
        assert [e.kind for e in ledger.events(order_no="700000001")].count(LOOKED) == 1


def test_an_empty_inbox_is_nothing_to_do(
    place: Sink, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QSM_PASSWORD", "mihon-pass-1")
    assert run(["inbox"]) == 10
    assert "Nothing waits" in said(capsys)


def test_apprise_is_imported_by_those_who_send_only(place: Sink) -> None:
    code = (
        "import sys; from qsm_bot.cli.app import run; run(['inbox']); run(['notify', 'flush']);"
        "sys.exit('apprise' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
