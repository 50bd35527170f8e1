"""What keeps the refuse flow from beginning the next order, and from finishing none."""

from dataclasses import replace

import pytest

from flows._parts.verdict_table import (
    GONE,
)
from flows.refuse import apply_plan
from flows.rehearse import rehearse
from flows.single_refusal import refuse_single
from qsm_bot.base.errors.outside import ShopBusy
from qsm_bot.base.errors.people import PersonDeclined, RunStopped, TooManyUnknown
from qsm_bot.base.errors.safety import TurnedDown
from qsm_bot.base.events import EventKind, RunEvent
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import CancelRequest, Refuse
from qsm_bot.mock_portal.testing.memory import Reply
from tests.support import make_plan, rules
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import (
    BY_OWNER,
    approved,
    killed_run,
    lose,
    losing_requests,
    outcomes,
    refuse,
)

NO_RIGHT = "この操作の権限がありません。"


def turned_down(_serve: object) -> Reply:
    """Answer as a portal does that has a reason of its own."""
    return Reply(status=200, alert=NO_RIGHT)


def calls_of(scene: Scene) -> list[str]:
    """The names of the portal's methods from now on, as they are called."""
    calls: list[str] = []
    scene.portal.before_call = calls.append
    return calls


class TestTooManyUnknown:
    """While more is unknown than the settings allow, no further refusal is begun."""

    @pytest.mark.parametrize(("allowed", "begun"), [(0, 1), (1, 2), (2, 3), (9, 4)])
    def test_a_run_goes_on_until_there_are_more_than_allowed(
        self, scene: Scene, allowed: int, begun: int
    ) -> None:
        orders = scene.open[:4]

        result = losing_requests(scene.with_(max_unknown=allowed), *orders)

        assert outcomes(result) == dict.fromkeys(orders[:begun], "unknown")
        assert isinstance(result.error, TooManyUnknown if begun < 4 else type(None))
        assert result.exit_code == 30

    def test_one_may_be_unknown_unless_the_settings_say_otherwise(self, scene: Scene) -> None:
        assert scene.context.max_unknown == 1

    def test_it_names_the_orders_and_the_limit(self, scene: Scene) -> None:
        first, second, third = scene.open[:3]

        error = losing_requests(scene, first, second, third).error

        assert isinstance(error, TooManyUnknown)
        assert error.facts == {"count": 2, "limit": 1, "orders": f"{first} {second}"}

    def test_what_earlier_runs_left_counts(self, scene: Scene) -> None:
        lost, fresh = scene.open[:2]
        losing_requests(scene, lost)

        result = refuse(scene.with_(max_unknown=0), fresh)

        assert isinstance(result.error, TooManyUnknown)
        assert (result.receipts, scene.refused) == ((), [])

    def test_what_a_look_settled_does_not_count(self, scene: Scene) -> None:
        lost, fresh = scene.open[:2]
        losing_requests(scene, lost)
        scene.watch.turn(minutes=5)

        assert outcomes(refuse(scene.with_(max_unknown=0), fresh)) == {fresh: "refused"}

    def test_what_a_killed_run_left_before_its_press_does_not_count(self, scene: Scene) -> None:
        left, fresh = scene.open[:2]
        dead = killed_run(scene, left)

        result = refuse(scene.with_(max_unknown=0, is_dead=dead.__eq__), fresh)

        assert outcomes(result) == {fresh: "refused"}

    def test_another_shops_unknown_does_not_count(self, scene: Scene) -> None:
        lost, fresh = scene.open[:2]
        losing_requests(scene.with_(shop="べつの商店"), lost)

        assert outcomes(refuse(scene.with_(max_unknown=0), fresh)) == {fresh: "refused"}

    def test_an_order_named_by_hand_is_not_begun_either(self, scene: Scene) -> None:
        lost, fresh = scene.open[:2]
        losing_requests(scene, lost)
        strict = scene.with_(max_unknown=0)

        result = refuse_single(
            strict.context, replace(BY_OWNER, order_no=fresh), PermitKind.REFUSAL
        )

        assert isinstance(result.error, TooManyUnknown)
        assert (result.receipts, scene.refused) == ((), [])

    def test_a_person_is_asked_with_the_row_and_a_no_ends_it(self, scene: Scene) -> None:
        seen: list[tuple[str, str]] = []

        def no(row: CancelRequest, decision: Refuse) -> None:
            seen.append((row.order_no, decision.reason.value))
            raise PersonDeclined

        wish = replace(BY_OWNER, order_no=scene.open[0])
        with pytest.raises(PersonDeclined):
            refuse_single(scene.context, wish, PermitKind.REFUSAL, no)

        assert seen == [(scene.open[0], wish.reason.value)]
        assert scene.refused == []

    def test_an_order_that_is_not_listed_is_told_like_any_other(self, scene: Scene) -> None:
        told: list[RunEvent] = []
        context = replace(scene.context, events=told.append)
        wish = replace(BY_OWNER, order_no="762500000")

        result = refuse_single(context, wish, PermitKind.REFUSAL)

        begun = [each.facts["run_id"] for each in told if "run_id" in each.facts]
        ended = [each.facts["outcome"] for each in told if each.kind is EventKind.OUTCOME]
        assert begun == [result.run_id]
        assert ended == [result.receipts[0].outcome.kind.value]

    def test_a_person_s_yes_lets_it_go_on(self, scene: Scene) -> None:
        order = scene.open[0]
        wish = replace(BY_OWNER, order_no=order)

        result = refuse_single(scene.context, wish, PermitKind.REFUSAL, lambda *_: None)

        assert outcomes(result) == {order: "refused"}

    def test_a_rehearsal_sends_nothing_and_may_always_be_made(self, scene: Scene) -> None:
        lost, fresh = scene.open[:2]
        losing_requests(scene, lost)
        strict = scene.with_(max_unknown=0)

        result = rehearse(strict.context, make_plan(strict.context, rules(fresh)))

        assert outcomes(result) == {fresh: "rehearsed"}


