"""Reconcile: settle what is not known, by looking only."""

from flows._parts.cross_check import ask
from flows._parts.forgotten import note_end
from flows._parts.run_summary import tell_of_looks
from flows._parts.shop_run import PortalRun, error_facts, note_drift, recorded_run, report_outcome
from flows._parts.verdict import verdict_of_look
from flows._parts.verdict_table import (
    REFUSED_BEFORE,
    TOO_EARLY,
    TOO_EARLY_DISAGREE,
    TOO_EARLY_GONE,
)
from flows.sign_in import sign_in
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Words
from qsm_bot.domain.order_status import StatusLook
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind, Receipt, RunResult
from qsm_bot.ledger import ActState, Attempt, Lease
from qsm_bot.portal.protocol import OrderStatus

LEFT_OVER = Words(
    "the program ended before the button was pressed: nothing was sent",
    "ボタンを押す前に終了しています。送信されていません",
)
SETTLED = Words("{order}: {outcome}", "{order}: {outcome}")
SAID_WHY = Words("{order}: {outcome} – {detail}", "{order}: {outcome} – {detail}")
WAITING = Words(
    "{count} still open; a slow server may yet act: second look in {seconds:.0f} s",
    "未処理 {count} 件。サーバーの遅れに備え {seconds:.0f} 秒後に再照合します",
)

_NEVER_PRESSED = (ActState.LEASED, ActState.OPENED, ActState.READY)
_SLICE_SECONDS = 1.0


def recover(context: PortalRun, lease: Lease) -> None:
    """Settle what an earlier run left, as far as one look can, before anything new is begun.

    The lease comes first: until it is taken over, a run that was killed just now seems alive.
    """
    if context.ledger.open_attempts(context.shop):
        _reconcile(context, lease, wait=False)


def reconcile(context: PortalRun, *, wait: bool = True) -> RunResult:
    """Look at every open attempt of the shop and settle it where that can be done.

    Nothing is clicked that acts. Without open attempts the portal is not visited. An
    order that is still open is looked at a second time once a slow server can no longer
    act on it; without `wait` it stays unknown until a later call.

    Raises:
        ShopBusy: another run holds the shop; its attempts are not ours to judge.
    """
    with context.lease() as lease:
        return _reconcile(context, lease, wait=wait)


def _reconcile(context: PortalRun, lease: Lease, *, wait: bool) -> RunResult:
    with recorded_run(context, "reconcile", None) as run_id:
        work = Reconciliation(context, run_id, lease)
        error: QsmBotError | None = None
        try:
            work.settle_all(context.ledger.open_attempts(context.shop), wait=wait)
        except QsmBotError as problem:
            error = problem
        tell_of_looks(context, error)
        result = RunResult(
            shop=context.shop,
            run_id=run_id,
            plan=None,
            receipts=tuple(work.receipts.values()),
            error=error,
            warnings=note_drift(context, run_id),
        )
        context.ledger.end_run(run_id, result.exit_code, error_facts(error))
        return result


def needs_look(attempt: Attempt) -> bool:
    """Whether only the portal can tell how the attempt ended."""
    return attempt.kind is PermitKind.REFUSAL and attempt.state not in _NEVER_PRESSED


class Reconciliation:
    """The looks of one run: its receipts, one for each attempt."""

    def __init__(self, context: PortalRun, run_id: str, lease: Lease) -> None:
        self.receipts: dict[str, Receipt] = {}
        self._context = context
        self._run_id = run_id
        self._lease = lease

    def settle_all(self, attempts: list[Attempt], *, wait: bool) -> None:
        """Look at each attempt, and a second time at those that it is too early for."""
        if any(needs_look(attempt) for attempt in attempts):
            sign_in(self._context)
        early = [attempt for attempt in attempts if not self._settle(attempt)]
        if early and wait:
            self._rest_until_settled(early)
            for attempt in early:
                self._settle(attempt)

    def _settle(self, attempt: Attempt) -> bool:
        """Return False if the look came too early to tell."""
        context = self._context
        context.raise_if_stopping()
        self._lease.renew()
        outcome = self._look(attempt)
        receipt = self.receipts[attempt.id] = Receipt(
            order_no=attempt.order_no, outcome=outcome, reason=attempt.reason, text=attempt.text
        )
        if outcome.kind is not OutcomeKind.UNKNOWN:
            context.ledger.settle(attempt.id, outcome, run_id=self._run_id)
            note_end(context.trace, attempt.id, outcome.kind)
        facts = {"order": attempt.order_no, "outcome": outcome.kind.value}
        words = SAID_WHY.filled(**facts, detail=outcome.detail) if outcome.detail else SETTLED
        report_outcome(context, receipt, words.filled(**facts))
        return outcome.detail not in (TOO_EARLY, TOO_EARLY_GONE, TOO_EARLY_DISAGREE)

    def _look(self, attempt: Attempt) -> Outcome:
        if not needs_look(attempt):
            return Outcome(kind=OutcomeKind.NOT_SENT, detail=LEFT_OVER)
        context = self._context
        sighting = context.portal.look(attempt.order_no)
        standing = ask(context, attempt.order_no)
        self._note(sighting, standing)
        # The look may have taken long: what it saw is as old as it is itself.
        age = (sighting.at - attempt.updated_at).total_seconds()
        outcome = verdict_of_look(
            sighting, standing, age_seconds=age, settle_seconds=context.settle_seconds
        )
        if outcome.kind is OutcomeKind.REFUSED and not context.ledger.may_have_sent(attempt):
            # The program died before it committed: somebody else has refused it.
            return Outcome(kind=OutcomeKind.ALREADY_REFUSED, detail=REFUSED_BEFORE)
        return outcome

    def _note(self, sighting: OrderStatus, standing: StatusLook | None) -> None:
        seen: dict[str, object] = {
            "open": sighting.open,
            "refused": sighting.refused,
            "status": sighting.status,
        }
        if standing is not None:
            seen["qapi"] = standing.text
        self._context.ledger.note(
            "attempt.looked",
            seen,
            shop=self._context.shop,
            run_id=self._run_id,
            order_no=sighting.order_no,
        )

    def _rest_until_settled(self, attempts: list[Attempt]) -> None:
        context = self._context
        left = context.settle_seconds - min(map(self._age, attempts))
        context.tell(WAITING.filled(count=len(attempts), seconds=left))
        # Counted by what was rested: a clock that is set back must not make it endless.
        while left > 0:
            context.raise_if_stopping()
            self._lease.renew()
            context.portal.rest(min(_SLICE_SECONDS, left))
            left -= _SLICE_SECONDS

    def _age(self, attempt: Attempt) -> float:
        return (self._context.clock() - attempt.updated_at).total_seconds()
