"""The duty that a refusal creates: ship by 23:59 JST of its day, or the shop is penalised.

The official manual says so of a refused order that is not shipped on the day of the refusal,
and of a shipment that is only feigned.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from qsm_bot.base.clock import JST, day_end
from qsm_bot.base.words import Words
from qsm_bot.domain.carriers import why_no_proof
from qsm_bot.domain.evidence import Evidence, FactName
from qsm_bot.domain.request import RefusalReason

_LAST_HOURS = timedelta(hours=2)
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


class DutyAlarm(StrEnum):
    """How loudly people are told of an open duty: each once, one after the other."""

    AT_RISK = "at_risk"
    LAST_HOURS = "last_hours"
    OVERDUE = "overdue"


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

    def alarm(self, now: datetime, warn_hour: int) -> DutyAlarm | None:
        """Return what people must be told of it now; None = nothing yet, or no more."""
        state = self.state(now, warn_hour)
        if state is DutyState.OVERDUE:
            return DutyAlarm.OVERDUE
        if state is not DutyState.CLOSED and now >= self.due - _LAST_HOURS:
            return DutyAlarm.LAST_HOURS
        return DutyAlarm.AT_RISK if state is DutyState.AT_RISK else None


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
        numbers, day = known.tracking_no.values, known.shipped_on.value
        if known.doubts(*_SHIPPING) or _odd(duty, known) or not numbers or day is None:
            return None
        if not duty.due.date() <= day <= self._today:
            return None
        place = known.shipped_on.facts[0].source.words
        late = _LATE if day > duty.due.date() else ""
        return _SHIPPED.filled(day=day, late=late, number=" ".join(numbers), place=place)

    def remark(self, duty: Duty) -> Words | None:
        """Return what a person should know of a duty that the facts leave open."""
        known = self._evidence.of(duty.order_no)
        day = known.shipped_on.value
        for doubt in (*known.doubts(*_SHIPPING), *_odd(duty, known)):
            return doubt
        return _BEFORE.filled(day=day) if day and day < duty.due.date() else None


def _odd(duty: Duty, known: Evidence) -> tuple[Words, ...]:
    """Return why numbers prove no shipment; one parcel in doubt leaves the order open."""
    own = (duty.order_no,)
    odd = (why_no_proof(fact.value, carrier, own) for fact, carrier in known.parcels)
    return tuple(why for why in odd if why is not None)
