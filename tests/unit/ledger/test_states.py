"""The life of one attempt, as a table."""

import itertools
from datetime import datetime

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.ledger import IllegalTransition, LedgerRuleBroken
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind, Proof, ProofKind
from qsm_bot.ledger import ActState
from qsm_bot.ledger.states import (
    AFTER_COMMIT,
    BEFORE_COMMIT,
    ENDINGS,
    MOVES,
    check_ending,
    check_move,
    check_proofs,
    still_blocks,
)

AT = datetime(2026, 1, 5, 20, 30, tzinfo=JST)
ALERT = Proof(kind=ProofKind.ALERT, seen="done", at=AT)
LISTED = Proof(kind=ProofKind.REFUSED_LIST, seen="row", at=AT)
PROOFS = (ALERT, LISTED)


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_each_step_of_the_table_is_allowed(before: ActState, after: ActState) -> None:
    check_move("a1", PermitKind.REFUSAL, before, after)


@pytest.mark.parametrize(
    ("before", "after"), sorted(set(itertools.product(ActState, repeat=2)) - set(MOVES))
)
def test_every_other_step_is_illegal_and_names_attempt_and_states(
    before: ActState, after: ActState
) -> None:
    with pytest.raises(IllegalTransition) as caught:
        check_move("a1", PermitKind.REFUSAL, before, after)
    assert caught.value.facts == {"attempt": "a1", "before": before, "after": after}


def test_a_rehearsal_never_commits() -> None:
    with pytest.raises(IllegalTransition):
        check_move("a1", PermitKind.REHEARSAL, ActState.CONFIRM_OPEN, ActState.COMMITTING)


def test_every_state_has_its_ends() -> None:
    assert set(ENDINGS) == set(ActState)
    assert {ActState.UNKNOWN, ActState.SETTLED} == set(ActState) - BEFORE_COMMIT - AFTER_COMMIT


@pytest.mark.parametrize("state", sorted(BEFORE_COMMIT | {ActState.COMMITTING, ActState.ALERTED}))
def test_refused_is_no_end_without_verification(state: ActState) -> None:
    with pytest.raises(IllegalTransition):
        check_ending(
            "a1",
            PermitKind.REFUSAL,
            state,
            Outcome(kind=OutcomeKind.REFUSED, proofs=PROOFS),
            answered=False,
        )


@pytest.mark.parametrize("state", sorted(AFTER_COMMIT))
def test_after_the_commit_nobody_may_say_not_sent(state: ActState) -> None:
    assert OutcomeKind.NOT_SENT not in ENDINGS[state]


def test_a_rehearsed_end_needs_a_rehearsal_permit() -> None:
    rehearsed = Outcome(kind=OutcomeKind.REHEARSED)
    state = ActState.CONFIRM_OPEN
    end = check_ending("a1", PermitKind.REHEARSAL, state, rehearsed, answered=False)
    assert end is ActState.SETTLED
    with pytest.raises(IllegalTransition):
        check_ending("a1", PermitKind.REFUSAL, state, rehearsed, answered=False)


def test_a_request_seen_leaving_forbids_not_sent_before_the_commit() -> None:
    unknown, not_sent = Outcome(kind=OutcomeKind.UNKNOWN), Outcome(kind=OutcomeKind.NOT_SENT)
    armed = ActState.ARMED
    end = check_ending("a1", PermitKind.REFUSAL, armed, unknown, answered=True)
    assert end is ActState.UNKNOWN
    with pytest.raises(IllegalTransition):
        check_ending("a1", PermitKind.REFUSAL, armed, not_sent, answered=True)


@pytest.mark.parametrize(
    ("proofs", "told"), [((), "none"), ((ALERT,), "alert"), ((ALERT, ALERT), "alert")]
)
def test_a_refusal_needs_proofs_of_two_kinds(proofs: tuple[Proof, ...], told: str) -> None:
    with pytest.raises(LedgerRuleBroken, match=f"not: {told}"):
        check_proofs(proofs)
    check_proofs(PROOFS)


@pytest.mark.parametrize(
    ("before", "outcome", "answered", "blocks"),
    [
        (ActState.LEASED, OutcomeKind.GONE, False, False),
        (ActState.READY, OutcomeKind.ALREADY_REFUSED, False, False),
        (ActState.ARMED, OutcomeKind.NEEDS_PERSON, False, False),
        (ActState.ARMED, OutcomeKind.NEEDS_PERSON, True, True),
        (ActState.ARMED, OutcomeKind.UNKNOWN, False, True),
        (ActState.CONFIRM_OPEN, OutcomeKind.REHEARSED, False, False),
        (ActState.COMMITTING, OutcomeKind.NEEDS_PERSON, False, True),
        (ActState.ALERTED, OutcomeKind.REJECTED, False, True),
        (ActState.VERIFIED, OutcomeKind.REFUSED, False, True),
        (ActState.UNKNOWN, OutcomeKind.GONE, False, True),
        (ActState.UNKNOWN, OutcomeKind.NOT_SENT, False, False),
    ],
)
def test_an_order_is_free_again_only_if_nothing_was_sent(
    before: ActState, outcome: OutcomeKind, *, answered: bool, blocks: bool
) -> None:
    assert still_blocks(before, outcome, answered=answered) is blocks
