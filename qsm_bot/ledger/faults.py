"""The border where the database's errors become ours."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.ledger import LedgerBusy, LedgerCorrupt, LedgerFailed, LedgerRuleBroken
from qsm_bot.base.errors.outside import EvidenceUnwritable

# SQLite's primary result codes (sqlite.org/rescode.html).
_SQLITE: dict[int, type[QsmBotError]] = {
    3: EvidenceUnwritable,  # SQLITE_PERM
    5: LedgerBusy,  # SQLITE_BUSY
    6: LedgerBusy,  # SQLITE_LOCKED
    8: EvidenceUnwritable,  # SQLITE_READONLY
    10: EvidenceUnwritable,  # SQLITE_IOERR
    11: LedgerCorrupt,  # SQLITE_CORRUPT
    13: EvidenceUnwritable,  # SQLITE_FULL
    14: EvidenceUnwritable,  # SQLITE_CANTOPEN
    26: LedgerCorrupt,  # SQLITE_NOTADB
}
# PostgreSQL's SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html).
_POSTGRESQL: dict[str, type[QsmBotError]] = {
    "25006": EvidenceUnwritable,  # read_only_sql_transaction
    "40001": LedgerBusy,  # serialization_failure
    "40P01": LedgerBusy,  # deadlock_detected
    "42501": EvidenceUnwritable,  # insufficient_privilege
    "53100": EvidenceUnwritable,  # disk_full
    "53300": LedgerBusy,  # too_many_connections
    "55P03": LedgerBusy,  # lock_not_available
    "57014": LedgerBusy,  # query_canceled
    "XX001": LedgerCorrupt,  # data_corrupted
    "XX002": LedgerCorrupt,  # index_corrupted
}


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Where the ledger lies, in words fit for messages; `secret` is cut out of all of them."""

    path: str
    secret: str | None = None

    def translated(self, error: SQLAlchemyError) -> QsmBotError:
        """Return the error of ours that says what `error` means for the user."""
        if isinstance(error, PoolTimeout):
            return LedgerBusy(detail=self._clean("all connections are in use"))
        detail = str(error.orig if isinstance(error, DBAPIError) else error)
        if isinstance(error, IntegrityError):
            return LedgerRuleBroken(detail=self._clean(detail))
        # Each kind takes the facts that its sentence names.
        return _kind_of(error)(path=self.path, entry="?", detail=self._clean(detail))

    def _clean(self, detail: str) -> str:
        line = " ".join(detail.split())
        return line.replace(self.secret, "***") if self.secret else line


def _kind_of(error: SQLAlchemyError) -> type[QsmBotError]:
    orig = error.orig if isinstance(error, DBAPIError) else None
    code = getattr(orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, LedgerFailed)
    return _POSTGRESQL.get(getattr(orig, "sqlstate", None) or "", LedgerFailed)
