"""The duty that a refusal creates: ship by 23:59 JST of its day, or the shop is penalised.

The official manual says so of a refused order that is not shipped on the day of the refusal,
and of a shipment that is only feigned.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from qsm_bot.carriers import why_implausible
from qsm_bot.clock import JST, day_end
from qsm_bot.evidence_model import Evidence, FactName
from qsm_bot.model import RefusalReason
from qsm_bot.words import Words

_SHIPPED = Words(
    "shipped on {day}{late}, tracking number {number}: {place}",
    "{day} 発送{late}、送り状番号 {number}: {place}",
)
_SAID_BY = Words("{who}: {why}", "{who}: {why}")
_LATE = Words(", late", "（期限後）")
_BEFORE = Words(
    "the shop's data have {day} as the day of shipping, before the refusal: enter the shipment "
    "in QSM, then `qsm-bot duty done`",
    "自社データの発送日 {day} は拒否日より前です。QSM で発送処理をして "
    "`qsm-bot duty done` で記録してください",
)
_SHIPPING = (FactName.TRACKING_NO, FactName.CARRIER, FactName.SHIPPED_ON)


class DutyState(StrEnum):
    """How a duty stands at a moment."""

    OPEN = "open"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"
    CLOSED = "closed"


class ClosedBy(StrEnum):
    """Whose word closed a duty."""

    PERSON = "person"
    EVIDENCE = "evidence"
    QAPI = "qapi"


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """Why nothing is left to ship; `who` is a person's name, or None."""

    by: ClosedBy
    why: Words
    who: str | None = None
    at: datetime | None = None

    @property
    def words(self) -> Words:
        """The reason, and before it the name of who vouches for it."""
        return self.why if self.who is None else _SAID_BY.filled(who=self.who, why=self.why)

    def to_dict(self) -> dict[str, Any]:
        """Return the form in which the ledger keeps it; it dates the entry itself."""
        return {"by": self.by.value, "why": self.why.to_dict(), "who": self.who}


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One refused order that must be shipped; derived from the ledger, never stored.

    `refused_at` is the earliest moment at which the refusal may have taken effect. Of an
    order that somebody else refused (`by_others`) it is the moment at which that was seen:
    the day may have been an earlier one. `reopened` says that a person took a closing back;
    then only a person closes it again.
    """

    order_no: str
    refused_at: datetime
    cart_no: str = ""
    reason: RefusalReason | None = None
    by_others: bool = False
    closing: Closing | None = None
    reopened: bool = False

    @property
    def due(self) -> datetime:
        """The last second in which it may be shipped."""
        return day_end(self.refused_at)

    def left(self, now: datetime) -> timedelta:
        """Return the time that is left; negative once it is overdue."""
        return self.due - now.astimezone(JST)

    def state(self, now: datetime, warn_hour: int) -> DutyState:
        """Return how it stands; from `warn_hour` (JST) on it is at risk."""
        if self.closing is not None:
            return DutyState.CLOSED
        if now > self.due:
            return DutyState.OVERDUE
        at_risk = now >= self.due.replace(hour=warn_hour, minute=0, second=0)
        return DutyState.AT_RISK if at_risk else DutyState.OPEN


class ShipmentSource(Protocol):
    """Something that knows whether an order was shipped: the shop's files, QAPI."""

    @property
    def kind(self) -> ClosedBy:
        """Whose word it is."""

    def is_shipped(self, duty: Duty) -> Words | None:
        """Return how it is known that the duty is fulfilled; None = it is not known.

        Raises:
            QsmBotError: the source could not be asked.
        """


class EvidenceOf(Protocol):
    """The shop's own facts: `EvidenceSet` is one."""

    def of(self, order_no: str) -> Evidence:
        """Return what is known of an order."""


class EvidenceShipments:
    """Reads the shop's own facts as shipments; `now` bounds what can have happened.

    They close a duty only if all sources agree on one plausible tracking number and on a
    day of shipping from the day of the refusal up to today: an earlier shipment was the
    ground of the refusal and says nothing of what was done after it, a later day is a
    plan. A doubt about one of these facts, or a source in error, closes nothing.
    """

    kind = ClosedBy.EVIDENCE

    def __init__(self, evidence: EvidenceOf, now: datetime) -> None:
        self._evidence = evidence
        self._today = now.astimezone(JST).date()

    def is_shipped(self, duty: Duty) -> Words | None:
        """Return number, day and place of the shipment that fulfils the duty."""
        known = self._evidence.of(duty.order_no)
        number, day = known.tracking_no.value, known.shipped_on.value
        if known.doubts(*_SHIPPING) or number is None or day is None:
            return None
        if why_implausible(number, known.carrier.value) or not (
            duty.due.date() <= day <= self._today
        ):
            return None
        place = known.shipped_on.facts[0].source.words
        late = _LATE if day > duty.due.date() else ""
        return _SHIPPED.filled(day=day, late=late, number=number, place=place)

    def remark(self, duty: Duty) -> Words | None:
        """Return what a person should know of a duty that the facts leave open."""
        known = self._evidence.of(duty.order_no)
        number, day = known.tracking_no.value, known.shipped_on.value
        for doubt in known.doubts(*_SHIPPING):
            return doubt
        if number is not None and (odd := why_implausible(number, known.carrier.value)):
            return odd
        return _BEFORE.filled(day=day) if day and day < duty.due.date() else None
