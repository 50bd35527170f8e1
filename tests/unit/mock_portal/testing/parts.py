"""Histories as the program writes them, on a real ledger in memory, and ways to doctor them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from qsm_bot.domain.plan import Permit, PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind, ProofKind, RefusalReason
from qsm_bot.ledger import ActState, Event, Ledger
from qsm_bot.mock_portal.journal import Effect, RequestSeen
from qsm_bot.mock_portal.testing import builders
from qsm_bot.mock_portal.testing.builders import NOW, proof
from qsm_bot.mock_portal.testing.history import REFUSAL, History
from qsm_bot.mock_portal.testing.invariants import breaches
from qsm_bot.mock_portal.testing.memory import COMPLETED, CONFIRM, LABELS
from qsm_bot.portal.protocol import RefusalAnswer

SHOP = "みほん商店"
ORDER = "700000001"
OTHER_ORDER = "700000002"
TEXT = "ご注文後すぐにお名前の刺繍を開始しており、キャンセルをお受けできません。"
PROOFS = (proof(), proof(kind=ProofKind.REFUSED_LIST))
ANSWER = RefusalAnswer(method="POST", path="/refuse", status=200)
SERVICES = "/GMKT.INC.Gsm.Web/swe_ClaimBizService.asmx"
REASON_LABELS = {reason.value: label for reason, label in LABELS.items()}


def seen(service: str = REFUSAL, order: str | None = ORDER) -> RequestSeen:
    """Return the portal's note of one request."""
    return RequestSeen(time=NOW, method="POST", path=f"{SERVICES}/{service}", order=order)


def effect(order: str = ORDER, **changes: Any) -> Effect:
    """Return the portal's note of one effect."""
    return builders.effect(order=order, **changes)


class Books:
    """The two books of one shop: a real ledger, and the journal that the test writes."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.effects: list[Effect] = []
        self.requests: list[RequestSeen] = []

    def begin(self, command: str = "apply") -> str:
        """Begin a run."""
        return self.ledger.begin_run(SHOP, command, "d" * 64)

    def permit(
        self,
        run_id: str,
        order: str = ORDER,
        kind: PermitKind = PermitKind.REFUSAL,
        text: str | None = None,
    ) -> Permit:
        """Lease an order."""
        reason = RefusalReason.OTHER if text else RefusalReason.SHIPPED
        row = builders.planned(order_no=order, reason=reason, text=text)
        return self.ledger.issue_permit(run_id, SHOP, row, "d" * 64, kind)

    def act(self, permit: Permit, until: ActState, outcome: OutcomeKind | None = None) -> None:
        """Take the steps of one act up to a state; with an outcome, end it there."""
        act = self.ledger.act(permit)
        (attempt,) = (a for a in self.ledger.attempts() if a.id == permit.id)
        label, text = LABELS[attempt.reason], attempt.text or ""
        steps: Mapping[ActState, Callable[[], None]] = {
            ActState.OPENED: lambda: act.opened({"shown": permit.order_no}),
            ActState.READY: lambda: act.ready({"label": label, "text": text}),
            ActState.ARMED: act.armed,
            ActState.CONFIRM_OPEN: lambda: act.confirm_open(CONFIRM),
            ActState.COMMITTING: act.committing,
            ActState.ALERTED: lambda: act.alerted(COMPLETED),
            ActState.VERIFIED: lambda: act.verified(PROOFS),
        }
        for state, step in steps.items():
            if act.state is until:
                break
            step()
            if state is ActState.COMMITTING:
                self.requests.append(seen(order=permit.order_no))
        assert act.state is until
        if outcome is not None:
            proofs = PROOFS if outcome is OutcomeKind.REFUSED else ()
            act.settle(Outcome(kind=outcome, proofs=proofs))

    def settle(self, permit: Permit, outcome: OutcomeKind) -> None:
        """Settle by a look, in a run of its own."""
        run_id = self.begin("reconcile")
        proofs = PROOFS if outcome is OutcomeKind.REFUSED else ()
        self.ledger.settle(permit.id, Outcome(kind=outcome, proofs=proofs), run_id=run_id)
        self.ledger.end_run(run_id, 0)

    def refuse(self, order: str = ORDER, text: str | None = None) -> None:
        """Refuse an order in a run of its own, as on a good day."""
        run_id = self.begin()
        permit = self.permit(run_id, order, text=text)
        self.act(permit, ActState.VERIFIED, OutcomeKind.REFUSED)
        label = LABELS[RefusalReason.OTHER if text else RefusalReason.SHIPPED]
        self.effects.append(effect(order, reason=label, text=text))
        self.ledger.end_run(run_id, 0)

    def attempt(
        self, until: ActState, outcome: OutcomeKind | None = None, code: int | None = 30
    ) -> Permit:
        """Make one attempt at the order in a run of its own; without a code the run dies."""
        run_id = self.begin()
        permit = self.permit(run_id)
        self.act(permit, until, outcome)
        if code is not None:
            self.ledger.end_run(run_id, code)
        return permit

    def history(self, **changes: Any) -> History:
        """Return what both books hold, with changes."""
        history = History.read(
            self.ledger,
            shop=SHOP,
            effects=self.effects,
            requests=self.requests,
            labels=REASON_LABELS,
            confirm=CONFIRM,
        )
        return replace(history, **changes)


def entry(history: History, kind: str) -> Event:
    """Return the one entry of that kind."""
    (found,) = (event for event in history.events if event.kind == kind)
    return found


def without(history: History, *kinds: str) -> History:
    """Return the history with the entries of these kinds taken out."""
    return replace(history, events=[e for e in history.events if e.kind not in kinds])


def told(history: History, kind: str, /, **body: Any) -> History:
    """Return the history with other words in the body of an entry."""
    events = [replace(e, body={**e.body, **body}) if e.kind == kind else e for e in history.events]
    return replace(history, events=events)


def swapped(history: History, kind: str, other: str) -> History:
    """Return the history with two entries in each other's place."""
    places = {kind: entry(history, other), other: entry(history, kind)}
    return replace(history, events=[places.get(e.kind, e) for e in history.events])


def changed(history: History, **columns: Any) -> History:
    """Return the history with other columns in every attempt."""
    return replace(history, attempts=[replace(a, **columns) for a in history.attempts])


Told = tuple[str, str | None, str]


def found(history: History) -> list[Told]:
    """Return all that the judge finds."""
    return [(each.invariant, each.order_no, each.words) for each in breaches(history)]


def broken(history: History) -> set[str]:
    """Return the invariants that the judge finds broken."""
    return {each.invariant for each in breaches(history)}
