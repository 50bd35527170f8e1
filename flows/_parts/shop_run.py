"""What a run works with: a shop's, and one with the portal open; how it is recorded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from flows._parts.drift import DriftWatch
from flows._parts.sign_in_gate import OpenGate, SignInGate
from qsm_bot.base.clock import JST, Clock
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.people import RunStopped, RunTimeUp
from qsm_bot.base.events import EventKind, Report, RunEvent
from qsm_bot.base.log import bound, get_logger
from qsm_bot.base.pictures import PictureStore
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import ShipmentSource
from qsm_bot.domain.order_status import StatusSource
from qsm_bot.domain.request import CancelRequest, Decision, Receipt
from qsm_bot.domain.shipping_hours import ANY_HOUR, ShippingHours
from qsm_bot.ledger import Lease, Ledger, SecondTrace
from qsm_bot.portal.protocol import Portal

_log = get_logger(__name__)
WARNING = Words("warning: {what}", "注意: {what}")
LEASE_SECONDS = 300.0
DRIFT = "portal.drift"
"""The ledger's kind of entry for what `note_drift` found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopRun:
    """What every run of one shop works with: its name, its ledger, its clock, its voice.

    Attributes:
        shop: the shop's name; that of the plans which are applied.
        ledger: the shop's ledger.
        pictures: where the run keeps what it saw.
        clock: tells the time.
        tell: is given a line for people at each step.
        events: is given what happens, with its line; without it only `tell` hears of it.
        holder: what this run is called to others who want the shop; "" if it is not alone.
        is_dead: knows the holders whose process has certainly ended.
        stopping: says whether the run was asked to end.
        ends_by: from then on no further order is begun.
        lease_seconds: how long the shop is held without a sign of life.
    """

    shop: str
    ledger: Ledger
    pictures: PictureStore
    clock: Clock
    tell: Callable[[Words], None]
    holder: str
    events: Report | None = None
    is_dead: Callable[[str], bool] = lambda _holder: False
    stopping: Callable[[], bool] = lambda: False
    ends_by: datetime | None = None
    lease_seconds: float = LEASE_SECONDS

    def lease(self) -> AbstractContextManager[Lease]:
        """Hold the shop during a `with` block.

        Raises:
            ShopBusy: another run holds it.
        """
        return self.ledger.lease(
            self.shop, self.holder, seconds=self.lease_seconds, is_dead=self.is_dead
        )

    def report(self, kind: EventKind, words: Words | None = None, **facts: object) -> None:
        """Tell what happens; `words` is the line that people see, if it is worth one."""
        if self.events is not None:
            self.events(RunEvent(kind=kind, words=words, facts={"shop": self.shop, **facts}))
        elif words is not None:
            self.tell(words)

    def parts(self) -> dict[str, Any]:
        """Return its attributes by name, for a run that has more of them."""
        return {each.name: getattr(self, each.name) for each in fields(ShopRun)}

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


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalRun(ShopRun):
    """A shop's run with the portal open before it.

    Attributes:
        portal_url: the portal's address; that of the plans which are applied.
        pack: the selector pack's digest.
        portal: the portal.
        max_unknown: how many attempts may be unknown while a new refusal is begun.
        status: is asked beside the portal, where there is such a source.
        hours: the shop's hours for refusals.
        even_late: whether a person sets the hours and overdue duties aside.
        shipments: gives who knows what was shipped; asked only if need be.
        settle_seconds: how long a slow server may still act.
        drift: watches whether the pages are as they were.
        decide: decides anew about a request, by rules and data of this moment; None only where
            no plan by rules is carried out.
        trace: keeps each press outside the ledger, too; None only where nothing can be pressed
            twice, as in tests.
        gate: remembers a sign-in that was turned down.
    """

    portal_url: str
    pack: str
    portal: Portal
    max_unknown: int = 1
    status: StatusSource | None = None
    hours: ShippingHours = ANY_HOUR
    even_late: bool = False
    shipments: Callable[[], Sequence[ShipmentSource]] = tuple
    settle_seconds: float = 120
    drift: DriftWatch = field(default_factory=DriftWatch)
    decide: Callable[[CancelRequest], Decision] | None = None
    trace: SecondTrace | None = None
    gate: SignInGate = field(default_factory=OpenGate)


@contextmanager
def recorded_run(context: ShopRun, command: str, plan: str | None) -> Iterator[str]:
    """Begin a run in the ledger, and give its id; the shop must be held.

    The block ends the run itself. One that breaks off without an error of the program's own
    is ended here: a bug, or Ctrl-C for the second time. What the block logs names shop and run.
    """
    run_id = context.ledger.begin_run(context.shop, command, plan)
    try:
        with bound(shop=context.shop, run_id=run_id):
            context.report(EventKind.STEP, command=command, run_id=run_id)
            yield run_id
    except BaseException as error:
        facts = {"code": type(error).__name__}
        with suppress(QsmBotError):
            context.ledger.end_run(run_id, QsmBotError.exit_code, facts)
        raise


def note_drift(context: PortalRun, run_id: str | None = None) -> tuple[Words, ...]:
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


def report_outcome(context: ShopRun, receipt: Receipt, words: Words | None = None) -> None:
    """Tell what became of one order."""
    outcome = receipt.outcome
    context.report(
        EventKind.OUTCOME,
        words,
        order_no=receipt.order_no,
        outcome=outcome.kind.value,
        proofs=[proof.kind.value for proof in outcome.proofs],
    )


def error_facts(error: QsmBotError | None) -> Mapping[str, object] | None:
    """Return what the ledger keeps of the error that ended a run."""
    if error is None:
        return None
    return {"code": error.code, "message": error.message.to_dict()}
