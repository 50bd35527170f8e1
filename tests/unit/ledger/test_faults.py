"""What the database's errors become."""

import sqlite3

import pytest
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.ledger import (
    IllegalTransition,
    LedgerBusy,
    LedgerCorrupt,
    LedgerFailed,
    LedgerRuleBroken,
)
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.ledger.faults import LedgerPlace

PLACE = LedgerPlace(path="ledger.sqlite3", secret="pa55")


def sqlite_error(code: int) -> DBAPIError:
    orig = sqlite3.OperationalError("as the driver says\nin two lines")
    orig.sqlite_errorcode = code
    return OperationalError("UPDATE …", {}, orig)


class PostgresqlError(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate
        super().__init__("password pa55 was seen")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, LedgerBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, LedgerBusy),
        (sqlite3.SQLITE_FULL, EvidenceUnwritable),
        (sqlite3.SQLITE_READONLY, EvidenceUnwritable),
        (sqlite3.SQLITE_IOERR_WRITE, EvidenceUnwritable),
        (sqlite3.SQLITE_CORRUPT, LedgerCorrupt),
        (sqlite3.SQLITE_NOTADB, LedgerCorrupt),
        (sqlite3.SQLITE_ERROR, LedgerFailed),
    ],
)
def test_sqlite_codes_become_our_errors(code: int, kind: type[QsmBotError]) -> None:
    error = PLACE.translated(sqlite_error(code))
    assert type(error) is kind
    assert error.facts["detail"] == "as the driver says in two lines"


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        ("55P03", LedgerBusy),
        ("53100", EvidenceUnwritable),
        ("XX001", LedgerCorrupt),
        ("08006", LedgerFailed),
        (None, LedgerFailed),
    ],
)
def test_postgresql_states_become_our_errors_without_the_password(
    sqlstate: str | None, kind: type[QsmBotError]
) -> None:
    error = PLACE.translated(DBAPIError("UPDATE …", {}, PostgresqlError(sqlstate)))
    assert type(error) is kind
    assert error.facts["detail"] == "password *** was seen"


def test_a_pool_without_a_free_connection_is_busy() -> None:
    assert type(PLACE.translated(PoolTimeout("QueuePool limit"))) is LedgerBusy


def test_an_error_of_sqlalchemy_itself_is_a_failure() -> None:
    error = LedgerPlace(path="here").translated(ArgumentError("no such option"))
    assert type(error) is LedgerFailed
    assert error.message.en == "The ledger here failed: no such option"


def test_a_broken_rule_is_an_internal_error() -> None:
    assert LedgerRuleBroken.exit_code == 80
    assert issubclass(IllegalTransition, LedgerRuleBroken)
