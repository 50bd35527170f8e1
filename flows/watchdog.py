"""The dead man's switch: did a run end well when one was due?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from qsm_bot.base.clock import JST
from qsm_bot.ledger import Ledger, RunRecord

# A rehearsal and a shipment do not show that requests are still answered.
_NO_ROUNDS = ("rehearse", "ship")


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodRunWanted:
    """What was looked for: a run that ended well after `since`, due by `due`."""

    since: datetime
    due: datetime
    good: RunRecord | None


def watch(ledger: Ledger, shop: str, times: Sequence[time], now: datetime) -> GoodRunWanted:
    """Look for a good run since the due time before the last one.

    So that a watchdog that looks at 10:05 finds the run of 09:30, for which 10:00 is the
    latest, and one that came late is good too.

    Args:
        ledger: the book.
        shop: the shop's name.
        times: of the day (JST) by which a run is due, at least one.
        now: the moment of looking.
    """
    due, since = window(times, now)
    good = (
        run
        for run in ledger.runs(shop=shop, since=since)
        if run.ended_well and run.command not in _NO_ROUNDS
    )
    return GoodRunWanted(since=since, due=due, good=next(good, None))


def window(times: Sequence[time], now: datetime) -> tuple[datetime, datetime]:
    """Return the last due time up to `now`, and the one before it."""
    today = now.astimezone(JST).date()
    days = (today - timedelta(days=back) for back in range(3))
    moments = sorted({datetime.combine(day, each, JST) for day in days for each in times})
    passed = [moment for moment in moments if moment <= now]
    return passed[-1], passed[-2]
