"""The table of verdicts: complete, without two answers, and careful."""

from itertools import product

import pytest

from flows._parts.verdict_table import ROWS, Left, Said, ShownState, row_for
from qsm_bot.domain.request import OutcomeKind

CASES = list(product(Said, Left, ShownState))
NEEDS_PROOF = (OutcomeKind.NOT_SENT, OutcomeKind.REJECTED, OutcomeKind.GONE)
CONFIRMED = (Said.DONE, Said.NO, Said.SILENT)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_each_combination_meets_exactly_one_row(case: tuple[Said, Left, ShownState]) -> None:
    said, left, shown = case
    rows = [row for row in ROWS if said in row.said and left in row.left and shown in row.shown]

    assert rows == [row_for(*case)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_each_row_says_why(row: object) -> None:
    assert row.why  # type: ignore[attr-defined]


def kinds(
    *, said: object = Said, left: object = Left, shown: object = ShownState
) -> set[OutcomeKind]:
    cases = product(said, left, shown)  # type: ignore[call-overload]
    return {row_for(*case).kind for case in cases}


def test_what_was_confirmed_is_never_not_sent_or_gone() -> None:
    assert not kinds(said=CONFIRMED) & {OutcomeKind.NOT_SENT, OutcomeKind.GONE}


def test_what_left_unasked_is_settled_by_a_later_look_only() -> None:
    left = (Left.ANSWERED, Left.UNANSWERED)
    assert kinds(said=(Said.ASKED, Said.UNASKED), left=left) == {OutcomeKind.UNKNOWN}


def test_only_the_answer_to_the_refusal_itself_turns_it_down() -> None:
    assert kinds(left=set(Left) - {Left.ANSWERED}).isdisjoint({OutcomeKind.REJECTED})
    assert kinds(said=set(Said) - {Said.NO}).isdisjoint({OutcomeKind.REJECTED})


def test_without_a_look_nothing_is_proven_but_a_question_never_accepted() -> None:
    assert kinds(said=set(Said) - {Said.ASKED}, shown=(ShownState.UNSEEN,)) == {OutcomeKind.UNKNOWN}


def test_what_is_open_or_undecided_is_never_refused() -> None:
    shown = set(ShownState) - {ShownState.REFUSED, ShownState.ONE_PROOF, ShownState.BORNE_OUT}
    assert OutcomeKind.REFUSED not in kinds(shown=shown)


def test_not_sent_rejected_and_gone_need_a_sight_that_proves_them() -> None:
    seen = (ShownState.OPEN, ShownState.AWAY)
    for said, left, shown in CASES:
        proven = shown in seen or said is Said.ASKED
        assert row_for(said, left, shown).kind not in NEEDS_PROOF or proven


def test_only_the_portals_own_contradiction_stops_the_run() -> None:
    stops = {(said, shown) for said, left, shown in CASES if row_for(said, left, shown).stops}
    assert stops == {(Said.DONE, ShownState.OPEN), (Said.DONE, ShownState.TORN)}
