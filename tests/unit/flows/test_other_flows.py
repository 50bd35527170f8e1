"""Propose, approve, refuse by hand, rehearse and reconcile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.approve import approve
from flows.by_hand import ByHand, refuse_by_hand
from flows.collect import collect
from flows.propose import propose
from flows.reconcile import reconcile
from flows.rehearse import rehearse
from flows.sign_in import sign_in
from qsm_bot.errors import BrowserLost, LimitExceeded, PlanExpired, ShopBusy
from qsm_bot.ledger import ActState
from qsm_bot.model import Listing, OutcomeKind, RefusalReason, UnreadableRow
from qsm_bot.plan import PermitKind, Plan
from qsm_bot.rules import RuleBook
from qsm_bot.words import Words
from tests.unit.flows.conftest import Scene
from tests.unit.flows.test_refuse import make_plan, outcomes, refuse, rules

BY_OWNER = ByHand(
    order_no="",
    reason=RefusalReason.SHIPPED,
    text=None,
    who="owner",
    valid_for=timedelta(hours=1),
)


def proposed(scene: Scene, book: RuleBook, listing: Listing | None = None, **taken: str) -> Plan:
    return propose(
        listing or scene.portal.collect(),
        book,
        shop="s",
        portal_url="http://127.0.0.1:1",
        pack="p",
        attempted=taken,
        now=scene.watch(),
        valid_for=timedelta(hours=1),
    )


class TestSignInAndCollect:
    """The first two steps tell people what they saw."""

    def test_sign_in_names_the_shop(self, scene: Scene) -> None:
        assert sign_in(scene.context) == "みほん商店"
        assert scene.said == [Words("signed in as みほん商店", "みほん商店 としてログインしました")]

    def test_unreadable_rows_are_told(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        listing = with_unreadable(scene.portal.collect())
        monkeypatch.setattr(scene.portal, "collect", lambda: listing)

        assert collect(scene.context) == listing
        assert scene.said[-1].en == "row 7 cannot be read: odd"


def with_unreadable(listing: Listing) -> Listing:
    row = UnreadableRow(position=7, cells=("x",), why=Words("odd", "不明"))
    return replace(listing, unreadable=(row,), counted=listing.counted + 1)


class TestPropose:
    """Every request ends in exactly one of the plan's three lists."""

    def test_what_no_rule_takes_is_left(self, scene: Scene) -> None:
        plan = proposed(scene, rules(scene.open[0]))

        assert [row.order_no for row in plan.refuse] == scene.open[:1]
        assert sorted(row.order_no for row in plan.leave) == sorted(scene.open[1:])

    def test_a_duplicate_number_is_asked_once(self, scene: Scene) -> None:
        listing = scene.portal.collect()
        double = replace(listing, requests=(*listing.requests, listing.requests[0]))

        plan = proposed(scene, rules(scene.open[0]), double)

        assert [row.order_no for row in plan.ask] == scene.open[:1]
        assert plan.refuse == ()

    def test_an_attempted_order_is_asked(self, scene: Scene) -> None:
        plan = propose(
            scene.portal.collect(),
            rules(scene.open[0]),
            shop="s",
            portal_url="u",
            pack="p",
            attempted={scene.open[0]: "unknown"},
            now=scene.watch(),
            valid_for=timedelta(hours=1),
        )

        assert [(row.order_no, row.why.en) for row in plan.ask] == [
            (scene.open[0], "the ledger holds an attempt: unknown")
        ]

    def test_an_unreadable_row_is_asked_without_a_number(self, scene: Scene) -> None:
        plan = proposed(scene, rules(scene.open[0]), with_unreadable(scene.portal.collect()))

        assert [(row.order_no, row.why.en) for row in plan.ask] == [("", "row 7: odd")]

    def test_more_than_the_limits_is_no_plan(self, scene: Scene) -> None:
        book = rules(*scene.open).model_copy(
            update={"limits": rules("1").limits.model_copy(update={"max_count": 2})}
        )

        with pytest.raises(LimitExceeded):
            proposed(scene, book)


class TestApprove:
    """A person's word holds as long as the plan."""

    def test_it_is_recorded_with_the_name(self, scene: Scene) -> None:
        plan = make_plan(scene, rules(scene.open[0]))

        approve(scene.ledger, plan, who="owner", now=scene.watch())

        kept = scene.ledger.approval(plan.digest)
        assert kept is not None
        assert (kept.who, kept.until) == ("owner", plan.expires_at)

    def test_an_expired_plan_cannot_be_approved(self, scene: Scene) -> None:
        plan = make_plan(scene, rules(scene.open[0]))
        scene.watch.turn(hours=2)

        with pytest.raises(PlanExpired):
            approve(scene.ledger, plan, who="owner", now=scene.watch())


