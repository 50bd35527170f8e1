"""The portal's JSON services, without HTTP: method name and parameters in, answer out.

`GetClaimList`, `SetCancelConfirm` and `GetSellerConfirmInfo`, their parameters and the field names
`contr_no` and `pack_no` were seen in programs for the portal's sister sites. The name of the
refusal service, of the other methods and of most fields is not public: they are guesses.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from qsm_bot.mock_portal.answers import ServiceAnswer
from qsm_bot.mock_portal.orders import REASONS, ClaimState, Order
from qsm_bot.mock_portal.world import World

Params = Mapping[str, Any]

REASON_CODES = {f"R{number}": label for number, label in enumerate(REASONS, start=1)}
"""Values of the pull-down's options; the real ones are not public."""

STATUS_LABELS = {
    ClaimState.REQUESTED: "キャンセル・処理要請",
    ClaimState.REFUSED: "キャンセル・キャンセル拒否",
    ClaimState.CANCELLED: "キャンセル・完了",
    ClaimState.WITHDRAWN: "キャンセル・撤回",
    ClaimState.RETRACTION_ASKED: "キャンセル・撤回要請",
}
"""The column 処理状態; only the first is in the manual."""

LIST_STATES = {
    "S1": ClaimState.REQUESTED,
    "S4": ClaimState.CANCELLED,
    "S6": ClaimState.RETRACTION_ASKED,
    "S8": ClaimState.REFUSED,
}
"""`claim_sol_stat` of a list; S4 was seen for finished claims, the others are guesses."""

_DATES: dict[str, Callable[[Order], date | None]] = {
    "DT1": lambda order: order.ordered_on,
    "DT2": lambda order: order.shipped_on,
    "DT3": lambda order: order.requested_on,
    "DT4": lambda order: order.closed_on,
}

_FIELDS: dict[str, Callable[[Order], str]] = {
    "contr_no": lambda order: order.order_no,
    "pack_no": lambda order: order.cart_no,
    "gd_no": lambda order: order.item_code,
    "cust_nm": lambda order: order.buyer_name,
}


class UnknownMethodError(LookupError):
    """The service has no method of this name."""


class ServiceEndpoints:
    """Answers the service calls of the claim page and the home page.

    Args:
        world: the orders.
        login_id: the signed-in seller.
    """

    def __init__(self, world: World, login_id: str) -> None:
        self.world = world
        self._login_id = login_id
        self._methods: dict[str, Callable[[Params], dict[str, Any]]] = {
            "getclaimlist": self._list,
            "getclaimcounts": self._counts,
            "getclaimdetail": self._detail,
            "setcancelrefusal": self._refuse,
            "setcancelconfirm": self._cancel,
            "setclaimretraction": self._ask_retraction,
            "getsellerconfirminfo": self._seller,
        }

    def answer(self, method: str, params: Params) -> dict[str, Any]:
        """Return what stands in `d` of the answer.

        Raises:
            UnknownMethodError: no such method.
        """
        try:
            handler = self._methods[method.lower()]
        except KeyError:
            raise UnknownMethodError(method) from None
        return handler(params)

    def _list(self, params: Params) -> dict[str, Any]:
        if params.get("claim_type") != "CN":
            return {"Rows": []}
        stat = _text(params, "claim_sol_stat")
        if stat:
            state = LIST_STATES.get(stat)
            found = self.world.with_claim(state) if state else []
        else:
            found = self._search(params)
        return _page_of([row_of(order) for order in found], params)

    def _search(self, params: Params) -> list[Order]:
        option, value = _text(params, "srch_option"), _text(params, "srch_option_value")
        if option == "contr_no" and value:
            return self.world.search(value)
        field, when = _FIELDS.get(option), _DATES.get(_text(params, "date_type"), _DATES["DT3"])
        first, last = _day(params, "sday", date.min), _day(params, "eday", date.max)
        return [
            order
            for order in self.world.with_claim()
            if (not value or field is None or field(order) == value)
            and first <= (when(order) or date.min) <= last
        ]

    def _counts(self, _: Params) -> dict[str, Any]:
        return {"Rows": [{"name": n, "cnt": c} for n, c in self.world.counters().items()]}

    def _detail(self, params: Params) -> dict[str, Any]:
        order = self.world.by_number(_text(params, "contr_no"))
        return {"Rows": [_detail_row(order)] if order else []}

    def _refuse(self, params: Params) -> dict[str, Any]:
        code = _text(params, "refuse_reason")
        label = REASON_CODES.get(code, code)
        text = params.get("refuse_text")
        return _result(self.world.refuse(_text(params, "contr_no"), label, text))

    def _cancel(self, params: Params) -> dict[str, Any]:
        return _result(self.world.approve_cancel(_text(params, "contr_no")))

    def _ask_retraction(self, params: Params) -> dict[str, Any]:
        return _result(self.world.ask_retraction(_text(params, "contr_no")))

    def _seller(self, _: Params) -> dict[str, Any]:
        return {"Rows": [{"login_id": self._login_id, "shop_nm": self.world.shop_name}]}


def _page_of(rows: list[dict[str, Any]], params: Params) -> dict[str, Any]:
    """Return the page that is asked for, and how many rows there are; else all rows."""
    size = int(params.get("page_size") or 0)
    if not size:
        return {"Rows": rows}
    start = size * (int(params.get("page_no") or 1) - 1)
    return {"Rows": rows[start : start + size], "Total": len(rows)}


def row_of(order: Order) -> dict[str, Any]:
    """Return the order as a row of a list."""
    return {
        "claim_stat_nm": STATUS_LABELS.get(order.claim_state, ""),
        "claim_end_dt": _show(order.closed_on),
        "claim_why_nm": order.buyer_reason,
        "nr_why_nm": order.non_receipt_reason,
        "claim_req_dt": _show(order.requested_on),
        "return_way_nm": "",
        "contr_dt": _show(order.ordered_on),
        "send_dt": _show(order.shipped_on),
        "contr_no": order.order_no,
        "pack_no": order.cart_no,
        "gd_no": order.item_code,
        "gd_nm": order.item_name,
        "inventory_nm": order.option,
        "contr_cnt": f"{order.quantity}",
        "contr_price": f"{order.amount:,}",
        "cust_nm": order.buyer_name,
    }


def _detail_row(order: Order) -> dict[str, Any]:
    return row_of(order) | {
        "contr_price": f"{order.amount:,}円",
        "send_plan_dt": _show(order.ship_by),
        "stat_nm": "配送要請" if order.order_state == "発送予定" else order.order_state.value,
        "cust_kana": order.buyer_kana,
        "cust_tel": order.buyer_phone,
        "cust_addr": order.buyer_address,
        "cust_email": order.buyer_email,
        "refuse_why_nm": order.refusal_reason or "",
        "refuse_text": order.refusal_text or "",
        "transc_nm": order.carrier or "",
        "songjang_no": order.tracking or "",
    }


def _result(answer: ServiceAnswer) -> dict[str, Any]:
    return {"returnCode": answer.code, "returnMessage": answer.message}


def _show(day: date | None) -> str:
    return f"{day:%Y/%m/%d}" if day else ""


def _text(params: Params, name: str) -> str:
    return str(params.get(name) or "").strip()


def _day(params: Params, name: str, default: date) -> date:
    try:
        # Naive on purpose: the page sends a calendar day.
        return datetime.strptime(_text(params, name), "%Y/%m/%d").date()  # noqa: DTZ007
    except ValueError:
        return default
