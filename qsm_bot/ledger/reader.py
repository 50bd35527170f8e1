"""What can be read from the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TextIO

from sqlalchemy import Connection

from qsm_bot.domain.pre_approval import Amounts, PreApproval
from qsm_bot.domain.shop_identity import ShopIdentity
from qsm_bot.ledger import attempts, chain, entries, pending, plans, runs, search, shops
from qsm_bot.ledger import pre_approvals as standing_orders
from qsm_bot.ledger.attempts import Attempt
from qsm_bot.ledger.chain import ChainReport
from qsm_bot.ledger.engine import Database
from qsm_bot.ledger.entries import Event
from qsm_bot.ledger.pending import Pending
from qsm_bot.ledger.runs import RunRecord
from qsm_bot.ledger.search import AttemptTally, Wanted
from qsm_bot.ledger.shops import BookShop, ShopNames


class Reader:
    """The reading half of an open book; see `Ledger` for what every method may raise.

    Outside the book a shop goes by its shown name, inside by its key: here is the border.
    """

    def __init__(self, database: Database, own: ShopIdentity | None = None) -> None:
        self._database = database
        self._own = own

    def _names(self, connection: Connection) -> ShopNames:
        return ShopNames(connection, self._own)

    def _shop(self, connection: Connection, shop: str) -> BookShop:
        return self._names(connection).find(shop)

    def taken_orders(self, shop: str) -> dict[str, str]:
        """Return the orders that get no new permit, each with the outcome or state that blocks."""
        with self._database.reading() as connection:
            return attempts.taken(connection, self._shop(connection, shop))

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
            names = self._names(connection)
            shop = None if wanted.shop is None else names.find(wanted.shop)
            rows = search.found(connection, wanted, shop)
            return [replace(row, shop=names.title(row.shop)) for row in rows]

    def tallies(self) -> list[AttemptTally]:
        """Count the attempts of all shops by state and outcome."""
        with self._database.reading() as connection:
            names = self._names(connection)
            rows = search.tallies(connection)
            return [replace(row, shop=names.title(row.shop)) for row in rows]

    def runs(
        self,
        *,
        shop: str | None = None,
        limit: int | None = None,
        since: datetime | None = None,
    ) -> list[RunRecord]:
        """Return the runs, newest first; with `since` those that were begun then or later."""
        with self._database.reading() as connection:
            names = self._names(connection)
            wanted = None if shop is None else names.find(shop)
            rows = runs.listed(connection, wanted, limit, since)
            return [replace(row, shop=names.title(row.shop)) for row in rows]

    def pending(self, shop: str) -> Pending:
        """Return what may wait for a person: the newest plans, and orders that need one.

        Raises:
            PlanTampered: the content of a plan is none.
        """
        with self._database.reading() as connection:
            return pending.listed(connection, self._shop(connection, shop))

    def standing_order(self, shop: str) -> PreApproval | None:
        """Return the shop's standing order, if one holds on this day."""
        with self._database.reading() as connection:
            wanted = self._shop(connection, shop)
            return standing_orders.live(connection, wanted, self._database.clock())

    def standing_orders(self, shop: str) -> list[PreApproval]:
        """Return all standing orders of the shop, newest first."""
        with self._database.reading() as connection:
            return standing_orders.listed(connection, self._shop(connection, shop))

    def let_through_today(self, shop: str) -> Amounts:
        """Return the orders, with their yen, that standing orders let through on this day."""
        with self._database.reading() as connection:
            wanted = self._shop(connection, shop)
            return standing_orders.let_through(connection, wanted, self._database.clock())

    def run(self, wanted: str) -> RunRecord:
        """Return a run by its id, by a unique beginning of it, or the "latest".

        Raises:
            RunNotFound: there is none, or there are several.
        """
        with self._database.reading() as connection:
            found = runs.find(connection, wanted)
            return replace(found, shop=self._names(connection).title(found.shop))

    def events(
        self,
        *,
        run_id: str | None = None,
        order_no: str | None = None,
        kinds: Sequence[str] = (),
        since: datetime | None = None,
    ) -> Iterator[Event]:
        """Give the entries in order: all, or those that match what is given."""
        asked = entries.EventFilter(run_id=run_id, order_no=order_no, kinds=kinds, since=since)
        with self._database.reading() as connection:
            names = self._names(connection)
        for event in entries.paged(self._database, asked):
            yield replace(event, shop=event.shop and names.title(event.shop))

    def is_plan_of(self, digest: str, shop: str) -> bool:
        """Say whether the plan with this full digest was recorded for the shop."""
        with self._database.reading() as connection:
            return plans.is_of(connection, self._shop(connection, shop), digest)

    def known_permits(self, permits: Sequence[str]) -> set[str]:
        """Return which of these permits this ledger has issued."""
        with self._database.reading() as connection:
            return attempts.known(connection, permits)

    def key_of(self, shop: str) -> str:
        """Return what new rows call the shop."""
        with self._database.reading() as connection:
            return self._shop(connection, shop).key

    def unclaimed_names(self) -> list[str]:
        """Return the names of earlier versions of which no shop is known."""
        with self._database.reading() as connection:
            return shops.unclaimed(connection)

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
        return entries.export(self._database, out)
