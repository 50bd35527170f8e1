"""Which endings are worth a message, and what is in it."""

from datetime import datetime, timedelta

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import RulesInvalid, UsageInvalid
from qsm_bot.base.errors.ledger import LedgerCorrupt
from qsm_bot.base.errors.orders import AlreadyAttempted
from qsm_bot.base.errors.outside import PortalUnreachable, ShopBusy
from qsm_bot.base.errors.people import (
    DutiesOverdue,
    PersonDeclined,
    RunStopped,
    SignInNeedsPerson,
    TooManyUnknown,
)
from qsm_bot.base.errors.qapi import ShipmentUnknown
from qsm_bot.base.errors.safety import ClockSkew, SelectorDrift, UnexpectedDialog
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import DutyAlarm
from qsm_bot.domain.plan import PlannedRest
from qsm_bot.domain.request import Outcome, OutcomeKind, Receipt, RunResult
from qsm_bot.mock_portal.testing.builders import plan, planned
from qsm_bot.notify.day import DayTotals, summary
from qsm_bot.notify.duties import duty_alarm
from qsm_bot.notify.message import Message, MessageKind
from qsm_bot.notify.occasions import (
    missed,
    of_error,
    of_result,
    plan_waits,
    window_open,
)
from tests.unit.notify.parts import NOON

BUYER = "見本 花子"
ERRORS = [
    (SignInNeedsPerson(what=BUYER), MessageKind.SIGN_IN),
    (SelectorDrift(element="x", detail=BUYER), MessageKind.PORTAL_CHANGED),
    (UnexpectedDialog(kind="alert", text=BUYER), MessageKind.PORTAL_CHANGED),
    (ClockSkew(minutes=7), MessageKind.FAILED),
    (PortalUnreachable(url="http://127.0.0.1", detail=BUYER), MessageKind.FAILED),
    (LedgerCorrupt(entry=1, detail=BUYER), MessageKind.FAILED),
    (RulesInvalid(file="rules.toml", detail=BUYER), MessageKind.FAILED),
    (ShopBusy(shop="a", holder=BUYER), MessageKind.FAILED),
    (QsmBotError(detail=BUYER), MessageKind.FAILED),
]


def in_both(message: Message) -> str:
    return message.text("en") + message.text("ja") + message.title("en") + message.title("ja")


@pytest.mark.parametrize(("error", "kind"), ERRORS, ids=lambda each: str(each)[:20])
def test_an_error_is_told_by_its_name_and_its_next_step_and_never_by_what_was_seen(
    error: QsmBotError, kind: MessageKind
) -> None:
    (told,) = of_error("みほん商店", error, NOON, attended=False)
    assert (told.kind, told.key.partition(" ")[0]) == (kind, kind.value)
    assert error.code in told.body.en
    assert error.next_words.ja in told.body.ja
    assert BUYER not in in_both(told)
    assert Message.from_dict(told.to_dict()) == told


@pytest.mark.parametrize(
    ("error", "attended"),
    [
        (PersonDeclined(), False),
        (UsageInvalid(detail="x"), False),
        (RunStopped(), False),
        (AlreadyAttempted(order="1", outcome="unknown", said="unknown"), False),
        (ShopBusy(shop="a", holder="b"), True),
        (RulesInvalid(file="a", detail="b"), True),
    ],
)
def test_what_a_person_sees_or_wanted_is_worth_none(error: QsmBotError, *, attended: bool) -> None:
    assert of_error("a", error, NOON, attended=attended) == []


def receipt(order: str, kind: OutcomeKind) -> Receipt:
    return Receipt(order_no=order, outcome=Outcome(kind=kind))


def test_a_run_is_told_by_the_orders_that_need_a_look_and_by_its_error() -> None:
    receipts = (
        receipt("762544202", OutcomeKind.UNKNOWN),
        receipt(BUYER, OutcomeKind.NEEDS_PERSON),
        receipt("762544206", OutcomeKind.REFUSED),
    )
    result = RunResult(
        shop="a", run_id="r", plan=None, receipts=receipts, error=SignInNeedsPerson(what="x")
    )
    unknown, sign_in = of_result(result, NOON, attended=False)
    assert (unknown.kind, sign_in.kind) == (MessageKind.UNKNOWN, MessageKind.SIGN_IN)
    assert "762544202 ?" in unknown.body.en
    assert "762544206" not in in_both(unknown)
    assert BUYER not in in_both(unknown)


