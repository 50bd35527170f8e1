"""One order that a person names: plan, approve and carry out in one step."""

from dataclasses import dataclass, field
from datetime import timedelta

from flows.approve import approve
from flows.collect import collect
from flows.context import RunContext, note_drift
from flows.one_order import outcome_of_missing
from flows.propose import plan_for_one
from flows.reconcile import recover
from flows.refuse import run_plan
from flows.sign_in import sign_in
from qsm_bot.errors import RowGone
from qsm_bot.evidence_model import NO_EVIDENCE, Evidence
from qsm_bot.ledger import Lease
from qsm_bot.model import CancelRequest, Receipt, RefusalReason, Refuse, RunResult
from qsm_bot.plan import PermitKind
from qsm_bot.policy import support_lines, text_by_hand
from qsm_bot.rules import TextTable
from qsm_bot.words import Words

BY_NAME = Words("{who} asked for it by order number", "{who} が注文番号を指定")


@dataclass(frozen=True, kw_only=True, slots=True)
class ByHand:
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


def refuse_by_hand(context: RunContext, wish: ByHand, kind: PermitKind) -> RunResult:
    """Refuse, or rehearse, the one order; all checks of the act stand.

    Raises:
        SignInError, PortalError, SafetyStop: the list could not be read for certain.
        ReasonTextInvalid: the text would tell who the buyer is.
        ShopBusy: another run holds the shop.
    """
    with context.lease() as lease:
        recover(context, lease)
        return _act_on_one(context, lease, wish, kind)


def _act_on_one(context: RunContext, lease: Lease, wish: ByHand, kind: PermitKind) -> RunResult:
    command = "refuse" if kind is PermitKind.REFUSAL else "rehearse"
    sign_in(context)
    listing = collect(context)
    rows = [row for row in listing.requests if row.order_no == wish.order_no]
    if not rows:
        return _missing(context, wish, command)
    plan = plan_for_one(
        rows[0],
        _decision(wish, rows[0]),
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
    return run_plan(context, lease, plan, kind, command, listing=listing)


def _decision(wish: ByHand, request: CancelRequest) -> Refuse:
    text = text_by_hand(wish.reason, wish.text, wish.texts, request=request, evidence=wish.evidence)
    known = support_lines(wish.reason, wish.evidence)
    because = (BY_NAME.filled(who=wish.who), *known)
    return Refuse(reason=wish.reason, text=text, rule="by hand", because=because)


def _missing(context: RunContext, wish: ByHand, command: str) -> RunResult:
    run_id = context.ledger.begin_run(context.shop, command, None)
    outcome = outcome_of_missing(context.portal.look(wish.order_no), RowGone(order=wish.order_no))
    context.ledger.note(
        "order.missing",
        {"outcome": outcome.kind.value},
        shop=context.shop,
        run_id=run_id,
        order_no=wish.order_no,
    )
    receipt = Receipt(order_no=wish.order_no, outcome=outcome, reason=wish.reason, text=wish.text)
    result = RunResult(
        shop=context.shop,
        run_id=run_id,
        plan=None,
        receipts=(receipt,),
        warnings=note_drift(context, run_id),
    )
    context.ledger.end_run(run_id, result.exit_code)
    return result
