"""Refuse: carry out an approved plan, one request at a time, each at most once."""

from collections.abc import Sequence

from flows.collect import collect
from flows.context import RunContext, error_facts, in_the_book, note_drift
from flows.duty import raise_if_too_late
from flows.ending import tell_of_acts
from flows.one_order import OneOrder, Stopped
from flows.reconcile import recover
from flows.sign_in import sign_in
from flows.verdict import GONE
from qsm_bot.errors import (
    PlanNotApproved,
    PlanStale,
    QsmBotError,
    TooManyUnknown,
    TurnedDown,
)
from qsm_bot.ledger import Lease
from qsm_bot.model import Listing, OutcomeKind, Receipt, RunResult
from qsm_bot.plan import PermitKind, Plan
from qsm_bot.words import Words

RULES_CHANGED = Words("the rules have changed since", "ルールが変更されています")
PACK_CHANGED = Words("the selector pack has changed since", "セレクタパックが変更されています")
OTHER_SHOP = Words("it was made for {shop} at {portal}", "{portal} の {shop} 用の計画です")
STEP = Words("{order}: {outcome}", "{order}: {outcome}")


def apply_plan(context: RunContext, plan: Plan, *, rules: str, command: str = "apply") -> RunResult:
    """Refuse what the plan says, as far as it was approved and still stands.

    Args:
        context: the parts of the run.
        plan: the plan; `rules` must be the digest that it was made under.
        rules: digest of the rule book as it is now.
        command: the name of the run in the ledger.

    Raises:
        InputInvalid: not approved, expired, stale, or for another shop; nothing was begun.
        LimitExceeded: more than its limits allow.
        ShopBusy: another run holds the shop.
    """
    raise_if_stale(context, plan, rules)
    _raise_if_not_approved(context, plan)
    with context.lease() as lease:
        recover(context, lease)
        return run_plan(context, lease, plan, PermitKind.REFUSAL, command)


def run_plan(
    context: RunContext,
    lease: Lease,
    plan: Plan,
    kind: PermitKind,
    command: str,
    *,
    listing: Listing | None = None,
) -> RunResult:
    """Sign in, read the list once, and go through the plan's refusals.

    Args:
        context: the parts of the run.
        lease: the hold on the shop.
        plan: what to do; its checks are the caller's.
        kind: whether to refuse or to rehearse.
        command: the name of the run in the ledger.
        listing: the list, if it was read just now in this same seat.
    """
    with in_the_book(context, command, plan.digest) as run_id:
        receipts: list[Receipt] = []
        error: QsmBotError | None = None
        try:
            carry_out(context, run_id, lease, plan, kind, receipts, listing)
        except QsmBotError as problem:
            error = problem
        tell_of_acts(context, error, receipts)
        result = RunResult(
            shop=context.shop,
            run_id=run_id,
            plan=plan.digest,
            receipts=tuple(receipts),
            error=error,
            warnings=note_drift(context, run_id),
        )
        context.ledger.end_run(run_id, result.exit_code, error_facts(error))
        return result


def carry_out(
    context: RunContext,
    run_id: str,
    lease: Lease,
    plan: Plan,
    kind: PermitKind,
    receipts: list[Receipt],
    listing: Listing | None = None,
) -> None:
    """Go through the plan's refusals in a run that has begun; each receipt joins `receipts`.

    Raises:
        QsmBotError: what ended it early.
    """
    try:
        for row in plan.refuse:
            _raise_if_not_to_begin(context, kind, receipts)
            if listing is None:
                sign_in(context)
                listing = collect(context)
            receipts.append(OneOrder(context, run_id, lease, plan, row, kind).run(listing))
            _tell_outcome(context, receipts[-1])
    except Stopped as stop:
        receipts.append(stop.receipt)
        raise stop.error from None


def _raise_if_not_to_begin(
    context: RunContext, kind: PermitKind, receipts: Sequence[Receipt]
) -> None:
    context.raise_if_stopping()
    context.raise_if_time_is_up()
    _raise_if_turned_down(receipts)
    if kind is PermitKind.REFUSAL:
        raise_if_too_late(context, first=not receipts)
        unknown = [attempt.order_no for attempt in context.ledger.open_attempts(context.shop)]
        if len(unknown) > context.max_unknown:
            raise TooManyUnknown(
                count=len(unknown), limit=context.max_unknown, orders=" ".join(unknown)
            )


def _raise_if_turned_down(receipts: Sequence[Receipt]) -> None:
    """Begin nothing more once the portal turned down an order that is still open.

    Whatever the reason (a right that is missing, a limit), it is hardly this order's alone.
    """
    for receipt in receipts[-1:]:
        if receipt.outcome.kind is OutcomeKind.REJECTED and receipt.outcome.detail != GONE:
            raise TurnedDown(order=receipt.order_no)


def raise_if_stale(context: RunContext, plan: Plan, rules: str) -> None:
    """Check that the plan still stands on what it was made from.

    Raises:
        PlanExpired, PlanStale, LimitExceeded: it does not.
    """
    short = plan.digest[:12]
    if (plan.shop, plan.portal) != (context.shop, context.portal_url):
        what = OTHER_SHOP.filled(shop=plan.shop, portal=plan.portal)
        raise PlanStale(plan=short, what=what)
    plan.raise_if_expired(context.clock())
    if plan.rules not in ("", rules):
        raise PlanStale(plan=short, what=RULES_CHANGED)
    if plan.pack != context.pack:
        raise PlanStale(plan=short, what=PACK_CHANGED)
    plan.raise_if_unsafe()


def _raise_if_not_approved(context: RunContext, plan: Plan) -> None:
    approval = context.ledger.approval(plan.digest)
    if approval is None:
        raise PlanNotApproved(plan=plan.digest[:12])
    approval.raise_if_expired(context.clock())


def _tell_outcome(context: RunContext, receipt: Receipt) -> None:
    detail = receipt.outcome.detail
    words = STEP.filled(order=receipt.order_no, outcome=receipt.outcome.kind.value)
    if detail is not None:
        words = Words(f"{words.en} – {detail.en}", f"{words.ja} – {detail.ja}")
    context.tell(words)
