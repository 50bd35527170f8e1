"""Attempts and entries are found by what is asked of them, on both databases."""

import io
from datetime import timedelta

from qsm_bot.domain.request import OutcomeKind, RefusalReason
from qsm_bot.ledger import ActState, Ledger, Wanted
from qsm_bot.ledger.exported import walk
from tests.integration.ledger.parts import SHOP, START, Time, outcome, permit, walk_to

DAY = timedelta(days=1)


def test_attempts_are_found_and_counted_and_the_export_says_the_same(
    ledger: Ledger, time: Time
) -> None:
    walk_to(ledger.act(permit(ledger, "1")), ActState.SETTLED)
    time.passes(DAY.total_seconds())
    walk_to(ledger.act(permit(ledger, "2")), ActState.UNKNOWN)
    time.passes(DAY.total_seconds())
    ledger.act(permit(ledger, "3")).settle(outcome(OutcomeKind.GONE))

    def orders(wanted: Wanted) -> list[str]:
        return [attempt.order_no for attempt in ledger.find(wanted)]

    assert orders(Wanted()) == ["3", "2", "1"]
    assert orders(Wanted(since=START + DAY)) == ["3", "2"]
    assert orders(Wanted(until=START + DAY)) == ["1"]
    assert orders(Wanted(since=START + DAY, until=START + 2 * DAY)) == ["2"]
    assert orders(Wanted(outcomes=[OutcomeKind.REFUSED, OutcomeKind.GONE])) == ["3", "1"]
    assert orders(Wanted(reasons=[RefusalReason.SHIPPED], limit=1)) == ["3"]
    assert orders(Wanted(reasons=[RefusalReason.READY])) == []
    assert (orders(Wanted(settled=False)), orders(Wanted(settled=True))) == (["2"], ["3", "1"])
    assert orders(Wanted(shop="another")) == []
    counts = [(tally.shop, tally.state, tally.outcome, tally.count) for tally in ledger.tallies()]
    assert counts == [
        (SHOP, ActState.SETTLED, OutcomeKind.GONE, 1),
        (SHOP, ActState.SETTLED, OutcomeKind.REFUSED, 1),
        (SHOP, ActState.UNKNOWN, OutcomeKind.UNKNOWN, 1),
    ]
    armed = ledger.events(kinds=["attempt.armed", "attempt.leased"], since=START + DAY)
    assert [(event.order_no, event.kind) for event in armed] == [
        ("2", "attempt.leased"),
        ("2", "attempt.armed"),
        ("3", "attempt.leased"),
    ]
    file = io.StringIO()
    ledger.export(file)
    found = walk(line.encode() for line in file.getvalue().splitlines(keepends=True))
    assert (list(found.hashes), found.report) == (ledger.hashes(), ledger.verify())
