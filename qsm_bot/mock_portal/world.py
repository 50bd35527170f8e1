"""The orders of a shop and what may be done with them, without pages or network.

What may be done with an order is in `rules`.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Self

from qsm_bot.mock_portal import answers
from qsm_bot.mock_portal.answers import ServiceAnswer
from qsm_bot.mock_portal.orders import OTHER, ClaimState, Order, OrderState
from qsm_bot.mock_portal.rules import (
    Rules,
    bad_reason,
    bad_shipment,
    cannot_request,
    cannot_ship,
    is_pending,
    not_open,
)
from qsm_bot.mock_portal.seeding import Stage, invent_more, invent_orders

__all__ = ["JST", "ClaimState", "Order", "OrderState", "Record", "ServiceAnswer", "World"]

JST = timezone(timedelta(hours=9), "JST")
"""The portal's clock; Japan has no summer time."""

Record = Callable[[str, Order, str | None, str | None], None]
"""Told of every act that took effect: its kind, the order after it, reason, text.

A refusal is told twice: as `refuse`, and as the `notice` that the buyer reads at once.
"""

_EMPTY_COUNTERS = (
    "返品要請",
    "返品完了",
    "交換申請/確認",
    "交換遅延",
    "通知受付",
    "確認遅延",
    "撤回保留",
    "交換要請",
    "未受取通知",
    "キャンセル中",
    "返品中",
    "交換中",
)


