"""The refuse flow: what reaches the portal, and what the ledger says of it."""

from dataclasses import replace
from typing import Any

import pytest

from flows.approve import approve
from flows.refuse import apply_plan, run_plan
from qsm_bot.base.errors.orders import ConfirmMissing
from qsm_bot.base.errors.outside import BrowserLost, EvidenceUnwritable, PortalSlow, ShopBusy
from qsm_bot.base.errors.plans import (
    PlanExpired,
    PlanNotApproved,
    PlanNotFound,
    PlanReplaced,
    PlanStale,
)
from qsm_bot.base.errors.safety import ConfirmTextChanged, LimitExceeded
from qsm_bot.base.events import RunEvent
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import Limits, PermitKind
from qsm_bot.domain.request import (
    AskPerson,
    CancelRequest,
    Decision,
    ProofKind,
    RefusalReason,
    Refuse,
    kinds_of,
)
from qsm_bot.ledger import ActState
from qsm_bot.portal.protocol import OrderStatus, RefusalAnswer
from tests.support import LONG_TEXT, make_plan, rules
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import approved, lose, outcomes, refuse


def test_an_approved_plan_is_carried_out_once_per_order(scene: Scene) -> None:
    first, second = scene.open[:2]

    result = refuse(scene, first, second)

    assert outcomes(result) == {first: "refused", second: "refused"}
    assert scene.refused == [(first, "商品発送完了", None), (second, "商品発送完了", None)]
    assert result.exit_code == 0
    assert scene.ledger.run(result.run_id).exit_code == 0


def test_the_text_for_other_reaches_the_portal_as_planned(scene: Scene) -> None:
    order = scene.open[0]

    result = refuse(scene, order, reason="other", text=LONG_TEXT)

    assert scene.refused == [(order, "その他", LONG_TEXT)]
    assert result.receipts[0].text == LONG_TEXT


def test_each_step_stands_in_the_ledger_in_order(scene: Scene) -> None:
    order = scene.open[0]

    result = refuse(scene, order)

    kinds = [e.kind for e in scene.ledger.events(run_id=result.run_id, order_no=order)]
    assert kinds == [
        "attempt.leased",
        "attempt.opened",
        "attempt.ready",
        "attempt.evidence",
        "attempt.armed",
        "attempt.confirm_open",
        "attempt.committing",
        "attempt.answered",
        "attempt.alerted",
        "attempt.evidence",
        "attempt.evidence",
        "attempt.verified",
        "attempt.settled",
    ]
    proofs = kinds_of(scene.ledger.attempts()[0].proofs)
    assert set(proofs) == {
        ProofKind.ALERT,
        ProofKind.LIST_ABSENT,
        ProofKind.REFUSED_LIST,
        ProofKind.COUNTER,
    }


def test_every_picture_is_kept_with_its_digest(scene: Scene) -> None:
    result = refuse(scene, scene.open[0])

    kept = [
        e.body for e in scene.ledger.events(run_id=result.run_id) if e.kind == "attempt.evidence"
    ]
    assert [body["name"] for body in kept] == ["1-before", "2-after-alert", "3-fresh-list"]
    assert all(scene.context.pictures.path(body["path"]).is_file() for body in kept)


def test_a_plan_that_nobody_approved_is_not_carried_out(scene: Scene) -> None:
    book = rules(scene.open[0])

    with pytest.raises(PlanNotApproved):
        apply_plan(scene.context, make_plan(scene.context, book), rules=book.digest)

    assert scene.refused == []


def test_what_the_approver_left_out_is_not_refused(scene: Scene) -> None:
    first, second = scene.open[:2]
    book = rules(first, second)
    made = make_plan(scene.context, book)
    let = approve(scene.ledger, made, who="owner", now=scene.watch(), without=[first])

    with pytest.raises(PlanReplaced):
        apply_plan(scene.context, made, rules=book.digest)
    with pytest.raises(PlanReplaced):
        approve(scene.ledger, made, who="owner", now=scene.watch())
    again = approve(scene.ledger, made, who="owner", now=scene.watch(), without=[first])
    result = apply_plan(scene.context, scene.ledger.plan(let.plan), rules=book.digest)

    assert again.plan == let.plan
    assert outcomes(result) == {second: "refused"}


