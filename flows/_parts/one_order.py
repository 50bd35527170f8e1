"""One planned refusal (or rehearsal), on its way through the portal and the ledger."""

from contextlib import suppress

from flows._parts.cross_check import ask_until
from flows._parts.forgotten import note_end, pressed_elsewhere
from flows._parts.shop_run import PortalRun
from flows._parts.verdict import agrees, judge_press, verdict_before_commit
from flows._parts.verdict_table import REFUSED_BEFORE
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.ledger import IllegalTransition
from qsm_bot.base.errors.orders import (
    AlreadyAttempted,
    FactsChanged,
    OrderProblem,
    RowChanged,
    RowDuplicate,
    RowGone,
)
from qsm_bot.base.errors.safety import PortalContradicts
from qsm_bot.base.events import EventKind
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words, some_of
from qsm_bot.domain.plan import Permit, PermitKind, Plan, PlannedRefusal
from qsm_bot.domain.request import CancelRequest, Listing, Outcome, OutcomeKind, Receipt
from qsm_bot.ledger import Act, ActState, Lease
from qsm_bot.portal.protocol import OrderStatus, Pressed
from qsm_bot.portal.selectors.pack import PortalPage

_log = get_logger(__name__)
_CLICKED = (ActState.ARMED, ActState.CONFIRM_OPEN)
_LOOK_AGAIN_AFTER = (0.5, 2.0)
"""Seconds before each further look at a list that contradicts the completion alert."""

FIELDS = Words("row seen now differs from the row that was planned", "一覧の行が計画時と異なります")
STARTING = Words("{order}: refusing, reason {reason} …", "{order}: 拒否します（理由 {reason}）…")
REHEARSING = Words(
    "{order}: rehearsing, reason {reason} …", "{order}: 予行します（理由 {reason}）…"
)
NOT_FOUND = Words(
    "its row could not be found or read; look at the list in the portal",
    "一覧で行を特定できません。ポータルで確認してください",
)
REHEARSED = Words(
    "every step up to the confirm worked; it was dismissed and no request left",
    "確認ダイアログまで正常です。押さずに閉じ、何も送信していません",
)


class Stopped(Exception):  # carries a receipt out of the loop; never seen outside
    """The run ends with this order, whose receipt is kept."""

    def __init__(self, receipt: Receipt, error: QsmBotError) -> None:
        super().__init__(error.message.en)
        self.receipt = receipt
        self.error = error