class World:
    """The orders of one shop and everything that may be done with them.

    All methods may be called from any thread; an act and its record are one step.

    Args:
        orders: the orders, shown in this order.
        shop_name: the name in the page header.
        today: the portal's date; default: today in Japan.
        record: told exactly once of every act that took effect.

    Attributes:
        rules: the manual's, unless they are broken on purpose.
    """

    def __init__(
        self,
        orders: Iterable[Order],
        *,
        shop_name: str = "みほん商店",
        today: date | None = None,
        record: Record | None = None,
    ) -> None:
        self.shop_name = shop_name
        self.today = today or datetime.now(JST).date()
        self.rules = Rules()
        self._orders = {order.order_no: order for order in orders}
        self._first = dict(self._orders)
        self._records: list[Record] = []
        self._lock = threading.RLock()
        if record is not None:
            self.tell(record)

    @classmethod
    def seeded(
        cls,
        count: int = 12,
        seed: int = 1,
        today: date | None = None,
        *,
        shop_name: str = "みほん商店",
        record: Record | None = None,
    ) -> Self:
        """Invent a shop with `count` open cancel requests and some other orders.

        The same arguments give the same shop; its first open request is the manual's sample.
        """
        day = today or datetime.now(JST).date()
        return cls(invent_orders(count, seed, day), shop_name=shop_name, today=day, record=record)

    def tell(self, record: Record) -> None:
        """Also tell `record` of every act from now on; telling the same one twice is once."""
        with self._lock:
            if record not in self._records:
                self._records.append(record)

    def reset(self) -> None:
        """Put every order back to how it was at the start, and forget those that were added."""
        with self._lock:
            self._orders = dict(self._first)

    def add(self, stage: Stage, count: int) -> list[Order]:
        """Invent `count` more orders of a stage and return them; they stand last in each list."""
        with self._lock:
            added = list(invent_more(self._orders.values(), stage, count, self.today))
            self._orders |= {order.order_no: order for order in added}
            return added

    def orders(self) -> list[Order]:
        """Return every order."""
        with self._lock:
            return list(self._orders.values())

    def with_claim(self, *states: ClaimState) -> list[Order]:
        """Return the orders whose claim is in one of `states`; without states, any claim."""
        wanted = set(states or ClaimState) - {ClaimState.NONE}
        return [order for order in self.orders() if order.claim_state in wanted]

    def open_requests(self) -> list[Order]:
        """Return the orders that the counter キャンセル要請 counts."""
        return self.with_claim(ClaimState.REQUESTED)

    def refused(self) -> list[Order]:
        """Return the orders that the counter キャンセル拒否完了 counts."""
        return self.with_claim(ClaimState.REFUSED)

    def to_ship(self) -> list[Order]:
        """Return the orders under 配送要請; a pending cancel request takes an order out of it."""
        states = (OrderState.NEW, OrderState.SCHEDULED, OrderState.DELAYED)
        return [
            each for each in self.orders() if each.order_state in states and not is_pending(each)
        ]

    def by_number(self, no: str) -> Order | None:
        """Return the order with this 注文番号, or None."""
        with self._lock:
            return self._orders.get(no)

    def search(self, order_no: str) -> list[Order]:
        """Return the order if it has a claim, whatever the claim's state."""
        order = self.by_number(order_no)
        return [order] if order and order.claim_state is not ClaimState.NONE else []

    def counters(self) -> dict[str, int]:
        """Count as the home page and the claim page do, by their labels."""
        orders = self.orders()
        claims = Counter(order.claim_state for order in orders)
        states = Counter(order.order_state for order in orders)
        return {
            "キャンセル要請": claims[ClaimState.REQUESTED],
            "キャンセルリクエスト": claims[ClaimState.REQUESTED],
            "撤回要請": claims[ClaimState.RETRACTION_ASKED],
            "キャンセル拒否完了": claims[ClaimState.REFUSED],
            "キャンセル完了": claims[ClaimState.CANCELLED],
            **{state.value: states[state] for state in OrderState},
            **dict.fromkeys(_EMPTY_COUNTERS, 0),
        }

    def refuse(self, order_no: str, reason_label: str, text: str | None = None) -> ServiceAnswer:
        """Refuse the buyer's cancel request; the order goes back to 配送要請 for good."""
        with self._lock:
            order = self._orders.get(order_no)
            problem = not_open(order) or bad_reason(reason_label, text, self.rules)
            if order is None or problem:
                return problem or answers.NOT_FOUND
            own_text = text.strip() if text and reason_label == OTHER else None
            kept, kept_text = self.rules.kept(reason_label, own_text)
            refused = replace(
                order,
                order_state=OrderState.SCHEDULED,
                claim_state=ClaimState.REFUSED,
                refusal_reason=kept,
                refusal_text=kept_text,
            )
            self._take_effect("refuse", refused, kept, kept_text)
            self._say("notice", refused, *self.rules.told(reason_label, own_text))
            return answers.REFUSED

    def approve_cancel(self, order_no: str) -> ServiceAnswer:
        """Cancel the order as the buyer asked: the button next to the refusal."""
        with self._lock:
            order = self._orders.get(order_no)
            problem = not_open(order)
            if order is None or problem:
                return problem or answers.NOT_FOUND
            self._take_effect("cancel", self._cancelled(order), order.buyer_reason)
            return answers.CANCELLED

    def ask_retraction(self, order_no: str) -> ServiceAnswer:
        """Ask the buyer to take the request back (キャンセルの撤回要請)."""
        with self._lock:
            order = self._orders.get(order_no)
            problem = not_open(order)
            if order is None or problem:
                return problem or answers.NOT_FOUND
            self._take_effect("retraction", replace(order, claim_state=ClaimState.RETRACTION_ASKED))
            return answers.RETRACTION_ASKED

    def buyer_withdraws(self, order_no: str) -> ServiceAnswer:
        """Let the buyer take the cancel request back."""
        with self._lock:
            order = self._orders.get(order_no)
            if order is None:
                return answers.NOT_FOUND
            if not is_pending(order):
                return answers.NOT_OPEN[order.claim_state]
            self._take_effect("withdraw", replace(order, claim_state=ClaimState.WITHDRAWN))
            return answers.WITHDRAWN

    def buyer_requests(self, order_no: str, reason: str) -> ServiceAnswer:
        """Let the buyer ask for a cancellation; 新規注文 and 配送遅延 are cancelled at once."""
        with self._lock:
            order = self._orders.get(order_no)
            if order is None:
                return answers.NOT_FOUND
            problem = cannot_request(order, self.rules)
            if problem:
                return problem
            asked = replace(order, buyer_reason=reason, requested_on=self.today)
            if order.order_state in self.rules.at_once:
                self._take_effect("request", self._cancelled(asked), reason)
                return answers.CANCELLED_AT_ONCE
            asked = replace(asked, claim_state=ClaimState.REQUESTED)
            self._take_effect("request", asked, reason)
            return answers.REQUESTED

    def ship(self, order_no: str, carrier: str, tracking: str) -> ServiceAnswer:
        """Report the order as shipped; recorded with the carrier as reason, tracking as text."""
        with self._lock:
            order = self._orders.get(order_no)
            if order is None:
                return answers.NOT_FOUND
            problem = cannot_ship(order) or bad_shipment(carrier, tracking)
            if problem:
                return problem
            shipped = replace(
                order,
                order_state=OrderState.IN_TRANSIT,
                shipped_on=self.today,
                carrier=carrier,
                tracking=tracking,
            )
            self._take_effect("ship", shipped, carrier, tracking)
            return answers.SHIPPED

    def _cancelled(self, order: Order) -> Order:
        return replace(
            order,
            order_state=OrderState.CANCELLED,
            claim_state=ClaimState.CANCELLED,
            closed_on=self.today,
        )

    def _take_effect(
        self, kind: str, order: Order, reason: str | None = None, text: str | None = None
    ) -> None:
        self._orders[order.order_no] = order
        self._say(kind, order, reason, text)

    def _say(self, kind: str, order: Order, reason: str | None, text: str | None) -> None:
        for record in self._records:
            record(kind, order, reason, text)
