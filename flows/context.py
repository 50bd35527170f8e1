"""What every flow works with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from flows.drift import DriftWatch
from qsm_bot.artifacts import ArtifactStore
from qsm_bot.clock import JST, Clock
from qsm_bot.duty import ShipmentSource
from qsm_bot.errors import QsmBotError, RunStopped, RunTimeUp
from qsm_bot.ledger import Lease, Ledger
from qsm_bot.log import bound, get_logger
from qsm_bot.portal.protocol import Portal
from qsm_bot.shipping_hours import ANY_HOUR, ShippingHours
from qsm_bot.standing import StatusSource
from qsm_bot.words import Words

_log = get_logger(__name__)
WARNING = Words("warning: {what}", "注意: {what}")
LEASE_SECONDS = 300.0
DRIFT = "portal.drift"
"""The ledger's kind of entry for what `note_drift` found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunContext:
    """The parts of one shop's run.

    `shop` and `portal_url` must be those of the plans that are applied; `pack` is the
    selector pack's digest; `holder` names this run to others who want the shop, and
    `is_dead` knows the holders whose process has certainly ended; `tell` is given a line
    for people at each step; `stopping` says whether the run was asked to end; `max_unknown`
    is how many attempts of the shop may be unknown while a new refusal is begun; `status` is
    asked beside the portal, where there is such a source; `hours` are the shop's hours for
    refusals, which `even_late` sets aside; `shipments` gives who knows what was shipped, and
    is asked only if need be; `drift` watches whether the pages are as they were; from `ends_by`
    on no further order is begun; times are seconds.
    """

    shop: str
    portal_url: str
    pack: str
    portal: Portal
    ledger: Ledger
    artifacts: ArtifactStore
    clock: Clock
    holder: str
    tell: Callable[[Words], None]
    is_dead: Callable[[str], bool] = lambda _holder: False
    stopping: Callable[[], bool] = lambda: False
    max_unknown: int = 1
    status: StatusSource | None = None
    hours: ShippingHours = ANY_HOUR
    even_late: bool = False
    shipments: Callable[[], Sequence[ShipmentSource]] = tuple
    lease_seconds: float = LEASE_SECONDS
    settle_seconds: float = 120
    drift: DriftWatch = field(default_factory=DriftWatch)
    ends_by: datetime | None = None

    def lease(self) -> AbstractContextManager[Lease]:
        """Hold the shop during a `with` block.

        Raises:
            ShopBusy: another run holds it.
        """
        return self.ledger.lease(
            self.shop, self.holder, seconds=self.lease_seconds, is_dead=self.is_dead
        )

    def raise_if_stopping(self) -> None:
        """Check that the run may go on.

        Raises:
            RunStopped: it was asked to end.
        """
        if self.stopping():
            raise RunStopped

    def raise_if_time_is_up(self) -> None:
        """Check that another order may be begun.

        Raises:
            RunTimeUp: the run has taken as long as it may.
        """
        if self.ends_by is not None and self.clock() >= self.ends_by:
            raise RunTimeUp(at=f"{self.ends_by.astimezone(JST):%H:%M}")


class Books(Protocol):
    """What a run is written with: the shop's name and the ledger."""

    @property
    def shop(self) -> str:
        """The shop."""

    @property
    def ledger(self) -> Ledger:
        """The ledger."""


@contextmanager
def in_the_book(context: Books, command: str, plan: str | None) -> Iterator[str]:
    """Begin a run in the ledger, and give its id; the shop must be held.

    The block ends the run itself. One that breaks off without an error of the program's own
    is ended here: a bug, or Ctrl-C for the second time. What the block logs names shop and run.
    """
    run_id = context.ledger.begin_run(context.shop, command, plan)
    try:
        with bound(shop=context.shop, run_id=run_id):
            yield run_id
    except BaseException as error:
        facts = {"code": type(error).__name__}
        with suppress(QsmBotError):
            context.ledger.end_run(run_id, QsmBotError.exit_code, facts)
        raise


def note_drift(context: RunContext, run_id: str | None = None) -> tuple[Words, ...]:
    """Tell people and the ledger what was not as known, if anything, and return the warnings."""
    drift = context.drift.found(context.portal)
    if not drift.warnings:
        return ()
    for words in drift.warnings:
        context.tell(WARNING.filled(what=words))
    try:
        context.ledger.note(DRIFT, drift.to_dict(), shop=context.shop, run_id=run_id)
    except QsmBotError as error:
        # What the run did stands in the ledger; a warning must not get in the way of its end.
        _log.warning("drift_not_recorded", error=error.message.en)
    return drift.warnings


def error_facts(error: QsmBotError | None) -> Mapping[str, object] | None:
    """Return what the ledger keeps of the error that ended a run."""
    if error is None:
        return None
    return {"code": error.code, "message": error.message.to_dict()}