class OneOrder:
    """The way of one planned refusal (or rehearsal) through the portal and the ledger."""

    def __init__(
        self,
        context: PortalRun,
        run_id: str,
        lease: Lease,
        plan: Plan,
        row: PlannedRefusal,
        kind: PermitKind,
    ) -> None:
        self._context = context
        self._run_id = run_id
        self._lease = lease
        self._plan = plan
        self._row = row
        self._kind = kind
        self._stop: QsmBotError | None = None
        self._traced = False

    def run(self, listing: Listing) -> Receipt:
        """Go the whole way; the outcome is in the ledger when this returns.

        Raises:
            Stopped: the run must end here.
        """
        context, row = self._context, self._row
        words = STARTING if self._kind is PermitKind.REFUSAL else REHEARSING
        context.report(
            EventKind.ORDER,
            words.filled(order=row.order_no, reason=row.reason.words),
            order_no=row.order_no,
            reason=row.reason.value,
            rehearsal=self._kind is PermitKind.REHEARSAL,
        )
        elsewhere = pressed_elsewhere(context, row.order_no)
        if elsewhere is not None:
            return self._receipt(elsewhere)
        try:
            permit = context.ledger.issue_permit(
                self._run_id, context.shop, row, self._plan.digest, self._kind
            )
        except AlreadyAttempted as problem:
            return self._receipt(_outcome_of_earlier(problem))
        act = context.ledger.act(permit)
        try:
            outcome = self._act(permit, act, listing)
        except QsmBotError as error:
            outcome = self._outcome_of(act, error)
            _settle_if_open(act, outcome)
            self._note_end(permit, outcome)
            if not isinstance(error, OrderProblem):
                raise Stopped(self._receipt(outcome), error) from error
        self._note_end(permit, outcome)
        if self._stop is not None:
            raise Stopped(self._receipt(outcome), self._stop)
        return self._receipt(outcome)

    def _act(self, permit: Permit, act: Act, listing: Listing) -> Outcome:
        portal, row = self._context.portal, self._row
        listed = _row_of(listing, row.order_no)
        _raise_if_changed(listed, row)
        self._raise_if_decided_otherwise(listed)
        opened = portal.open(row.order_no)
        _raise_if_changed(opened.request, row)
        requested = opened.request.requested_on
        day = requested.isoformat() if requested else None
        act.opened({"shown": opened.shown_order_no, "requested_on": day})
        self._context.drift.look(portal, PortalPage.DETAILS)
        chosen = portal.choose(row.reason, row.text)
        picture = self._picture("1-before")
        self._raise_if_not_to_press()
        with act.together():
            act.ready({"label": chosen.label, "text": chosen.text})
            act.evidence(*picture)
        self._note_begin(permit)
        pressed = portal.press(permit, act)
        for dialog, shown in (("confirm", pressed.confirm), ("alert", pressed.alert)):
            if shown is not None:
                self._context.report(
                    EventKind.DIALOG, order_no=row.order_no, dialog=dialog, shown=shown
                )
        if permit.kind is PermitKind.REHEARSAL:
            outcome = Outcome(kind=OutcomeKind.REHEARSED, detail=REHEARSED)
            act.settle(outcome)
            return outcome
        return self._verify(act, pressed, listing)

    def _raise_if_decided_otherwise(self, request: CancelRequest) -> None:
        """Decide anew by the rules and the shop's own data: files change while a plan waits."""
        decide = self._context.decide
        if decide is None or not self._plan.rules:
            return
        if not self._row.is_decided_by(decide(request)):
            raise FactsChanged(order=request.order_no)

    def _note_begin(self, permit: Permit) -> None:
        if permit.kind is PermitKind.REFUSAL and self._context.trace is not None:
            self._context.trace.begin(permit.order_no, permit.id, self._context.clock())
            self._traced = True

    def _note_end(self, permit: Permit, outcome: Outcome) -> None:
        if self._traced:
            note_end(self._context.trace, permit.id, outcome.kind)

    def _raise_if_not_to_press(self) -> None:
        """Check once more what may have changed since, as by a machine that slept meanwhile.

        From the click on the order is finished, whoever asks the run to end.
        """
        self._context.raise_if_stopping()
        self._plan.raise_if_expired(self._context.clock())
        self._context.ledger.raise_if_replaced(self._plan.digest, self._row.order_no)
        self._lease.renew()

    def _verify(self, act: Act, pressed: Pressed, listing: Listing) -> Outcome:
        for picture in self._try_picture("2-after-alert", pressed.picture):
            act.evidence(*picture)
        sighting = self._look_after(pressed)
        standing = ask_until(
            self._context,
            self._row.order_no,
            # One that lags is worth waiting for only where the portal could not be read.
            lambda seen: (
                agrees(seen, sighting, completed=pressed.completed)
                or (sighting is not None and seen.open is True)
            ),
        )
        judged = judge_press(pressed, sighting, standing)
        outcome = judged.outcome
        pictures = self._try_picture("3-fresh-list") if sighting is not None else []
        with act.together():
            for picture in pictures:
                act.evidence(*picture)
            if outcome.kind is OutcomeKind.REFUSED:
                act.verified(outcome.proofs)
            act.settle(outcome)
        self._stop = pressed.against
        if judged.contradiction:
            others = self._left_without_approval(listing)
            self._stop = PortalContradicts(order=self._row.order_no, others=others)
        return outcome

    def _left_without_approval(self, listing: Listing) -> str:
        """Name the orders that have left the list since, and that no attempt was about."""
        context = self._context
        try:
            now = {request.order_no for request in context.portal.collect().requests}
            taken = context.ledger.taken_orders(context.shop)
        except QsmBotError as error:
            _log.warning("list_not_compared", error=error.message.en)
            return "?"
        before = [request.order_no for request in listing.requests]
        return some_of([each for each in before if each not in now and each not in taken]) or "–"

    def _outcome_of(self, act: Act, error: QsmBotError) -> Outcome:
        """Say what became of an order that an error ended; a look follows every click."""
        if not act.committed and act.state in _CLICKED:
            asked, left = act.state is ActState.CONFIRM_OPEN, act.may_have_sent
            return verdict_before_commit(error.message, self._look(), asked=asked, left=left)
        if act.may_have_sent:
            return Outcome(kind=OutcomeKind.UNKNOWN, detail=error.message)
        if isinstance(error, RowGone):
            return outcome_of_missing(self._look(), error)
        kind = error.outcome if isinstance(error, OrderProblem) else OutcomeKind.NOT_SENT
        return Outcome(kind=OutcomeKind(kind), detail=error.message)

    def _look_after(self, pressed: Pressed) -> OrderStatus | None:
        """Look; while the portal's list contradicts its alert, it may be an old one: again."""
        sighting = self._look()
        for seconds in _LOOK_AGAIN_AFTER:
            if sighting is None or not (pressed.completed and sighting.open):
                break
            self._context.portal.rest(seconds)
            sighting = self._look()
        return sighting

    def _look(self) -> OrderStatus | None:
        try:
            return self._context.portal.look(self._row.order_no)
        except QsmBotError as error:
            _log.warning("look_failed", order_no=self._row.order_no, error=error.message.en)
            return None

    def _picture(self, name: str, taken: bytes | None = None) -> tuple[str, str, str]:
        picture = taken or self._context.portal.picture()
        file = f"{self._row.order_no}-{name}.png"
        kept = self._context.pictures.keep(self._run_id, file, picture)
        return name, kept.path, kept.sha256

    def _try_picture(self, name: str, taken: bytes | None = None) -> list[tuple[str, str, str]]:
        # After the press a missing picture is a gap in the evidence, not a reason to stop.
        try:
            return [self._picture(name, taken)]
        except QsmBotError as error:
            _log.warning("picture_missing", order_no=self._row.order_no, error=error.message.en)
            return []

    def _receipt(self, outcome: Outcome) -> Receipt:
        row = self._row
        return Receipt(order_no=row.order_no, outcome=outcome, reason=row.reason, text=row.text)


def outcome_of_missing(sighting: OrderStatus | None, problem: RowGone) -> Outcome:
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


def _settle_if_open(act: Act, outcome: Outcome) -> None:
    # A run that took the shop over meanwhile has settled what this one left.
    with suppress(IllegalTransition):
        act.settle(outcome)
