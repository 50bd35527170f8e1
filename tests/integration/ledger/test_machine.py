"""What disks, locks, kills and older or newer programs do to the book."""

import builtins
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.errors.ledger import (
    LedgerBusy,
    LedgerCorrupt,
    LedgerFailed,
    LedgerRuleBroken,
    LedgerTooNew,
)
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.ledger import ActState, Ledger, schema_version
from qsm_bot.ledger.tables import metadata
from tests.integration.ledger.parts import SHOP, permit, raw

ROOT = Path(__file__).parents[3]


def test_the_migrations_make_the_tables_that_the_queries_expect(
    ledger: Ledger, ledger_url: str
) -> None:
    with raw(ledger_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_the_definition_shows_the_permit_and_every_index_as_the_migrations_make_them(
    sqlite_url: str, tmp_path: Path
) -> None:
    indexes = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    Ledger.open(sqlite_url).close()
    with raw(sqlite_url) as connection:
        migrated = {name: sql.split() for name, sql in connection.execute(indexes)}
    with raw(f"sqlite:///{tmp_path / 'defined.sqlite3'}") as connection:
        metadata.create_all(connection)
        defined = {name: sql.split() for name, sql in connection.execute(indexes)}

    assert defined == migrated
    assert migrated["uq_attempts_blocks"][-2:] == ["WHERE", "blocks"]


def test_the_known_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema_version.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    found = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(found)) == schema_version.REVISIONS


