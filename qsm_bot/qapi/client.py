"""The client: a closed list of methods, paced, and only its readings are tried again."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.errors.qapi import (
    QapiAnswerUnknown,
    QapiKeyExpired,
    QapiKeyInvalid,
    QapiNotPermitted,
    QapiSilent,
    QapiTurnedDown,
    QapiUnreachable,
)
from qsm_bot.base.log import get_logger, redactor
from qsm_bot.base.loopback import is_loopback
from qsm_bot.base.retry import read_again
from qsm_bot.base.words import Words
from qsm_bot.qapi.answers import (
    ApiAnswer,
    ClaimRow,
    OrderRow,
    ShipmentRow,
    compact,
    read_envelope,
    read_rows,
)

SERVICE = "/GMKT.INC.Front.QAPIService/ebayjapan.qapi/"
REQUESTED = "1"
"""`ClaimStat` キャンセル要請."""

_BY_REQUEST_DATE = "2"
_LONGEST = timedelta(days=89)  # the API turns down more than 90 days, both ends counted
# From the public list of codes; -90001 also stands for a call that is not known.
_KEY_ERRORS: Mapping[int, type[QapiKeyInvalid]] = {
    -10000: QapiKeyInvalid,
    -90001: QapiKeyInvalid,
    -90002: QapiNotPermitted,
    -90003: QapiNotPermitted,
    -90004: QapiKeyExpired,
    -90005: QapiKeyExpired,
}
_TIMES = 3
_MOST_BYTES = 32 * 1024 * 1024
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)
_HIDDEN = "***"
_log = get_logger(__name__)

_NO_KEY = Words("QSM_QAPI_KEY is not a key", "QSM_QAPI_KEY がキーの形式ではありません")


class Method(StrEnum):
    """Every call that this program can make. None of them answers a cancel request."""

    CLAIMS = "ShippingBasic.GetClaimInfo_V3"
    ORDER = "ShippingBasic.GetShippingAndClaimInfoByOrderNo_V2"
    SHIPMENTS = "ShippingBasic.GetShippingInfo_v3"
    SEND = "ShippingBasic.SetSendingInfo"


class QapiClient:
    """Talks to the API; a context manager.

    Args:
        url: scheme and host.
        key: the certification key; it goes into a header, and into no text.
        interval: least seconds between two calls; the API's own limit is not public.
        timeout: seconds for a connection, and for a whole answer.
        rest: lets seconds pass; with a page open it must be the page's own waiting.
        transport: what carries the calls; by default the network.
    """

    def __init__(
        self,
        *,
        url: str,
        key: str,
        interval: float,
        timeout: float,
        rest: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if not (key.isascii() and key.isprintable()) or " " in key or not key:
            raise SettingsInvalid(detail=_NO_KEY)
        redactor.learn(key)
        self._key = key
        self._host = urlsplit(url).netloc
        self._interval, self._timeout, self._rest = interval, timeout, rest
        self._last: float | None = None
        self._http = httpx.Client(
            base_url=url + SERVICE,
            headers={"GiosisCertificationKey": key, "QAPIVersion": "1.0"},
            timeout=timeout,
            transport=transport,
            # Each call has a connection of its own: none can be sent twice over an old one.
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=not is_loopback(urlsplit(url).hostname),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def open_requests(self, today: date) -> list[ClaimRow]:
        """Return the open cancel requests that were made in the last 90 days.

        Raises:
            PortalError: no answer, or none that is understood.
            QapiKeyInvalid: the key is not taken.
        """
        return self.claims(REQUESTED, today - _LONGEST, today)

    def claims(self, state: str, first: date, last: date) -> list[ClaimRow]:
        """Return the claims in one state that were requested on these days (JST).

        Args:
            state: a number of the API's list: 1 キャンセル要請, 3 キャンセル完了, …
            first: first day.
            last: last day, at most 89 later.

        Raises:
            PortalError, QapiKeyInvalid: see `open_requests`.
        """
        told = self._read(
            Method.CLAIMS,
            ClaimStat=state,
            search_Sdate=compact(first),
            search_Edate=compact(last),
            search_condition=_BY_REQUEST_DATE,
        )
        return read_rows(told, ClaimRow, Method.CLAIMS)

    def order(self, order_no: str) -> OrderRow | None:
        """Return one order with its claim, or None if the API has no such order.

        Raises:
            PortalError, QapiKeyInvalid: see `open_requests`.
        """
        rows = read_rows(self._read(Method.ORDER, OrderNo=order_no), OrderRow, Method.ORDER)
        if not rows:
            return None
        if [row.order_no for row in rows] != [order_no]:
            detail = f"{len(rows)} rows, not the one of {order_no}"
            raise QapiAnswerUnknown(method=Method.ORDER, detail=detail)
        return rows[0]

    def shipments(self, state: str, first: date, last: date) -> list[ShipmentRow]:
        """Return the orders in one shipping state (1 to 5) that were made on these days (JST).

        Raises:
            PortalError, QapiKeyInvalid: see `open_requests`.
        """
        told = self._read(
            Method.SHIPMENTS,
            ShippingStatus=state,
            SearchStartDate=compact(first),
            SearchEndDate=compact(last),
            SearchCondition="1",
        )
        return read_rows(told, ShipmentRow, Method.SHIPMENTS)

    def send(self, order_no: str, carrier: str, tracking: str) -> ApiAnswer:
        """Report one order as shipped: sent once, never again, whatever comes back.

        Returns:
            The API's answer, also if it is a no.

        Raises:
            QapiUnreachable: no connection was made: nothing was sent.
            QapiSilent, QapiAnswerUnknown: it was sent; what became of it is not known.
            QapiKeyInvalid: the key is not taken: nothing was done.
        """
        sent = {"OrderNo": order_no, "ShippingCorp": carrier, "TrackingNo": tracking}
        return self._keyed(self._post(Method.SEND, sent))

    def _read(self, method: Method, **params: str) -> ApiAnswer:
        told = read_again(
            lambda: self._post(method, params), when=(QapiUnreachable, QapiSilent), times=_TIMES
        )
        if not self._keyed(told).ok:
            raise QapiTurnedDown(method=method, code=told.code, text=told.text)
        return told

    def _keyed(self, told: ApiAnswer) -> ApiAnswer:
        if told.code in _KEY_ERRORS:
            raise _KEY_ERRORS[told.code](code=told.code, text=told.text)
        return told

    def _post(self, method: Method, params: dict[str, str]) -> ApiAnswer:
        self._pace()
        try:
            told = read_envelope(self._body(method, params), method)
        except _NEVER_LEFT as error:
            raise QapiUnreachable(host=self._host, detail=self._hidden(error)) from None
        except httpx.HTTPError as error:
            raise QapiSilent(method=method, detail=self._hidden(error)) from None
        except QapiAnswerUnknown as error:
            raise QapiAnswerUnknown(
                method=method, detail=self._hidden(error.facts["detail"])
            ) from None
        _log.info("qapi_call", method=method.value, code=told.code)
        body = told.body.replace(self._key.encode(), _HIDDEN.encode())
        return replace(told, text=self._hidden(told.text), body=body)

    def _body(self, method: Method, params: dict[str, str]) -> bytes:
        form = {"returnType": "application/json", **params}
        ends = time.monotonic() + self._timeout
        body = bytearray()
        with self._http.stream("POST", method.value, data=form) as answer:
            if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise QapiSilent(method=method, detail=f"HTTP {answer.status_code}")
            if answer.status_code != HTTPStatus.OK:
                raise QapiAnswerUnknown(method=method, detail=f"HTTP {answer.status_code}")
            for part in answer.iter_bytes():
                body += part
                if time.monotonic() > ends or len(body) > _MOST_BYTES:
                    raise QapiSilent(method=method, detail=f"no end after {len(body)} bytes")
        return bytes(body)

    def _pace(self) -> None:
        now = time.monotonic()
        if self._last is not None and (left := self._last + self._interval - now) > 0:
            self._rest(left)
        self._last = time.monotonic()

    def _hidden(self, said: object) -> str:
        text = str(said)
        if isinstance(said, Exception):
            text = f"{type(said).__name__} {text}".strip()
        return text.replace(self._key, _HIDDEN)
