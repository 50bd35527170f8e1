"""The portal's business rules, one by one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from qsm_bot.mock_portal import answers
from qsm_bot.mock_portal.answers import ServiceAnswer
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.orders import REASONS
from qsm_bot.mock_portal.world import ClaimState, OrderState, World

MakeWorld = Callable[..., World]
Told = list[tuple[str, str, str | None, str | None]]

NO = "762544202"
LONG_TEXT = "お客様のご注文は既に出荷の準備が整っておりますため、お受けできません。"
ALREADY = [state for state in ClaimState if state is not ClaimState.REQUESTED]


def test_refusal_answers_with_the_text_of_the_manual(world_of: MakeWorld, told: Told) -> None:
    """A refusal ends with キャンセル拒否完了, is recorded once, and the buyer is told at once."""
    answer = world_of().refuse(NO, "商品発送完了", None)
    assert (answer.code, answer.message) == (0, "キャンセル拒否完了")
    assert told == [("refuse", NO, "商品発送完了", None), ("notice", NO, "商品発送完了", None)]


def test_refused_order_goes_back_to_scheduled(world_of: MakeWorld) -> None:
    """A refused order leaves キャンセル要請 and returns to 配送要請."""
    world = world_of()
    world.refuse(NO, "発送準備完了")
    order = world.by_number(NO)
    assert OrderState.SCHEDULED is order.order_state
    assert ClaimState.REFUSED is order.claim_state
    assert order.refusal_reason == "発送準備完了"
    assert world.open_requests() == []
    assert [order] == world.refused()


@pytest.mark.parametrize("reason", REASONS[:3])
def test_fixed_reasons_keep_no_text(world_of: MakeWorld, told: Told, reason: str) -> None:
    """A text beside one of the fixed reasons is not kept."""
    world_of().refuse(NO, reason, LONG_TEXT)
    assert [("refuse", NO, reason, None), ("notice", NO, reason, None)] == told


def test_other_reason_keeps_its_trimmed_text(world_of: MakeWorld, told: Told) -> None:
    """その他 keeps the text that the buyer will read."""
    world_of().refuse(NO, "その他", f"  {LONG_TEXT}\n")
    assert told == [("refuse", NO, "その他", LONG_TEXT), ("notice", NO, "その他", LONG_TEXT)]


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("あ" * 29, False),
        ("あ" * 30, True),
        (" " * 30, False),
        ("あ" * 29 + "　", False),
        ("😀" * 15, True),
        (None, False),
    ],
)
def test_other_reason_needs_thirty_characters(
    world_of: MakeWorld, told: Told, text: str | None, *, accepted: bool
) -> None:
    """The length of その他 counts as a script counts, after trimming."""
    answer = world_of().refuse(NO, "その他", text)
    assert accepted == answer.ok
    assert [kind for kind, *_ in told] == (["refuse", "notice"] if accepted else [])


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("", answers.NO_REASON), ("気分", answers.UNKNOWN_REASON), ("R1", answers.UNKNOWN_REASON)],
)
def test_reason_must_be_one_of_four(
    world_of: MakeWorld, told: Told, reason: str, expected: ServiceAnswer
) -> None:
    """Without one of the manual's reasons nothing happens."""
    assert expected == world_of().refuse(NO, reason)
    assert told == []


@pytest.mark.parametrize("act", ["approve_cancel", "ask_retraction", "buyer_withdraws"])
def test_acts_on_unknown_orders_are_told(world_of: MakeWorld, told: Told, act: str) -> None:
    """An order number that does not exist gets its own alert."""
    assert getattr(world_of(), act)("1") == answers.NOT_FOUND
    assert told == []


def test_refusing_requesting_shipping_unknown_orders_is_told(
    world_of: MakeWorld, told: Told
) -> None:
    """The acts with more arguments say the same of unknown orders."""
    world = world_of()
    assert world.refuse("1", "商品発送完了") == answers.NOT_FOUND
    assert world.buyer_requests("1", "住所変更") == answers.NOT_FOUND
    assert world.ship("1", "ゆうパック", "000012345678") == answers.NOT_FOUND
    assert told == []


