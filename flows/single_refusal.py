"""One order that a person names: plan, approve and carry out in one step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flows._parts.one_order import outcome_of_missing
from flows._parts.shop_run import PortalRun, note_drift, recorded_run
from flows.approve import approve
from flows.collect import collect
from flows.propose import plan_for_one
from flows.reconcile import recover
from flows.refuse import run_plan, tell_outcome
from flows.sign_in import sign_in
from qsm_bot.base.errors.orders import RowGone
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import NO_EVIDENCE, Evidence
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import CancelRequest, Receipt, RefusalReason, Refuse, RunResult
from qsm_bot.ledger import Lease
from qsm_bot.rules import TextTable
from qsm_bot.rules.decide import support_lines, text_by_hand

BY_NAME = Words("{who} asked for it by order number", "{who} が注文番号を指定")


@dataclass(frozen=True, kw_only=True, slots=True)
class SingleRefusal:
    """What a person wants for one order, and for how long that holds.

    The person vouches: `evidence` is shown beside the wish and decides nothing. `texts` says
    what a text for その他 must not contain.
    """

    order_no: str
    reason: RefusalReason
    text: str | None
    who: str
    valid_for: timedelta
    evidence: Evidence = NO_EVIDENCE
    texts: TextTable = field(default_factory=TextTable)


Confirm = Callable[[CancelRequest, Refuse], None]
"""Asks a person, with the row as it is now and what would be sent; raises if the answer is no."""


def refuse_single(
    context: PortalRun, wish: SingleRefusal, kind: PermitKind, confirm: Confirm | None = None
) -> RunResult:
    """Refuse, or rehearse, the one order; all checks of the act stand.

    Raises:
        PersonDeclined: a person was asked, and said no.
        SignInError, PortalError, SafetyStop: the list could not be read for certain.
        ReasonTextInvalid: the text would tell who the buyer is.
        ShopBusy: another run holds the shop.
    """
    with context.lease() as lease:
        recover(context, lease)
        return _act_on_one(context, lease, wish, kind, confirm)


def _act_on_one(
    context: PortalRun,
    lease: Lease,
    wish: SingleRefusal,
    kind: PermitKind,
    confirm: Confirm | None,
) -> RunResult:
    command = "refuse" if kind is PermitKind.REFUSAL else "rehearse"
    sign_in(context)
    listing = collect(context)
    rows = [row for row in listing.requests if row.order_no == wish.order_no]
    if not rows:
        return _missing(context, wish, command)
    decision = _decision(wish, rows[0])
    if confirm is not None:
        confirm(rows[0], decision)
    plan = plan_for_one(
        rows[0],
        decision,
        shop=context.shop,
        portal_url=context.portal_url,
        pack=context.pack,
        total=listing.counted,
        now=context.clock(),
        valid_for=wish.valid_for,
    )
    context.ledger.record_plan(plan)
    if kind is PermitKind.REFUSAL:
        approve(context.ledger, plan, who=wish.who, now=context.clock())
    # An answer takes its time: the list is read anew after it.
    fresh = listing if confirm is None else None
    return run_plan(context, lease, plan, kind, command, listing=fresh)


def _decision(wish: SingleRefusal, request: CancelRequest) -> Refuse:
    text = text_by_hand(wish.reason, wish.text, wish.texts, request=request, evidence=wish.evidence)
    known = support_lines(wish.reason, wish.evidence)
    because = (BY_NAME.filled(who=wish.who), *known)
    return Refuse(reason=wish.reason, text=text, rule="by hand", because=because)


def _missing(context: PortalRun, wish: SingleRefusal, command: str) -> RunResult:
    with recorded_run(context, command, None) as run_id:
        missing = RowGone(order=wish.order_no)
        outcome = outcome_of_missing(context.portal.look(wish.order_no), missing)
        context.ledger.note(
            "order.missing",
            {"outcome": outcome.kind.value},
            shop=context.shop,
            run_id=run_id,
            order_no=wish.order_no,
        )
        receipt = Receipt(
            order_no=wish.order_no, outcome=outcome, reason=wish.reason, text=wish.text
        )
        tell_outcome(context, receipt)
        result = RunResult(
            shop=context.shop,
            run_id=run_id,
            plan=None,
            receipts=(receipt,),
            warnings=note_drift(context, run_id),
        )
        context.ledger.end_run(run_id, result.exit_code)
        return result
