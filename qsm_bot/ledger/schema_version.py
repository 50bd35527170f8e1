"""The schema's version: what the book has, what this program knows, and the way up."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from qsm_bot.base.errors.ledger import LedgerTooNew

# All revisions this program knows, oldest first; the last is the head.
REVISIONS = ("0001_book", "0002_shops")
MIGRATIONS = Path(__file__).parent / "migrations"

# Any number will do, as long as every program that migrates this schema uses the same.
_ADVISORY_LOCK = 762_544_202


def is_current(connection: Connection) -> bool:
    """Say whether the book has this program's schema.

    Raises:
        LedgerTooNew: a newer program has migrated it.
    """
    if not inspect(connection).has_table("alembic_version"):
        return False
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in REVISIONS:
        raise LedgerTooNew(found=found, known=REVISIONS[-1])
    return bool(found == REVISIONS[-1])


def migrate(connection: Connection) -> None:
    """Bring the book up to this program's schema, inside the caller's write transaction.

    Raises:
        LedgerTooNew: a newer program has migrated it meanwhile.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    if is_current(connection):
        return  # another process was faster
    # Alembic is slow to import and needed once in a book's life.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