def test_unknown_orders_are_told_once_also_if_they_ended_the_run() -> None:
    error = TooManyUnknown(count=2, limit=1, orders="1 2")
    result = RunResult(
        shop="a",
        run_id="r",
        plan=None,
        receipts=(receipt("1", OutcomeKind.UNKNOWN),),
        error=error,
    )
    assert [each.kind for each in of_result(result, NOON, attended=True)] == [MessageKind.UNKNOWN]
    (told,) = of_error("a", error, NOON, attended=True)
    assert (told.kind, told.about) == (MessageKind.UNKNOWN, "1 2")
    (shipment,) = of_error("a", ShipmentUnknown(order="7", detail="x"), NOON, attended=True)
    assert "7" in shipment.body.ja


def test_a_good_run_is_worth_none() -> None:
    done = RunResult(shop="a", run_id="r", plan=None, receipts=(receipt("1", OutcomeKind.REFUSED),))
    assert of_result(done, NOON, attended=False) == []


def test_a_plan_names_its_digest_what_to_type_and_its_end() -> None:
    one = plan()
    told = plan_waits(one, NOON)
    assert f"qsm-bot approve {one.digest[:12]}`" in told.body.en
    assert f"qsm-bot approve {one.digest[:12]}`" in told.body.ja
    assert "2026-01-05 11:00 JST" in told.body.ja
    again = plan(created_at=one.created_at + timedelta(minutes=5))
    assert again.digest != one.digest
    assert plan_waits(again, NOON).about == told.about
    assert plan_waits(plan(refuse=(planned(order_no="7"),)), NOON).about != told.about


def test_where_only_a_decision_waits_the_orders_are_named() -> None:
    ask = (PlannedRest(order_no="700000001", why=Words("rules disagree", "不一致")),)
    told = plan_waits(plan(refuse=(), ask=ask), NOON)
    assert "700000001" in told.body.en
    assert "qsm-bot inbox --done" in told.body.ja
    assert told.key != plan_waits(plan(), NOON).key


def test_many_orders_are_counted() -> None:
    rows = tuple(planned(order_no=str(700000000 + each)) for each in range(25))
    told = plan_waits(plan(refuse=rows, total=30), NOON)
    assert "700000019 and 5 more" in told.body.en
    assert "ほか 5 件" in told.body.ja


def test_a_day_has_one_summary() -> None:
    day = DayTotals(
        runs=3, bad=1, outcomes={"refused": 2, "gone": 1}, to_ship=["1", "2"], waiting=0
    )
    told = summary("a", day, NOON)
    assert "gone 1, refused 2" in told.body.en
    assert "1 2" in told.body.ja
    later = summary("a", DayTotals(runs=4, bad=1, outcomes={}, to_ship=[], waiting=0), NOON)
    assert (told.key, told.about) == (later.key, later.about)
    assert told.until == datetime(2026, 1, 6, 12, tzinfo=JST)
    assert "none" in later.body.en


def test_the_other_occasions_name_their_time() -> None:
    window = window_open("a", "office-pc", 5, NOON)
    assert "office-pc" in window.body.ja
    assert window.until == NOON + timedelta(minutes=5)
    alarm = missed("a", since=NOON - timedelta(days=1), due=NOON, at=NOON)
    assert "2026-01-04 12:00 JST" in alarm.body.en
    assert "12:00" in alarm.body.ja
    error = DutiesOverdue(count=11, orders="7 8 …")
    (duty,) = of_error("a", error, NOON, attended=True)
    assert duty == duty_alarm("a", DutyAlarm.OVERDUE, ["7", "8"], NOON)
    assert "7 8. Ship" in duty.body.en