@pytest.mark.parametrize("state", ALREADY)
def test_only_open_requests_can_be_handled(
    world_of: MakeWorld, told: Told, state: ClaimState
) -> None:
    """The seller's three acts need an open request and say why otherwise."""
    world = world_of(claim_state=state)
    expected = answers.NOT_OPEN[state]
    assert expected == world.refuse(NO, "商品発送完了")
    assert expected == world.approve_cancel(NO)
    assert expected == world.ask_retraction(NO)
    assert expected.code != 0
    assert told == []


def test_approving_cancels_the_order(world_of: MakeWorld, told: Told, today: date) -> None:
    """The neighbour button really cancels."""
    world = world_of()
    assert world.approve_cancel(NO).ok
    order = world.by_number(NO)
    assert (OrderState.CANCELLED, ClaimState.CANCELLED, today) == (
        order.order_state,
        order.claim_state,
        order.closed_on,
    )
    assert told == [("cancel", NO, "注文キャンセル", None)]


def test_asking_for_retraction_moves_the_request(world_of: MakeWorld, told: Told) -> None:
    """A request under 撤回要請 is no longer under キャンセル要請."""
    world = world_of()
    assert world.ask_retraction(NO).ok
    assert (world.counters()["キャンセル要請"], world.counters()["撤回要請"]) == (0, 1)
    assert told == [("retraction", NO, None, None)]


@pytest.mark.parametrize("state", [ClaimState.REQUESTED, ClaimState.RETRACTION_ASKED])
def test_buyer_may_withdraw_a_pending_request(
    world_of: MakeWorld, told: Told, state: ClaimState
) -> None:
    """A withdrawn request is gone from the list, and the order lives on."""
    world = world_of(claim_state=state)
    assert world.buyer_withdraws(NO).ok
    assert world.open_requests() == []
    assert OrderState.SCHEDULED is world.by_number(NO).order_state
    assert told == [("withdraw", NO, None, None)]


def test_buyer_cannot_withdraw_what_is_refused(world_of: MakeWorld, told: Told) -> None:
    """After the refusal there is nothing to withdraw."""
    answer = world_of(claim_state=ClaimState.REFUSED).buyer_withdraws(NO)
    assert answers.NOT_OPEN[ClaimState.REFUSED] == answer
    assert told == []


@pytest.mark.parametrize("state", [OrderState.NEW, OrderState.DELAYED])
def test_new_and_delayed_orders_are_cancelled_at_once(
    world_of: MakeWorld, told: Told, state: OrderState
) -> None:
    """新規注文 and 配送遅延 never wait for the seller."""
    world = world_of(order_state=state, claim_state=ClaimState.NONE)
    assert world.buyer_requests(NO, "住所変更") == answers.CANCELLED_AT_ONCE
    assert OrderState.CANCELLED is world.by_number(NO).order_state
    assert world.open_requests() == []
    assert told == [("request", NO, "住所変更", None)]


@pytest.mark.parametrize("state", [ClaimState.NONE, ClaimState.WITHDRAWN])
def test_scheduled_orders_wait_for_the_seller(
    world_of: MakeWorld, told: Told, today: date, state: ClaimState
) -> None:
    """発送予定 becomes an open request with reason and date."""
    world = world_of(claim_state=state, requested_on=None)
    assert world.buyer_requests(NO, "住所変更") == answers.REQUESTED
    order = world.by_number(NO)
    assert [order] == world.open_requests()
    assert ("住所変更", today) == (order.buyer_reason, order.requested_on)
    assert told == [("request", NO, "住所変更", None)]


def test_once_refused_never_again(world_of: MakeWorld, told: Told) -> None:
    """The buyer of a refused order cannot ask again."""
    world = world_of()
    world.refuse(NO, "商品発送完了")
    assert world.buyer_requests(NO, "住所変更") == answers.REFUSED_BEFORE
    assert answers.NOT_OPEN[ClaimState.REFUSED] == world.refuse(NO, "商品発送完了")
    assert [kind for kind, *_ in told] == ["refuse", "notice"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"order_state": OrderState.CANCELLED}, answers.ALREADY_CANCELLED),
        ({"order_state": OrderState.IN_TRANSIT}, answers.TOO_LATE),
        ({"claim_state": ClaimState.REQUESTED}, answers.REQUESTED_BEFORE),
        ({"claim_state": ClaimState.RETRACTION_ASKED}, answers.REQUESTED_BEFORE),
    ],
)
def test_buyer_cannot_always_ask(
    world_of: MakeWorld, told: Told, changes: dict[str, Any], expected: ServiceAnswer
) -> None:
    """Shipped, cancelled and already requested orders take no new request."""
    world = world_of(**({"claim_state": ClaimState.NONE} | changes))
    assert expected == world.buyer_requests(NO, "住所変更")
    assert told == []