class TestTurnedDown:
    """A portal that turns an open order down is hardly meaning this order alone."""

    def test_the_run_ends_before_the_next_order(self, scene: Scene) -> None:
        first, second = scene.open[:2]
        scene.portal.network = turned_down

        result = refuse(scene, first, second)

        assert outcomes(result) == {first: "rejected"}
        assert isinstance(result.error, TurnedDown)
        assert result.error.facts == {"order": first}
        assert result.exit_code == 90
        assert len(scene.ledger.attempts()) == 1

    def test_the_portals_words_stand_in_the_receipt(self, scene: Scene) -> None:
        scene.portal.network = turned_down

        (receipt,) = refuse(scene, scene.open[0]).receipts

        assert receipt.outcome.detail is not None
        assert NO_RIGHT in receipt.outcome.detail.en
        assert NO_RIGHT in receipt.outcome.detail.ja

    def test_after_the_last_order_there_is_nothing_left_to_end(self, scene: Scene) -> None:
        scene.portal.network = turned_down

        result = refuse(scene, scene.open[0])

        assert (result.error, result.exit_code) == (None, 20)

    def test_an_order_that_was_withdrawn_meanwhile_is_its_own_reason(self, scene: Scene) -> None:
        first, second = scene.open[:2]
        withdrawn: list[str] = []

        def withdraw() -> None:
            if not withdrawn:
                withdrawn.append(first)
                scene.world.buyer_withdraws(first)

        scene.portal.before_effect = withdraw

        result = refuse(scene, first, second)

        assert outcomes(result) == {first: "rejected", second: "refused"}
        assert (result.receipts[0].outcome.detail, result.error) == (GONE, None)

    @pytest.mark.parametrize("status", [500, 302, None])
    def test_words_that_the_page_puts_on_a_broken_request_turn_nothing_down(
        self, scene: Scene, status: int | None
    ) -> None:
        """The server may still act on it, or has acted."""
        first, second = scene.open[:2]
        scene.portal.network = lambda _serve: Reply(status=status, alert="通信エラー")

        result = refuse(scene, first, second)

        assert outcomes(result) == {first: "unknown", second: "unknown"}
        assert result.error is None


