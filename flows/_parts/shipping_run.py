"""What shipping works with, and what the ledger knows of earlier calls for the same order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from flows._parts.shop_run import ShopRun
from qsm_bot.domain.order_status import ClaimWords
from qsm_bot.domain.shipment import ShipOutcome
from qsm_bot.qapi import ApiAnswer, OrderRow

COMMITTING, ANSWERED, SETTLED = "ship.committing", "ship.answered", "ship.settled"
"""Entries of an order in the ledger: before the call leaves, what came back, the outcome."""


class Api(Protocol):
    """The two calls that shipping needs."""

    def order(self, order_no: str) -> OrderRow | None:
        """Look at one order."""

    def send(self, order_no: str, carrier: str, tracking: str) -> ApiAnswer:
        """Report one order as shipped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShippingRun(ShopRun):
    """A shop's run with QAPI before it; `rest` lets seconds pass, no page is open."""

    api: Api
    words: ClaimWords
    rest: Callable[[float], None]
    settle_seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """An earlier call that took effect, or may have.

    `taken` says that the API answered with yes or that a look proved it; `settled` that the
    outcome was known.
    """

    at: datetime
    taken: bool = False
    settled: bool = False


def earlier_call(context: ShippingRun, order_no: str) -> Earlier | None:
    """Return the newest call for this order that is not known to have come to nothing."""
    found: Earlier | None = None
    for event in context.ledger.events(order_no=order_no):
        if event.shop != context.shop:
            continue
        if event.kind == COMMITTING:
            found = Earlier(at=event.at)
        elif found is not None and event.kind == ANSWERED:
            found = replace(found, taken=event.body["code"] == 0)
        elif found is not None and event.kind == SETTLED:
            found = _settled(found, event.body["outcome"])
    return found


def _settled(call: Earlier, outcome: str) -> Earlier | None:
    if outcome in (ShipOutcome.REJECTED, ShipOutcome.NOT_SENT):
        return None
    shipped = outcome == ShipOutcome.SHIPPED
    return replace(call, settled=shipped, taken=call.taken or shipped)
