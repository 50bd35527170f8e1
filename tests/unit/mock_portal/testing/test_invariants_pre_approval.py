"""The judge finds each way in which a refusal can go beyond the standing order it stood on."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.pre_approval import PreApproval
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import ActState, Ledger
from qsm_bot.mock_portal.testing.builders import NOW, plan, planned
from qsm_bot.mock_portal.testing.history import History
from tests.unit.mock_portal.testing.parts import (
    ORDER,
    SHOP,
    Books,
    broken,
    effect,
    found,
    told,
    without,
)

PLAN = plan(refuse=(planned(order_no=ORDER),))
GIVEN, APPROVED = "standing_order.given", "plan.approved"


@pytest.fixture
def history() -> History:
    """A refusal that a standing order let through, within its limits."""
    with Ledger.open("sqlite://", clock=lambda: NOW) as ledger:
        books = Books(ledger)
        ledger.give_standing_order(
            PreApproval(
                shop=SHOP,
                rules=("packed",),
                rules_digest=PLAN.rules,
                max_run=1,
                max_day=1,
                max_yen=1500,
                until=date(2026, 1, 5),
                who="Sato",
            )
        )
        ledger.record_plan(PLAN)
        ledger.approve_by_standing_order(PLAN, {ORDER: 1500})
        run = ledger.begin_run(SHOP, "run", None)
        permit = ledger.issue_permit(run, SHOP, PLAN.refuse[0], PLAN.digest, PermitKind.REFUSAL)
        books.act(permit, ActState.VERIFIED, OutcomeKind.REFUSED)
        books.effects.append(effect(ORDER))
        ledger.end_run(run, 0)
        return books.history()


def test_what_stays_within_is_passed(history: History) -> None:
    assert found(history) == []


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        (GIVEN, {"max_run": 0}, "1 orders in the run"),
        (GIVEN, {"max_day": 0}, "1 orders in the day 2026-01-05, max_day is 0"),
        (GIVEN, {"max_yen": 1499}, "more than 1499 yen"),
        (GIVEN, {"rules": ["other"]}, "rule packed is not in the standing order"),
        (GIVEN, {"rules_digest": "c" * 64}, "under other rules"),
        (GIVEN, {"until": "2026-01-04"}, "ended on 2026-01-04"),
        (GIVEN, {"hours": "10:01-24:00"}, "begun at 10:00"),
        (GIVEN, {"hours": "09:00-10:00"}, "begun at 10:00"),
        (APPROVED, {"standing_order": 99}, "that does not hold"),
        (APPROVED, {"until": NOW.isoformat()}, "after its approval had ended"),
        (APPROVED, {"orders": {ORDER: None}}, "its amount was not known"),
    ],
)
def test_what_goes_beyond_is_found(
    history: History, kind: str, body: dict[str, Any], words: str
) -> None:
    beyond = told(history, kind, **body)
    assert broken(beyond) == {"standing"}
    assert any(words in said for _, _, said in found(beyond))


def test_one_that_nobody_gave_or_that_was_ended_holds_for_nothing(history: History) -> None:
    given = next(entry for entry in history.events if entry.kind == GIVEN)
    ended = replace(given, kind="standing_order.ended", body={"number": 1, "who": "Sato"})
    after = [each for entry in history.events for each in (entry, *([ended] * (entry is given)))]
    assert broken(without(history, GIVEN)) == {"standing"}
    assert broken(replace(history, events=after)) == {"standing"}


def test_a_persons_own_approval_needs_none(history: History) -> None:
    assert found(told(without(history, GIVEN), APPROVED, kind="person")) == []
