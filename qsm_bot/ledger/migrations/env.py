"""Alembic's entry: runs the steps on the connection that `schema_version.py` hands over."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
# SQLite can undo DDL once the driver leaves BEGIN to us (`engine.py`); Alembic assumes it cannot.
context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
