"""What happened to an order, from what was seen."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows._parts.verdict import proofs_of, verdict_of_look
from flows._parts.verdict_table import (
    CANNOT_TELL,
    CONTRADICTION,
    GONE,
    NOT_AMONG_REFUSED,
    NOT_SEEN,
    ONE_PROOF,
    REFUSED_AFTER_DOUBT,
    REJECTED,
    SAW_OPEN,
    SAW_REFUSED,
    TOO_EARLY,
    TOO_EARLY_GONE,
)
from qsm_bot.base.words import Words
from qsm_bot.domain.request import Outcome, OutcomeKind, Proof, ProofKind, kinds_of
from qsm_bot.mock_portal.testing.builders import NOW, pressed, sighting
from qsm_bot.portal.protocol import OrderStatus, Pressed, RefusalAnswer
from tests.unit.flows.parts import verdict_after_press


def answered(status: int | None) -> RefusalAnswer:
    return RefusalAnswer(method="POST", path="/refuse", status=status)


DOUBT = Words("no alert came", "完了の表示がありません")
LOST = {"alert": None, "completed": False, "doubt": DOUBT}
OTHER_ALERT = {"alert": "受付できません", "completed": False, "doubt": DOUBT}
NOT_ITS_WORDS: list[dict[str, object]] = [
    OTHER_ALERT | {"answer": None},
    *(OTHER_ALERT | {"answer": answered(status)} for status in (None, 302, 401, 500, 503)),
]
"""Alerts of the page itself: the request was lost, or the server did not turn it down."""
OPEN, REFUSED = "キャンセル要請", "キャンセル拒否完了"
CANNOT: list[dict[str, object]] = [
    {"open": None, "refused": None},
    {"open": None, "refused": False},
    {"open": False, "refused": None},
]
BEFORE = {OPEN: 5, REFUSED: 2}
STEPPED = {OPEN: 4, REFUSED: 3}


def after(press: dict[str, object], before: Mapping[str, int] = BEFORE, **look: object) -> Outcome:
    """Judge a press; the look moves no counter unless it says so."""
    seen = sighting(**({"counters": BEFORE} | look))
    return verdict_after_press(pressed(**(press | {"before": before})), seen)


def kinds(outcome: Outcome) -> list[ProofKind]:
    return list(kinds_of(outcome.proofs))


class TestProofs:
    """Each observation is one proof of its own kind."""

    def test_a_completion_alert_is_one_with_its_text(self) -> None:
        look = sighting(open=None, refused=None)
        assert proofs_of(pressed(before={}), look) == (
            Proof(kind=ProofKind.ALERT, seen="キャンセル拒否完了", at=NOW),
        )

    @pytest.mark.parametrize("press", [LOST, OTHER_ALERT])
    def test_any_other_alert_is_none(self, press: dict[str, object]) -> None:
        assert proofs_of(pressed(**press, before={}), sighting(open=None, refused=None)) == ()

    def test_a_completion_without_words_is_one_too(self) -> None:
        look = sighting(open=None, refused=None)
        assert [p.seen for p in proofs_of(pressed(alert=None, before={}), look)] == [""]

    @pytest.mark.parametrize("is_open", [True, None])
    def test_only_known_absence_from_the_list_is_one(self, *, is_open: bool | None) -> None:
        absent = sighting(open=False, refused=False, status="-")
        assert proofs_of(None, absent) == (Proof(kind=ProofKind.LIST_ABSENT, seen="-", at=NOW),)
        assert proofs_of(None, sighting(open=is_open, refused=False)) == ()

    def test_standing_among_the_refused_is_one(self) -> None:
        assert proofs_of(None, sighting(open=None, refused=True, status="拒否")) == (
            Proof(kind=ProofKind.REFUSED_LIST, seen="拒否", at=NOW),
        )

    def test_counters_that_moved_by_one_order_are_one(self) -> None:
        look = sighting(open=None, refused=None, counters=STEPPED)
        assert proofs_of(pressed(**LOST, before=BEFORE), look) == (
            Proof(
                kind=ProofKind.COUNTER, seen="キャンセル要請: 5→4, キャンセル拒否完了: 2→3", at=NOW
            ),
        )

    @pytest.mark.parametrize(
        "counters",
        [
            BEFORE,
            {OPEN: 4, REFUSED: 2},
            {OPEN: 5, REFUSED: 3},
            {OPEN: 3, REFUSED: 4},
            {OPEN: 6, REFUSED: 1},
            {OPEN: 4},
            {},
        ],
    )
    def test_counters_that_moved_otherwise_are_none(self, counters: dict[str, int]) -> None:
        look = sighting(open=None, refused=None, counters=counters)
        assert proofs_of(pressed(**LOST, before=BEFORE), look) == ()

    def test_without_counters_from_before_there_is_nothing_to_compare(self) -> None:
        assert proofs_of(None, sighting(open=None, refused=None, counters=STEPPED)) == ()
        assert (
            proofs_of(
                pressed(**LOST, before={}), sighting(open=None, refused=None, counters=STEPPED)
            )
            == ()
        )


class TestAfterPress:
    """A press and a fresh look."""

    @pytest.mark.parametrize(
        ("look", "proofs"),
        [
            ({"open": False, "refused": None, "counters": {}}, ["alert", "list_absent"]),
            ({"open": False, "refused": True}, ["alert", "list_absent", "refused_list"]),
            ({"open": None, "refused": True}, ["alert", "refused_list"]),
            ({"open": None, "refused": None, "counters": STEPPED}, ["alert", "counter"]),
        ],
    )
    def test_the_alert_and_another_proof_make_it_refused(
        self, look: dict[str, object], proofs: list[str]
    ) -> None:
        outcome = after({}, **look)
        assert (outcome.kind, kinds(outcome)) == (OutcomeKind.REFUSED, proofs)
        assert outcome.detail is None

    @pytest.mark.parametrize("press", [LOST, OTHER_ALERT])
    @pytest.mark.parametrize(
        ("look", "proofs"),
        [
            ({"open": False, "refused": True}, ["list_absent", "refused_list"]),
            ({"open": None, "refused": True, "counters": STEPPED}, ["refused_list", "counter"]),
        ],
    )
    def test_without_the_alert_two_other_proofs_make_it_refused_and_the_doubt_is_told(
        self, press: dict[str, object], look: dict[str, object], proofs: list[str]
    ) -> None:
        outcome = after(press, **look)
        assert (outcome.kind, kinds(outcome)) == (OutcomeKind.REFUSED, proofs)
        assert outcome.detail == REFUSED_AFTER_DOUBT.filled(doubt=DOUBT)

    @pytest.mark.parametrize(
        ("press", "look", "proof"),
        [
            ({}, {"open": None, "refused": None}, "alert"),
            (LOST, {"open": None, "refused": True}, "refused_list"),
        ],
    )
    def test_a_single_proof_leaves_it_unknown(
        self, press: dict[str, object], look: dict[str, object], proof: str
    ) -> None:
        outcome = after(press, **look)
        assert (outcome.kind, kinds(outcome)) == (OutcomeKind.UNKNOWN, [proof])
        assert outcome.detail == ONE_PROOF.filled(proofs=proof)

    @pytest.mark.parametrize(
        "look", [{"open": False, "refused": False}, {"open": False, "refused": None}]
    )
    def test_done_and_yet_not_among_the_refused_is_unknown(self, look: dict[str, object]) -> None:
        """Row 15: the portal takes it out at once, and may put it back when its own job fails."""
        assert after({}, **look).detail == NOT_AMONG_REFUSED.filled(alert=REFUSED)
        assert after({}, **look).kind is OutcomeKind.UNKNOWN

    def test_done_and_yet_open_is_a_contradiction_for_a_person(self) -> None:
        assert after({}, open=True, refused=False) == Outcome(
            kind=OutcomeKind.NEEDS_PERSON, detail=CONTRADICTION.filled(alert=REFUSED)
        )

    def test_still_open_after_another_alert_is_rejected(self) -> None:
        assert after(OTHER_ALERT, open=True, refused=False) == Outcome(
            kind=OutcomeKind.REJECTED, detail=REJECTED.filled(doubt=DOUBT)
        )

    def test_still_open_without_an_alert_is_unknown_because_the_server_may_be_slow(self) -> None:
        assert after(LOST, open=True, refused=False) == Outcome(
            kind=OutcomeKind.UNKNOWN, detail=NOT_SEEN.filled(doubt=DOUBT)
        )

    def test_neither_open_nor_refused_after_another_alert_is_rejected_as_gone(self) -> None:
        assert after(OTHER_ALERT, open=False, refused=False) == Outcome(
            kind=OutcomeKind.REJECTED, detail=GONE
        )

    @pytest.mark.parametrize("press", NOT_ITS_WORDS)
    @pytest.mark.parametrize("is_open", [True, False])
    def test_an_alert_that_the_portal_did_not_send_turns_nothing_down(
        self, press: dict[str, object], *, is_open: bool
    ) -> None:
        assert after(press, open=is_open, refused=False) == Outcome(
            kind=OutcomeKind.UNKNOWN, detail=NOT_SEEN.filled(doubt=DOUBT)
        )

    @pytest.mark.parametrize("press", NOT_ITS_WORDS)
    def test_such_an_alert_does_not_hide_a_refusal_that_took_effect(
        self, press: dict[str, object]
    ) -> None:
        outcome = after(press, open=False, refused=True)
        assert (outcome.kind, kinds(outcome)) == (
            OutcomeKind.REFUSED,
            ["list_absent", "refused_list"],
        )

    @pytest.mark.parametrize("look", CANNOT)
    @pytest.mark.parametrize("press", [LOST, OTHER_ALERT])
    def test_a_look_that_cannot_tell_leaves_it_unknown_also_after_another_alert(
        self, press: dict[str, object], look: dict[str, object]
    ) -> None:
        assert after(press, **look) == Outcome(
            kind=OutcomeKind.UNKNOWN, detail=NOT_SEEN.filled(doubt=DOUBT)
        )

    def test_absence_and_counters_without_a_word_of_refusal_stay_unknown(self) -> None:
        assert after(LOST, open=False, refused=False, counters=STEPPED) == Outcome(
            kind=OutcomeKind.UNKNOWN, detail=NOT_SEEN.filled(doubt=DOUBT)
        )

    @pytest.mark.parametrize(
        ("press", "told"),
        [
            (LOST, DOUBT),
            (OTHER_ALERT, DOUBT),
            ({}, Words(REFUSED, REFUSED)),
            ({"alert": None, "completed": False}, Words("", "")),
        ],
    )
    def test_without_a_look_it_is_unknown_whatever_was_said(
        self, press: dict[str, object], told: Words
    ) -> None:
        assert verdict_after_press(pressed(**press), None) == Outcome(
            kind=OutcomeKind.UNKNOWN, detail=NOT_SEEN.filled(doubt=told)
        )


class TestOfLook:
    """A later look alone."""

    def look(self, age: float = 600, **look: object) -> Outcome:
        return verdict_of_look(sighting(**look), age_seconds=age, settle_seconds=120)

    def test_absent_here_and_listed_there_is_refused(self) -> None:
        outcome = self.look(open=False, refused=True)
        assert (outcome.kind, outcome.detail) == (OutcomeKind.REFUSED, SAW_REFUSED)
        assert kinds(outcome) == [ProofKind.LIST_ABSENT, ProofKind.REFUSED_LIST]

    @pytest.mark.parametrize("refused", [False, True, None])
    def test_still_open_is_not_settled_while_a_slow_server_may_act(
        self, *, refused: bool | None
    ) -> None:
        assert self.look(age=119.9, open=True, refused=refused) == Outcome(
            kind=OutcomeKind.UNKNOWN, detail=TOO_EARLY
        )

    @pytest.mark.parametrize(("age", "minutes"), [(120, 2), (600, 10)])
    def test_still_open_after_that_time_was_not_sent(self, age: float, minutes: float) -> None:
        assert self.look(age=age, open=True, refused=False) == Outcome(
            kind=OutcomeKind.NOT_SENT, detail=SAW_OPEN.filled(minutes=minutes)
        )

    @pytest.mark.parametrize(
        ("age", "kind", "detail"),
        [
            (119.9, OutcomeKind.UNKNOWN, TOO_EARLY_GONE),
            (120, OutcomeKind.GONE, GONE),
        ],
    )
    def test_neither_open_nor_refused_is_gone_once_a_slow_server_can_no_longer_act(
        self, age: float, kind: OutcomeKind, detail: Words
    ) -> None:
        """The buyer may ask again before a late request arrives."""
        assert self.look(age=age, open=False, refused=False) == Outcome(kind=kind, detail=detail)

    @pytest.mark.parametrize("look", CANNOT)
    @pytest.mark.parametrize("age", [0, 600])
    def test_a_look_that_cannot_tell_leaves_it_unknown(
        self, age: float, look: dict[str, object]
    ) -> None:
        assert self.look(age=age, **look) == Outcome(kind=OutcomeKind.UNKNOWN, detail=CANNOT_TELL)

    @pytest.mark.parametrize("age", [0, 600])
    def test_listed_there_is_not_enough_if_absence_here_cannot_be_told(self, age: float) -> None:
        outcome = self.look(age=age, open=None, refused=True)
        assert (outcome.kind, kinds(outcome)) == (OutcomeKind.UNKNOWN, [ProofKind.REFUSED_LIST])
        assert outcome.detail == ONE_PROOF.filled(proofs="refused_list")


MAYBE = st.sampled_from([True, False, None])
COUNTS = st.fixed_dictionaries({OPEN: st.integers(3, 5), REFUSED: st.integers(2, 4)})
PRESSES = st.one_of(
    st.just(pressed()),
    st.builds(
        pressed,
        alert=st.none() | st.text(max_size=3),
        completed=st.sampled_from([False]),
        answer=st.none() | st.builds(answered, st.none() | st.sampled_from([200, 302, 401, 500])),
    )
    | st.just(pressed(**LOST)),
)
LOOKS = st.builds(sighting, open=MAYBE, refused=MAYBE, counters=COUNTS)


@settings(deadline=None)
@given(PRESSES, COUNTS, LOOKS | st.none())
def test_after_a_press_refused_always_has_two_different_proofs_that_are_not_absence_alone(
    press: Pressed, before: dict[str, int], look: OrderStatus | None
) -> None:
    outcome = verdict_after_press(replace(press, before=before), look)
    if outcome.kind is OutcomeKind.REFUSED:
        found = set(kinds(outcome))
        assert len(found) >= 2
        assert found & {ProofKind.ALERT, ProofKind.REFUSED_LIST}


@settings(deadline=None)
@given(PRESSES, COUNTS, LOOKS | st.none())
def test_after_a_press_it_is_refused_only_if_the_order_is_not_seen_open(
    press: Pressed, before: dict[str, int], look: OrderStatus | None
) -> None:
    outcome = verdict_after_press(replace(press, before=before), look)
    if look is None or look.open:
        assert outcome.kind is not OutcomeKind.REFUSED


@settings(deadline=None)
@given(PRESSES, COUNTS, LOOKS | st.none())
def test_a_press_is_never_judged_as_not_sent(
    press: Pressed, before: dict[str, int], look: OrderStatus | None
) -> None:
    assert verdict_after_press(replace(press, before=before), look).kind is not OutcomeKind.NOT_SENT


@settings(deadline=None)
@given(PRESSES, COUNTS, LOOKS)
def test_after_a_press_it_is_rejected_only_by_an_answer_and_what_was_seen(
    press: Pressed, before: dict[str, int], look: OrderStatus
) -> None:
    outcome = verdict_after_press(replace(press, before=before), look)
    if outcome.kind is OutcomeKind.REJECTED:
        assert look.open or (look.open, look.refused) == (False, False)
        assert press.alert is not None
        assert press.answer == answered(200)


@settings(deadline=None)
@given(LOOKS, st.floats(0, 1000), st.floats(1, 1000))
def test_of_a_look_gone_is_what_was_seen_in_neither_list(
    look: OrderStatus, age: float, settle: float
) -> None:
    outcome = verdict_of_look(look, age_seconds=age, settle_seconds=settle)
    seen_in_neither = (look.open, look.refused) == (False, False)
    assert (outcome.kind is OutcomeKind.GONE) == (seen_in_neither and age >= settle)


@settings(deadline=None)
@given(LOOKS, st.floats(0, 1000), st.floats(1, 1000))
def test_of_a_look_refused_always_has_two_different_proofs(
    look: OrderStatus, age: float, settle: float
) -> None:
    outcome = verdict_of_look(look, age_seconds=age, settle_seconds=settle)
    if outcome.kind is OutcomeKind.REFUSED:
        assert kinds(outcome) == [ProofKind.LIST_ABSENT, ProofKind.REFUSED_LIST]
    assert (outcome.kind is OutcomeKind.REFUSED) == ((look.open, look.refused) == (False, True))
