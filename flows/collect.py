"""Collect the open cancel requests."""

from flows._parts.shop_run import PortalRun
from qsm_bot.base.errors.safety import SafetyStop
from qsm_bot.base.words import Words
from qsm_bot.domain.request import Listing
from qsm_bot.portal.selectors.pack import PortalPage

READ = Words("{count} open cancel requests", "キャンセル要請 {count} 件")
UNREADABLE = Words("row {position} cannot be read: {why}", "{position} 行目を読み取れません: {why}")


def collect(context: PortalRun) -> Listing:
    """Read キャンセル要請 whole; its count agrees with the portal's own counter.

    Raises:
        SessionEnded, PortalError, SafetyStop: the list could not be read for certain.
    """
    try:
        listing = context.portal.collect()
    except SafetyStop:
        # What has changed may be why.
        context.drift.look(context.portal, PortalPage.LIST)
        raise
    context.drift.look(context.portal, PortalPage.LIST)
    context.tell(READ.filled(count=listing.counted))
    for row in listing.unreadable:
        context.tell(UNREADABLE.filled(position=row.position, why=row.why))
    return listing
