"""Standing orders on both databases: entries of the chain, one that holds for each shop."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qsm_bot.base.errors.plans import BeyondStandingOrder, NoStandingOrder, PlanNotFound
from qsm_bot.domain.plan import ApprovalKind, Plan
from qsm_bot.domain.pre_approval import PreApproval
from qsm_bot.ledger import Ledger
from tests.integration.ledger.parts import SHOP, START, Time, plan, planned

DAY = 24 * 3600
ORDER, OTHER = "762544202", "762544206"


def order(**changes: Any) -> PreApproval:
    fields: dict[str, Any] = {
        "shop": SHOP,
        "rules": ("has-tracking",),
        "rules_digest": "r",
        "max_run": 1,
        "max_day": 1,
        "max_yen": 3000,
        "until": date(2026, 1, 6),
        "who": "Sato",
    }
    return PreApproval(**(fields | changes))


def recorded(ledger: Ledger, order_no: str = ORDER, **changes: Any) -> Plan:
    made = replace(plan(), refuse=(planned(order_no),), **changes)
    ledger.record_plan(made)
    return made


def test_the_newest_holds_until_it_is_ended_or_its_last_day_is_over(
    ledger: Ledger, time: Time
) -> None:
    first = ledger.give_standing_order(order())
    second = ledger.give_standing_order(order(max_run=2, max_day=5))
    ledger.give_standing_order(order(shop="shop-b"))
    assert ledger.standing_order(SHOP) == second
    assert [(o.number, o.ended_by) for o in ledger.standing_orders(SHOP)] == [
        (second.number, ""),
        (first.number, "Sato"),
    ]
    time.passes(DAY)
    assert ledger.standing_order(SHOP) == second
    time.passes(DAY)
    assert ledger.standing_order(SHOP) is None
    with pytest.raises(NoStandingOrder):
        ledger.end_standing_order(SHOP, who="Sato")

    third = ledger.give_standing_order(order(until=date(2026, 2, 1)))
    ended = ledger.end_standing_order(SHOP, who="Suzuki")
    assert (ended.number, ended.ended_by, ended.ended_at) == (third.number, "Suzuki", time.at)
    assert ledger.standing_orders(SHOP)[0] == ended
    assert ledger.standing_order(SHOP) is None
    assert ledger.verify().broken is None


def test_it_lets_through_what_its_limits_leave_on_that_day(ledger: Ledger, time: Time) -> None:
    made = recorded(ledger)
    with pytest.raises(BeyondStandingOrder):
        ledger.approve_by_standing_order(made, {ORDER: 1500})
    given = ledger.give_standing_order(order())
    approval = ledger.approve_by_standing_order(made, {ORDER: 1500})

    assert ledger.approval(made.digest) == approval
    assert (approval.kind, approval.until) == (ApprovalKind.STANDING, made.expires_at)
    (entry,) = ledger.events(kinds=["plan.approved"])
    assert (entry.body["standing_order"], entry.body["orders"]) == (given.number, {ORDER: 1500})
    assert entry.body["rules"] == "r"
    # The same order again is no second one; another one is.
    ledger.approve_by_standing_order(recorded(ledger, total=2), {ORDER: 1500})
    with pytest.raises(BeyondStandingOrder):
        ledger.approve_by_standing_order(recorded(ledger, OTHER), {OTHER: 1500})
    assert ledger.let_through_today(SHOP) == {ORDER: 1500}
    assert ledger.let_through_today("shop-b") == {}

    time.passes(DAY)
    assert ledger.let_through_today(SHOP) == {}
    tomorrow = recorded(ledger, OTHER, expires_at=made.expires_at.replace(day=START.day + 1))
    ledger.approve_by_standing_order(tomorrow, {OTHER: 1500})
    assert ledger.verify().broken is None


def test_a_plan_that_is_not_recorded_is_not_let_through(ledger: Ledger) -> None:
    ledger.give_standing_order(order())
    with pytest.raises(PlanNotFound):
        ledger.approve_by_standing_order(plan(), {ORDER: 1})
    assert list(ledger.events(kinds=["plan.approved"])) == []
