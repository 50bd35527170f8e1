"""Old evidence is deleted: never the ledger, and never what is still in question."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from qsm_bot.base.clock import Clock
from qsm_bot.base.retention import PURGED, Batch, KeptFiles
from qsm_bot.ledger import Ledger, Wanted


@dataclass(frozen=True, kw_only=True, slots=True)
class Purge:
    """What may be deleted: the files that were last changed before a moment."""

    before: datetime
    batches: tuple[Batch, ...]

    @property
    def files(self) -> int:
        """How many files they are."""
        return sum(batch.count for batch in self.batches)

    @property
    def size(self) -> int:
        """Their size in bytes."""
        return sum(batch.size for batch in self.batches)


def look_for_old(ledger: Ledger, kept: KeptFiles, *, older: timedelta, clock: Clock) -> Purge:
    """Find what is old enough; a run with an unsettled attempt, of whatever shop, keeps its files.

    Raises:
        EvidenceUnwritable: a folder cannot be read.
    """
    before = clock() - older
    in_question = {attempt.run_id for attempt in ledger.find(Wanted(settled=False))}
    return Purge(before=before, batches=tuple(kept.old(before, in_question)))


def purge(ledger: Ledger, kept: KeptFiles, found: Purge) -> None:
    """Delete what was found; each batch stands in the ledger before it is touched.

    A file that the ledger says is deleted, and is still there, is only too much evidence.

    Raises:
        EvidenceUnwritable: a file cannot be deleted.
    """
    runs = {run.id: run.shop for run in ledger.runs()}
    for batch in found.batches:
        body = {
            "name": batch.name,
            "before": found.before.isoformat(),
            "pictures": list(batch.pictures),
            "reports": list(batch.reports),
        }
        run_id = batch.name if batch.name in runs else None
        ledger.note(PURGED, body, shop=runs.get(batch.name), run_id=run_id)
        kept.delete(batch)
