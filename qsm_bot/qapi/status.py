"""What QAPI knows of one order, as a look for the flows; and how long the key still lasts."""

from datetime import date, timedelta

from qsm_bot.base.clock import Clock
from qsm_bot.base.words import Words
from qsm_bot.domain.order_status import ClaimWords, StatusLook, standing_of
from qsm_bot.qapi.client import QapiClient

_WARN_BEFORE = timedelta(days=30)
_NOT_THERE = "no such order"

ENDING = Words(
    "The QAPI key ends on {end:%Y-%m-%d}, and Qoo10 gives no notice: ask for a new one now.",
    "QAPI キーの期限は {end:%Y-%m-%d} です（通知は届きません）。再発行を申請してください。",
)
ENDED = Words(
    "The QAPI key was issued on {issued:%Y-%m-%d}; its year ended on {end:%Y-%m-%d}.",
    "QAPI キー（{issued:%Y-%m-%d} 発行）の期限は {end:%Y-%m-%d} に切れています。",
)


class QapiStatus:
    """A `StatusSource`."""

    def __init__(self, client: QapiClient, words: ClaimWords, clock: Clock) -> None:
        self._client = client
        self._words = words
        self._clock = clock

    def status(self, order_no: str) -> StatusLook:
        """Ask for one order: see `StatusSource.status`."""
        # Dated before it reads: what it sees is at least as new as it says.
        at = self._clock()
        row = self._client.order(order_no)
        if row is None:
            return StatusLook(order_no=order_no, open=None, refused=None, text=_NOT_THERE, at=at)
        return standing_of(
            self._words, order_no=order_no, shipping=row.shipping, claim=row.claim, at=at
        )


def key_warning(issued: date | None, today: date) -> Words | None:
    """Say that a key's year is over or nearly so; it is valid for one year (guide of 2022).

    Args:
        issued: the day of issue, if the settings name it.
        today: in Japan.
    """
    if issued is None:
        return None
    end = _a_year_after(issued)
    if today >= end:
        return ENDED.filled(issued=issued, end=end)
    return ENDING.filled(end=end) if today >= end - _WARN_BEFORE else None


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
