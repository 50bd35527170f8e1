"""What can be read from the ledger."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TextIO

from qsm_bot.ledger import attempts, chain, pending, reading, runs, search, standing_orders
from qsm_bot.ledger.attempts import Attempt
from qsm_bot.ledger.chain import ChainReport
from qsm_bot.ledger.engine import Database
from qsm_bot.ledger.pending import Pending
from qsm_bot.ledger.reading import Event
from qsm_bot.ledger.runs import RunRecord
from qsm_bot.ledger.search import Tally, Wanted
from qsm_bot.standing_order import Amounts, StandingOrder


class Reader:
    """The reading half of an open book; see `Ledger` for what every method may raise."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taken_orders(self, shop: str) -> dict[str, str]:
        """Return the orders that get no new permit, each with the outcome or state that blocks."""
        with self._database.reading() as connection:
            return attempts.taken(connection, shop)

    def attempts(
        self,
        *,
        shop: str | None = None,
        run_id: str | None = None,
        order_no: str | None = None,
        limit: int | None = None,
    ) -> list[Attempt]:
        """Return the attempts that match all that is given, newest first."""
        return self.find(Wanted(shop=shop, run_id=run_id, order_no=order_no, limit=limit))

    def find(self, wanted: Wanted) -> list[Attempt]:
        """Return the attempts that match all that is asked, newest first."""
        with self._database.reading() as connection:
            return search.found(connection, wanted)

    def tallies(self) -> list[Tally]:
        """Count the attempts of all shops by state and outcome."""
        with self._database.reading() as connection:
            return search.tallies(connection)

    def runs(
        self,
        *,
        shop: str | None = None,
        limit: int | None = None,
        since: datetime | None = None,
    ) -> list[RunRecord]:
        """Return the runs, newest first; with `since` those that were begun then or later."""
        with self._database.reading() as connection:
            return runs.listed(connection, shop, limit, since)

    def pending(self, shop: str) -> Pending:
        """Return what may wait for a person: the newest plans, and orders that need one.

        Raises:
            PlanTampered: the content of a plan is none.
        """
        with self._database.reading() as connection:
            return pending.listed(connection, shop)

    def standing_order(self, shop: str) -> StandingOrder | None:
        """Return the shop's standing order, if one holds on this day."""
        with self._database.reading() as connection:
            return standing_orders.live(connection, shop, self._database.clock())

    def standing_orders(self, shop: str) -> list[StandingOrder]:
        """Return all standing orders of the shop, newest first."""
        with self._database.reading() as connection:
            return standing_orders.listed(connection, shop)

    def let_through_today(self, shop: str) -> Amounts:
        """Return the orders, with their yen, that standing orders let through on this day."""
        with self._database.reading() as connection:
            return standing_orders.let_through(connection, shop, self._database.clock())

    def run(self, wanted: str) -> RunRecord:
        """Return a run by its id, by a unique beginning of it, or the "latest".

        Raises:
            RunNotFound: there is none, or there are several.
        """
        with self._database.reading() as connection:
            return runs.find(connection, wanted)

    def events(
        self,
        *,
        run_id: str | None = None,
        order_no: str | None = None,
        kinds: Sequence[str] = (),
        since: datetime | None = None,
    ) -> Iterator[Event]:
        """Give the entries in order: all, or those that match what is given."""
        asked = reading.Asked(run_id=run_id, order_no=order_no, kinds=kinds, since=since)
        return reading.paged(self._database, asked)

    def verify(self) -> ChainReport:
        """Walk the hash chain and report the first entry that does not fit."""
        with self._database.reading() as connection:
            return chain.verify(connection)

    def hashes(self) -> list[str]:
        """Return the hashes of all entries, in order, as they stand in the book."""
        with self._database.reading() as connection:
            return chain.hashes(connection)

    def export(self, out: TextIO) -> int:
        """Write all entries as JSON lines, which SHA-256 alone can verify; return how many."""
        return reading.export(self._database, out)
