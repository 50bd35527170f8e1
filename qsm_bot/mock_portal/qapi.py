"""The seller API beside the mock portal: the same orders, by Qoo10's method names.

Path, headers, fields and the codes below are in the API's method list as public programs quote
it. Guesses: that a refused or withdrawn request leaves `claimStatus` empty, the status of a
cancelled order, the code of an unknown method, and the codes of a shipment that is turned down.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from qsm_bot.mock_portal.answers import ServiceAnswer
from qsm_bot.mock_portal.faults import Fault
from qsm_bot.mock_portal.orders import ClaimState, Order, OrderState
from qsm_bot.mock_portal.world import World

ROOT = "/gmkt.inc.front.qapiservice/ebayjapan.qapi/"
KEY_HEADER = "GiosisCertificationKey"

Form = Mapping[str, str]
Document = dict[str, Any]

_BAD_KEY = {"ErrorCode": -90001, "ErrorMsg": "存在しないAPIです。"}
_BAD_DATE = {"ResultCode": -10002, "ResultMsg": "Search Date Error"}
_TOO_LONG = {"ResultCode": -10003, "ResultMsg": "Searching period exceeds to 90 days."}
_BROKEN = {"ResultCode": -999, "ResultMsg": "System error"}
_LONGEST = timedelta(days=90)

_CLAIMS = {
    ClaimState.REQUESTED: "1",
    ClaimState.RETRACTION_ASKED: "1",
    ClaimState.CANCELLED: "3",
}
_SHIPPING = {
    OrderState.NEW: "配送要請(2)",
    OrderState.SCHEDULED: "配送準備(3)",
    OrderState.DELAYED: "配送準備(3)",
    OrderState.IN_TRANSIT: "配送中(4)",
    OrderState.CANCELLED: "",
}
_CLAIM_DATES: dict[str, Callable[[Order], date | None]] = {
    "1": lambda order: order.ordered_on,
    "2": lambda order: order.requested_on,
    "3": lambda order: order.closed_on,
}


class Qapi:
    """Answers the calls of the API.

    Args:
        world: the orders.
        key: the certification key that is taken.
        faults: what goes wrong.
    """

    def __init__(self, world: World, key: str, faults: Sequence[Fault] = ()) -> None:
        self._world = world
        self._key = key
        self._on = {fault.name: fault for fault in faults}
        # What the API still believes while it lags, and for how many more looks.
        self._believed = {order.order_no: order for order in world.orders()}
        self._late: dict[str, float] = {}
        self._methods: dict[str, Callable[[Form], Document]] = {
            "shippingbasic.getclaiminfo_v3": self._claims,
            "shippingbasic.getshippingandclaiminfobyorderno_v2": self._order,
            "shippingbasic.getshippinginfo_v3": self._shipments,
            "shippingbasic.setsendinginfo": self._send,
        }
        world.tell(self._changed)

    def answer(self, name: str, headers: Mapping[str, str], form: Form) -> Response:
        """Answer one call; the status is 200 whatever went wrong, as at the real API."""
        if "qapi-down" in self._on:
            return Response("Service Unavailable", 503)
        if "qapi-bad-key" in self._on or headers.get(KEY_HEADER) != self._key:
            return JSONResponse(_BAD_KEY)
        if "qapi-error" in self._on:
            return JSONResponse(_BROKEN)
        method = self._methods.get(name.lower())
        if method is None:
            return JSONResponse({"ErrorCode": -90001, "ErrorMsg": f"Can't find method Info {name}"})
        document = method(form)
        if "qapi-ship-lost" in self._on and method == self._send:
            return Response("Bad Gateway", 502)
        return JSONResponse(document)

    def _changed(self, _kind: str, order: Order, _reason: str | None, _text: str | None) -> None:
        if "qapi-lag" in self._on:
            self._late[order.order_no] = self._on["qapi-lag"].number

    def _seen(self, order: Order) -> Order:
        """Return the order as the API sees it: while it lags, as it was."""
        if self._late.get(order.order_no, 0) > 0:
            self._late[order.order_no] -= 1
            return self._believed.get(order.order_no, order)
        self._believed[order.order_no] = order
        return order

    def _claims(self, form: Form) -> Document:
        problem = _bad_period(form, "search_Sdate", "search_Edate")
        if problem:
            return problem
        first, last = _day(form, "search_Sdate"), _day(form, "search_Edate")
        when = _CLAIM_DATES.get(form.get("search_condition", ""), _CLAIM_DATES["2"])
        wanted = form.get("ClaimStat", "")
        orders = map(self._seen, self._world.with_claim())
        return _found(
            _claim_row(order)
            for order in orders
            if (claim := _CLAIMS.get(order.claim_state)) and wanted in ("", claim)
            if first <= (when(order) or date.min) <= last
        )

    def _order(self, form: Form) -> Document:
        order = self._world.by_number(form.get("OrderNo", ""))
        return _found([_order_row(self._seen(order))] if order else [])

    def _shipments(self, form: Form) -> Document:
        problem = _bad_period(form, "SearchStartDate", "SearchEndDate")
        if problem:
            return problem
        first, last = _day(form, "SearchStartDate"), _day(form, "SearchEndDate")
        wanted = form.get("ShippingStatus") or "0"
        states = "123" if wanted == "0" else wanted
        return _found(
            _order_row(order)
            for order in map(self._seen, self._world.orders())
            if first <= order.ordered_on <= last
            if (shipping := _SHIPPING[order.order_state]) and shipping[-2] in states
        )

    def _send(self, form: Form) -> Document:
        words = [form.get(name, "") for name in ("OrderNo", "ShippingCorp", "TrackingNo")]
        answer: ServiceAnswer = self._world.ship(*words)
        text = "SUCCESS" if answer.ok else answer.message
        return {"ResultCode": answer.code, "ResultMsg": text}


def _found(rows: Any) -> Document:
    return {"ResultObject": list(rows), "ResultCode": 0, "ResultMsg": "SUCCESS"}


def _day(form: Form, name: str) -> date:
    # Naive on purpose: the API takes a calendar day.
    return datetime.strptime(form.get(name, "")[:8], "%Y%m%d").date()  # noqa: DTZ007


def _bad_period(form: Form, first: str, last: str) -> Document | None:
    try:
        longest = _day(form, last) - _day(form, first)
    except ValueError:
        return _BAD_DATE
    return _TOO_LONG if longest >= _LONGEST else None


def _show(day: date | None) -> str:
    return f"{day:%Y-%m-%d} 00:00:00" if day else ""


def _both(order: Order) -> Document:
    return {
        "orderNo": int(order.order_no),
        "packNo": int(order.cart_no),
        "itemCode": order.item_code,
        "itemTitle": order.item_name,
        "orderQty": order.quantity,
        "orderDate": _show(order.ordered_on),
        "claimStatus": _CLAIMS.get(order.claim_state, ""),
        "requestDate": _show(order.requested_on),
        "cancelRefundDate": _show(order.closed_on),
        "reason": order.buyer_reason,
        "shippingDate": _show(order.shipped_on),
        "deliveryCompany": order.carrier or "",
        "trackingNo": order.tracking or "",
        "buyer": order.buyer_name,
        "buyerMobile": order.buyer_phone,
        "receiver": order.buyer_name,
    }


def _claim_row(order: Order) -> Document:
    return _both(order) | {"paymentAmount": order.amount, "currency": "JPY"}


def _order_row(order: Order) -> Document:
    return _both(order) | {
        "shippingStatus": _SHIPPING[order.order_state],
        "EstimatedShippingDate": _show(order.ship_by),
        "option": order.option,
        "buyer_gata": order.buyer_kana,
        "buyerEmail": order.buyer_email,
        "shippingAddr": order.buyer_address,
    }
