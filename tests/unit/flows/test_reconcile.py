"""Reconcile: unknown outcomes are settled by looking only."""

from collections import Counter
from dataclasses import replace

import pytest

from flows._parts.verdict_table import (
    CANNOT_TELL,
    REFUSED_BEFORE,
    TOO_EARLY,
)
from flows.reconcile import LEFT_OVER, WAITING, reconcile, recover
from flows.single_refusal import refuse_single
from qsm_bot.base.errors.outside import ShopBusy
from qsm_bot.base.errors.people import RunStopped
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import ActState
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import (
    BY_OWNER,
    browser_gone,
    killed_run,
    losing_answers,
    losing_requests,
    outcomes,
    refuse,
)

PRESSED = ("opened", "ready", "armed", "confirm_open", "committing")


@pytest.fixture
def looked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each order was looked at."""
    times: Counter[str] = Counter()
    real = scene.portal.look

    def look(order_no: str) -> object:
        times[order_no] += 1
        return real(order_no)

    monkeypatch.setattr(scene.portal, "look", look)
    return times


def test_nothing_open_means_nothing_to_do_and_no_visit(scene: Scene) -> None:
    result = reconcile(scene.context)

    assert (result.receipts, result.exit_code, scene.said) == ((), 10, [])


def test_a_refusal_that_the_portal_lists_is_settled_as_refused_without_a_wait(
    scene: Scene,
) -> None:
    order = scene.open[0]
    losing_answers(scene, order)

    result = reconcile(scene.context)

    assert outcomes(result) == {order: "refused"}
    assert scene.ledger.open_attempts(scene.context.shop) == []
    assert (len(scene.refused), scene.rested) == (1, [])


def test_after_not_sent_a_new_attempt_may_be_made(scene: Scene) -> None:
    order = scene.open[0]
    losing_requests(scene, order)
    reconcile(scene.context)

    assert outcomes(refuse(scene, order)) == {order: "refused"}


def test_an_order_that_is_neither_open_nor_refused_is_gone(scene: Scene) -> None:
    order = scene.open[0]
    losing_requests(scene, order)
    scene.world.buyer_withdraws(order)

    assert outcomes(reconcile(scene.context)) == {order: "gone"}


def test_what_a_dead_run_left_before_the_press_is_settled_without_a_look(
    scene: Scene, looked: Counter[str]
) -> None:
    order = scene.open[0]
    dead = killed_run(scene, order)

    result = reconcile(scene.with_(is_dead=dead.__eq__).context)

    assert outcomes(result) == {order: "not_sent"}
    assert result.receipts[0].outcome.detail == LEFT_OVER
    assert scene.ledger.attempts()[0].state is ActState.SETTLED
    assert (looked, scene.events("attempt.looked")) == ({}, [])
    assert not [words for words in scene.said if "signed in" in words.en]


def test_what_a_dead_run_left_after_the_press_is_looked_at(scene: Scene) -> None:
    order = scene.open[0]
    dead = killed_run(scene, order, *PRESSED)
    scene.world.refuse(order, "商品発送完了", None)

    result = reconcile(scene.with_(is_dead=dead.__eq__).context)

    assert outcomes(result) == {order: "refused"}


@pytest.mark.parametrize("steps", [PRESSED[:3], PRESSED[:4]], ids=["armed", "confirm open"])
def test_a_refusal_that_came_before_the_commit_is_somebody_else_s(
    scene: Scene, steps: tuple[str, ...]
) -> None:
    order = scene.open[0]
    dead = killed_run(scene, order, *steps)
    scene.world.refuse(order, "商品発送完了", None)

    result = reconcile(scene.with_(is_dead=dead.__eq__).context)

    assert outcomes(result) == {order: "already_refused"}
    assert result.receipts[0].outcome.detail == REFUSED_BEFORE
    assert scene.ledger.attempts()[0].outcome is OutcomeKind.ALREADY_REFUSED


def test_a_sign_in_that_fails_changes_nothing(scene: Scene) -> None:
    losing_answers(scene, scene.open[0])
    scene.portal.before_call = browser_gone

    result = reconcile(scene.context)

    assert (result.receipts, result.exit_code) == ((), 80)
    assert scene.ledger.attempts()[0].outcome is OutcomeKind.UNKNOWN
    error = scene.ledger.run(result.run_id).error
    assert error is not None
    assert error["code"] == "BrowserLost"


def test_another_run_keeps_it_out(scene: Scene) -> None:
    with (
        scene.ledger.lease(scene.context.shop, "someone else", seconds=60),
        pytest.raises(ShopBusy),
    ):
        reconcile(scene.context)


def test_each_look_is_noted_with_what_was_seen(scene: Scene) -> None:
    order = scene.open[0]
    losing_answers(scene, order)

    result = reconcile(scene.context)

    (seen,) = scene.events("attempt.looked")
    assert (seen.run_id, seen.order_no) == (result.run_id, order)
    assert seen.body == {"open": False, "refused": True, "status": "キャンセル・キャンセル拒否"}


def test_people_are_told_why(scene: Scene) -> None:
    order = scene.open[0]
    losing_requests(scene, order)
    scene.said.clear()

    reconcile(scene.context, wait=False)

    assert [words.en for words in scene.said] == [
        "signed in as みほん商店",
        f"{order}: unknown – {TOO_EARLY.en}",
    ]
    assert scene.said[-1].ja == f"{order}: unknown – {TOO_EARLY.ja}"


class TestTheSecondLook:
    """An order that is still open is looked at again once a slow server can no longer act."""

    def test_without_waiting_it_stays_unknown_until_a_later_call(self, scene: Scene) -> None:
        order = scene.open[0]
        losing_requests(scene, order)

        early = reconcile(scene.context, wait=False)
        rested = list(scene.rested)
        scene.watch.turn(minutes=5)
        late = reconcile(scene.context, wait=False)

        assert (outcomes(early), early.exit_code) == ({order: "unknown"}, 30)
        assert (outcomes(late), late.exit_code) == ({order: "not_sent"}, 20)
        assert (rested, scene.rested, scene.refused) == ([], [], [])

    def test_what_is_left_of_the_time_is_rested_in_short_slices(self, scene: Scene) -> None:
        order = scene.open[0]
        losing_requests(scene, order)
        scene.watch.turn(seconds=19.5)

        result = reconcile(scene.context)

        assert outcomes(result) == {order: "not_sent"}
        assert scene.rested == [1.0] * 100 + [0.5]
        assert WAITING.filled(count=1, seconds=100.5) in scene.said

    def test_a_server_that_acts_meanwhile_is_seen(self, scene: Scene) -> None:
        order = scene.open[0]
        losing_requests(scene, order)

        def act_late(seconds: float) -> None:
            scene.rest(seconds)
            if len(scene.rested) == 60:
                scene.world.refuse(order, "商品発送完了", None)

        scene.portal.on_rest = act_late

        result = reconcile(scene.context)

        assert outcomes(result) == {order: "refused"}
        assert len(scene.refused) == 1

    def test_only_what_was_too_early_is_looked_at_again(
        self, scene: Scene, looked: Counter[str]
    ) -> None:
        lost, done = scene.open[:2]
        losing_requests(scene, lost)
        losing_answers(scene, done)
        looked.clear()

        result = reconcile(scene.context)

        assert outcomes(result) == {lost: "not_sent", done: "refused"}
        assert looked == {lost: 2, done: 1}

    def test_the_youngest_attempt_says_how_long(self, scene: Scene) -> None:
        first, second = scene.open[:2]
        losing_requests(scene, first)
        scene.watch.turn(seconds=100)
        losing_requests(scene, second)

        result = reconcile(scene.context)

        assert outcomes(result) == {first: "not_sent", second: "not_sent"}
        assert sum(scene.rested) == 120

    def test_a_look_that_cannot_tell_is_no_reason_to_wait(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = scene.open[0]
        losing_requests(scene, order)
        real = scene.portal.look
        monkeypatch.setattr(
            scene.portal, "look", lambda order_no: replace(real(order_no), open=None, refused=None)
        )

        result = reconcile(scene.context)

        assert [r.outcome.detail for r in result.receipts] == [CANNOT_TELL]
        assert scene.rested == []

    def test_a_clock_that_stands_does_not_make_it_endless(self, scene: Scene) -> None:
        order = scene.open[0]
        losing_requests(scene, order)
        scene.portal.on_rest = scene.rested.append

        result = reconcile(scene.context)

        assert outcomes(result) == {order: "unknown"}
        assert sum(scene.rested) == 120

    def test_it_ends_when_it_is_asked_to_and_tells_what_it_knows(self, scene: Scene) -> None:
        order = scene.open[0]
        losing_requests(scene, order)
        asked = scene.with_(stopping=lambda: len(scene.rested) == 3)

        result = reconcile(asked.context)

        assert isinstance(result.error, RunStopped)
        assert outcomes(result) == {order: "unknown"}
        assert scene.rested == [1.0] * 3
        assert scene.ledger.run(result.run_id).exit_code == result.exit_code == 30

    def test_it_ends_before_the_first_look_when_it_was_asked_to(
        self, scene: Scene, looked: Counter[str]
    ) -> None:
        losing_requests(scene, scene.open[0])
        looked.clear()

        result = reconcile(scene.with_(stopping=lambda: True).context)

        assert isinstance(result.error, RunStopped)
        assert (result.receipts, looked) == ((), {})

    def test_the_shop_is_held_all_the_while(self, scene: Scene) -> None:
        """Longer than a lease lasts that is not renewed."""
        order = scene.open[0]
        losing_requests(scene, order)

        result = reconcile(scene.with_(lease_seconds=5.0).context)

        assert outcomes(result) == {order: "not_sent"}

    def test_a_shop_that_another_run_took_over_is_not_judged_any_more(self, scene: Scene) -> None:
        order = scene.open[0]
        losing_requests(scene, order)

        def oversleep(seconds: float) -> None:
            scene.watch.turn(minutes=10)
            scene.portal.on_rest = scene.rest
            scene.enter(scene.ledger.lease(scene.context.shop, "someone else", seconds=60))

        scene.portal.on_rest = oversleep

        result = reconcile(scene.context)

        assert isinstance(result.error, ShopBusy)
        assert outcomes(result) == {order: "unknown"}
        assert scene.ledger.attempts()[0].outcome is OutcomeKind.UNKNOWN


def recover_alone(scene: Scene) -> None:
    with scene.context.lease() as lease:
        recover(scene.context, lease)


class TestRecover:
    """What an earlier run left is looked at once before anything new is begun."""

    def runs(self, scene: Scene) -> list[str]:
        return [run.command for run in reversed(scene.ledger.runs())]

    def test_without_anything_left_there_is_no_run_and_no_visit(self, scene: Scene) -> None:
        recover_alone(scene)

        assert (self.runs(scene), scene.said) == ([], [])

    def test_it_looks_once_and_does_not_wait(self, scene: Scene, looked: Counter[str]) -> None:
        order = scene.open[0]
        losing_requests(scene, order)
        looked.clear()

        recover_alone(scene)

        assert self.runs(scene) == ["apply", "reconcile"]
        assert (looked, scene.rested) == ({order: 1}, [])

    @pytest.mark.parametrize("steps", [(), PRESSED], ids=["before the press", "after it"])
    def test_it_settles_what_a_run_left_that_was_killed_just_now(
        self, scene: Scene, steps: tuple[str, ...]
    ) -> None:
        """Its lease is still live; only the lock of this machine tells that it is dead."""
        order = scene.open[0]
        dead = killed_run(scene, order, *steps)
        scene.watch.turn(minutes=3)

        recover_alone(scene.with_(is_dead=dead.__eq__))

        assert self.runs(scene) == ["apply", "reconcile"]
        assert scene.ledger.attempts()[0].outcome is OutcomeKind.NOT_SENT

    def test_another_run_keeps_it_out(self, scene: Scene) -> None:
        killed_run(scene, scene.open[0])

        with pytest.raises(ShopBusy):
            recover_alone(scene)

    def test_a_plan_is_applied_after_it(self, scene: Scene) -> None:
        lost, fresh = scene.open[:2]
        losing_requests(scene, lost)
        scene.watch.turn(minutes=5)

        result = refuse(scene, lost, fresh)

        assert self.runs(scene) == ["apply", "reconcile", "apply"]
        assert outcomes(result) == {fresh: "refused"}

    @pytest.mark.parametrize(
        ("kind", "outcome"), [("refusal", "refused"), ("rehearsal", "rehearsed")]
    )
    def test_one_order_by_name_comes_after_it(
        self, scene: Scene, kind: PermitKind, outcome: str
    ) -> None:
        order = scene.open[0]
        losing_requests(scene, order)
        scene.watch.turn(minutes=5)

        result = refuse_single(scene.context, replace(BY_OWNER, order_no=order), PermitKind(kind))

        assert self.runs(scene)[1] == "reconcile"
        assert outcomes(result) == {order: outcome}

    def test_when_it_cannot_look_nothing_new_is_begun(self, scene: Scene) -> None:
        lost, fresh = scene.open[:2]
        losing_requests(scene, lost)
        scene.portal.before_call = lambda call: browser_gone() if call == "sign_in" else None

        result = refuse(scene, fresh)

        assert (outcomes(result), result.exit_code) == ({}, 80)
        assert scene.refused == []
