"""Rows about time: a clock that is off or jumps, other time zones, midnight in Japan."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from json import loads
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine

from flows.reconcile import reconcile
from qsm_bot.base.clock import JST
from qsm_bot.domain.evidence import NO_EVIDENCE
from qsm_bot.domain.request import Leave, RefusalReason, Refuse
from qsm_bot.mock_portal.testing import builders
from qsm_bot.portal.act.press import ConfirmDialog
from qsm_bot.portal.protocol import Chosen
from qsm_bot.rules import RuleBook
from qsm_bot.rules.decide import decide
from tests.faults.conftest import OpenLab
from tests.faults.lab import Lab
from tests.faults.program import Program
from tests.faults.rows import row

NEW_YEAR = datetime(2027, 1, 1, tzinfo=JST)
HOURS = timedelta(hours=4)


@pytest.fixture(params=["America/New_York", "Pacific/Kiritimati"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Put this machine into another time zone."""
    with patch.dict(os.environ, TZ=request.param):
        time.tzset()
        assert datetime.now().astimezone().utcoffset() != timedelta(hours=9)
        yield request.param
    time.tzset()


@row("F132")
def test_a_clock_that_is_a_little_off_is_no_hindrance(open_lab: OpenLab) -> None:
    lab = open_lab("clock-off:4")
    order = lab.orders[0]

    assert lab.refuse(order).outcomes == {order: "refused"}


@row("F133")
@pytest.mark.by_day(1)
def test_another_time_zone_changes_no_moment(open_lab: OpenLab, zone: str) -> None:
    lab = open_lab()
    order = lab.orders[0]
    before = datetime.fromtimestamp(time.time(), UTC)

    plan = lab.plan(order)
    ending = lab.apply(plan)

    after = datetime.fromtimestamp(time.time(), UTC)
    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)
    book = StringIO()
    lab.context.ledger.export(book)
    written = [loads(line)["at"] for line in book.getvalue().splitlines()]
    assert {moment[-6:] for moment in written} == {"+00:00"}
    moments = [plan.created_at, *map(datetime.fromisoformat, written)]
    assert moments == sorted(moments)
    assert before <= moments[0] <= moments[-1] <= after
    assert plan.to_dict()["created_at"].endswith("+09:00")


@row("F133")
def test_days_are_counted_in_japan_whatever_the_machine_s_zone(zone: str) -> None:
    when = {"min_age_days": 1, "item_name": ["みほん小皿"]}
    rule = {"name": "old", "reason": "made_to_order", "when": when}
    rules = RuleBook.model_validate({"schema": 1, "rule": [rule]})
    asked = builders.request(requested_on=date(2026, 12, 31))

    def decided(moment: datetime) -> type[object]:
        # As the machine itself would write the moment.
        return type(decide(asked, NO_EVIDENCE, rules, moment.astimezone()))

    assert decided(NEW_YEAR - timedelta(minutes=1)) is Leave
    assert decided(NEW_YEAR) is Refuse


@row("F134")
def test_the_day_of_the_refusal_is_the_day_on_which_it_left(open_lab: OpenLab) -> None:
    answer = ConfirmDialog.answer
    with time_machine.travel(NEW_YEAR - timedelta(minutes=1), tick=True) as clock:

        def answer_after_midnight(talk: ConfirmDialog, kind: str, text: str) -> bool:
            if kind == "confirm":
                clock.shift(timedelta(minutes=2))
            return answer(talk, kind, text)

        lab = open_lab()
        order = lab.orders[0]
        with patch.object(ConfirmDialog, "answer", answer_after_midnight):
            ending = lab.refuse(order)
        days = {e.kind: e.at.date() for e in lab.context.ledger.events() if e.order_no == order}
        report = lab._report()

    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)
    assert days["attempt.armed"] == date(2026, 12, 31)
    assert days["attempt.committing"] == days["attempt.settled"] == date(2027, 1, 1)
    assert [each.time.date() for each in lab.server.journal.effects_of("refuse")] == [
        date(2027, 1, 1)
    ]
    assert "拒否当日の 2027-01-01 23:59（日本時間）までに発送処理をしてください。" in report
    assert "拒否当日の 2026-12-31" not in report


def jump_before_the_press(lab: Lab, clock: time_machine.Traveller, *, other: bool) -> None:
    """Let the machine sleep for hours once the form is filled in; another may work meanwhile."""
    choose = lab.seat.choose

    def choose_and_sleep(reason: RefusalReason, text: str | None) -> Chosen:
        chosen = choose(reason, text)
        # Longer than the lease lasts; without another run, longer than the plan too.
        clock.shift(timedelta(minutes=10) if other else HOURS)
        if other:
            reconcile(replace(lab.context, holder="another pid 2"), wait=False)
        return chosen

    lab.seat.choose = choose_and_sleep  # type: ignore[method-assign]


@row("F136")
def test_after_hours_of_sleep_the_button_is_not_pressed(open_lab: OpenLab) -> None:
    with time_machine.travel(NEW_YEAR, tick=True) as clock:
        lab = open_lab()
        order = lab.orders[0]
        plan = lab.plan(order)
        jump_before_the_press(lab, clock, other=False)

        first = lab.apply(plan)
        again = lab.apply(plan)

    assert (first.outcomes, first.error, first.code) == ({order: "not_sent"}, "PlanExpired", 60)
    assert (again.outcomes, again.error, again.code) == ({}, "PlanExpired", 60)
    assert (lab.sent(), lab.refused()) == (0, [])


@row("F136")
def test_who_slept_while_another_took_the_shop_does_not_press(open_lab: OpenLab) -> None:
    with time_machine.travel(NEW_YEAR, tick=True) as clock:
        lab = open_lab()
        order = lab.orders[0]
        jump_before_the_press(lab, clock, other=True)

        ending = lab.refuse(order)

    assert (ending.outcomes, ending.error, ending.code) == ({order: "not_sent"}, "ShopBusy", 70)
    assert (lab.sent(), lab.refused()) == (0, [])
    (attempt,) = lab.context.ledger.attempts()
    assert attempt.outcome == "not_sent"


@row("F144")
def test_what_is_not_shipped_by_the_evening_is_told_and_next_day_stops_new_refusals(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    with time_machine.travel(NEW_YEAR.replace(hour=10), tick=True) as clock:
        lab = open_lab()
        first, second, *_ = lab.orders
        assert lab.refuse(first).outcomes == {first: "refused"}
        program = Program(lab, tmp_path)

        def duty(moment: str) -> tuple[int, list[tuple[str, str]]]:
            said = program.run("duty", "--json", "--now", moment)
            return said.code, [(row["order_no"], row["state"]) for row in said.json["duties"]]

        assert duty("2027-01-01T17:59:59+09:00") == (0, [(first, "open")])
        # The same evening, by a clock in New York.
        assert duty("2027-01-01T04:00:00-05:00") == (30, [(first, "at_risk")])
        assert duty("2027-01-02T00:00:00+09:00") == (30, [(first, "overdue")])

        clock.shift(timedelta(days=1))
        stopped = lab.refuse(second)
        vouched = program.run("duty", "done", first, "--note", "投函済み", "--by", "Sato", "--json")
        went_on = lab.refuse(second)

    assert (stopped.outcomes, stopped.error, stopped.code) == ({}, "DutiesOverdue", 30)
    assert stopped.facts == {"count": 1, "orders": first}
    assert (vouched.code, vouched.json["by"]) == (0, "Sato")
    assert (went_on.outcomes, lab.refused()) == ({second: "refused"}, [first, second])
