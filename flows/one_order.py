"""One planned refusal (or rehearsal), on its way through the portal and the ledger."""

from contextlib import suppress

from flows.context import RunContext
from flows.reconcile import REFUSED_BEFORE
from flows.second_look import ask_until
from flows.verdict import agrees, verdict_after_press
from qsm_bot.errors import (
    AlreadyAttempted,
    OrderProblem,
    QsmBotError,
    RowChanged,
    RowDuplicate,
    RowGone,
)
from qsm_bot.ledger import Act, IllegalTransition, Lease
from qsm_bot.log import get_logger
from qsm_bot.model import CancelRequest, Listing, Outcome, OutcomeKind, Receipt
from qsm_bot.plan import Permit, PermitKind, Plan, PlannedRefusal
from qsm_bot.portal.pack import Place
from qsm_bot.portal.protocol import Pressed, Sighting
from qsm_bot.words import Words

_log = get_logger(__name__)
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
        context: RunContext,
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

    def run(self, listing: Listing) -> Receipt:
        """Go the whole way; the outcome is in the ledger when this returns.

        Raises:
            Stopped: the run must end here.
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
            _settle_if_open(act, outcome)
        except QsmBotError as error:
            outcome = _outcome_of_stop(act, error)
            _settle_if_open(act, outcome)
            raise Stopped(self._receipt(outcome), error) from error
        return self._receipt(outcome)

    def _act(self, permit: Permit, act: Act, listing: Listing) -> Outcome:
        portal, row = self._context.portal, self._row
        _raise_if_changed(_row_of(listing, row.order_no), row)
        opened = portal.open(row.order_no)
        _raise_if_changed(opened.request, row)
        requested = opened.request.requested_on
        day = requested.isoformat() if requested else None
        act.opened({"shown": opened.shown_order_no, "requested_on": day})
        self._context.drift.look(portal, Place.DETAILS)
        chosen = portal.choose(row.reason, row.text)
        picture = self._picture("1-before")
        self._raise_if_not_to_press()
        with act.together():
            act.ready({"label": chosen.label, "text": chosen.text})
            act.evidence(*picture)
        pressed = portal.press(permit, act)
        if permit.kind is PermitKind.REHEARSAL:
            outcome = Outcome(kind=OutcomeKind.REHEARSED, detail=REHEARSED)
            act.settle(outcome)
            return outcome
        return self._verify(act, pressed)

    def _raise_if_not_to_press(self) -> None:
        """Check once more what may have changed since, as by a machine that slept meanwhile.

        From the click on the order is finished, whoever asks the run to end.
        """
        self._context.raise_if_stopping()
        self._plan.raise_if_expired(self._context.clock())
        self._lease.renew()

    def _verify(self, act: Act, pressed: Pressed) -> Outcome:
        for picture in self._try_picture("2-after-alert"):
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
        outcome = verdict_after_press(pressed, sighting, standing)
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


def _settle_if_open(act: Act, outcome: Outcome) -> None:
    # A run that took the shop over meanwhile has settled what this one left.
    with suppress(IllegalTransition):
        act.settle(outcome)


def _outcome_of_stop(act: Act, error: QsmBotError) -> Outcome:
    kind = OutcomeKind.UNKNOWN if act.may_have_sent else OutcomeKind.NOT_SENT
    return Outcome(kind=kind, detail=error.message)
