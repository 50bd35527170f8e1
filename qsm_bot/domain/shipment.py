"""A shipment that a person reports, and what became of the report."""

import re
from dataclasses import dataclass
from enum import StrEnum

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import same


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipment:
    """What a person says of one order: who carries it, under which number."""

    order_no: str
    carrier: str
    tracking: str
    who: str

    @property
    def data(self) -> str:
        """Carrier and number, for people."""
        return f"{self.carrier} {self.tracking}"

    def is_number(self, tracking: str) -> bool:
        """Whether this is the same number; the API may spell number and carrier its own way."""
        here, there = (re.sub(r"[\W_]", "", same(each)) for each in (self.tracking, tracking))
        return here.casefold() == there.casefold()


class ShipOutcome(StrEnum):
    """How one report ended."""

    SHIPPED = "shipped"
    ALREADY_SHIPPED = "already_shipped"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """How the API shows the order: its two statuses, and the shipment as it has it."""

    shipping: str
    claim: str
    carrier: str
    tracking: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipResult:
    """What one call came to: the API's answer, if one was sent, and the order as it stands."""

    shop: str
    run_id: str
    shipment: Shipment
    outcome: ShipOutcome
    answer: tuple[int, str] | None = None
    shown: Shown | None = None
    error: QsmBotError | None = None

    @property
    def exit_code(self) -> int:
        """The exit code of the contract: already shipped is nothing to do."""
        if self.error is not None:
            return self.error.exit_code
        return 0 if self.outcome is ShipOutcome.SHIPPED else 10
