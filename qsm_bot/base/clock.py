"""Time as the portal and the law of the shop know it: Japan Standard Time."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present moment in JST, whatever the machine's own zone."""
    return datetime.now(JST)


def aware(moment: datetime) -> datetime:
    """Return `moment` if it names its zone.

    Raises:
        ValueError: it does not; a naive time would mean another hour on another machine.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment.isoformat()}")
    return moment


def moment_given(text: str) -> datetime:
    """Return the time that a person wrote, as `2026-01-05T20:00`: JST if it names no zone.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=moment.tzinfo or JST).astimezone(JST)
    except OverflowError as error:
        raise ValueError(text) from error


def day_end(moment: datetime) -> datetime:
    """Return 23:59:59 JST of the day that it is in Japan at `moment`.

    Raises:
        ValueError: it names no zone.
    """
    return aware(moment).astimezone(JST).replace(hour=23, minute=59, second=59, microsecond=0)