class TestByHand:
    """One order, named by a person."""

    def test_it_is_refused_under_the_persons_name(self, scene: Scene) -> None:
        order = scene.open[0]

        result = refuse_by_hand(
            scene.context, replace(BY_OWNER, order_no=order), PermitKind.REFUSAL
        )

        assert outcomes(result) == {order: "refused"}
        assert scene.refused == [(order, "商品発送完了", None)]
        approval = scene.ledger.approval(str(result.plan))
        assert approval is not None
        assert approval.who == "owner"

    def test_repeating_it_does_nothing_more(self, scene: Scene) -> None:
        wish = replace(BY_OWNER, order_no=scene.open[0])
        refuse_by_hand(scene.context, wish, PermitKind.REFUSAL)

        again = refuse_by_hand(scene.context, wish, PermitKind.REFUSAL)

        assert outcomes(again) == {wish.order_no: "already_refused"}
        assert again.exit_code == 20
        assert len(scene.refused) == 1

    def test_an_order_that_is_not_in_the_list_is_gone(self, scene: Scene) -> None:
        wish = replace(BY_OWNER, order_no="999999999")

        result = refuse_by_hand(scene.context, wish, PermitKind.REFUSAL)

        assert outcomes(result) == {"999999999": "gone"}
        assert scene.ledger.run(result.run_id).exit_code == 20

    def test_a_rehearsal_by_hand_needs_no_approval_and_sends_nothing(self, scene: Scene) -> None:
        wish = replace(BY_OWNER, order_no=scene.open[0])

        result = refuse_by_hand(scene.context, wish, PermitKind.REHEARSAL)

        assert outcomes(result) == {wish.order_no: "rehearsed"}
        assert (scene.refused, result.exit_code) == ([], 0)


class TestRehearse:
    """A plan's rehearsal."""

    def test_nothing_is_sent_and_the_order_can_be_refused_afterwards(self, scene: Scene) -> None:
        order = scene.open[0]
        plan = make_plan(scene, rules(order))

        result = rehearse(scene.context, plan)

        assert outcomes(result) == {order: "rehearsed"}
        assert scene.refused == []
        assert outcomes(refuse(scene, order)) == {order: "refused"}


def leave_unknown(scene: Scene) -> str:
    """Refuse one order whose answer is lost and whose look fails."""
    order = scene.open[0]

    def lose() -> None:
        raise ConnectionError("reset")

    scene.portal.after_effect = lose
    real = scene.portal.look

    def lost(_order: str) -> object:
        raise BrowserLost(detail="gone")

    scene.portal.look = lost  # type: ignore[method-assign, assignment]
    refuse(scene, order)
    scene.portal.look = real  # type: ignore[method-assign]
    scene.portal.after_effect = None
    return order


class TestReconcile:
    """Unknown outcomes are settled by looking only."""

    def test_nothing_open_means_nothing_to_do_and_no_visit(self, scene: Scene) -> None:
        result = reconcile(scene.context)

        assert (result.receipts, result.exit_code, scene.said) == ((), 10, [])

    def test_a_refusal_that_the_portal_lists_is_settled_as_refused(self, scene: Scene) -> None:
        order = leave_unknown(scene)

        result = reconcile(scene.context)

        assert outcomes(result) == {order: "refused"}
        assert scene.ledger.open_attempts(scene.context.shop) == []
        assert len(scene.refused) == 1

    def test_an_order_still_open_waits_until_a_slow_server_can_no_longer_act(
        self, scene: Scene
    ) -> None:
        order = scene.open[0]

        def lose() -> None:
            raise ConnectionError("reset")

        scene.portal.before_effect = lose
        refuse(scene, order)

        early = reconcile(scene.context)
        scene.watch.turn(minutes=5)
        late = reconcile(scene.context)

        assert outcomes(early) == {order: "unknown"}
        assert outcomes(late) == {order: "not_sent"}
        assert scene.refused == []

    def test_after_not_sent_a_new_attempt_may_be_made(self, scene: Scene) -> None:
        order = scene.open[0]

        def lose() -> None:
            raise ConnectionError("reset")

        scene.portal.before_effect = lose
        refuse(scene, order)
        scene.portal.before_effect = None
        scene.watch.turn(minutes=5)
        reconcile(scene.context)

        assert outcomes(refuse(scene, order)) == {order: "refused"}

    def test_an_order_that_is_neither_open_nor_refused_is_gone(self, scene: Scene) -> None:
        order = scene.open[0]

        def lose() -> None:
            raise ConnectionError("reset")

        scene.portal.before_effect = lose
        refuse(scene, order)
        scene.world.buyer_withdraws(order)

        assert outcomes(reconcile(scene.context)) == {order: "gone"}

    def test_what_a_dead_run_left_before_the_press_is_settled_without_a_look(
        self, scene: Scene
    ) -> None:
        order = scene.open[0]
        plan = make_plan(scene, rules(order))
        run_id = scene.ledger.begin_run(scene.context.shop, "apply", plan.digest)
        scene.ledger.issue_permit(
            run_id, scene.context.shop, plan.refuse[0], plan.digest, PermitKind.REFUSAL
        )

        result = reconcile(scene.context)

        assert outcomes(result) == {order: "not_sent"}
        assert scene.ledger.attempts()[0].state is ActState.SETTLED
        assert not [words for words in scene.said if "signed in" in words.en]

    def test_a_look_that_fails_changes_nothing(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        leave_unknown(scene)

        def lost() -> str:
            raise BrowserLost(detail="gone")

        monkeypatch.setattr(scene.portal, "sign_in", lost)

        result = reconcile(scene.context)

        assert (result.receipts, result.exit_code) == ((), 80)
        assert scene.ledger.attempts()[0].outcome is OutcomeKind.UNKNOWN

    def test_another_run_keeps_it_out(self, scene: Scene) -> None:
        with (
            scene.ledger.lease(scene.context.shop, "someone else", seconds=60),
            pytest.raises(ShopBusy),
        ):
            reconcile(scene.context)
