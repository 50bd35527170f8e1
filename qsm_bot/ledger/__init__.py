"""The append-only book: what was planned, approved, done and seen, in a hash chain."""

from qsm_bot.ledger.acts import Act
from qsm_bot.ledger.attempts import Attempt
from qsm_bot.ledger.book import Ledger
from qsm_bot.ledger.chain import ChainReport
from qsm_bot.ledger.entries import Event
from qsm_bot.ledger.lease import Lease
from qsm_bot.ledger.pending import Pending
from qsm_bot.ledger.runs import RunRecord
from qsm_bot.ledger.search import AttemptTally, Wanted
from qsm_bot.ledger.second_trace import Press, SecondTrace
from qsm_bot.ledger.states import ActState

__all__ = [
    "Act",
    "ActState",
    "Attempt",
    "AttemptTally",
    "ChainReport",
    "Event",
    "Lease",
    "Ledger",
    "Pending",
    "Press",
    "RunRecord",
    "SecondTrace",
    "Wanted",
]
