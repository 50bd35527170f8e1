"""The seeding contract, over HTTP."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import ClaimState, OrderState, World
from tests.unit.mock_portal.parts import NO, Client


class Suite(Client):
    """Calls the contract; no sign-in is needed."""

    status = 0

    def ask(self, call: str, body: Any = None) -> Any:
        if body is None:
            self.status = self.get(f"/_qa/{call}")
        else:
            text = body if isinstance(body, str) else json.dumps(body)
            # What curl sends if it is not told otherwise.
            form = "application/x-www-form-urlencoded"
            self.status = self.send("POST", f"/_qa/{call}", text, form)
        return json.loads(self.text)

    def seed(self, stage: str, count: int = 1) -> list[str]:
        orders = [{"stage": stage, "count": count}]
        answer = self.ask("seed", {"schema": 1, "orders": orders})
        assert {each["stage"] for each in answer["orders"]} <= {stage}
        return [each["order_no"] for each in answer["orders"]]

    def buyer(self, order_no: str, act: str = "request_cancel") -> str:
        return self.ask("buyer", {"schema": 1, "order_no": order_no, "act": act})["answer"]

    def entries(self, order_no: str = "") -> list[dict[str, str]]:
        only = f"?order_no={order_no}" if order_no else ""
        return self.ask(f"journal{only}")["entries"]


@pytest.fixture
def suite() -> Iterator[Suite]:
    with MockPortal(World.seeded(3)) as portal:
        yield Suite(portal)


def test_it_says_what_it_offers(suite: Suite) -> None:
    offers = ["reset", "seed", "buyer", "journal"]
    assert suite.ask("") == {"schema": 1, "offers": offers}


def test_a_portal_may_offer_none() -> None:
    with MockPortal(World.seeded(1), options=PortalOptions(qa=False)) as portal:
        client = Client(portal)
        assert client.sign_in() == 302
        assert client.get("/_qa/") == 404
        assert client.send("POST", "/_qa/reset", "{}", "application/json") == 404


@pytest.mark.parametrize(
    ("stage", "order", "claim"),
    [
        ("cancel_requested", OrderState.SCHEDULED, ClaimState.REQUESTED),
        ("shipping_planned", OrderState.SCHEDULED, ClaimState.NONE),
        ("new_order", OrderState.NEW, ClaimState.NONE),
        ("late", OrderState.DELAYED, ClaimState.NONE),
    ],
)
def test_orders_of_each_stage_are_added(
    suite: Suite, stage: str, order: OrderState, claim: ClaimState
) -> None:
    world = suite.portal.world
    before = {each.order_no for each in world.orders()}

    numbers = suite.seed(stage, 2)

    assert len(set(numbers) - before) == 2
    assert all(re.fullmatch(r"\d{9}", number) for number in numbers)
    added = [world.by_number(number) for number in numbers]
    assert {(each.order_state, each.claim_state) for each in added if each} == {(order, claim)}
    assert len({each.cart_no for each in world.orders() if each.order_no in numbers}) == 2


def test_a_request_that_was_seeded_stands_last_in_the_list_and_can_be_refused(
    suite: Suite,
) -> None:
    (number,) = suite.seed("cancel_requested")
    suite.sign_in()
    assert [row["contr_no"] for row in suite.list()][-1] == number
    assert suite.refuse(number)["d"]["returnCode"] == 0


def test_an_empty_shop_can_be_filled() -> None:
    with MockPortal(World([])) as portal:
        assert Suite(portal).seed("cancel_requested", 2)[0] == NO


def test_the_journal_tells_what_happened_and_what_the_buyer_was_told(suite: Suite) -> None:
    suite.sign_in()
    suite.refuse()
    refused, notice = suite.entries(NO)
    said = {"order_no": NO, "reason": "商品発送完了", "text": None}
    assert refused == {"kind": "refuse", **said, "at": refused["at"]}
    assert notice == {"kind": "notice", **said, "at": notice["at"]}
    assert datetime.fromisoformat(notice["at"]).tzinfo is not None
    assert suite.entries() == [refused, notice]
    assert suite.entries("1") == []


@pytest.mark.parametrize(
    ("stage", "answer"),
    [("shipping_planned", "accepted"), ("new_order", "cancelled"), ("late", "cancelled")],
)
def test_the_buyer_hears_what_the_portal_answers(suite: Suite, stage: str, answer: str) -> None:
    (number,) = suite.seed(stage)
    assert suite.buyer(number) == answer
    assert suite.buyer(number) == "turned_down"
    withdrawn = "accepted" if answer == "accepted" else "turned_down"
    assert suite.buyer(number, "withdraw") == withdrawn
    assert [entry["kind"] for entry in suite.entries(number)][:1] == ["request"]


def test_the_buyer_of_a_refused_order_is_turned_down(suite: Suite) -> None:
    suite.sign_in()
    suite.refuse()
    assert suite.buyer(NO) == "turned_down"
    assert suite.buyer(NO, "withdraw") == "turned_down"


def test_a_reset_brings_the_start_back(suite: Suite) -> None:
    """Orders and journal begin anew, the sign-in lasts, and seeding gives the same orders."""
    suite.sign_in()
    before = suite.portal.world.orders()
    numbers = suite.seed("new_order", 3)
    suite.refuse()

    assert suite.ask("reset", {"schema": 1}) == {"schema": 1}

    assert suite.portal.world.orders() == before
    assert suite.entries() == []
    assert len(suite.portal.journal.effects) == 2
    assert NO in [row["contr_no"] for row in suite.list()]
    assert suite.seed("new_order", 3) == numbers


@pytest.mark.parametrize(
    ("call", "body", "told"),
    [
        ("seed", "[", "the body is no JSON"),
        ("seed", [1], 'no object with "schema": 1'),
        ("seed", {"schema": 2}, 'no object with "schema": 1'),
        ("seed", {}, "orders: not a list"),
        ("seed", {"orders": ["late"]}, "not an object: 'late'"),
        ("seed", {"orders": [{"stage": "lost"}]}, "'lost' is not a valid Stage"),
        ("seed", {"orders": [{"stage": "late", "count": -1}]}, "not a count: -1"),
        ("seed", {"orders": [{"stage": "late", "count": True}]}, "not a count: True"),
        ("seed", {"orders": [{"stage": "late", "count": 1001}]}, "more than 1000 orders"),
        ("buyer", {"order_no": "1", "act": "withdraw"}, "no order '1'"),
        ("buyer", {"order_no": NO, "act": "pay"}, "no act 'pay'"),
        ("buyer", {}, "no order ''"),
    ],
)
def test_a_call_that_does_not_fit_is_told_and_changes_nothing(
    suite: Suite, call: str, body: Any, told: str
) -> None:
    before = suite.portal.world.orders()
    given = {"schema": 1, **body} if isinstance(body, dict) else body
    assert told in suite.ask(call, given)["error"]
    assert suite.status == 400
    assert suite.portal.world.orders() == before


@pytest.mark.parametrize(("call", "body"), [("nothing", None), ("seed", None), ("journal", "{}")])
def test_other_calls_are_not_there(suite: Suite, call: str, body: str | None) -> None:
    assert suite.ask(call, body) == {"schema": 1, "error": "no such call"}
    assert suite.status == 404
