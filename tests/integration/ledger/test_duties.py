"""Duties on both databases: derived from what was done, ended by entries in the chain."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from qsm_bot.base.errors.inputs import DutyNotOpen
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import ClosedBy, Closing, Duty
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind, RefusalReason
from qsm_bot.ledger import ActState, Ledger
from tests.integration.ledger.parts import (
    ANSWER,
    SHOP,
    START,
    Time,
    outcome,
    permit,
    unguarded,
    walk_to,
)

ORDER, OTHER = "762544202", "762544206"
POSTED = Closing(by=ClosedBy.PERSON, who="Sato", why=Words("posted", "posted"))
LAST_SECOND = START.replace(hour=23, minute=59, second=59)


def refuse(ledger: Ledger, order_no: str = ORDER) -> None:
    walk_to(ledger.act(permit(ledger, order_no)), ActState.SETTLED)


def only(duties: list[Duty]) -> Duty:
    (duty,) = duties
    return duty


def test_a_refusal_is_a_duty_of_its_day_and_other_ends_are_none(ledger: Ledger) -> None:
    refuse(ledger)
    for number, (kind, state, permits) in enumerate(
        [
            (OutcomeKind.GONE, ActState.LEASED, PermitKind.REFUSAL),
            (OutcomeKind.REHEARSED, ActState.CONFIRM_OPEN, PermitKind.REHEARSAL),
            (OutcomeKind.UNKNOWN, ActState.COMMITTING, PermitKind.REFUSAL),
            (OutcomeKind.REJECTED, ActState.COMMITTING, PermitKind.REFUSAL),
        ]
    ):
        act = ledger.act(permit(ledger, f"70000000{number}", permits))
        walk_to(act, state)
        act.settle(outcome(kind))

    duty = only(ledger.duties(SHOP))
    assert (duty.order_no, duty.cart_no, duty.reason) == (
        ORDER,
        "250040690",
        RefusalReason.SHIPPED,
    )
    assert (duty.refused_at, duty.due) == (START, LAST_SECOND)
    assert (duty.by_others, duty.closing, duty.reopened) == (False, None, False)
    assert ledger.duties("shop-b") == []


def test_the_day_is_that_of_the_commit_not_of_the_look_that_settled_it(
    ledger: Ledger, time: Time
) -> None:
    act = ledger.act(permit(ledger))
    time.at = LAST_SECOND
    walk_to(act, ActState.COMMITTING)
    time.passes(2)  # after midnight
    act.settle(outcome(OutcomeKind.UNKNOWN))
    assert ledger.duties(SHOP) == []
    time.passes(3 * 24 * 3600)
    run_id = ledger.begin_run(SHOP, "reconcile", None)
    attempt = ledger.attempts()[0].id
    ledger.settle(attempt, outcome(OutcomeKind.REFUSED), run_id=run_id)

    assert only(ledger.duties(SHOP)).due == LAST_SECOND
    assert only(ledger.overdue(SHOP)).order_no == ORDER


@pytest.mark.parametrize(("answers", "moment"), [(True, START), (False, LAST_SECOND)])
def test_without_a_commit_the_request_counts_or_else_the_intent(
    ledger: Ledger, time: Time, *, answers: bool, moment: datetime
) -> None:
    time.at = LAST_SECOND
    act = ledger.act(permit(ledger))
    walk_to(act, ActState.ARMED)
    if answers:
        time.at = START
        act.answered(ANSWER)
    time.at = LAST_SECOND + timedelta(days=1)
    act.settle(outcome(OutcomeKind.UNKNOWN))
    run_id = ledger.begin_run(SHOP, "reconcile", None)
    ledger.settle(ledger.attempts()[0].id, outcome(OutcomeKind.REFUSED), run_id=run_id)

    assert only(ledger.duties(SHOP)).refused_at == moment


def test_what_others_refused_is_a_duty_at_the_latest_of_the_day_it_was_seen(
    ledger: Ledger, time: Time
) -> None:
    act = ledger.act(permit(ledger))
    time.passes(60)
    act.settle(Outcome(kind=OutcomeKind.ALREADY_REFUSED))
    for order, kind in ((ORDER, "already_refused"), (OTHER, "already_refused"), ("7", "gone")):
        ledger.note("order.missing", {"outcome": kind}, shop=SHOP, order_no=order)
    refuse(ledger, "762544999")
    ledger.note("order.missing", {"outcome": "already_refused"}, shop=SHOP, order_no="762544999")

    found = {duty.order_no: (duty.by_others, duty.reason) for duty in ledger.duties(SHOP)}
    assert found == {
        ORDER: (True, None),
        OTHER: (True, None),
        "762544999": (False, RefusalReason.SHIPPED),
    }
    assert ledger.duties(SHOP, order_no=OTHER)[0].refused_at == time.at
    time.passes(24 * 3600)
    # Not the shop's own doing: it is shown, and stops nothing.
    assert [duty.order_no for duty in ledger.overdue(SHOP)] == ["762544999"]


def test_it_is_closed_once_opened_again_and_closed_again(ledger: Ledger, time: Time) -> None:
    refuse(ledger)
    refuse(ledger, OTHER)
    time.passes(60)
    closed = ledger.close_duty(SHOP, ORDER, POSTED)

    assert closed in ledger.duties(SHOP)
    assert closed.closing is not None
    assert (closed.closing.who, closed.closing.at) == ("Sato", time.at)
    assert [duty.order_no for duty in ledger.duties(SHOP, only_open=True)] == [OTHER]
    with pytest.raises(DutyNotOpen):
        ledger.close_duty(SHOP, ORDER, POSTED)

    reopened = ledger.reopen_duty(SHOP, ORDER, who="Sato", why="came back")
    assert reopened.reopened
    assert reopened in ledger.duties(SHOP, only_open=True)
    with pytest.raises(DutyNotOpen):
        ledger.reopen_duty(SHOP, ORDER, who="Sato", why="again")
    time.passes(24 * 3600)
    assert [duty.order_no for duty in ledger.overdue(SHOP)] == [ORDER, OTHER]

    ledger.close_duty(SHOP, ORDER, POSTED)
    assert [duty.order_no for duty in ledger.overdue(SHOP)] == [OTHER]
    kinds = [event.kind for event in ledger.events(order_no=ORDER)][-3:]
    assert kinds == ["duty.closed", "duty.reopened", "duty.closed"]
    assert ledger.verify().broken is None


@pytest.mark.parametrize("order_no", ["999999999", OTHER])
def test_a_duty_that_is_not_there_cannot_end(ledger: Ledger, order_no: str) -> None:
    ledger.act(permit(ledger, OTHER)).settle(outcome(OutcomeKind.GONE))
    with pytest.raises(DutyNotOpen):
        ledger.close_duty(SHOP, order_no, POSTED)
    with pytest.raises(DutyNotOpen):
        ledger.reopen_duty(SHOP, order_no, who="Sato", why="?")
    assert not [event for event in ledger.events() if event.kind.startswith("duty.")]


def test_an_end_that_was_changed_afterwards_breaks_the_chain(
    ledger: Ledger, ledger_url: str
) -> None:
    refuse(ledger)
    ledger.close_duty(SHOP, ORDER, POSTED)
    with unguarded(ledger_url) as connection:
        change = "UPDATE events SET body = replace(body, 'Sato', 'Mori')"
        connection.execute(text(change + " WHERE kind = 'duty.closed'"))
    assert ledger.verify().broken is not None
