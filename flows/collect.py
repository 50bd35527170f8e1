"""Collect the open cancel requests."""

from flows.context import RunContext
from qsm_bot.errors import SafetyStop
from qsm_bot.model import Listing
from qsm_bot.portal.pack import Place
from qsm_bot.words import Words

READ = Words("{count} open cancel requests", "キャンセル要請 {count} 件")
UNREADABLE = Words("row {position} cannot be read: {why}", "{position} 行目を読み取れません: {why}")


def collect(context: RunContext) -> Listing:
    """Read キャンセル要請 whole; its count agrees with the portal's own counter.

    Raises:
        SessionEnded, PortalError, SafetyStop: the list could not be read for certain.
    """
    try:
        listing = context.portal.collect()
    except SafetyStop:
        # What has changed may be why.
        context.drift.look(context.portal, Place.LIST)
        raise
    context.drift.look(context.portal, Place.LIST)
    context.tell(READ.filled(count=listing.counted))
    for row in listing.unreadable:
        context.tell(UNREADABLE.filled(position=row.position, why=row.why))
    return listing