def test_what_was_said_last_of_an_order_counts_for_older_plans(scene: Scene) -> None:
    first, second, third = scene.open[:3]
    older = approved(scene, rules(first, second, third))
    scene.watch.turn(minutes=1)
    book = rules(first, second, third)
    newer = make_plan(scene.context, book)
    less = approve(scene.ledger, newer, who="Sato", now=scene.watch(), without=[first, second])
    scene.watch.turn(minutes=1)
    last = make_plan(scene.context, rules(second))
    approve(scene.ledger, last, who="Suzuki", now=scene.watch())

    result = apply_plan(scene.context, older, rules=book.digest)

    assert less.plan not in (older.digest, newer.digest)
    assert outcomes(result) == {first: "changed", second: "refused", third: "refused"}


def test_what_the_shop_s_data_no_longer_says_at_the_press_is_not_refused(scene: Scene) -> None:
    moved, stays = scene.open[:2]

    def decide(request: CancelRequest) -> Decision:
        if request.order_no == moved:
            return AskPerson(why=Words("the file says so no longer", "ファイルにありません"))
        return Refuse(reason=RefusalReason.SHIPPED, text=None, rule="named", because=())

    result = refuse(scene.with_(decide=decide), moved, stays)

    assert outcomes(result) == {moved: "changed", stays: "refused"}
    assert scene.refused == [(stays, "商品発送完了", None)]


def test_what_is_left_out_while_the_run_goes_on_is_not_pressed(scene: Scene) -> None:
    first, second, third = scene.open[:3]
    book = rules(first, second, third)
    plan = approved(scene, book)

    def leave_out() -> None:
        scene.portal.after_effect = None
        approve(scene.ledger, plan, who="owner", now=scene.watch(), without=[second])

    scene.portal.after_effect = lambda *_: leave_out()
    result = apply_plan(scene.context, plan, rules=book.digest)

    assert isinstance(result.error, PlanReplaced)
    assert outcomes(result) == {first: "refused", second: "not_sent"}
    assert [order for order, *_ in scene.refused] == [first]


def test_of_two_who_leave_out_different_orders_one_is_told(scene: Scene) -> None:
    first, second = scene.open[:2]
    made = make_plan(scene.context, rules(first, second))
    approve(scene.ledger, made, who="a", now=scene.watch(), without=[first])

    with pytest.raises(PlanReplaced):
        approve(scene.ledger, made, who="b", now=scene.watch(), without=[second])

    other = made.without([second])
    assert scene.ledger.approval(other.digest) is None
    with pytest.raises(PlanNotFound):
        scene.ledger.plan(other.digest)


def test_an_expired_plan_is_not_carried_out(scene: Scene) -> None:
    book = rules(scene.open[0])
    plan = approved(scene, book)
    scene.watch.turn(hours=1)

    with pytest.raises(PlanExpired):
        apply_plan(scene.context, plan, rules=book.digest)

    assert scene.refused == []


@pytest.mark.parametrize(
    ("change", "rules_now"),
    [
        ({}, "other-rules"),
        ({"pack": "other-pack"}, None),
        ({"shop": "べつの店"}, None),
        ({"portal_url": "http://127.0.0.1:2"}, None),
    ],
)
def test_a_plan_made_under_other_circumstances_is_stale(
    scene: Scene, change: dict[str, str], rules_now: str | None
) -> None:
    book = rules(scene.open[0])
    plan = approved(scene, book)

    with pytest.raises(PlanStale):
        apply_plan(replace(scene.context, **change), plan, rules=rules_now or book.digest)

    assert scene.refused == []


def test_a_plan_beyond_its_limits_is_not_carried_out(scene: Scene) -> None:
    book = rules(*scene.open[:2])
    plan = replace(approved(scene, book), limits=Limits(max_count=1))
    scene.ledger.record_plan(plan)

    with pytest.raises(LimitExceeded):
        apply_plan(scene.context, plan, rules=book.digest)

    assert scene.refused == []


def test_an_empty_plan_has_nothing_to_do(scene: Scene) -> None:
    result = refuse(scene, "000000001")

    assert (result.receipts, result.exit_code) == ((), 10)


def test_a_second_run_is_kept_out(scene: Scene) -> None:
    book = rules(scene.open[0])
    plan = approved(scene, book)

    with (
        scene.ledger.lease(scene.context.shop, "someone else", seconds=60),
        pytest.raises(ShopBusy),
    ):
        apply_plan(scene.context, plan, rules=book.digest)

    assert scene.refused == []


def test_a_withdrawn_order_is_gone_and_the_next_is_refused(scene: Scene) -> None:
    first, second = scene.open[:2]
    book = rules(first, second)
    plan = approved(scene, book)
    scene.world.buyer_withdraws(first)

    result = apply_plan(scene.context, plan, rules=book.digest)

    assert outcomes(result) == {first: "gone", second: "refused"}
    assert result.exit_code == 20
    assert [order for order, _, _ in scene.refused] == [second]


