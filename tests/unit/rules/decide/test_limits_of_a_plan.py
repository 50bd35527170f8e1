"""The limits of the rules file hold for every plan, whatever limits it brings along."""

import pytest

from qsm_bot.base.errors.plans import PlanNotMadeHere
from qsm_bot.base.errors.safety import LimitExceeded
from qsm_bot.domain.plan import Limits
from qsm_bot.mock_portal.testing.builders import plan, planned
from qsm_bot.rules import RuleBook
from qsm_bot.rules.decide import raise_if_plan_over

RULE = {
    "name": "packed",
    "reason": "ready",
    "evidence": {"packed": True},
    "limits": {"max_count": 2},
}
THREE = tuple(planned(order_no=f"70000000{number}") for number in (1, 2, 3))
FREE = Limits(max_count=9999, max_share=1.0)


def book(**tables: object) -> RuleBook:
    return RuleBook.model_validate({"schema": 1, **tables})


def test_a_plan_within_the_limits_passes() -> None:
    raise_if_plan_over(book(rule=[RULE]), plan(refuse=THREE[:2], total=3, limits=FREE))


def test_limits_that_a_plan_brings_along_are_not_enough() -> None:
    with pytest.raises(LimitExceeded):
        raise_if_plan_over(
            book(limits={"max_count": 2}), plan(refuse=THREE, total=99, limits=FREE, rules="")
        )


def test_a_limit_of_a_rule_holds_for_the_rows_under_its_name() -> None:
    with pytest.raises(LimitExceeded, match="packed"):
        raise_if_plan_over(book(rule=[RULE]), plan(refuse=THREE, total=99, limits=FREE))


def test_a_limit_in_yen_cannot_be_held_for_a_plan_without_rules() -> None:
    with pytest.raises(PlanNotMadeHere):
        raise_if_plan_over(book(limits={"max_amount": 9}), plan(rules=""))
    raise_if_plan_over(book(limits={"max_amount": 9}), plan())
