"""Reconcile: settle what is not known, by looking only."""

from flows.context import RunContext
from flows.sign_in import sign_in
from flows.verdict import verdict_of_look
from qsm_bot.errors import QsmBotError
from qsm_bot.ledger import ActState, Attempt
from qsm_bot.model import Outcome, OutcomeKind, Receipt, RunResult
from qsm_bot.plan import PermitKind
from qsm_bot.words import Words

LEFT_OVER = Words(
    "the program ended before the button was pressed: nothing was sent",
    "ボタンを押す前に終了しています。送信されていません",
)
SETTLED = Words("{order}: {outcome}", "{order}: {outcome}")

_NEVER_PRESSED = (ActState.LEASED, ActState.OPENED, ActState.READY)


def reconcile(context: RunContext) -> RunResult:
    """Look at every open attempt of the shop and settle it where that can be done.

    Nothing is clicked that acts. Without open attempts the portal is not visited.

    Raises:
        ShopBusy: another run holds the shop; its attempts are not ours to judge.
    """
    with context.ledger.lease(context.shop, context.holder, seconds=context.lease_seconds) as lease:
        run_id = context.ledger.begin_run(context.shop, "reconcile", None)
        receipts: list[Receipt] = []
        error: QsmBotError | None = None
        try:
            attempts = context.ledger.open_attempts(context.shop)
            if any(needs_look(attempt) for attempt in attempts):
                sign_in(context)
            for attempt in attempts:
                lease.renew()
                receipts.append(_settle(context, run_id, attempt))
        except QsmBotError as problem:
            error = problem
        result = RunResult(
            shop=context.shop, run_id=run_id, plan=None, receipts=tuple(receipts), error=error
        )
        context.ledger.end_run(run_id, result.exit_code, None)
        return result


def needs_look(attempt: Attempt) -> bool:
    """Whether only the portal can tell how the attempt ended."""
    return attempt.kind is PermitKind.REFUSAL and attempt.state not in _NEVER_PRESSED


def _settle(context: RunContext, run_id: str, attempt: Attempt) -> Receipt:
    if needs_look(attempt):
        sighting = context.portal.look(attempt.order_no)
        age = (context.clock() - attempt.updated_at).total_seconds()
        outcome = verdict_of_look(sighting, age_seconds=age, settle_seconds=context.settle_seconds)
    else:
        outcome = Outcome(kind=OutcomeKind.NOT_SENT, detail=LEFT_OVER)
    if outcome.kind is not OutcomeKind.UNKNOWN:
        context.ledger.settle(attempt.id, outcome, run_id=run_id)
    context.tell(SETTLED.filled(order=attempt.order_no, outcome=outcome.kind.value))
    return Receipt(
        order_no=attempt.order_no, outcome=outcome, reason=attempt.reason, text=attempt.text
    )
