"""The schema of a new SQLite ledger, written as Alembic once wrote it, without Alembic each time.

A test run makes some thousand ledgers, and each would take 50 ms of migrations. The tests of
the ledger itself migrate.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Connection, inspect

from qsm_bot.ledger import Ledger, schema_version


def statements(folder: Path) -> Sequence[str]:
    """Return what a ledger made in the folder by the migrations consists of."""
    model = folder / "model.sqlite3"
    Ledger.open(f"sqlite:///{model}").close()
    with closing(sqlite3.connect(model)) as made:
        # Without the transaction's own beginning and end: it is the caller's.
        return list(made.iterdump())[1:-1]


@contextmanager
def written_at_once(made: Sequence[str]) -> Iterator[None]:
    """Let new SQLite ledgers of this process be made of these statements."""
    migrate = schema_version.migrate

    def written(connection: Connection) -> None:
        if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
            migrate(connection)
            return
        for statement in made:
            connection.exec_driver_sql(statement)

    with patch.object(schema_version, "migrate", written):
        yield
