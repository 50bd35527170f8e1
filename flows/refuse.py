"""Refuse: carry out an approved plan, one request at a time, each at most once."""

from collections.abc import Sequence

from flows._parts.forgotten import raise_if_forgotten
from flows._parts.one_order import OneOrder, Stopped
from flows._parts.run_summary import tell_of_acts
from flows._parts.shop_run import PortalRun, error_facts, note_drift, recorded_run, report_outcome
from flows._parts.verdict_table import (
    GONE,
)
from flows.collect import collect
from flows.duty import raise_if_too_late
from flows.reconcile import recover
from flows.sign_in import sign_in
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.people import TooManyUnknown
from qsm_bot.base.errors.plans import PlanNotApproved, PlanStale
from qsm_bot.base.errors.safety import TurnedDown
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import PermitKind, Plan
from qsm_bot.domain.request import OUTCOME_WORDS, Listing, OutcomeKind, Receipt, RunResult
from qsm_bot.ledger import Lease

PACK_CHANGED = Words("the selector pack has changed since", "セレクタパックが変更されています")
OTHER_SHOP = Words("it was made for {shop} at {portal}", "{portal} の {shop} 用の計画です")
STEP = Words("{order}: {outcome}", "{order}: {outcome}")


def apply_plan(context: PortalRun, plan: Plan, *, rules: str, command: str = "apply") -> RunResult:
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
    context: PortalRun,
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
    with recorded_run(context, command, plan.digest) as run_id:
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
    context: PortalRun,
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
            tell_outcome(context, receipts[-1])
    except Stopped as stop:
        receipts.append(stop.receipt)
        report_outcome(context, stop.receipt)
        raise stop.error from None


def _raise_if_not_to_begin(
    context: PortalRun, kind: PermitKind, receipts: Sequence[Receipt]
) -> None:
    context.raise_if_stopping()
    context.raise_if_time_is_up()
    _raise_if_turned_down(receipts)
    if kind is PermitKind.REFUSAL:
        raise_if_forgotten(context)
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


def raise_if_stale(context: PortalRun, plan: Plan, rules: str) -> None:
    """Check that the plan still stands on what it was made from.

    Raises:
        PlanExpired, PlanStale, PlanReplaced, LimitExceeded: it does not.
    """
    short = plan.digest[:12]
    named = (plan.shop, plan.portal) == (context.shop, context.portal_url)
    # Two shops may have one name; a plan is recorded before anybody can approve it.
    if not named or not context.ledger.is_plan_of(plan.digest, context.shop):
        what = OTHER_SHOP.filled(shop=plan.shop, portal=plan.portal)
        raise PlanStale(plan=short, what=what)
    context.ledger.raise_if_replaced(plan.digest)
    plan.raise_if_expired(context.clock())
    plan.raise_if_other_rules(rules)
    if plan.pack != context.pack:
        raise PlanStale(plan=short, what=PACK_CHANGED)
    plan.raise_if_unsafe()


def _raise_if_not_approved(context: PortalRun, plan: Plan) -> None:
    approval = context.ledger.approval(plan.digest)
    if approval is None:
        raise PlanNotApproved(plan=plan.digest[:12])
    approval.raise_if_expired(context.clock())


def tell_outcome(context: PortalRun, receipt: Receipt) -> None:
    """Tell what became of an order, with the line that people see."""
    detail = receipt.outcome.detail
    words = STEP.filled(order=receipt.order_no, outcome=OUTCOME_WORDS[receipt.outcome.kind])
    if detail is not None:
        words = Words(f"{words.en} – {detail.en}", f"{words.ja} – {detail.ja}")
    report_outcome(context, receipt, words)
