"""Duty: what was refused must be shipped; it is closed by evidence or by a person's word."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from flows._parts.shop_run import PortalRun, ShopRun
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import DutyNotOpen
from qsm_bot.base.errors.people import DutiesOverdue
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import ClosedBy, Closing, Duty, ShipmentSource
from qsm_bot.domain.request import OutcomeKind, RunResult
from qsm_bot.domain.shipping_hours import ShippingHours
from qsm_bot.ledger import Ledger

_log = get_logger(__name__)
_SHOWN_AT_MOST = 10
# flows._parts.shipping_run.SETTLED; its room imports an HTTP client, which no refusal needs.
REPORTED = "ship.settled"
_BY_QAPI = Words(
    "reported as shipped by QAPI and seen there, tracking number {tracking}",
    "QAPI で発送処理済み（送り状番号 {tracking}）",
)

Sources = Callable[[], Sequence[ShipmentSource]]


class ReportedShipments:
    """Reads what `ship` has reported by QAPI, and seen there, from the ledger."""

    kind = ClosedBy.QAPI

    def __init__(self, ledger: Ledger, shop: str) -> None:
        self._ledger = ledger
        self._shop = shop

    def is_shipped(self, duty: Duty) -> Words | None:
        """Return the report that came after the refusal."""
        for event in self._ledger.events(order_no=duty.order_no):
            if event.kind != REPORTED or event.body.get("outcome") != "shipped":
                continue
            if event.shop == self._shop and event.at >= duty.refused_at:
                return _BY_QAPI.filled(tracking=event.body.get("tracking", "–"))
        return None


def raise_if_too_late(context: PortalRun, *, first: bool) -> None:
    """Check, right before an order, that its refusal may still be begun.

    Args:
        context: the parts of the run.
        first: whether it is the run's first order; then what a person should know is told.

    Raises:
        PastCutoff, CarrierGone, DutiesOverdue: it may not.
    """
    if context.even_late and not first:
        return
    trouble = in_the_way(
        context.ledger,
        context.shop,
        hours=context.hours,
        now=context.clock(),
        shipments=context.shipments,
    )
    if trouble is not None and not context.even_late:
        raise trouble
    if first:
        told = [trouble.message] if trouble is not None else []
        for words in (*told, *context.hours.warnings(context.clock())):
            context.tell(words)


def in_the_way(
    ledger: Ledger, shop: str, *, hours: ShippingHours, now: datetime, shipments: Sources
) -> QsmBotError | None:
    """Return why no refusal should be begun now; None = one may be.

    What the sources know as shipped is written down on the way.
    """
    try:
        hours.raise_if_too_late(now)
    except QsmBotError as trouble:
        return trouble
    overdue = ledger.overdue(shop)
    if overdue:
        sources = (ReportedShipments(ledger, shop), *shipments())
        closed = record(ledger, shop, shipped(overdue, sources))
        overdue = [duty for duty in overdue if duty.order_no not in closed]
    if not overdue:
        return None
    orders = [duty.order_no for duty in overdue]
    more = " …" if len(orders) > _SHOWN_AT_MOST else ""
    return DutiesOverdue(count=len(orders), orders=" ".join(orders[:_SHOWN_AT_MOST]) + more)


def shipped(duties: Sequence[Duty], sources: Sequence[ShipmentSource]) -> dict[str, Closing]:
    """Return which of the open duties a source knows to be fulfilled, and how."""
    found = {}
    for duty in duties:
        # What a person took back, only a person gives again.
        closing = None if duty.reopened else _closing(duty, sources)
        if closing is not None:
            found[duty.order_no] = closing
    return found


def _closing(duty: Duty, sources: Sequence[ShipmentSource]) -> Closing | None:
    for source in sources:
        try:
            why = source.is_shipped(duty)
        except QsmBotError as error:
            _log.warning("shipment_unknown", order_no=duty.order_no, error=error.message.en)
            continue
        if why is not None:
            return Closing(by=source.kind, why=why)
    return None


def record(ledger: Ledger, shop: str, closings: Mapping[str, Closing]) -> Mapping[str, Closing]:
    """Write down why duties are fulfilled, and return what was given."""
    for order_no, closing in closings.items():
        # Another command may have been faster.
        with suppress(DutyNotOpen):
            ledger.close_duty(shop, order_no, closing)
    return closings


def duties_now(
    ledger: Ledger, shop: str, sources: Sequence[ShipmentSource], *, write: bool
) -> tuple[list[Duty], list[Duty]]:
    """Return the duties that are open, and those that the sources close now.

    Args:
        ledger: where they are derived from.
        shop: whose they are.
        sources: who knows what was shipped.
        write: whether the closings are written down; not if the moment is only supposed.
    """
    duties = ledger.duties(shop, only_open=True)
    closings = shipped(duties, (ReportedShipments(ledger, shop), *sources))
    if write:
        record(ledger, shop, closings)
    closed = [
        replace(duty, closing=closings[duty.order_no])
        for duty in duties
        if duty.order_no in closings
    ]
    return [duty for duty in duties if duty.order_no not in closings], closed


def done(ledger: Ledger, shop: str, order_no: str, *, who: str, note: str) -> Duty:
    """Let a person vouch that an order was shipped, or need not be.

    Raises:
        DutyNotOpen: the order has no open duty.
    """
    closing = Closing(by=ClosedBy.PERSON, why=Words(note, note), who=who)
    return ledger.close_duty(shop, order_no, closing)


def left_by(context: ShopRun, result: RunResult) -> list[Duty]:
    """Return the open duties of the orders that the run found refused."""
    kinds = (OutcomeKind.REFUSED, OutcomeKind.ALREADY_REFUSED)
    orders = {row.order_no for row in result.receipts if row.outcome.kind in kinds}
    if not orders:
        return []
    duties = context.ledger.duties(context.shop, only_open=True)
    return [duty for duty in duties if duty.order_no in orders]
