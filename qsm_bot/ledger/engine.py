"""The database under the book: how it is opened, read and written, on SQLite and PostgreSQL."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from qsm_bot.base.clock import Clock
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.errors.ledger import LedgerCorrupt
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.ledger import schema_version
from qsm_bot.ledger.chain import Pen
from qsm_bot.ledger.faults import LedgerPlace

_READS = "qsm_bot_reads"
_OWNER_ONLY = 0o600
# A server that works on one step for longer has gone wrong.
_STATEMENT_MS = 25_000
# A server that has gone without a word is noticed within half a minute, not by chance.
_NEVER_SILENT = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


class Database:
    """An open database with the book in it, at this program's schema."""

    def __init__(self, engine: Engine, place: LedgerPlace, clock: Clock) -> None:
        self._engine = engine
        self._place = place
        self.clock = clock
        options: dict[str, Any] = {_READS: True}
        if engine.dialect.name == "postgresql":
            # One picture of head and entries while others write; SQLite has it anyway.
            options["isolation_level"] = "REPEATABLE READ"
        self._reader = engine.execution_options(**options)

    @contextmanager
    def writing(self) -> Iterator[Pen]:
        """Give the pen for one transaction; it is committed at the end, or nothing of it is.

        Raises:
            LedgerBusy: another writer did not let go in time.
            LedgerCorrupt, EvidenceUnwritable, LedgerFailed: the database cannot take it.
        """
        with self._border(), self._engine.begin() as connection:
            yield Pen(connection, self.clock)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the book.

        Raises:
            LedgerBusy, LedgerFailed: the database does not answer.
            LedgerCorrupt: what it answers cannot be read.
        """
        with self._border(), self._reader.begin() as connection:
            try:
                yield connection
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise LedgerCorrupt(entry="?", detail=repr(error)) from error

    def prepare(self) -> None:
        """Make or migrate the schema if need be.

        Raises:
            LedgerTooNew: a newer program has migrated it.
        """
        with self._border():
            with self._reader.begin() as connection:
                current = schema_version.is_current(connection)
            if not current:
                with self._engine.begin() as connection:
                    schema_version.migrate(connection)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _border(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self._place.translated(error) from error
        except UnicodeDecodeError as error:
            # SQLite's own words about a damaged schema, which repeat the damaged bytes.
            raise LedgerCorrupt(entry="?", detail="its schema is damaged") from error


def connect(url: str, *, clock: Clock, busy_seconds: float) -> Database:
    """Open the database at `url`, which is made if it is a SQLite file that does not exist.

    Raises:
        SettingsInvalid: the URL is none, or names a database that cannot be used.
        LedgerTooNew, LedgerBusy, LedgerCorrupt, EvidenceUnwritable, LedgerFailed: see there.
    """
    parsed = _parsed(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and parsed.database:
        _make_private(Path(parsed.database))
    place = _place(parsed)
    engine = (_sqlite if is_sqlite else _postgresql)(parsed, busy_seconds)
    database = Database(engine, place, clock)
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    return database


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The cause would show the URL, and with it the password.
        raise SettingsInvalid(detail="QSM_LEDGER_URL is not a database URL") from None
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        detail = f"QSM_LEDGER_URL: {parsed.drivername} is neither sqlite nor postgresql"
        raise SettingsInvalid(detail=detail)
    return parsed


def _place(url: URL) -> LedgerPlace:
    if url.get_backend_name() == "sqlite":
        return LedgerPlace(path=url.database or "memory")
    secret = url.password or url.query.get("password")
    # The query may hold a password too.
    path = url.set(query={}).render_as_string(hide_password=True)
    return LedgerPlace(path=path, secret=str(secret) if secret else None)


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite would make it readable for all; -wal and -shm take the rights of this file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
    except OSError as error:
        detail = error.strerror or repr(error)
        raise EvidenceUnwritable(path=str(path), detail=detail) from error


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": busy_seconds},
        **({"pool_timeout": busy_seconds} if url.database else {}),
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(dbapi_connection: Any, _record: object) -> None:
    connection: sqlite3.Connection = dbapi_connection
    connection.isolation_level = None  # BEGIN is ours: `_begin`
    connection.text_factory = _text
    try:
        with closing(connection.cursor()) as cursor:
            _switch_to_wal(cursor)
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            # Without it INSERT OR REPLACE deletes an event past the guard.
            cursor.execute("PRAGMA recursive_triggers=ON")
    except BaseException:
        connection.close()
        raise


def _text(stored: bytes) -> str:
    # Damaged bytes must be shown as damage of their entry, not fail to be read.
    return stored.decode("utf-8", "backslashreplace")


def _switch_to_wal(cursor: sqlite3.Cursor) -> None:
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            # Two that open a new book at once: this pragma does not wait, BEGIN does.
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another has written.
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url: URL, busy_seconds: float) -> Engine:
    try:
        engine = create_engine(
            url,
            hide_parameters=True,
            # What is read after the lock on the chain's head must be as new as the lock.
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,  # a watch that lives for days outlives the server's restarts
            pool_timeout=busy_seconds,
            connect_args={"connect_timeout": max(2, round(busy_seconds)), **_NEVER_SILENT},
        )
    except ModuleNotFoundError as error:
        detail = "PostgreSQL needs its driver: install qsm-bot[postgresql]"
        raise SettingsInvalid(detail=detail) from error

    @event.listens_for(engine, "connect")
    def _set_session(dbapi_connection: Any, _record: object) -> None:
        with dbapi_connection.cursor() as cursor:
            # 0 would mean to wait for ever.
            cursor.execute(f"SET lock_timeout = {max(1, round(busy_seconds * 1000))}")
            cursor.execute(f"SET statement_timeout = {_STATEMENT_MS}")
            # A server may be set to answer before the disk has it.
            cursor.execute("SET synchronous_commit = on")
        dbapi_connection.commit()

    return engine