class TestAskedToStop:
    """A run ends between its steps, but an order whose button was pressed is finished."""

    def test_nothing_is_begun_and_the_portal_not_visited(self, scene: Scene) -> None:
        plan = approved(scene, rules(scene.open[0]))
        calls = calls_of(scene)

        stopped = scene.with_(stopping=lambda: True).context
        result = apply_plan(stopped, plan, rules=plan.rules)

        assert isinstance(result.error, RunStopped)
        assert (result.receipts, result.exit_code, calls) == ((), 20, [])
        assert scene.ledger.run(result.run_id).error is not None

    @pytest.mark.parametrize(
        ("during", "outcome", "done"),
        [
            ("open", "not_sent", 0),
            ("choose", "not_sent", 0),
            ("press", "refused", 1),
            ("look", "refused", 1),
        ],
    )
    def test_it_depends_on_whether_the_button_was_pressed(
        self, scene: Scene, during: str, outcome: str, done: int
    ) -> None:
        first, second = scene.open[:2]
        calls = calls_of(scene)
        asked = scene.with_(stopping=lambda: during in calls)

        result = refuse(asked, first, second)

        assert outcomes(result) == {first: outcome}
        assert isinstance(result.error, RunStopped)
        assert (result.exit_code, len(scene.refused)) == (20, done)

    def test_an_order_whose_button_was_pressed_has_all_its_evidence(self, scene: Scene) -> None:
        calls = calls_of(scene)

        result = refuse(scene.with_(stopping=lambda: "press" in calls), *scene.open[:2])

        kept = [event.body["name"] for event in scene.events("attempt.evidence")]
        assert kept == ["1-before", "2-after-alert", "3-fresh-list"]
        assert result.receipts[0].outcome.proofs != ()

    def test_an_unknown_outcome_stays_unknown(self, scene: Scene) -> None:
        order, calls = scene.open[0], calls_of(scene)
        scene.portal.network = lose

        result = refuse(scene.with_(stopping=lambda: "press" in calls), order)

        assert (outcomes(result), result.exit_code) == ({order: "unknown"}, 30)

    def test_a_stop_does_not_hide_that_a_person_is_needed(self, scene: Scene) -> None:
        first, second = scene.open[:2]
        calls = calls_of(scene)
        scene.portal.network = lose

        result = refuse(scene.with_(stopping=lambda: "press" in calls), first, second)

        assert (outcomes(result), result.exit_code) == ({first: "unknown"}, 30)
        assert isinstance(result.error, RunStopped)

    def test_after_the_last_order_there_is_nothing_left_to_stop(self, scene: Scene) -> None:
        calls = calls_of(scene)

        result = refuse(scene.with_(stopping=lambda: "look" in calls), scene.open[0])

        assert (result.error, result.exit_code) == (None, 0)

    def test_a_rehearsal_stops_too(self, scene: Scene) -> None:
        first, second = scene.open[:2]
        calls = calls_of(scene)
        asked = scene.with_(stopping=lambda: "press" in calls)

        result = rehearse(asked.context, make_plan(asked.context, rules(first, second)))

        assert outcomes(result) == {first: "rehearsed"}
        assert isinstance(result.error, RunStopped)

    def test_it_can_be_run_again_afterwards(self, scene: Scene) -> None:
        first, second = scene.open[:2]
        calls = calls_of(scene)
        refuse(scene.with_(stopping=lambda: "choose" in calls), first)

        assert outcomes(refuse(scene, first, second)) == {first: "refused", second: "refused"}


class TestWhoHoldsTheShop:
    """A lease is kept out of the way only if its holder has certainly ended."""

    @pytest.mark.parametrize("dead", ["", "someone"])
    def test_a_holder_that_is_not_known_as_dead_keeps_it(self, scene: Scene, dead: str) -> None:
        holds = scene.ledger.lease(scene.context.shop, "someone else", seconds=60)
        with holds, pytest.raises(ShopBusy):
            refuse(scene.with_(is_dead=dead.__eq__), scene.open[0])

    def test_a_dead_one_is_taken_over_at_once(self, scene: Scene) -> None:
        order = scene.open[0]
        dead = killed_run(scene, scene.open[1])

        result = refuse(scene.with_(is_dead=dead.__eq__), order)

        assert outcomes(result) == {order: "refused"}
        taken = [event.body.get("taken_over_from") for event in scene.events("lease.taken")]
        assert taken[:2] == [None, dead]