def test_a_book_opens_again_without_alembic(ledger: Ledger, ledger_url: str) -> None:
    ledger.note("seen", {})
    program = (
        "import sys; from qsm_bot.ledger import Ledger\n"
        f"with Ledger.open({ledger_url!r}) as ledger: print(ledger.verify().entries)\n"
        "assert 'alembic' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"


def test_programs_that_open_an_empty_book_at_once_make_it_once(ledger_url: str) -> None:
    def write(_: int) -> None:
        with Ledger.open(ledger_url, busy_seconds=60) as ledger:
            ledger.note("seen", {})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with Ledger.open(ledger_url) as ledger:
        assert ledger.verify().entries == 8


def test_a_book_whose_making_was_interrupted_is_made_again(ledger_url: str) -> None:
    with raw(ledger_url) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    with Ledger.open(ledger_url) as ledger:
        assert ledger.verify().broken is None


def test_a_newer_schema_is_not_touched(ledger: Ledger, ledger_url: str) -> None:
    with raw(ledger_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099_future'"))
    with pytest.raises(LedgerTooNew) as caught:
        Ledger.open(ledger_url)
    assert caught.value.facts == {"found": "0099_future", "known": schema_version.REVISIONS[-1]}


def test_a_book_locked_by_another_is_busy(ledger: Ledger, ledger_url: str) -> None:
    with raw(ledger_url) as connection, Ledger.open(ledger_url, busy_seconds=0.1) as other:
        connection.execute(text("UPDATE chain SET id = id"))
        with pytest.raises(LedgerBusy) as caught:
            other.note("seen", {})
        assert other.verify().broken is None
    assert caught.value.exit_code == 70


def test_no_waiting_at_all_is_possible(ledger: Ledger, ledger_url: str) -> None:
    with raw(ledger_url) as connection, Ledger.open(ledger_url, busy_seconds=0) as other:
        connection.execute(text("UPDATE chain SET id = id"))
        with pytest.raises(LedgerBusy):
            other.note("seen", {})


KILLED = """
import os, sys
from qsm_bot.ledger import Ledger
from tests.integration.ledger.parts import permit
ledger = Ledger.open(sys.argv[1])
act = ledger.act(permit(ledger))
act.opened({}); act.ready({}); act.armed()
with ledger._database.writing() as pen:
    from qsm_bot.ledger.chain import About
    pen.append("uncommitted", {}, About())
    os.kill(os.getpid(), 9)
"""


def test_a_kill_keeps_what_was_committed_and_nothing_else(ledger: Ledger, ledger_url: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, ledger_url], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    (attempt,) = ledger.open_attempts(SHOP)
    assert attempt.state is ActState.ARMED
    assert "uncommitted" not in [event.kind for event in ledger.events()]
    assert ledger.verify().broken is None


# SQLite only


def test_a_new_book_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ledger.sqlite3"
    with Ledger.open(f"sqlite:///{path}") as ledger:
        ledger.note("seen", {})
        rights = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert rights == {0o600}


def test_the_file_is_as_safe_as_sqlite_can_make_it(sqlite_url: str) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    with Ledger.open(sqlite_url) as ledger, ledger._database.reading() as connection:
        for name, value in wanted.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value


def test_insert_or_replace_does_not_get_past_the_guard(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.note("seen", {})
        replaced = "INSERT OR REPLACE INTO events SELECT * FROM events"
        with (
            pytest.raises(LedgerRuleBroken, match="append-only"),
            ledger._database.writing() as pen,
        ):
            pen.connection.execute(text(replaced))


def test_a_book_in_memory_is_possible() -> None:
    with Ledger.open("sqlite://") as ledger:
        ledger.note("seen", {})
        assert ledger.verify().entries == 1


def test_a_schema_that_is_damaged_is_corrupt_and_its_bytes_are_not_repeated(
    sqlite_url: str, tmp_path: Path
) -> None:
    """SQLite's own words quote the damaged bytes, which need not be text."""
    Ledger.open(sqlite_url).close()
    file = tmp_path / "ledger.sqlite3"
    whole = file.read_bytes()
    assert whole.count(b"CREATE TABLE events") == 1
    file.write_bytes(whole.replace(b"CREATE TABLE events", b"CREATE TABLE ev \xff\xfe\xff"))

    with pytest.raises(LedgerCorrupt) as caught:
        Ledger.open(sqlite_url)

    assert caught.value.facts["detail"] == "its schema is damaged"


def test_a_file_that_is_no_database_is_corrupt(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"not a database, " * 64)
    with pytest.raises(LedgerCorrupt, match="not a database"):
        Ledger.open(sqlite_url)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvidenceUnwritable) as caught:
        Ledger.open(f"sqlite:///{tmp_path}/file/ledger.sqlite3")
    assert str(tmp_path) in str(caught.value.facts["path"])


def test_a_file_that_cannot_be_made_beside_the_book_is_told(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "ledger.sqlite3-wal").mkdir()
    with pytest.raises(EvidenceUnwritable, match="cannot be written"):
        Ledger.open(sqlite_url)


def test_a_full_disk_stops_the_step(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        given = permit(ledger)
        act = ledger.act(given)
        with ledger._database.reading() as connection:
            # The pool hands the same connection out again.
            connection.exec_driver_sql("PRAGMA max_page_count=1")
        with pytest.raises(EvidenceUnwritable, match="full"):
            act.opened({"long": "x" * 100_000})
        assert act.state is ActState.LEASED
        assert ledger.verify().broken is None


def test_opening_waits_for_another_that_makes_the_book(sqlite_url: str, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "ledger.sqlite3", check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerBusy):
        Ledger.open(sqlite_url, busy_seconds=0.1)
    later = threading.Timer(0.3, other.rollback)
    later.start()
    with Ledger.open(sqlite_url, busy_seconds=30) as ledger:
        assert ledger.verify().broken is None
    later.join()
    other.close()


# PostgreSQL only


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:pa55w0rd@127.0.0.1:1/none",
        "postgresql://me@127.0.0.1:1/none?password=pa55w0rd",
        "postgresql://me@127.0.0.1:1/none",
    ],
)
def test_an_unreachable_server_fails_without_telling_the_password(url: str) -> None:
    with pytest.raises(LedgerFailed) as caught:
        Ledger.open(url, busy_seconds=2)
    assert "pa55w0rd" not in caught.value.message.en
    assert "127.0.0.1" in caught.value.message.en


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_driver(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "psycopg":
            raise ModuleNotFoundError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_driver)
    with pytest.raises(SettingsInvalid, match=r"qsm-bot\[postgresql\]"):
        Ledger.open("postgresql://127.0.0.1/none")


def test_a_ledger_survives_a_lost_connection(postgresql_url: str) -> None:
    with Ledger.open(postgresql_url) as ledger:
        ledger.note("seen", {})
        with ledger._database.reading() as connection:
            pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with raw(postgresql_url) as connection:
            # This one alone: other tests use the same server.
            connection.execute(text(f"SELECT pg_terminate_backend({pid})"))
        ledger.note("seen", {})
        assert ledger.verify().entries == 2


@pytest.mark.parametrize("url", ["no url with pa55w0rd", "mysql://me:pa55w0rd@host/db"])
def test_a_url_that_cannot_be_used_is_a_setting_to_mend(url: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Ledger.open(url)
    assert "pa55w0rd" not in caught.value.message.en
    assert caught.value.exit_code == 60
    assert "QSM_LEDGER_URL" in caught.value.message.en