def test_an_order_that_a_person_refused_meanwhile_is_told_as_such(scene: Scene) -> None:
    order = scene.open[0]
    book = rules(order)
    plan = approved(scene, book)
    scene.world.refuse(order, "発送準備完了", None)

    result = apply_plan(scene.context, plan, rules=book.digest)

    assert outcomes(result) == {order: "already_refused"}
    assert len(scene.refused) == 1


def test_a_row_that_changed_since_the_plan_is_left(scene: Scene) -> None:
    order = scene.open[0]
    book = rules(order)
    plan = approved(scene, book)
    altered = replace(plan.refuse[0], fingerprint="0" * 64)
    plan = replace(plan, refuse=(altered,))
    scene.ledger.record_plan(plan)
    approve(scene.ledger, plan, who="owner", now=scene.watch())

    result = apply_plan(scene.context, plan, rules=book.digest)

    assert outcomes(result) == {order: "changed"}
    assert scene.refused == []


def test_a_row_that_changes_between_list_and_opening_is_left(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.open[0]
    real = scene.portal.open

    def other_row(order_no: str) -> Any:
        opened = real(order_no)
        return replace(opened, request=replace(opened.request, option="another"))

    monkeypatch.setattr(scene.portal, "open", other_row)

    assert outcomes(refuse(scene, order)) == {order: "changed"}
    assert scene.refused == []


def test_an_order_number_in_two_rows_needs_a_person(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.open[0]
    book = rules(order)
    plan = approved(scene, book)
    real = scene.portal.collect

    def twice() -> Any:
        listing = real()
        return replace(listing, requests=(*listing.requests, listing.requests[0]))

    monkeypatch.setattr(scene.portal, "collect", twice)

    result = apply_plan(scene.context, plan, rules=book.digest)

    assert outcomes(result) == {order: "needs_person"}
    assert result.exit_code == 30
    assert scene.refused == []


def test_a_refused_order_gets_no_second_permit(scene: Scene) -> None:
    order = scene.open[0]
    book = rules(order)
    plan = approved(scene, book)
    apply_plan(scene.context, plan, rules=book.digest)

    again = apply_plan(scene.context, plan, rules=book.digest)

    assert outcomes(again) == {order: "already_refused"}
    assert len(scene.refused) == 1


def test_a_lost_answer_is_settled_by_the_look_when_the_portal_lists_the_refusal(
    scene: Scene,
) -> None:
    order = scene.open[0]
    scene.portal.after_effect = lose

    result = refuse(scene, order)

    assert outcomes(result) == {order: "refused"}
    assert result.receipts[0].outcome.detail is not None
    assert len(scene.refused) == 1


def test_a_request_that_perhaps_never_arrived_is_unknown_and_is_not_tried_again(
    scene: Scene,
) -> None:
    order = scene.open[0]
    scene.portal.before_effect = lose
    book = rules(order)
    plan = approved(scene, book)

    first = apply_plan(scene.context, plan, rules=book.digest)
    scene.portal.before_effect = None
    second = apply_plan(scene.context, plan, rules=book.digest)

    assert outcomes(first) == {order: "unknown"}
    assert outcomes(second) == {order: "needs_person"}
    assert (first.exit_code, second.exit_code) == (30, 30)
    assert scene.refused == []


def test_a_changed_confirm_stops_the_run_before_anything_is_sent(scene: Scene) -> None:
    first, second = scene.open[:2]
    scene.portal.confirm = "キャンセルを承認しますか？"

    result = refuse(scene, first, second)

    assert outcomes(result) == {first: "not_sent"}
    assert isinstance(result.error, ConfirmTextChanged)
    assert result.exit_code == 90
    assert scene.refused == []
    assert scene.ledger.run(result.run_id).error is not None


def test_a_trouble_before_the_press_stops_the_run_with_not_sent(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_reason: RefusalReason, _text: str | None) -> Any:
        raise PortalSlow(what="form", seconds=1)

    monkeypatch.setattr(scene.portal, "choose", slow)

    result = refuse(scene, scene.open[0])

    assert outcomes(result) == {scene.open[0]: "not_sent"}
    assert result.exit_code == 50


def test_a_trouble_while_reading_the_list_ends_the_run_without_outcomes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = rules(scene.open[0])
    plan = approved(scene, book)

    def lost() -> Any:
        raise BrowserLost(detail="gone")

    monkeypatch.setattr(scene.portal, "collect", lost)

    result = apply_plan(scene.context, plan, rules=book.digest)

    assert (result.receipts, result.exit_code) == ((), 80)


def test_an_error_after_the_commit_is_unknown(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.open[0]
    real = scene.portal.press

    def press_and_lose(permit: Any, log: Any) -> Any:
        real(permit, log)
        raise BrowserLost(detail="gone")

    monkeypatch.setattr(scene.portal, "press", press_and_lose)

    result = refuse(scene, order)

    assert outcomes(result) == {order: "unknown"}
    assert scene.ledger.attempts()[0].state is ActState.UNKNOWN


def test_a_problem_of_the_order_after_a_request_left_is_unknown_and_the_next_is_refused(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that did not ask, and a browser without the strict fuse."""
    first, second = scene.open[:2]
    real = scene.portal.press

    def unasked(permit: Any, log: Any) -> Any:
        if permit.order_no != first:
            return real(permit, log)
        log.armed()
        log.answered(RefusalAnswer(method="POST", path="/refuse", status=None))
        raise ConfirmMissing(alert="–")

    monkeypatch.setattr(scene.portal, "press", unasked)

    result = refuse(scene, first, second)

    assert outcomes(result) == {first: "unknown", second: "refused"}
    assert result.receipts[0].outcome.detail == ConfirmMissing(alert="–").message
    assert [attempt.order_no for attempt in scene.ledger.open_attempts(scene.context.shop)] == [
        first
    ]


def test_a_problem_of_the_order_before_that_is_its_own_outcome(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.open[0]

    def silent(_permit: Any, log: Any) -> Any:
        log.armed()
        raise ConfirmMissing(alert="–")

    monkeypatch.setattr(scene.portal, "press", silent)

    assert outcomes(refuse(scene, order)) == {order: "not_sent"}


def test_a_look_that_fails_leaves_the_outcome_unknown(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.open[0]

    def lost(_order: str) -> OrderStatus:
        raise BrowserLost(detail="gone")

    monkeypatch.setattr(scene.portal, "look", lost)

    assert outcomes(refuse(scene, order)) == {order: "unknown"}
    assert len(scene.refused) == 1


def test_without_a_picture_before_the_click_nothing_is_pressed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> bytes:
        raise EvidenceUnwritable(path="x", detail="full")

    monkeypatch.setattr(scene.portal, "picture", full)

    result = refuse(scene, scene.open[0])

    assert outcomes(result) == {scene.open[0]: "not_sent"}
    assert scene.refused == []


def test_a_picture_that_fails_after_the_press_does_not_hide_the_outcome(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, taken = scene.open[0], list[int]()
    real = scene.portal.picture

    def only_once() -> bytes:
        taken.append(1)
        if len(taken) > 1:
            raise EvidenceUnwritable(path="x", detail="full")
        return real()

    monkeypatch.setattr(scene.portal, "picture", only_once)

    assert outcomes(refuse(scene, order)) == {order: "refused"}


def test_a_run_may_be_given_the_list_that_was_read_just_now(scene: Scene) -> None:
    plan = approved(scene, rules(scene.open[0]))
    listing = scene.portal.collect()
    scene.said.clear()

    with scene.context.lease() as lease:
        result = run_plan(scene.context, lease, plan, PermitKind.REFUSAL, "refuse", listing=listing)

    assert list(outcomes(result).values()) == ["refused"]
    assert not [words for words in scene.said if "signed in" in words.en]


def test_people_are_told_each_outcome_with_its_detail(scene: Scene) -> None:
    order = scene.open[0]
    book = rules(order)
    plan = approved(scene, book)
    scene.world.buyer_withdraws(order)

    apply_plan(scene.context, plan, rules=book.digest)

    last = scene.said[-1]
    assert isinstance(last, Words)
    assert last.en.startswith(f"{order}: gone – ")
    assert last.ja.startswith(f"{order}: 一覧になし – ")


def test_what_happens_is_told_as_events_in_order(scene: Scene) -> None:
    told: list[RunEvent] = []
    scene.context = replace(scene.context, events=told.append)
    order = scene.open[0]

    refuse(scene, order)

    acted = [event for event in told if event.facts.get("order_no") == order]
    kinds = [(str(event.kind), event.facts.get("dialog")) for event in acted]
    assert kinds == [("order", None), ("dialog", "confirm"), ("dialog", "alert"), ("outcome", None)]
    assert acted[-1].facts["outcome"] == "refused"
    assert acted[-1].facts["proofs"] == ["alert", "list_absent", "refused_list", "counter"]
    # Their lines are what people see: nothing is told twice.
    assert not any(order in words.en for words in scene.said)