def test_refused_order_can_be_shipped(world_of: MakeWorld, told: Told, today: date) -> None:
    """Shipping keeps the claim under キャンセル拒否完了 and records carrier and number."""
    world = world_of()
    world.refuse(NO, "発送準備完了")
    assert world.ship(NO, "ヤマト宅急便", "0000-1234-5678").ok
    order = world.by_number(NO)
    assert (OrderState.IN_TRANSIT, today) == (order.order_state, order.shipped_on)
    assert [order] == world.refused()
    assert told[-1] == ("ship", NO, "ヤマト宅急便", "0000-1234-5678")


@pytest.mark.parametrize(
    ("carrier", "tracking", "expected"),
    [
        ("伝書鳩", "000012345678", answers.BAD_CARRIER),
        ("ゆうパック", "123", answers.TRACKING_LENGTH),
        ("ゆうパック", "送り状番号はありません", answers.BAD_TRACKING),
        ("ゆうパック", "--------", answers.BAD_TRACKING),
    ],
)
def test_shipment_needs_carrier_and_number(
    world_of: MakeWorld, told: Told, carrier: str, tracking: str, expected: ServiceAnswer
) -> None:
    """A shipment with wrong data is rejected."""
    world = world_of(claim_state=ClaimState.REFUSED)
    assert expected == world.ship(NO, carrier, tracking)
    assert told == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"claim_state": ClaimState.REQUESTED}, answers.CLAIM_OPEN),
        ({"order_state": OrderState.CANCELLED}, answers.ALREADY_CANCELLED),
        ({"order_state": OrderState.IN_TRANSIT}, answers.ALREADY_SHIPPED),
    ],
)
def test_some_orders_cannot_be_shipped(
    world_of: MakeWorld, told: Told, changes: dict[str, Any], expected: ServiceAnswer
) -> None:
    """Orders under claim, cancelled or shipped take no shipment."""
    world = world_of(**({"claim_state": ClaimState.NONE} | changes))
    assert expected == world.ship(NO, "ゆうパック", "000012345678")
    assert told == []


@pytest.mark.parametrize("state", ALREADY)
def test_search_finds_claims_in_any_state(world_of: MakeWorld, state: ClaimState) -> None:
    """The search by order number finds every claim, and only claims."""
    found = world_of(claim_state=state).search(NO)
    assert (state is not ClaimState.NONE) == bool(found)


def test_parallel_refusals_take_effect_once(world_of: MakeWorld, told: Told) -> None:
    """Of many refusals at the same moment exactly one takes effect."""
    world = world_of()
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda _: world.refuse(NO, "商品発送完了"), range(64)))
    assert sum(answer.ok for answer in results) == 1
    assert [kind for kind, *_ in told] == ["refuse", "notice"]


def test_telling_the_same_recorder_twice_is_once(world_of: MakeWorld) -> None:
    """A journal that is wired twice does not note an effect twice."""
    world, journal = world_of(), Journal()
    world.tell(journal.note)
    world.tell(journal.note)
    world.refuse(NO, "商品発送完了")
    assert [effect.kind for effect in journal.effects] == ["refuse", "notice"]


def test_counters_carry_the_labels_of_the_manual() -> None:
    """Every label of the manual's tables has a number."""
    labels = {
        *("キャンセル要請", "返品要請", "返品完了", "交換申請/確認", "交換遅延", "通知受付"),
        *("確認遅延", "撤回要請", "撤回保留", "キャンセル拒否完了"),
        *("キャンセルリクエスト", "交換要請", "未受取通知", "キャンセル中", "返品中", "交換中"),
    }
    counters = World.seeded(5).counters()
    assert labels <= set(counters)
    assert (counters["キャンセル要請"], counters["キャンセル拒否完了"]) == (5, 2)
