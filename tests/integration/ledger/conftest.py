"""The same tests on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

from qsm_bot.ledger import Ledger
from tests import postgresql
from tests.integration.ledger.parts import Time
from tests.support import common_folder


@pytest.fixture
def _new_ledgers_at_once() -> None:
    """Here they are migrated, as everywhere outside of the tests."""


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgresql.shared(common_folder(tmp_path_factory)) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A schema of its own on the session's server."""
    schema = f"t_{uuid4().hex}"
    engine = create_engine(postgresql_server, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{postgresql_server}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text("SET client_min_messages = error"))
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def ledger(ledger_url: str, time: Time) -> Iterator[Ledger]:
    with Ledger.open(ledger_url, clock=time, busy_seconds=5) as ledger:
        yield ledger
