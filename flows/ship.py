"""Ship: report one order as shipped, because a person asked for it; sent once, then looked at.

What must still be shipped today can be read from the ledger: the refusals, less the orders
that have an entry `ship.settled` with the outcome `shipped`.
"""

from contextlib import suppress

from flows._parts.shipping_run import (
    ANSWERED,
    COMMITTING,
    SETTLED,
    Earlier,
    ShippingRun,
    earlier_call,
)
from flows._parts.shop_run import error_facts, recorded_run
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.errors.qapi import (
    NotToShip,
    QapiAnswerUnknown,
    QapiKeyInvalid,
    QapiSilent,
    QapiUnreachable,
    ShipmentTurnedDown,
    ShipmentUnknown,
    ShippedOtherwise,
)
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words
from qsm_bot.domain.order_status import named
from qsm_bot.domain.shipment import Shipment, ShipOutcome, ShipResult, Shown
from qsm_bot.qapi import ApiAnswer, OrderRow

_log = get_logger(__name__)
_LOOK_AGAIN_AFTER = (0.5, 2.0)
"""Seconds before each further look, while QAPI does not show what it has taken."""

SENDING = Words("{order}: reporting {data} …", "{order}: 発送処理を送信します（{data}）…")
NO_SUCH_ORDER = Words("QAPI has no such order", "QAPI に該当する注文がありません")
REQUEST_OPEN = Words(
    "the buyer's cancel request is open; refuse it first",
    "キャンセル要請が未処理です。先に拒否してください",
)
CANCELLED = Words("it is cancelled", "キャンセル済みです")
NOT_SHOWN = Words(
    "QAPI has taken it, but does not show it", "QAPI は受け付けましたが、状態に反映されていません"
)
TOO_EARLY = Words(
    "an earlier call had no answer, and may yet take effect",
    "以前の送信の応答がなく、これから反映される可能性があります",
)


def ship(context: ShippingRun, shipment: Shipment) -> ShipResult:
    """Report the order as shipped, unless that was, or may have been, done before.

    Raises:
        ShopBusy: another run holds the shop.
    """
    with context.lease(), recorded_run(context, "ship", None) as run_id:
        result = _Shipping(context, run_id, shipment).run()
        context.ledger.end_run(run_id, result.exit_code, error_facts(result.error))
        return result


class _Shipping:
    """One call of the command."""

    def __init__(self, context: ShippingRun, run_id: str, shipment: Shipment) -> None:
        self._context = context
        self._run_id = run_id
        self._shipment = shipment
        self._answer: tuple[int, str] | None = None
        self._shown: Shown | None = None
        self._outcome = ShipOutcome.NOT_SENT

    def run(self) -> ShipResult:
        """Look; send, if nothing speaks against it; look again."""
        error: QsmBotError | None = None
        try:
            if not self._is_done_before(self._look()):
                self._send()
        except QsmBotError as problem:
            error = problem
        return ShipResult(
            shop=self._context.shop,
            run_id=self._run_id,
            shipment=self._shipment,
            outcome=self._outcome,
            answer=self._answer,
            shown=self._shown,
            error=error,
        )

    def _look(self) -> OrderRow:
        order_no = self._shipment.order_no
        order = self._context.api.order(order_no)
        if order is None:
            raise NotToShip(order=order_no, why=NO_SUCH_ORDER)
        self._shown = Shown(
            shipping=order.shipping,
            claim=order.claim,
            carrier=order.carrier,
            tracking=order.tracking,
        )
        return order

    def _is_done_before(self, order: OrderRow) -> bool:
        order_no, words = self._shipment.order_no, self._context.words
        earlier = earlier_call(self._context, order_no)
        if named(order.shipping, words.sent):
            if not self._shipment.is_number(order.tracking):
                seen = f"{order.carrier} {order.tracking}".strip() or order.shipping
                raise ShippedOtherwise(order=order_no, seen=seen)
            self._outcome = ShipOutcome.ALREADY_SHIPPED
            if earlier is not None and not earlier.settled:
                # The earlier call's end is seen only now: this one finishes it.
                self._settle(ShipOutcome.SHIPPED)
            return True
        if earlier is not None:
            self._raise_if_it_may_come(earlier)
            self._settle(ShipOutcome.NOT_SENT)
        for claims, why in ((words.open, REQUEST_OPEN), (words.cancelled, CANCELLED)):
            if named(order.claim, claims):
                raise NotToShip(order=order_no, why=why)
        return False

    def _raise_if_it_may_come(self, earlier: Earlier) -> None:
        age = (self._context.clock() - earlier.at).total_seconds()
        if earlier.taken or age < self._context.settle_seconds:
            self._outcome = ShipOutcome.UNKNOWN
            detail = NOT_SHOWN if earlier.taken else TOO_EARLY
            raise ShipmentUnknown(order=self._shipment.order_no, detail=detail)

    def _send(self) -> None:
        shipment = self._shipment
        self._context.tell(SENDING.filled(order=shipment.order_no, data=shipment.data))
        self._note(COMMITTING, who=shipment.who)
        self._outcome = ShipOutcome.UNKNOWN
        try:
            told = self._context.api.send(shipment.order_no, shipment.carrier, shipment.tracking)
        except (QapiUnreachable, QapiKeyInvalid):
            self._settle(ShipOutcome.NOT_SENT)
            raise
        except (QapiSilent, QapiAnswerUnknown) as error:
            self._settle_by_looking(error.message)
            return
        self._keep(told)
        if told.ok:
            self._settle_by_looking(NOT_SHOWN)
            return
        self._settle(ShipOutcome.REJECTED)
        with suppress(QsmBotError):
            self._look()
        raise ShipmentTurnedDown(order=shipment.order_no, code=told.code, text=told.text)

    def _settle_by_looking(self, doubt: Words) -> None:
        if self._is_shown():
            self._settle(ShipOutcome.SHIPPED)
            return
        self._settle(ShipOutcome.UNKNOWN)
        raise ShipmentUnknown(order=self._shipment.order_no, detail=doubt)

    def _is_shown(self) -> bool:
        for seconds in (0, *_LOOK_AGAIN_AFTER):
            if seconds:
                self._context.rest(seconds)
            with suppress(QsmBotError):
                order = self._look()
                if named(order.shipping, self._context.words.sent):
                    return self._shipment.is_number(order.tracking)
        return False

    def _keep(self, told: ApiAnswer) -> None:
        self._answer = (told.code, told.text)
        evidence: dict[str, object] = {}
        try:
            name = f"{self._shipment.order_no}-ship-answer.json"
            kept = self._context.pictures.keep(self._run_id, name, told.body)
            evidence = {"path": kept.path, "sha256": kept.sha256}
        except EvidenceUnwritable as error:
            # It was sent: a file that is missing is a gap in the evidence only.
            _log.warning("answer_not_kept", error=error.message.en)
        self._note(ANSWERED, code=told.code, text=told.text, **evidence)

    def _settle(self, outcome: ShipOutcome) -> None:
        self._note(SETTLED, outcome=outcome.value)
        self._outcome = outcome

    def _note(self, kind: str, **body: object) -> None:
        shipment = self._shipment
        data = {"carrier": shipment.carrier, "tracking": shipment.tracking}
        self._context.ledger.note(
            kind,
            data | body,
            shop=self._context.shop,
            run_id=self._run_id,
            order_no=shipment.order_no,
        )
