"""How far a standing order reaches."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.domain.pre_approval import (
    Amounts,
    ApprovalHours,
    PreApproval,
    standing_order_from_dict,
)
from qsm_bot.mock_portal.testing.builders import NOW, plan, planned

TWO = (planned(order_no="1"), planned(order_no="2"))
AMOUNTS = {"1": 1500, "2": 500}


def order(**changes: Any) -> PreApproval:
    """Return one that just reaches as far as the plan of `TWO`."""
    fields: dict[str, Any] = {
        "shop": "みほん商店",
        "rules": ("packed",),
        "rules_digest": "a" * 64,
        "max_run": 2,
        "max_day": 2,
        "max_yen": 2000,
        "hours": ApprovalHours.parse("10:00-11:00"),
        "until": date(2026, 1, 5),
        "who": "Sato",
    }
    return PreApproval(**(fields | changes))


def why(given: PreApproval, today: Amounts | None = None, **changes: Any) -> str:
    amounts = changes.pop("amounts", AMOUNTS)
    now = changes.pop("now", NOW)
    words = given.why_not(plan(refuse=TWO, **changes), amounts, today or {}, now)
    return words.en if words else ""


@pytest.mark.parametrize("today", [{}, {"1": 1500}, dict(AMOUNTS)])
def test_up_to_its_limits_it_lets_a_plan_through_and_an_order_counts_once(today: Amounts) -> None:
    assert why(order(), today) == ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rules": ("other",)}, "it does not name rule “packed”"),
        ({"rules_digest": "b" * 64}, "the rules have changed since"),
        ({"max_run": 1}, "2 at once, at most 1"),
        ({"max_day": 1}, "2 on this day, at most 1"),
        ({"max_yen": 1999}, "2000 yen on this day, at most 1999"),
        ({"hours": ApprovalHours.parse("10:01-24:00")}, "from 10:01 to 24:00"),
        ({"hours": ApprovalHours.parse("09:00-10:00")}, "from 09:00 to 10:00"),
        ({"hours": ApprovalHours.parse("09:00-10:59")}, "outlasts"),
        ({"until": date(2026, 1, 4)}, "it has ended"),
        ({"ended_at": NOW, "ended_by": "Sato"}, "it has ended"),
    ],
)
def test_each_limit_stops_the_whole_plan(changes: dict[str, Any], told: str) -> None:
    assert told in why(order(**changes))


def test_what_was_let_through_today_counts_and_an_unknown_amount_is_no_amount() -> None:
    assert why(order(), {"3": 0}) == "3 on this day, at most 2"
    assert why(order(max_day=3), {"3": 1}) == "2001 yen on this day, at most 2000"
    assert why(order(), amounts={"1": 1500}) == "the amount of 2 is unknown"
    assert why(order(max_yen=None), amounts={}) == ""


def test_its_last_day_ends_at_midnight_in_japan() -> None:
    given = order(hours=None)
    midnight = datetime(2026, 1, 6, tzinfo=JST)
    assert given.is_live(midnight - timedelta(seconds=1))
    assert not given.is_live(midnight)
    assert given.end_of(NOW) == midnight
    assert order(hours=ApprovalHours.parse("10:00-24:00")).end_of(NOW) == midnight
    assert order().end_of(NOW) == NOW.replace(hour=11)


def test_the_ledgers_form_gives_it_back() -> None:
    for given in (order(), order(hours=None, max_yen=None)):
        back = standing_order_from_dict(given.to_dict(), shop=given.shop, number=0, at=NOW)
        assert back == order(hours=given.hours, max_yen=given.max_yen, at=NOW)


@pytest.mark.parametrize("text", ["", "9-16", "16:00-09:00", "09:00-09:00", "25:00-26:00"])
def test_hours_that_are_none_are_turned_down(text: str) -> None:
    with pytest.raises(ValueError, match="times"):
        ApprovalHours.parse(text)
