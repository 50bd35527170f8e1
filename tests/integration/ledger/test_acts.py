"""Permits and acts on both databases: one attempt, one step at a time."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from qsm_bot.base.errors.ledger import IllegalTransition, LedgerRuleBroken
from qsm_bot.base.errors.orders import AlreadyAttempted
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import Permit, PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind, RefusalReason
from qsm_bot.ledger import Act, ActState, Ledger
from qsm_bot.ledger.states import BEFORE_COMMIT, ENDINGS, MOVES
from qsm_bot.portal.protocol import ActLog
from tests.integration.ledger.parts import (
    ALERT,
    ANSWER,
    PLAN_DIGEST,
    SHOP,
    STEP_STATES,
    STEPS,
    TWO_PROOFS,
    Time,
    outcome,
    permit,
    planned,
    walk_to,
)

COUNTER = itertools.count()
REACHABLE = [(state, PermitKind.REFUSAL) for state in ActState] + [
    (state, PermitKind.REHEARSAL) for state in sorted(BEFORE_COMMIT)
]


def act_at(ledger: Ledger, state: ActState, kind: PermitKind = PermitKind.REFUSAL) -> Act:
    """Return an act on a fresh order that stands at `state`."""
    act = ledger.act(permit(ledger, f"order-{next(COUNTER)}", kind))
    walk_to(act, state)
    return act


def stands_at(ledger: Ledger) -> ActState:
    """Return the state of the newest attempt, as the ledger has it."""
    return ledger.attempts(limit=1)[0].state


@pytest.mark.parametrize(("before", "kind"), REACHABLE)
def test_steps_follow_the_table_and_nothing_else(
    ledger: Ledger, before: ActState, kind: PermitKind
) -> None:
    act = act_at(ledger, before, kind)
    for (step, arguments), after in zip(STEPS, STEP_STATES, strict=True):
        rehearsed = kind is PermitKind.REHEARSAL and after is ActState.COMMITTING
        if (before, after) in MOVES and not rehearsed:
            getattr(act, step)(*arguments)
            assert (act.state, stands_at(ledger)) == (after, after)
            act = act_at(ledger, before, kind)
        else:
            with pytest.raises(IllegalTransition):
                getattr(act, step)(*arguments)
            assert (act.state, stands_at(ledger)) == (before, before)


@pytest.mark.parametrize(("before", "kind"), REACHABLE)
def test_ends_follow_the_table_and_nothing_else(
    ledger: Ledger, before: ActState, kind: PermitKind
) -> None:
    act = act_at(ledger, before, kind)
    for end in OutcomeKind:
        rehearsed = end is OutcomeKind.REHEARSED and kind is PermitKind.REFUSAL
        allowed = end in ENDINGS[before] and not rehearsed and before is not ActState.UNKNOWN
        if allowed:
            act.settle(outcome(end))
            wanted = ActState.UNKNOWN if end is OutcomeKind.UNKNOWN else ActState.SETTLED
            stands = ledger.attempts(limit=1)[0]
            assert (act.state, stands.state, stands.outcome) == (wanted, wanted, end)
            act = act_at(ledger, before, kind)
        else:
            with pytest.raises(IllegalTransition):
                act.settle(outcome(end))
            assert stands_at(ledger) is before


@pytest.mark.parametrize("end", OutcomeKind)
def test_the_ledger_settles_what_is_unknown(ledger: Ledger, end: OutcomeKind) -> None:
    given = permit(ledger)
    walk_to(ledger.act(given), ActState.UNKNOWN)
    if end in ENDINGS[ActState.UNKNOWN]:
        ledger.settle(given.id, outcome(end), run_id="later")
        assert ledger.attempts()[0].outcome is end
    else:
        with pytest.raises(IllegalTransition):
            ledger.settle(given.id, outcome(end), run_id="later")


@pytest.mark.parametrize("left", [ActState.COMMITTING, ActState.ALERTED, ActState.VERIFIED])
def test_what_was_left_after_the_commit_becomes_unknown_before_it_is_settled(
    ledger: Ledger, left: ActState
) -> None:
    given = permit(ledger)
    walk_to(ledger.act(given), left)
    ledger.settle(given.id, outcome(OutcomeKind.ALREADY_REFUSED), run_id="later")
    kinds = [event.kind for event in ledger.events(order_no=given.order_no)]
    assert kinds[-2:] == ["attempt.unknown", "attempt.settled"]


def test_what_was_left_before_the_commit_is_settled_at_once(ledger: Ledger) -> None:
    given = permit(ledger)
    walk_to(ledger.act(given), ActState.ARMED)
    ledger.settle(given.id, outcome(OutcomeKind.NOT_SENT), run_id="later")
    *_, last = ledger.events(order_no=given.order_no)
    assert last.body["from"] == "armed"
    assert last.body["by_run"] == "later"


def test_a_request_seen_leaving_before_the_commit_is_never_not_sent(ledger: Ledger) -> None:
    given = permit(ledger)
    act = ledger.act(given)
    walk_to(act, ActState.ARMED)
    act.answered(ANSWER)
    with pytest.raises(IllegalTransition):
        act.settle(outcome(OutcomeKind.NOT_SENT))
    ledger.settle(given.id, outcome(OutcomeKind.GONE), run_id="later")
    kinds = [event.kind for event in ledger.events(order_no=given.order_no)]
    assert kinds[-2:] == ["attempt.unknown", "attempt.settled"]
    with pytest.raises(AlreadyAttempted):
        permit(ledger)


def test_refused_needs_two_kinds_of_proofs_everywhere(ledger: Ledger) -> None:
    one = outcome(OutcomeKind.REFUSED, ALERT, ALERT)
    act = act_at(ledger, ActState.ALERTED)
    with pytest.raises(LedgerRuleBroken):
        act.verified([ALERT])
    act.verified(TWO_PROOFS)
    with pytest.raises(LedgerRuleBroken):
        act.settle(one)
    with pytest.raises(LedgerRuleBroken):
        ledger.settle(ledger.attempts()[0].id, one, run_id="later")
    assert act.state is ActState.VERIFIED


def test_an_act_is_the_press_own_log(ledger: Ledger) -> None:
    log: ActLog = ledger.act(permit(ledger))
    assert isinstance(log, Act)
    assert not log.committed
    walk_to(log, ActState.COMMITTING)
    assert log.committed


def test_a_second_look_at_a_permit_knows_how_far_it_came(ledger: Ledger) -> None:
    given = permit(ledger)
    walk_to(ledger.act(given), ActState.COMMITTING)
    again = ledger.act(given)
    assert (again.state, again.committed) == (ActState.COMMITTING, True)
    assert again.may_have_sent


def test_a_stalled_act_cannot_go_on_after_another_run_has_settled_it(ledger: Ledger) -> None:
    given = permit(ledger)
    act = ledger.act(given)
    walk_to(act, ActState.CONFIRM_OPEN)
    ledger.settle(given.id, outcome(OutcomeKind.NOT_SENT), run_id="later")
    with pytest.raises(IllegalTransition) as caught:
        act.committing()
    facts = {"attempt": given.id, "before": "settled", "after": "committing"}
    assert caught.value.facts == facts
    assert not act.committed


def test_answer_and_evidence_are_entries_of_the_attempt(ledger: Ledger) -> None:
    given = permit(ledger)
    act = ledger.act(given)
    walk_to(act, ActState.COMMITTING)
    act.answered(ANSWER)
    act.evidence("before", "a.png", "0" * 64)
    *_, answered, evidence = ledger.events(run_id=given.run_id)
    assert answered.body == {"method": "POST", "path": "/refuse", "status": 200}
    assert evidence.body == {"name": "before", "path": "a.png", "sha256": "0" * 64}
    assert answered.attempt_id == evidence.attempt_id == given.id
    assert act.state is ActState.COMMITTING


def test_an_attempt_reads_back_as_it_was_written(ledger: Ledger, time: Time) -> None:
    wish = replace(planned(), reason=RefusalReason.OTHER, text="発送の準備が進んでいます")
    run_id = ledger.begin_run(SHOP, "apply", PLAN_DIGEST)
    given = ledger.issue_permit(run_id, SHOP, wish, PLAN_DIGEST, PermitKind.REFUSAL)
    made_at = time.at
    act = ledger.act(given)
    walk_to(act, ActState.VERIFIED)
    time.passes(60)
    detail = Words("Refused.", "拒否しました。")
    act.settle(Outcome(kind=OutcomeKind.REFUSED, proofs=TWO_PROOFS, detail=detail))
    (attempt,) = ledger.attempts(shop=SHOP, run_id=run_id, order_no=wish.order_no)
    assert attempt.permit == given
    assert (attempt.reason, attempt.text) == (wish.reason, wish.text)
    assert (attempt.rule, attempt.cart_no) == (wish.rule, wish.cart_no)
    assert (attempt.detail, attempt.proofs) == (detail, TWO_PROOFS)
    assert (attempt.created_at, attempt.updated_at) == (made_at, time.at)
    assert ledger.attempts(shop="another") == []


def test_a_permit_that_the_ledger_did_not_issue_is_turned_down(ledger: Ledger) -> None:
    given = permit(ledger, kind=PermitKind.REHEARSAL)
    with pytest.raises(LedgerRuleBroken, match="not as it was issued"):
        ledger.act(replace(given, kind=PermitKind.REFUSAL))
    with pytest.raises(LedgerRuleBroken, match="no attempt"):
        ledger.act(replace(given, id="forged"))


def test_a_permit_needs_a_run(ledger: Ledger) -> None:
    with pytest.raises(LedgerRuleBroken, match="no-such-run"):
        permit(ledger, run_id="no-such-run")


def test_a_second_permit_exists_only_after_the_first_was_not_sent(ledger: Ledger) -> None:
    first = permit(ledger)
    with pytest.raises(AlreadyAttempted) as caught:
        permit(ledger)
    assert caught.value.facts["outcome"] == "leased"
    ledger.act(first).settle(outcome(OutcomeKind.NOT_SENT))
    second = permit(ledger)
    assert (first.attempt, second.attempt) == (1, 2)
    walk_to(ledger.act(second), ActState.SETTLED)
    with pytest.raises(AlreadyAttempted) as caught:
        permit(ledger)
    assert caught.value.facts["outcome"] == "refused"


def test_racing_writers_win_each_order_exactly_once(ledger_url: str) -> None:
    orders = [f"order-{number}" for number in range(50)]

    def race(_: int) -> list[Permit]:
        won = []
        with Ledger.open(ledger_url, busy_seconds=60) as ledger:
            run_id = ledger.begin_run(SHOP, "apply", None)
            for order in orders:
                try:
                    won.append(permit(ledger, order, run_id=run_id))
                except AlreadyAttempted:
                    continue
        return won

    with ThreadPoolExecutor(4) as pool:
        wins = [given.order_no for won in pool.map(race, range(4)) for given in won]
    assert sorted(wins) == sorted(orders)
    with Ledger.open(ledger_url) as ledger:
        assert ledger.verify().broken is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE attempts SET state = 'sent'",
        "UPDATE attempts SET kind = 'trial'",
        "UPDATE attempts SET reason = 'because'",
        "UPDATE attempts SET state = 'settled', outcome = 'fine'",
        "UPDATE attempts SET outcome = 'refused'",
        "UPDATE attempts SET state = 'settled'",
        "UPDATE attempts SET blocks = (1 = 0)",
        "UPDATE attempts SET attempt = 0",
        "UPDATE attempts SET run_id = 'none'",
    ],
)
def test_the_database_itself_refuses_values_that_mean_nothing(ledger: Ledger, change: str) -> None:
    permit(ledger)
    with (
        pytest.raises(LedgerRuleBroken, match=r"(?i)check|foreign key"),
        ledger._database.writing() as pen,
    ):
        pen.connection.execute(text(change))
    assert ledger.attempts()[0].state is ActState.LEASED


def test_steps_together_are_one_commit_or_none(ledger: Ledger) -> None:
    act = act_at(ledger, ActState.ALERTED)
    before = len(list(ledger.events()))

    def all_but_the_last_go_through() -> None:
        with act.together():
            act.evidence("after", "b.png", "0" * 64)
            act.verified(TWO_PROOFS)
            act.settle(Outcome(kind=OutcomeKind.REFUSED))

    with pytest.raises(LedgerRuleBroken):
        all_but_the_last_go_through()

    assert act.state is ActState.ALERTED
    assert len(list(ledger.events())) == before

    with act.together():
        act.evidence("after", "b.png", "0" * 64)
        act.verified(TWO_PROOFS)
        act.settle(Outcome(kind=OutcomeKind.REFUSED, proofs=TWO_PROOFS))

    kinds = [event.kind for event in list(ledger.events())[before:]]
    assert kinds == ["attempt.evidence", "attempt.verified", "attempt.settled"]
    assert act.state is ActState.SETTLED
