"""Refuse: carry out an approved plan, one request at a time, each at most once."""

from collections.abc import Mapping, Sequence

from flows.collect import collect
from flows.context import RunContext
from flows.reconcile import recover
from flows.sign_in import sign_in
from flows.verdict import GONE, verdict_after_press
from qsm_bot.errors import (
    AlreadyAttempted,
    OrderProblem,
    PlanNotApproved,
    PlanStale,
    QsmBotError,
    RowChanged,
    RowDuplicate,
    RowGone,
    TooManyUnknown,
    TurnedDown,
)
from qsm_bot.ledger import Act
from qsm_bot.log import get_logger
from qsm_bot.model import (
    CancelRequest,
    Listing,
    Outcome,
    OutcomeKind,
    Receipt,
    RunResult,
)
from qsm_bot.plan import Permit, PermitKind, Plan, PlannedRefusal
from qsm_bot.portal.protocol import Pressed, Sighting
from qsm_bot.words import Words

_log = get_logger(__name__)
_LOOK_AGAIN_AFTER = (0.5, 2.0)
"""Seconds before each further look at a list that contradicts the completion alert."""

RULES_CHANGED = Words("the rules have changed since", "ルールが変更されています")
PACK_CHANGED = Words("the selector pack has changed since", "セレクタパックが変更されています")
OTHER_SHOP = Words("it was made for {shop} at {portal}", "{portal} の {shop} 用の計画です")
FIELDS = Words("row seen now differs from the row that was planned", "一覧の行が計画時と異なります")
STEP = Words("{order}: {outcome}", "{order}: {outcome}")
STARTING = Words("{order}: refusing, reason {reason} …", "{order}: 拒否します（理由 {reason}）…")
REHEARSING = Words(
    "{order}: rehearsing, reason {reason} …", "{order}: 予行します（理由 {reason}）…"
)
REFUSED_BEFORE = Words(
    "the portal lists it as refused already; it must be shipped on the day of the refusal",
    "ポータル上で既に拒否済みです。拒否した当日中の発送が必要です",
)
NOT_FOUND = Words(
    "its row could not be found or read; look at the list in the portal",
    "一覧で行を特定できません。ポータルで確認してください",
)
REHEARSED = Words(
    "every step up to the confirm worked; it was dismissed and no request left",
    "確認ダイアログまで正常です。押さずに閉じ、何も送信していません",
)


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
    recover(context)
    return run_plan(context, plan, PermitKind.REFUSAL, command)


def run_plan(
    context: RunContext,
    plan: Plan,
    kind: PermitKind,
    command: str,
    *,
    listing: Listing | None = None,
) -> RunResult:
    """Lease the shop, sign in, read the list once, and go through the plan's refusals.

    Args:
        context: the parts of the run.
        plan: what to do; its checks are the caller's.
        kind: whether to refuse or to rehearse.
        command: the name of the run in the ledger.
        listing: the list, if it was read just now in this same seat.

    Raises:
        ShopBusy: another run holds the shop.
    """
    with context.lease() as lease:
        run_id = context.ledger.begin_run(context.shop, command, plan.digest)
        receipts: list[Receipt] = []
        error: QsmBotError | None = None
        try:
            for row in plan.refuse:
                _raise_if_not_to_begin(context, kind, receipts)
                if listing is None:
                    sign_in(context)
                    listing = collect(context)
                lease.renew()
                receipts.append(_Refusal(context, run_id, plan, row, kind).run(listing))
                _tell_outcome(context, receipts[-1])
        except _Stopped as stop:
            receipts.append(stop.receipt)
            error = stop.error
        except QsmBotError as problem:
            error = problem
        result = RunResult(
            shop=context.shop,
            run_id=run_id,
            plan=plan.digest,
            receipts=tuple(receipts),
            error=error,
        )
        context.ledger.end_run(run_id, result.exit_code, _error_facts(error))
        return result


def _raise_if_not_to_begin(
    context: RunContext, kind: PermitKind, receipts: Sequence[Receipt]
) -> None:
    context.raise_if_stopping()
    _raise_if_turned_down(receipts)
    if kind is PermitKind.REFUSAL:
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


def _error_facts(error: QsmBotError | None) -> Mapping[str, object] | None:
    if error is None:
        return None
    return {"code": error.code, "message": error.message.to_dict()}


class _Stopped(Exception):  # carries a receipt out of the loop; never seen outside
    """The run ends with this order, whose receipt is kept."""

    def __init__(self, receipt: Receipt, error: QsmBotError) -> None:
        super().__init__(error.message.en)
        self.receipt = receipt
        self.error = error


