"""The ledger: one append-only book for plans, approvals, leases, runs and acts."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from qsm_bot.base import clock
from qsm_bot.base.clock import Clock
from qsm_bot.base.errors.ledger import LedgerRuleBroken
from qsm_bot.base.errors.orders import AlreadyAttempted
from qsm_bot.domain.plan import Approval, Permit, PermitKind, Plan, PlannedRefusal
from qsm_bot.domain.pre_approval import Amounts, PreApproval
from qsm_bot.domain.request import OUTCOME_WORDS, Outcome, OutcomeKind
from qsm_bot.domain.shop_identity import ShopIdentity
from qsm_bot.ledger import attempts, engine, lease, plans, runs, shops
from qsm_bot.ledger import pre_approvals as standing_orders
from qsm_bot.ledger.acts import Act
from qsm_bot.ledger.attempts import ANSWERED, Attempt, OrderTaken
from qsm_bot.ledger.chain import About
from qsm_bot.ledger.duty_book import DutyBook
from qsm_bot.ledger.lease import Lease
from qsm_bot.ledger.states import AFTER_COMMIT, ENDINGS, ActState, weighed


class Ledger(DutyBook):
    """An open book.

    Beside what is named, every method raises LedgerBusy, LedgerCorrupt,
    EvidenceUnwritable or LedgerFailed when the database cannot do it; then nothing
    of it was written.
    """

    @classmethod
    def open(
        cls,
        url: str,
        *,
        shop: ShopIdentity | None = None,
        clock: Clock = clock.now,
        busy_seconds: float = 10,
    ) -> Self:
        """Open the book at a SQLAlchemy URL; make or migrate it if need be.

        Args:
            url: where it is.
            shop: the one that the settings mean; its earlier names are then found.
            clock: tells the time.
            busy_seconds: how long another writer is waited for.

        Raises:
            SettingsInvalid: the URL names no database that can be used.
            LedgerTooNew: a newer version of the program has written it.
        """
        database = engine.connect(url, clock=clock, busy_seconds=busy_seconds)
        try:
            if shop is not None:
                shops.register_if_new(database, shop)
        except BaseException:
            database.close()
            raise
        return cls(database, shop)

    def close(self) -> None:
        """Close the book's connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Plans and approvals

    def record_plan(self, plan: Plan) -> None:
        """Keep a plan; a second time changes nothing."""
        with self._database.writing() as pen:
            plans.record(pen, self._shop(pen.connection, plan.shop), plan)

    def plan(self, prefix: str) -> Plan:
        """Return the plan whose digest starts with `prefix`, of at least 8 hex digits.

        Raises:
            PlanNotFound, PlanAmbiguous: none or several have it, or it is too short.
            PlanTampered: the plan's content does not fit its digest.
        """
        with self._database.reading() as connection:
            return plans.find(connection, prefix)

    def raise_if_replaced(self, digest: str, order_no: str = "") -> None:
        """Check that nobody let a plan through without some of its orders.

        Raises:
            PlanReplaced: somebody did; what was left out then stays left out.
            LeftOut: somebody left this order out of another plan later.
        """
        with self._database.reading() as connection:
            plans.raise_if_replaced(connection, digest)
            if order_no:
                plans.raise_if_left_out(connection, digest, order_no)

    def approve(self, approval: Approval, plan: Plan | None = None) -> None:
        """Keep an approval, and the plan with it if it is a new one.

        Raises:
            PlanNotFound: its plan is not recorded.
            PlanReplaced: the plan was let through without some of its orders.
        """
        with self._database.writing() as pen:
            if plan is not None:
                plans.record(pen, self._shop(pen.connection, plan.shop), plan)
            plans.approve(pen, approval)

    def approval(self, digest: str) -> Approval | None:
        """Return the newest approval of the plan with this full digest, expired or not."""
        with self._database.reading() as connection:
            return plans.newest_approval(connection, digest)

    def give_standing_order(self, order: PreApproval) -> PreApproval:
        """Write a person's standing order; it takes the place of the shop's earlier one."""
        with self._database.writing() as pen:
            return standing_orders.give(pen, self._shop(pen.connection, order.shop), order)

    def end_standing_order(self, shop: str, *, who: str) -> PreApproval:
        """Write that the shop's standing order ends now, and return it.

        Raises:
            NoStandingOrder: there is none.
        """
        with self._database.writing() as pen:
            return standing_orders.end(pen, self._shop(pen.connection, shop), who)

    def approve_by_standing_order(self, plan: Plan, amounts: Amounts) -> Approval:
        """Let a recorded plan through by the shop's standing order.

        Raises:
            BeyondStandingOrder: it does not reach that far, or there is none.
            PlanNotFound: the plan is not recorded.
        """
        with self._database.writing() as pen:
            shop = self._shop(pen.connection, plan.shop)
            return standing_orders.approve(pen, shop, plan, amounts)

    # The shop

    def merge_name(self, name: str, *, who: str) -> bool:
        """Let a name of an earlier version mean the shop of the settings; False if it cannot."""
        if self._own is None:
            return False
        with self._database.writing() as pen:
            return shops.merge(pen, self._own, name, who)

    def lease(
        self,
        shop: str,
        holder: str,
        *,
        seconds: float,
        is_dead: Callable[[str], bool] = lambda _holder: False,
    ) -> AbstractContextManager[Lease]:
        """Hold the shop during a `with` block; an expired lease is taken over.

        `holder` must name one process (machine, process id): a holder that asks again
        is taken for the restarted holder, and gets its shop back. The lease of a holder
        that `is_dead` knows is taken over at once.

        Raises:
            ShopBusy: another holder has a live lease.
        """
        with self._database.reading() as connection:
            wanted = self._shop(connection, shop)
        return lease.held(self._database, wanted, holder, seconds, is_dead)

    # Runs

    def begin_run(self, shop: str, command: str, plan: str | None) -> str:
        """Write the run's first entry and return its id, such as "20260105-203000-ab12cd"."""
        with self._database.writing() as pen:
            return runs.begin(pen, self._shop(pen.connection, shop).key, command, plan)

    def end_run(
        self, run_id: str, exit_code: int, error: Mapping[str, object] | None = None
    ) -> None:
        """Write the run's last entry.

        Raises:
            RunNotFound: there is no such run.
            LedgerRuleBroken: it has ended before.
        """
        with self._database.writing() as pen:
            runs.end(pen, run_id, exit_code, error)

    def note(
        self,
        kind: str,
        body: Mapping[str, object],
        *,
        shop: str | None = None,
        run_id: str | None = None,
        order_no: str | None = None,
    ) -> None:
        """Write any other entry."""
        with self._database.writing() as pen:
            key = None if shop is None else self._shop(pen.connection, shop).key
            pen.append(kind, body, About(shop=key, run_id=run_id, order_no=order_no))

    # The act

    def issue_permit(
        self,
        run_id: str,
        shop: str,
        planned: PlannedRefusal,
        plan_digest: str,
        kind: PermitKind,
    ) -> Permit:
        """Give the one-time right to act on one order.

        Raises:
            AlreadyAttempted: an earlier attempt was, or may have been, sent, or is under way.
            LedgerRuleBroken: there is no such run.
        """
        order_no = planned.order_no
        asked = Permit(
            id="",
            kind=kind,
            shop=shop,
            order_no=order_no,
            attempt=0,
            plan=plan_digest,
            run_id=run_id,
        )
        try:
            with self._database.writing() as pen:
                wanted = self._shop(pen.connection, shop)
                return attempts.issue(pen, wanted, planned, asked)
        except OrderTaken as error:
            with self._database.reading() as connection:
                wanted = self._shop(connection, shop)
                outcome = attempts.in_the_way(connection, wanted, order_no)
            if outcome is None:
                raise LedgerRuleBroken(detail=f"no permit in the run {run_id}") from error
            raise AlreadyAttempted(
                order=order_no, outcome=outcome, said=OUTCOME_WORDS.get(outcome, outcome)
            ) from error

    def act(self, permit: Permit) -> Act:
        """Return the log in which the permit's act is written.

        Raises:
            LedgerRuleBroken: this ledger has issued no such permit.
        """
        return Act(self._database, permit)

    def settle(self, attempt_id: str, outcome: Outcome, *, run_id: str) -> None:
        """Settle, after a look at the portal, what is unknown or was left by a dead run.

        Raises:
            LedgerRuleBroken: no such attempt, or `refused` without two kinds of proofs.
            IllegalTransition: an attempt in this state cannot end so.
        """
        with self._database.reading() as connection:
            attempt = attempts.get(connection, attempt_id)
            answered = attempts.was_recorded(connection, attempt_id, ANSWERED)
        before = attempt.state
        judged = weighed(before, answered=answered)
        if judged in AFTER_COMMIT and outcome.kind not in ENDINGS[judged]:
            # What was left after the commit is unknown first (law 1), then looked at.
            unknown = Outcome(kind=OutcomeKind.UNKNOWN, proofs=attempt.proofs)
            with self._database.writing() as pen:
                before = attempts.finish(pen, attempt, before, unknown, run_id=run_id)
        with self._database.writing() as pen:
            attempts.finish(pen, attempt, before, outcome, run_id=run_id)

    def may_have_sent(self, attempt: Attempt) -> bool:
        """Say whether a request may have left under the attempt, by what was recorded of it."""
        with self._database.reading() as connection:
            answered = attempts.was_recorded(connection, attempt.id, ANSWERED)
        before = weighed(attempt.state, answered=answered)
        return before in AFTER_COMMIT or before is ActState.UNKNOWN

    def open_attempts(self, shop: str) -> list[Attempt]:
        """Return what `settle` is for, oldest first: unknown, or left behind by a dead run."""
        with self._database.reading() as connection:
            wanted = self._shop(connection, shop)
            return attempts.left_open(connection, wanted, self._database.clock())
