"""The hold of one run on one shop; it ends by itself when its holder dies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import ShopBusy
from qsm_bot.ledger.chain import About, Pen
from qsm_bot.ledger.engine import Database
from qsm_bot.ledger.shops import BookShop
from qsm_bot.ledger.tables import leases


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """A live hold on a shop."""

    shop: BookShop
    holder: str
    seconds: float
    token: str
    database: Database

    def renew(self) -> None:
        """Hold the shop for another `seconds` from now.

        Raises:
            ShopBusy: another run has taken the shop over meanwhile.
        """
        with self.database.writing() as pen:
            until = pen.now + timedelta(seconds=self.seconds)
            mine = (leases.c.shop == self.shop.key) & (leases.c.token == self.token)
            if pen.connection.execute(update(leases).where(mine).values(until=until)).rowcount != 1:
                found = find(pen.connection, self.shop.key)
                raise ShopBusy(shop=self.shop.shown, holder=found.holder if found else "-")

    def release(self) -> None:
        """Let the shop go, if it is still held by this lease."""
        with self.database.writing() as pen:
            mine = (leases.c.shop == self.shop.key) & (leases.c.token == self.token)
            if pen.connection.execute(delete(leases).where(mine)).rowcount == 1:
                pen.append("lease.released", {"holder": self.holder}, About(shop=self.shop.key))


def find(connection: Connection, shop: str) -> Row[tuple[object, ...]] | None:
    """Return the row of the lease on `shop`, live or expired."""
    return connection.execute(select(leases).where(leases.c.shop == shop)).one_or_none()


@contextmanager
def held(
    database: Database, shop: BookShop, holder: str, seconds: float, is_dead: Callable[[str], bool]
) -> Iterator[Lease]:
    """Hold `shop` while the block runs.

    Raises:
        ShopBusy: another holder has a live lease, and `is_dead` does not know it as dead.
    """
    lease = Lease(shop=shop, holder=holder, seconds=seconds, token=uuid4().hex, database=database)
    with database.writing() as pen:
        _take(pen, lease, is_dead)
    try:
        yield lease
    finally:
        # It expires by itself; the block's own error must not be hidden behind this one.
        with suppress(QsmBotError):
            lease.release()


def _take(pen: Pen, lease: Lease, is_dead: Callable[[str], bool]) -> None:
    shop = lease.shop
    body: dict[str, object] = {"holder": lease.holder, "seconds": lease.seconds}
    for found in pen.connection.execute(select(leases).where(shop.owns(leases.c.shop))).all():
        alive = found.until > pen.now and not is_dead(found.holder)
        if found.holder != lease.holder and alive:
            raise ShopBusy(shop=shop.shown, holder=found.holder)
        body["taken_over_from"] = found.holder
    pen.connection.execute(delete(leases).where(shop.owns(leases.c.shop)))
    until = pen.now + timedelta(seconds=lease.seconds)
    pen.connection.execute(
        insert(leases).values(shop=shop.key, holder=lease.holder, token=lease.token, until=until)
    )
    pen.append("lease.taken", body, About(shop=shop.key))
