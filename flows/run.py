"""Run: one unattended round of a shop. It acts only on what a person has let through before."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from flows._parts.run_summary import tell_of_acts
from flows._parts.shop_run import PortalRun, ShopRun, error_facts, note_drift, recorded_run
from flows.collect import collect
from flows.inbox import to_decide
from flows.reconcile import Reconciliation
from flows.refuse import carry_out, raise_if_stale
from flows.sign_in import sign_in
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import InputInvalid
from qsm_bot.base.errors.outside import MachineError, PortalError
from qsm_bot.base.errors.plans import BeyondStandingOrder
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import ApprovalKind, PermitKind, Plan
from qsm_bot.domain.pre_approval import PreApproval
from qsm_bot.domain.request import Listing, Receipt, RunResult
from qsm_bot.ledger import Lease

COMMAND = "run"
_DIGITS = 12

BY_QAPI = Words("{count} open cancel requests by QAPI", "QAPI: キャンセル要請 {count} 件")
NO_QAPI = Words(
    "QAPI could not be asked: {detail} The portal is.",
    "QAPI に照会できないため、ポータルで確認します: {detail}",
)
KEEPS = Words("a visit keeps the sign-in alive", "サインインを維持するためポータルを開きます")
BY_COUNTER = Words("no open cancel requests", "キャンセル要請はありません")
APPROVED = Words("plan {plan}, approved by {who}", "計画 {plan}（承認者 {who}）を実行します")
WAITS = Words(
    "plan {plan} waits for a person: {count} to approve, {ask} to decide",
    "計画 {plan} は確認が必要です（承認 {count} 件・判断 {ask} 件）",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundParts:
    """What a round works with before it opens the portal.

    `run` is the shop's run; `count` asks QAPI how many requests are open, None without a key;
    `is_idle` tells whether the kept sign-in may end unless it is used now; `at_portal` starts
    the browser; `propose` decides by the rules, whose digest is `rules`; `raise_if_not_live`
    checks that the portal's host may be acted on; `raise_if_resting` that a portal that was down
    is to be tried again.
    """

    run: ShopRun
    count: Callable[[], int] | None
    is_idle: Callable[[], bool]
    at_portal: Callable[[], AbstractContextManager[PortalRun]]
    propose: Callable[[PortalRun, Listing], Plan]
    rules: str
    raise_if_not_live: Callable[[], None]
    raise_if_resting: Callable[[], None] = lambda: None


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """What a round came to, and the plan that it leaves to a person, if it leaves one.

    `visited` is whether it went to the portal at all.
    """

    result: RunResult
    waiting: Plan | None
    visited: bool = False

    @property
    def portal_answers(self) -> bool | None:
        """Whether the portal answers as it should; None if the round cannot tell."""
        error = self.result.error
        if not self.visited or isinstance(error, MachineError):
            return None
        return not isinstance(error, PortalError)


def run_round(parts: RoundParts) -> Round:
    """Settle what is open, read what is new, propose, and do what was let through.

    What ends the round early stands in its result.

    Raises:
        ShopBusy: another run holds the shop.
    """
    run = parts.run
    with run.lease() as lease, recorded_run(run, COMMAND, None) as run_id:
        work = _Work(parts, lease, run_id)
        try:
            work.go()
        except QsmBotError as problem:
            work.error = problem
        receipts = (*work.settled, *work.receipts)
        tell_of_acts(run, work.error, receipts)
        result = RunResult(
            shop=run.shop,
            run_id=run_id,
            plan=work.plan or (work.waiting.digest if work.waiting else None),
            receipts=receipts,
            error=work.error,
            warnings=work.warnings,
            waiting=work.waiting.digest if work.waiting else None,
        )
        run.ledger.end_run(run_id, result.exit_code, error_facts(work.error))
        return Round(result=result, waiting=work.waiting, visited=work.visited)


@dataclass
class _Work:
    """One round on its way."""

    parts: RoundParts
    lease: Lease
    run_id: str
    plan: str | None = None
    waiting: Plan | None = None
    visited: bool = False
    error: QsmBotError | None = None
    warnings: tuple[Words, ...] = ()
    settled: tuple[Receipt, ...] = ()
    receipts: list[Receipt] = field(default_factory=list)

    def go(self) -> None:
        """Go to the portal, unless it is known that nothing is to be done there."""
        if self._nothing_to_do():
            return
        self.parts.raise_if_resting()
        with self.parts.at_portal() as context:
            self.visited = True
            try:
                self._at_the_portal(context)
            except QsmBotError as problem:
                # Kept, not raised: whoever opened the portal keeps its sign-in for the next round.
                self.error = problem
            self.warnings = note_drift(context, self.run_id)

    def _nothing_to_do(self) -> bool:
        parts, run = self.parts, self.parts.run
        if parts.count is None or run.ledger.open_attempts(run.shop):
            return False
        try:
            found = parts.count()
        except (PortalError, InputInvalid) as error:
            run.tell(NO_QAPI.filled(detail=error.message))
            return False
        run.tell(BY_QAPI.filled(count=found))
        if found == 0 and parts.is_idle():
            run.tell(KEEPS)
            return False
        return found == 0

    def _at_the_portal(self, context: PortalRun) -> None:
        self._settle(context)
        sign_in(context)
        if context.portal.waiting() == 0:
            context.tell(BY_COUNTER)
            return
        listing = collect(context)
        for plan, who in self._approved(context):
            context.tell(APPROVED.filled(plan=plan.digest[:_DIGITS], who=who))
            self._carry_out(context, plan, listing)
        self._propose(context, self._without_handled(listing))

    def _settle(self, context: PortalRun) -> None:
        left = context.ledger.open_attempts(context.shop)
        looks = Reconciliation(context, self.run_id, self.lease)
        try:
            looks.settle_all(left, wait=False)
        finally:
            self.settled = tuple(looks.receipts.values())

    def _approved(self, context: PortalRun) -> list[tuple[Plan, str]]:
        """Return the plans that a person approved and nobody has begun, and who it was."""
        found = []
        for plan in context.ledger.pending(context.shop).plans:
            approval = context.ledger.approval(plan.digest)
            if approval is None or approval.kind is not ApprovalKind.PERSON:
                continue
            over = context.clock() >= min(approval.until, plan.expires_at)
            if not over and not self._is_begun(context, plan):
                found.append((plan, approval.who))
        return [pair for pair in found if self._stands(context, pair[0])]

    def _is_begun(self, context: PortalRun, plan: Plan) -> bool:
        """Whether a run has taken it up; what that one left undone is planned anew."""
        ledger, digest = context.ledger, plan.digest
        runs = ledger.runs(shop=context.shop, since=plan.created_at)
        return any(run.plan == digest for run in runs) or any(
            attempt.plan == digest
            for row in plan.refuse
            for attempt in ledger.attempts(shop=context.shop, order_no=row.order_no)
        )

    def _stands(self, context: PortalRun, plan: Plan) -> bool:
        try:
            raise_if_stale(context, plan, self.parts.rules)
        except InputInvalid as stale:
            context.tell(stale.message)
            return False
        return True

    def _without_handled(self, listing: Listing) -> Listing:
        handled = {receipt.order_no for receipt in (*self.settled, *self.receipts)}
        left = tuple(row for row in listing.requests if row.order_no not in handled)
        counted = listing.counted - len(listing.requests) + len(left)
        return replace(listing, requests=left, counted=counted)

    def _propose(self, context: PortalRun, listing: Listing) -> None:
        plan = self.parts.propose(context, listing)
        order = context.ledger.standing_order(context.shop)
        ours = self._let_through(context, plan, order, listing) if order else None
        if ours is not None:
            # What is left is recorded first: it waits for a person however the rest ends.
            plan = replace(plan, refuse=tuple(row for row in plan.refuse if row not in ours.refuse))
        context.ledger.record_plan(plan)
        ask = to_decide(context.ledger, plan)
        if plan.refuse or ask:
            self.waiting = plan
            context.tell(
                WAITS.filled(plan=plan.digest[:_DIGITS], count=len(plan.refuse), ask=len(ask))
            )
        if ours is not None and order is not None:
            self._carry_out(_heeding_its_end(context, order), ours, listing)

    def _let_through(
        self, context: PortalRun, plan: Plan, order: PreApproval, listing: Listing
    ) -> Plan | None:
        """Return the part of the plan that the standing order lets through, if it does."""
        refuse = tuple(row for row in plan.refuse if row.rule in order.rules)
        if not refuse:
            return None
        until = min(plan.expires_at, order.end_of(context.clock()))
        ours = replace(plan, refuse=refuse, expires_at=until)
        amounts = {row.order_no: row.amount for row in listing.requests}
        try:
            context.ledger.record_plan(ours)
            context.ledger.approve_by_standing_order(ours, amounts)
        except BeyondStandingOrder as beyond:
            context.tell(beyond.message)
            return None
        return ours

    def _carry_out(self, context: PortalRun, plan: Plan, listing: Listing) -> None:
        self.parts.raise_if_not_live()
        self.plan = plan.digest
        carry_out(
            context, self.run_id, self.lease, plan, PermitKind.REFUSAL, self.receipts, listing
        )


def _heeding_its_end(context: PortalRun, order: PreApproval) -> PortalRun:
    """Return the context of a run that goes no further than the standing order."""
    until = order.end_of(context.clock())

    def stopping() -> bool:
        now = context.ledger.standing_order(context.shop)
        return context.stopping() or now is None or now.number != order.number

    ends_by = until if context.ends_by is None else min(until, context.ends_by)
    return replace(context, stopping=stopping, ends_by=ends_by)
