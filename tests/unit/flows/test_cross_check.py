"""QAPI beside the portal: one more kind of proof, never the only one, and no part in silence."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import product

import pytest

from flows._parts.verdict import agrees, verdict_of_look
from flows._parts.verdict_table import (
    GONE,
    TOO_EARLY_DISAGREE,
)
from flows.reconcile import reconcile
from qsm_bot.base.errors.qapi import QapiSilent
from qsm_bot.base.words import Words
from qsm_bot.domain.order_status import ClaimWords, StatusLook
from qsm_bot.domain.request import Outcome, OutcomeKind, ProofKind, kinds_of
from qsm_bot.mock_portal.testing.builders import NOW, pressed, sighting
from qsm_bot.portal.protocol import OrderStatus, Pressed
from qsm_bot.qapi import QapiStatus
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import (
    browser_gone,
    losing_answers,
    losing_requests,
    outcomes,
    refuse,
    verdict_after_press,
)
from tests.unit.qapi.parts import api_of, client

DOUBT = Words("no alert came", "完了の表示がありません")
ANY = (True, False, None)
PRESSES: list[Pressed] = [
    pressed(),
    pressed(alert=None, completed=False, doubt=DOUBT),
    pressed(alert="受付できません", completed=False, doubt=DOUBT),
]
LOOKS: list[OrderStatus | None] = [
    None,
    *(
        sighting(open=is_open, refused=refused, counters=pressed().before)
        for is_open, refused in product(ANY, ANY)
        if not (is_open and refused)
    ),
]


def stands(**how: bool | None) -> StatusLook:
    return StatusLook(
        order_no="762544202", open=how["open"], refused=how["refused"], text="said", at=NOW
    )


OPEN, CANCELLED, REFUSED, NO_CLAIM, UNCLEAR = (
    stands(open=True, refused=False),
    stands(open=False, refused=False),
    stands(open=False, refused=True),
    stands(open=False, refused=None),
    stands(open=None, refused=None),
)
STANDINGS = [OPEN, CANCELLED, REFUSED, NO_CLAIM, UNCLEAR]


def judged_late(look: OrderStatus, standing: StatusLook | None, age: float = 999) -> Outcome:
    return verdict_of_look(look, standing, age_seconds=age, settle_seconds=120)


class TestVerdictAfterPress:
    """Every combination of an alert, a look and QAPI."""

    @pytest.mark.parametrize("standing", STANDINGS)
    def test_refused_needs_two_kinds_and_somebody_who_says_so(self, standing: StatusLook) -> None:
        for press, look in product(PRESSES, LOOKS):
            outcome = verdict_after_press(press, look, standing)
            if outcome.kind is OutcomeKind.REFUSED:
                assert len(kinds_of(outcome.proofs)) >= 2
                assert press.completed or standing.refused or (look and look.refused)

    @pytest.mark.parametrize("standing", [CANCELLED, REFUSED, NO_CLAIM, UNCLEAR])
    def test_a_contradiction_is_for_a_person(self, standing: StatusLook) -> None:
        for press, look in product(PRESSES, LOOKS):
            if not agrees(standing, look, completed=press.completed):
                outcome = verdict_after_press(press, look, standing)
                assert outcome.kind is OutcomeKind.NEEDS_PERSON
                assert outcome.detail is not None
                assert "said" in outcome.detail.en

    @pytest.mark.parametrize("standing", [OPEN, UNCLEAR])
    def test_an_answer_that_lags_or_tells_nothing_changes_no_verdict(
        self, standing: StatusLook
    ) -> None:
        for press, look in product(PRESSES, LOOKS):
            without, beside = (verdict_after_press(press, look, s) for s in (None, standing))
            assert beside.kind is without.kind

    @pytest.mark.parametrize("standing", [REFUSED, NO_CLAIM])
    def test_what_agrees_takes_no_refusal_away(self, standing: StatusLook) -> None:
        for press, look in product(PRESSES, LOOKS):
            if agrees(standing, look, completed=press.completed):
                before = verdict_after_press(press, look).kind
                after = verdict_after_press(press, look, standing).kind
                assert (
                    after is before
                    or (before, after) == ("unknown", "refused")
                    or ((before, after) == ("rejected", "refused") and standing is REFUSED)
                )

    @pytest.mark.parametrize("standing", [REFUSED, NO_CLAIM])
    def test_the_alert_and_qapi_make_it_refused_when_the_list_cannot_be_read(
        self, standing: StatusLook
    ) -> None:
        outcome = verdict_after_press(pressed(), None, standing)
        assert outcome.kind is OutcomeKind.REFUSED
        assert kinds_of(outcome.proofs) == (ProofKind.ALERT, ProofKind.QAPI)

    @pytest.mark.parametrize("press", PRESSES[1:])
    @pytest.mark.parametrize("look", [None, sighting(open=False, refused=None)])
    def test_without_an_alert_a_claim_that_is_gone_proves_nothing(
        self, press: Pressed, look: OrderStatus | None
    ) -> None:
        outcome = verdict_after_press(press, look, NO_CLAIM)
        assert outcome.kind is not OutcomeKind.REFUSED
        assert outcome.proofs == ()

    def test_qapi_alone_proves_nothing(self) -> None:
        outcome = verdict_after_press(PRESSES[1], None, REFUSED)
        assert (outcome.kind, kinds_of(outcome.proofs)) == (OutcomeKind.UNKNOWN, (ProofKind.QAPI,))

    def test_no_alert_and_no_look_leave_open_by_qapi_unknown(self) -> None:
        for press in PRESSES[1:]:
            assert verdict_after_press(press, None, OPEN).kind is OutcomeKind.UNKNOWN


class TestVerdictOfLook:
    """Later, nothing is left of the alert."""

    @pytest.mark.parametrize("standing", STANDINGS)
    def test_a_contradiction_waits_and_is_then_for_a_person(self, standing: StatusLook) -> None:
        for look in filter(None, LOOKS):
            if not agrees(standing, look, completed=False):
                early, late = (judged_late(look, standing, age) for age in (1, 999))
                assert (early.kind, early.detail) == (OutcomeKind.UNKNOWN, TOO_EARLY_DISAGREE)
                assert late.kind is OutcomeKind.NEEDS_PERSON

    def test_two_absences_are_no_refusal(self) -> None:
        outcome = judged_late(sighting(open=False, refused=False), NO_CLAIM)
        assert (outcome.kind, outcome.detail, outcome.proofs) == (OutcomeKind.GONE, GONE, ())

    def test_qapi_and_the_list_of_the_refused_are_two(self) -> None:
        outcome = judged_late(sighting(open=None, refused=True), REFUSED)
        assert outcome.kind is OutcomeKind.REFUSED
        assert set(kinds_of(outcome.proofs)) == {ProofKind.REFUSED_LIST, ProofKind.QAPI}

    def test_open_by_both_is_not_sent(self) -> None:
        outcome = judged_late(sighting(open=True, refused=False), OPEN)
        assert outcome.kind is OutcomeKind.NOT_SENT


@contextmanager
def beside(scene: Scene, *faults: str) -> Iterator[Scene]:
    """Give the run QAPI over the same orders."""
    with client(api_of(scene.world, *faults)) as api:
        yield scene.with_(status=QapiStatus(api, ClaimWords(), scene.watch))


class Silent:
    """A source that never answers."""

    def status(self, order_no: str) -> StatusLook:
        raise QapiSilent(method=order_no, detail="nothing")


class TestRun:
    """The flows with the portal in memory and the mock portal's API over the same orders."""

    def test_a_refusal_has_one_proof_more(self, scene: Scene) -> None:
        with beside(scene) as beside_it:
            result = refuse(beside_it, scene.open[0])
        kinds = kinds_of(result.receipts[0].outcome.proofs)
        assert outcomes(result) == {result.receipts[0].order_no: "refused"}
        assert {ProofKind.ALERT, ProofKind.LIST_ABSENT, ProofKind.QAPI} <= set(kinds)
        assert scene.rested == []

    def test_refused_stands_by_alert_and_qapi_when_the_list_cannot_be_read(
        self, scene: Scene
    ) -> None:
        order = scene.open[0]
        scene.portal.before_call = lambda call: browser_gone() if call == "look" else None
        with beside(scene) as beside_it:
            result = refuse(beside_it, order)
        assert outcomes(result) == {order: "refused"}
        assert kinds_of(result.receipts[0].outcome.proofs) == (ProofKind.ALERT, ProofKind.QAPI)
        assert [each[0] for each in scene.refused] == [order]

    def test_an_answer_that_lags_weighs_nothing_beside_the_portals_own(self, scene: Scene) -> None:
        with beside(scene, "qapi-lag:9") as beside_it:
            result = refuse(beside_it, scene.open[0])
        assert outcomes(result) == {result.receipts[0].order_no: "refused"}
        assert ProofKind.QAPI not in kinds_of(result.receipts[0].outcome.proofs)
        assert scene.rested == []

    def test_where_the_portal_cannot_be_read_it_is_asked_again(self, scene: Scene) -> None:
        scene.portal.before_call = lambda call: browser_gone() if call == "look" else None
        with beside(scene, "qapi-lag:2") as beside_it:
            result = refuse(beside_it, scene.open[0])
        assert outcomes(result) == {result.receipts[0].order_no: "refused"}
        assert scene.rested == [0.5, 2.0]

    def test_one_that_keeps_contradicting_is_for_a_person_and_the_run_goes_on(
        self, scene: Scene
    ) -> None:
        first, second = scene.open[:2]
        says_cancelled = type("Wrong", (), {"status": lambda _self, _no: CANCELLED})()
        result = refuse(scene.with_(status=says_cancelled), first, second)
        assert outcomes(result) == {first: "needs_person", second: "needs_person"}
        assert result.exit_code == 30

    @pytest.mark.parametrize("fault", ["qapi-down", "qapi-error", "qapi-bad-key"])
    def test_without_an_answer_the_portals_proofs_stand(self, scene: Scene, fault: str) -> None:
        order = scene.open[0]
        with beside(scene, fault) as beside_it:
            result = refuse(beside_it, order)
        assert outcomes(result) == {order: "refused"}
        assert ProofKind.QAPI not in kinds_of(result.receipts[0].outcome.proofs)
        assert any("QAPI could not be asked" in words.en for words in scene.said)

    def test_reconcile_asks_it_too_and_writes_down_what_it_said(self, scene: Scene) -> None:
        order = scene.open[0]
        losing_answers(scene, order)
        with beside(scene) as beside_it:
            result = reconcile(beside_it.context)
        assert outcomes(result) == {order: "refused"}
        assert ProofKind.QAPI in kinds_of(result.receipts[0].outcome.proofs)
        (looked,) = scene.events("attempt.looked")
        assert looked.body["qapi"] == "claimStatus “”, shippingStatus “配送準備(3)”"

    def test_reconcile_looks_again_at_a_contradiction_before_it_calls_a_person(
        self, scene: Scene
    ) -> None:
        order = scene.open[0]
        losing_requests(scene, order)
        says_refused = type("Wrong", (), {"status": lambda _self, _no: REFUSED})()
        result = reconcile(scene.with_(status=says_refused).context)
        assert outcomes(result) == {order: "needs_person"}
        assert sum(scene.rested) >= 100

    def test_a_source_that_fails_leaves_reconcile_as_it_was(self, scene: Scene) -> None:
        order = scene.open[0]
        losing_answers(scene, order)
        result = reconcile(scene.with_(status=Silent()).context)
        assert outcomes(result) == {order: "refused"}

    def test_nobody_is_asked_in_a_look_before_the_act(self, scene: Scene) -> None:
        asked: list[datetime] = []
        source = type("Counting", (), {"status": lambda _self, _no: asked.append(NOW)})()
        scene.portal.confirm = "別の確認文"
        refuse(scene.with_(status=source), scene.open[0])
        assert asked == []
