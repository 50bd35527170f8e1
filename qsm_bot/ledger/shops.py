"""What rows call a shop: its key, and before that the names which people gave it.

Rows are never renamed. A shop's earlier names are looked for when it first comes with its key,
and again when its shown name changes; from then on they mean this shop.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, insert, or_, select, union, update

from qsm_bot.domain.shop_identity import NAMELESS, ShopIdentity, is_key, login_of, origin_of, plain
from qsm_bot.ledger import chain
from qsm_bot.ledger.chain import About, Pen
from qsm_bot.ledger.engine import Database
from qsm_bot.ledger.tables import attempts, events, plans, runs, shops

KNOWN = "shop.known"
_PLANS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class BookShop:
    """A shop as the book knows it: new rows name `key`, older ones any of `keys`."""

    key: str
    keys: tuple[str, ...]
    shown: str

    def owns(self, column: Column[str]) -> ColumnElement[bool]:
        """Select the rows of this shop."""
        return column.in_(self.keys)

    def shares_orders_with(self, column: Column[str]) -> ColumnElement[bool]:
        """Select the rows of any shop that may have this shop's order numbers.

        An order number is the portal's: under whatever name an attempt stands, it is at the
        same order. So no change of the settings can allow a second one.
        """
        if not is_key(self.key):
            return self.owns(column)
        same_portal = column.startswith(f"{origin_of(self.key)} ", autoescape=True)
        return or_(self.owns(column), same_portal, ~column.like("http%://% %"))


class ShopNames:
    """The table of shops, and the shop that the settings mean."""

    def __init__(self, connection: Connection, own: ShopIdentity | None) -> None:
        rows = connection.execute(select(shops)).all()
        self._main: Mapping[str, str] = {row.key: row.main for row in rows}
        self._shown: Mapping[str, str] = {row.key: row.shown for row in rows}
        self._own = own
        mains = {row.main for row in rows}
        times = Counter(self._shown[main] for main in mains)
        self._titles = {
            main: f"{shown} ({login_of(main)})" if times[shown] > 1 else shown
            for main in mains
            for shown in [self._shown[main]]
        }

    def find(self, shop: str) -> BookShop:
        """Return the shop that is called so: by its shown name, or by a row's name for it."""
        key = self._key(shop)
        keys = tuple(each for each, main in self._main.items() if main == key)
        return BookShop(key=key, keys=keys or (key,), shown=shop)

    def title(self, key: str) -> str:
        """Return what people call the shop that rows call so."""
        main = self._main.get(key, key)
        if self._own is not None and main == self._key(self._own.name):
            return self._own.name
        return self._titles.get(main, key)

    def _key(self, shop: str) -> str:
        if self._own is not None and shop == self._own.name:
            return self._main.get(self._own.key, self._own.key)
        if shop in self._main:
            return self._main[shop]
        titled = [main for main, title in self._titles.items() if title == shop]
        return titled[0] if titled else shop


def register_if_new(database: Database, own: ShopIdentity) -> None:
    """Write the shop down, unless it is known by this name.

    A damaged book stays as it is, for whoever looks at the damage.
    """
    with database.reading() as connection:
        if is_known(connection, own) or chain.verify(connection).broken is not None:
            return
    with database.writing() as pen:
        register(pen, own)


def is_known(connection: Connection, own: ShopIdentity) -> bool:
    """Say whether the shop stands in the table under the name that people give it now."""
    query = select(shops.c.shown).where(shops.c.key == own.key)
    return connection.execute(query).scalar() == own.name


def register(pen: Pen, own: ShopIdentity) -> None:
    """Write down the shop, its shown name, and which names of earlier versions mean it."""
    if is_known(pen.connection, own):
        return  # another process was faster
    main_of = {row.key: row.main for row in pen.connection.execute(select(shops))}
    main = main_of.get(own.key) or _known_by_name(pen.connection, own) or own.key
    merged = [key for key in _earlier(pen.connection, own, main_of) if key != main]
    _write(pen, [main, own.key, *merged], main, own.name, main_of)
    body = {"key": own.key, "main": main, "shown": own.name, "merged": merged}
    pen.append(KNOWN, body, About(shop=main))


def merge(pen: Pen, own: ShopIdentity, name: str, who: str) -> bool:
    """Let a name of earlier versions mean this shop; False if no row has it, or it means one."""
    main_of = {row.key: row.main for row in pen.connection.execute(select(shops))}
    if name in main_of or name not in _names(pen.connection):
        return False
    main = main_of[own.key]
    _write(pen, [name], main, own.name, main_of)
    body = {"key": own.key, "main": main, "shown": own.name, "merged": [name], "who": who}
    pen.append(KNOWN, body, About(shop=main))
    return True


def unclaimed(connection: Connection) -> list[str]:
    """Return the names of earlier versions that mean no shop yet."""
    known = set(connection.execute(select(shops.c.key)).scalars())
    return sorted(name for name in _names(connection) - known if not is_key(name))


def _write(
    pen: Pen, keys: Sequence[str], main: str, shown: str, main_of: Mapping[str, str]
) -> None:
    for key in dict.fromkeys(keys):
        if key in main_of:
            change = update(shops).where(shops.c.key == key).values(main=main, shown=shown)
            pen.connection.execute(change)
        else:
            pen.connection.execute(insert(shops).values(key=key, main=main, shown=shown))
    led_there = shops.c.main.in_(tuple(keys))
    pen.connection.execute(update(shops).where(led_there).values(main=main, shown=shown))


def _known_by_name(connection: Connection, own: ShopIdentity) -> str | None:
    """Return the one shop with a login ID that bears this name, if the settings tell no ID."""
    if own.key != own.key_by_name:
        return None
    rows = connection.execute(select(shops.c.main, shops.c.shown)).all()
    alike = {
        row.main
        for row in rows
        if plain(row.shown) == plain(own.name) and row.main.startswith(f"{own.origin} id ")
    }
    return next(iter(alike)) if len(alike) == 1 else None


def _earlier(
    connection: Connection, own: ShopIdentity, main_of: Mapping[str, str]
) -> Iterable[str]:
    """Give what the shop was called before: by its name, by its ID, by nothing."""
    for key in (own.key_by_name, own.key_unnamed):
        if main_of.get(key) == key:
            yield key
    wanted = {plain(own.name), plain(own.login_id), NAMELESS} - {""}
    for name in _names(connection) - main_of.keys():
        if not is_key(name) and plain(name) in wanted and _is_of(connection, name, own):
            yield name


def _names(connection: Connection) -> set[str]:
    tables = (attempts, runs, plans, events)
    names = union(*(select(table.c.shop) for table in tables))
    return {name for name in connection.execute(names).scalars() if name}


def _is_of(connection: Connection, name: str, own: ShopIdentity) -> bool:
    """Whether the plans under the name, if there are any, were made at this portal."""
    query = select(plans.c.body).where(plans.c.shop == name)
    bodies = connection.execute(query.order_by(plans.c.recorded_at.desc()).limit(_PLANS)).scalars()
    portals = {str(body.get("portal", "")) for body in bodies}
    origins = {ShopIdentity(portal=each, login_id="", name="").origin for each in portals}
    return not origins or own.origin in origins