class _Refusal:
    """The way of one planned refusal (or rehearsal) through the portal and the ledger."""

    def __init__(
        self, context: RunContext, run_id: str, plan: Plan, row: PlannedRefusal, kind: PermitKind
    ) -> None:
        self._context = context
        self._run_id = run_id
        self._plan = plan
        self._row = row
        self._kind = kind

    def run(self, listing: Listing) -> Receipt:
        """Go the whole way; the outcome is in the ledger when this returns.

        Raises:
            _Stopped: the run must end here.
        """
        context, row = self._context, self._row
        words = STARTING if self._kind is PermitKind.REFUSAL else REHEARSING
        context.tell(words.filled(order=row.order_no, reason=row.reason.value))
        try:
            permit = context.ledger.issue_permit(
                self._run_id, context.shop, row, self._plan.digest, self._kind
            )
        except AlreadyAttempted as problem:
            return self._receipt(_outcome_of_earlier(problem))
        act = context.ledger.act(permit)
        try:
            outcome = self._act(permit, act, listing)
        except OrderProblem as problem:
            outcome = self._outcome_of(problem)
            if act.may_have_sent:
                outcome = Outcome(kind=OutcomeKind.UNKNOWN, detail=problem.message)
            act.settle(outcome)
        except QsmBotError as error:
            outcome = _outcome_of_stop(act, error)
            act.settle(outcome)
            raise _Stopped(self._receipt(outcome), error) from error
        return self._receipt(outcome)

    def _act(self, permit: Permit, act: Act, listing: Listing) -> Outcome:
        portal, row = self._context.portal, self._row
        _raise_if_changed(_row_of(listing, row.order_no), row)
        opened = portal.open(row.order_no)
        _raise_if_changed(opened.request, row)
        act.opened({"shown": opened.shown_order_no})
        chosen = portal.choose(row.reason, row.text)
        picture = self._picture("1-before")
        with act.together():
            act.ready({"label": chosen.label, "text": chosen.text})
            act.evidence(*picture)
        # From the click on the order is finished, whoever asks the run to end.
        self._context.raise_if_stopping()
        pressed = portal.press(permit, act)
        if permit.kind is PermitKind.REHEARSAL:
            outcome = Outcome(kind=OutcomeKind.REHEARSED, detail=REHEARSED)
            act.settle(outcome)
            return outcome
        return self._verify(act, pressed)

    def _verify(self, act: Act, pressed: Pressed) -> Outcome:
        for picture in self._try_picture("2-after-alert"):
            act.evidence(*picture)
        sighting = self._look_after(pressed)
        outcome = verdict_after_press(pressed, sighting)
        pictures = self._try_picture("3-fresh-list") if sighting is not None else []
        with act.together():
            for picture in pictures:
                act.evidence(*picture)
            if outcome.kind is OutcomeKind.REFUSED:
                act.verified(outcome.proofs)
            act.settle(outcome)
        return outcome

    def _outcome_of(self, problem: OrderProblem) -> Outcome:
        if isinstance(problem, RowGone):
            return outcome_of_missing(self._look(), problem)
        return Outcome(kind=OutcomeKind(problem.outcome), detail=problem.message)

    def _look_after(self, pressed: Pressed) -> Sighting | None:
        """Look; while the portal's list contradicts its alert, it may be an old one: again."""
        sighting = self._look()
        for seconds in _LOOK_AGAIN_AFTER:
            if sighting is None or not (pressed.completed and sighting.open):
                break
            self._context.portal.rest(seconds)
            sighting = self._look()
        return sighting

    def _look(self) -> Sighting | None:
        try:
            return self._context.portal.look(self._row.order_no)
        except QsmBotError as error:
            _log.warning("look_failed", order_no=self._row.order_no, error=error.message.en)
            return None

    def _picture(self, name: str) -> tuple[str, str, str]:
        picture = self._context.portal.picture()
        file = f"{self._row.order_no}-{name}.png"
        kept = self._context.artifacts.keep(self._run_id, file, picture)
        return name, kept.path, kept.sha256

    def _try_picture(self, name: str) -> list[tuple[str, str, str]]:
        # After the press a missing picture is a gap in the evidence, not a reason to stop.
        try:
            return [self._picture(name)]
        except QsmBotError as error:
            _log.warning("picture_missing", order_no=self._row.order_no, error=error.message.en)
            return []

    def _receipt(self, outcome: Outcome) -> Receipt:
        row = self._row
        return Receipt(order_no=row.order_no, outcome=outcome, reason=row.reason, text=row.text)


def outcome_of_missing(sighting: Sighting | None, problem: RowGone) -> Outcome:
    """Return what became of an order that is not in the list: refused before, or gone."""
    if sighting is not None and sighting.refused:
        return Outcome(kind=OutcomeKind.ALREADY_REFUSED, detail=REFUSED_BEFORE)
    if sighting is not None and sighting.open is not False:
        return Outcome(kind=OutcomeKind.NEEDS_PERSON, detail=NOT_FOUND)
    return Outcome(kind=OutcomeKind.GONE, detail=problem.message)


def _row_of(listing: Listing, order_no: str) -> CancelRequest:
    rows = [request for request in listing.requests if request.order_no == order_no]
    if not rows:
        raise RowGone(order=order_no)
    if len(rows) > 1:
        raise RowDuplicate(order=order_no, count=len(rows))
    return rows[0]


def _raise_if_changed(seen: CancelRequest, row: PlannedRefusal) -> None:
    if seen.fingerprint != row.fingerprint:
        raise RowChanged(order=row.order_no, what=FIELDS)


def _outcome_of_earlier(problem: AlreadyAttempted) -> Outcome:
    done = problem.facts["outcome"] in (OutcomeKind.REFUSED, OutcomeKind.ALREADY_REFUSED)
    kind = OutcomeKind.ALREADY_REFUSED if done else OutcomeKind.NEEDS_PERSON
    return Outcome(kind=kind, detail=problem.message)


def _outcome_of_stop(act: Act, error: QsmBotError) -> Outcome:
    kind = OutcomeKind.UNKNOWN if act.may_have_sent else OutcomeKind.NOT_SENT
    return Outcome(kind=kind, detail=error.message)
