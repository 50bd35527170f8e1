"""Builders for the mock portal's tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from qsm_bot.mock_portal.world import ClaimState, Order, World

TODAY = date(2022, 8, 15)


Told = list[tuple[str, str, str | None, str | None]]


def build_order(**changes: Any) -> Order:
    fields: dict[str, Any] = {
        "order_no": "762544202",
        "cart_no": "250040690",
        "item_code": "931204118",
        "item_name": "見本の品",
        "option": "",
        "quantity": 1,
        "amount": 3980,
        "buyer_name": "見本 花子",
        "buyer_kana": "ミホン ハナコ",
        "buyer_phone": "000-1234-5678",
        "buyer_address": "架空県見本市1-1",
        "buyer_email": "hanako@example.jp",
        "ordered_on": TODAY,
    }
    return Order(**(fields | changes))


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def told() -> Told:
    """Return the list that the world of `world_of` writes its effects to."""
    return []


@pytest.fixture
def world_of(told: Told) -> Callable[..., World]:
    """Return a maker of worlds with one order, by default one with an open request."""

    def record(kind: str, order: Order, reason: str | None, text: str | None) -> None:
        told.append((kind, order.order_no, reason, text))

    def make(**changes: Any) -> World:
        open_request = {"claim_state": ClaimState.REQUESTED, "requested_on": TODAY}
        order = build_order(**({"buyer_reason": "注文キャンセル"} | open_request | changes))
        return World([order], today=TODAY, record=record)

    return make
