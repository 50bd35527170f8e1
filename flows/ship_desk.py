"""What shipping works with, and what the ledger knows of earlier calls for the same order."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from qsm_bot.artifacts import ArtifactStore
from qsm_bot.clock import Clock
from qsm_bot.ledger import Lease, Ledger
from qsm_bot.qapi import OrderRow, Told
from qsm_bot.shipment import ShipOutcome
from qsm_bot.standing import ClaimWords
from qsm_bot.words import Words

COMMITTING, ANSWERED, SETTLED = "ship.committing", "ship.answered", "ship.settled"
"""Entries of an order in the ledger: before the call leaves, what came back, the outcome."""


class Api(Protocol):
    """The two calls that shipping needs."""

    def order(self, order_no: str) -> OrderRow | None:
        """Look at one order."""

    def send(self, order_no: str, carrier: str, tracking: str) -> Told:
        """Report one order as shipped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipContext:
    """The parts of one call: see `RunContext`; `rest` lets seconds pass, no page is open."""

    shop: str
    api: Api
    words: ClaimWords
    ledger: Ledger
    artifacts: ArtifactStore
    clock: Clock
    holder: str
    is_dead: Callable[[str], bool]
    rest: Callable[[float], None]
    tell: Callable[[Words], None]
    settle_seconds: float
    lease_seconds: float = 300

    def lease(self) -> AbstractContextManager[Lease]:
        """Hold the shop: see `RunContext.lease`."""
        return self.ledger.lease(
            self.shop, self.holder, seconds=self.lease_seconds, is_dead=self.is_dead
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """An earlier call that took effect, or may have.

    `taken` says that the API answered with yes or that a look proved it; `settled` that the
    outcome was known.
    """

    at: datetime
    taken: bool = False
    settled: bool = False


def earlier_call(context: ShipContext, order_no: str) -> Earlier | None:
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
