"""Detect: the open cancel requests by QAPI, without a browser."""

from datetime import date
from typing import Protocol

from qsm_bot.domain.request import CancelRequest
from qsm_bot.qapi import REQUESTED, ClaimRow

LABEL = "キャンセル要請"
"""What the API's method list calls the state that it answers as a number."""


class Claims(Protocol):
    """The one call that detecting needs."""

    def open_requests(self, today: date) -> list[ClaimRow]:
        """Return the open cancel requests."""


def detect(api: Claims, today: date) -> tuple[CancelRequest, ...]:
    """Return the open cancel requests of the last 90 days.

    They tell that there is work, and are no plan's basis: the portal's list is, with which the
    row is compared once more before the button is pressed.

    Args:
        api: QAPI.
        today: in Japan.

    Raises:
        PortalError, QapiKeyInvalid: the API could not be asked.
    """
    return tuple(_request(row) for row in api.open_requests(today))


def _request(row: ClaimRow) -> CancelRequest:
    return CancelRequest(
        order_no=row.order_no,
        cart_no=row.cart_no,
        item_code=row.item_code,
        status=LABEL if row.claim == REQUESTED else row.claim,
        buyer_reason=row.reason,
        requested_on=row.requested_on,
        ordered_on=row.ordered_on,
        item_name=row.item_name,
        option=row.option,
        quantity=row.quantity,
    )
