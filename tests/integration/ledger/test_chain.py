"""Every kind of damage to the book is seen, and nothing is written behind it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from qsm_bot.base.errors.ledger import LedgerCorrupt
from qsm_bot.ledger import Ledger
from qsm_bot.ledger.chain import GENESIS, Pen
from tests.integration.ledger.parts import raw, unguarded

EMPTIED = "UPDATE chain SET seq = 0, hash = (SELECT prev FROM events WHERE seq = 1)"
FORGED = (
    "INSERT INTO events SELECT 6, at, shop, run_id, order_no, attempt_id, kind, body, prev, hash "
    "FROM events WHERE seq = 5"
)


@pytest.fixture
def book(ledger: Ledger) -> Ledger:
    """Five entries."""
    for number in range(1, 6):
        ledger.note("seen", {"number": number, "text": "拒否"})
    return ledger


def test_an_empty_book_is_whole(ledger: Ledger) -> None:
    report = ledger.verify()
    assert (report.entries, report.head, report.broken) == (0, GENESIS, None)


def test_an_undamaged_book_is_whole(book: Ledger) -> None:
    report = book.verify()
    assert (report.entries, report.broken, report.detail) == (5, None, "")


@pytest.mark.parametrize(
    ("damage", "broken", "told"),
    [
        ("UPDATE events SET body = replace(body, '3', '4') WHERE seq = 3", 3, "was changed"),
        ("UPDATE events SET body = replace(body, ':', ': ') WHERE seq = 3", 3, "was changed"),
        ("UPDATE events SET body = 'x' WHERE seq = 3", 3, "was changed"),
        ("UPDATE events SET at = 'never' WHERE seq = 3", 3, "was changed"),
        ("UPDATE events SET kind = 'Seen' WHERE seq = 1", 1, "was changed"),
        ("UPDATE events SET hash = 'x' WHERE seq = 3", 3, "was changed"),
        ("UPDATE events SET prev = 'x' WHERE seq = 3", 3, "does not follow"),
        ("DELETE FROM events WHERE seq = 3", 3, "entry 3 is missing"),
        ("DELETE FROM events WHERE seq = 1", 1, "entry 1 is missing"),
        ("DELETE FROM events WHERE seq > 3", 4, "the tail is cut off"),
        ("DELETE FROM events", 1, "the tail is cut off"),
        ("UPDATE chain SET seq = 4", 5, "the head names entry 4"),
        ("UPDATE chain SET hash = 'x'", 5, "the head names entry 5"),
        (EMPTIED, 5, "the head names entry 0"),
        ("DELETE FROM chain", 5, "the chain's head is missing"),
        (FORGED, 6, "does not follow"),
    ],
)
def test_damage_is_named_by_its_first_entry(
    book: Ledger, ledger_url: str, damage: str, broken: int, told: str
) -> None:
    with unguarded(ledger_url) as connection:
        connection.execute(text(damage))
    report = book.verify()
    assert report.broken == broken
    assert told in report.detail


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM events WHERE seq > 3",
        "UPDATE chain SET seq = 4",
        EMPTIED,
        "UPDATE chain SET hash = 'x'",
        "DELETE FROM chain",
    ],
)
def test_nothing_is_written_behind_a_damaged_end(
    book: Ledger, ledger_url: str, damage: str
) -> None:
    with unguarded(ledger_url) as connection:
        connection.execute(text(damage))
    with pytest.raises(LedgerCorrupt):
        book.note("seen", {})


def test_a_head_that_moved_under_the_pen_is_seen(
    book: Ledger, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    init = Pen.__init__

    def without_lock(pen: Pen, *arguments: object) -> None:
        init(pen, *arguments)  # type: ignore[arg-type]
        pen._seq = 6

    monkeypatch.setattr(Pen, "__init__", without_lock)
    with pytest.raises(LedgerCorrupt):
        book.note("seen", {})
    assert book.verify().entries == 5


@pytest.mark.parametrize(
    "deed", ["UPDATE events SET kind = 'x'", "DELETE FROM events", "TRUNCATE events"]
)
def test_the_database_itself_forbids_changes(book: Ledger, ledger_url: str, deed: str) -> None:
    if deed == "TRUNCATE events" and ledger_url.startswith("sqlite"):
        deed = "DELETE FROM events WHERE seq = 2"  # SQLite has no TRUNCATE
    with pytest.raises(DBAPIError, match="append-only"), raw(ledger_url) as connection:
        connection.execute(text(deed))
    assert book.verify().broken is None
