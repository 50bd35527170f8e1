"""The judge: do the portal's journal, the ledger and the outputs keep every promise?

- I1: at most one refusal request per permit, none in a rehearsal, never two effects.
- I2: committed only after identity, reason, text and confirm were read and recorded.
- I3: `refused` only with proofs of two kinds.
- I4: after a commit no second attempt, unless a look has settled the first as not sent.
- I5: every run ends with an exit code and leaves no attempt halfway.
- I6: no secret in any output.
- effects: nothing but refusals was done at the portal.
- buttons: neither of the neighbouring buttons was pressed.
- duty: each refusal is one duty to ship on its day, and is ended for a reason.
- standing: what a standing order let through was within its limits.
- agreement: journal and ledger say the same of every order.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from qsm_bot.base.words import same
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind, kinds_of
from qsm_bot.ledger import ActState, Attempt, Event
from qsm_bot.ledger.attempts import ANSWERED
from qsm_bot.ledger.states import PROOFS_NEEDED
from qsm_bot.mock_portal.journal import Effect
from qsm_bot.mock_portal.testing.duty_invariants import (
    each_duty_ends_for_a_reason,
    each_refusal_is_one_duty,
)
from qsm_bot.mock_portal.testing.history import Breach, History
from qsm_bot.mock_portal.testing.pre_approval_invariants import nothing_beyond_a_standing_order

_LEASED, _COMMITTING, _SETTLED = (
    f"attempt.{state}" for state in (ActState.LEASED, ActState.COMMITTING, ActState.SETTLED)
)
_OPENED, _READY, _CONFIRM = (
    f"attempt.{state}" for state in (ActState.OPENED, ActState.READY, ActState.CONFIRM_OPEN)
)
_BEFORE_COMMIT = (_OPENED, _READY, f"attempt.{ActState.ARMED}", _CONFIRM)
_SENT = (_COMMITTING, ANSWERED)
_ENDED = (ActState.SETTLED, ActState.UNKNOWN)
_UNSURE = (OutcomeKind.UNKNOWN, OutcomeKind.NEEDS_PERSON, None)
_NOT_OURS = ("request", "withdraw", "ship", "notice")
_NEIGHBOURS = ("SetCancelConfirm", "SetClaimRetraction")

Found = Iterator[Breach]


def breaches(history: History) -> list[Breach]:
    """Return each way in which the history breaks an invariant; [] = all of them hold."""
    return [finding for check in _CHECKS for finding in check(history)]


def _at_most_one_request(history: History) -> Found:
    used = Counter(
        attempt.order_no
        for attempt in history.attempts
        if attempt.kind is PermitKind.REFUSAL and history.has(attempt.id, _COMMITTING)
    )
    for order, count in _refusal_requests(history).items():
        permits = used[order] if order is not None else 0
        if count > permits and (history.fused or not permits):
            words = f"refusal requests: {count}, permits used: {permits}"
            yield Breach(invariant="I1", order_no=order, words=words)
    for attempt in history.attempts:
        sent = any(history.has(attempt.id, kind) for kind in _SENT)
        if sent and attempt.kind is PermitKind.REHEARSAL:
            yield Breach(invariant="I1", order_no=attempt.order_no, words="a rehearsal was sent")
    effects = Counter(effect.order for effect in history.effects if effect.kind == "refuse")
    for order, times in effects.items():
        if times > 1:
            yield Breach(invariant="I1", order_no=order, words=f"refused {times} times")


def _refusal_requests(history: History) -> Mapping[str | None, int]:
    return Counter(seen.order for seen in history.requests if seen.calls(history.refusal))


def _committed_knowingly(history: History) -> Found:
    attempts = {attempt.id: attempt for attempt in history.attempts}
    committed = set()
    for attempt_id, entries in history.entries.items():
        kinds = [entry.kind for entry in entries]
        if not set(_SENT) & set(kinds):
            continue
        order_no = entries[0].order_no
        if _COMMITTING not in kinds:
            words = ["a request left without a commit"]
        elif attempt_id not in attempts:
            words = ["committed under an attempt that the ledger does not list"]
        else:
            committed.add(order_no)
            before = entries[: kinds.index(_COMMITTING)]
            words = list(_unknowing(history, attempts[attempt_id], before))
        for each in words:
            yield Breach(invariant="I2", order_no=order_no, words=each)
    for order in _refusal_requests(history):
        if order not in committed:
            missing = "a refusal request arrived, but no attempt was committed"
            yield Breach(invariant="I2", order_no=order, words=missing)


def _unknowing(history: History, attempt: Attempt, before: Sequence[Event]) -> Iterator[str]:
    """Give what was not known, or was otherwise, when the attempt was committed."""
    steps = [entry for entry in before if entry.kind in _BEFORE_COMMIT]
    kinds = [entry.kind for entry in steps]
    if tuple(kinds) != _BEFORE_COMMIT:
        taken = ", ".join(kind.removeprefix("attempt.") for kind in kinds)
        yield f"committed after the steps: {taken or 'none'}"
    bodies = {entry.kind: entry.body for entry in steps}
    if _OPENED in bodies:
        shown = bodies[_OPENED].get("facts", {}).get("shown")
        if shown != attempt.order_no:
            yield f"committed while the order {shown} was shown"
    if _READY in bodies:
        facts = bodies[_READY].get("facts", {})
        label, text = facts.get("label"), facts.get("text")
        if same(label or "") != same(history.labels[attempt.reason.value]):
            yield f"committed with the reason {label}, planned {attempt.reason}"
        if (text or None) != attempt.text:
            yield "committed with another text than planned"
    if _CONFIRM in bodies and history.confirm:
        text = bodies[_CONFIRM].get("text")
        if same(text or "") != same(history.confirm):
            yield f"an unknown confirm was accepted: {text}"


def _refused_only_with_proofs(history: History) -> Found:
    for attempt in history.attempts:
        if attempt.outcome is not OutcomeKind.REFUSED:
            continue
        recorded = [
            {proof["kind"] for proof in entry.body.get("proofs", ())}
            for entry in history.entries.get(attempt.id, ())
            if entry.kind == _SETTLED and entry.body.get("outcome") == OutcomeKind.REFUSED
        ]
        if not recorded:
            words = "refused without an entry that says so"
            yield Breach(invariant="I3", order_no=attempt.order_no, words=words)
        kinds = min([set(kinds_of(attempt.proofs)), *recorded], key=len)
        if len(kinds) < PROOFS_NEEDED:
            words = f"refused with these proofs only: {', '.join(sorted(kinds)) or 'none'}"
            yield Breach(invariant="I3", order_no=attempt.order_no, words=words)


def _no_second_attempt(history: History) -> Found:
    open_since: dict[str | None, str | None] = {}
    for entry in history.events:
        order, attempt = entry.order_no, entry.attempt_id
        earlier = open_since.get(order)
        if entry.kind == _LEASED and earlier is not None:
            words = "leased again after a commit that no look has settled as not sent"
            yield Breach(invariant="I4", order_no=order, words=words)
        elif entry.kind == _COMMITTING and earlier is not None:
            yield Breach(invariant="I4", order_no=order, words="committed a second time")
        elif entry.kind == _SETTLED and attempt == earlier and _was_looked_at(entry):
            del open_since[order]
        if entry.kind in _SENT:
            open_since[order] = attempt


def _was_looked_at(entry: Event) -> bool:
    """Say whether a look found that nothing was sent: only looking leads out of `unknown`."""
    came_from, outcome = entry.body.get("from"), entry.body.get("outcome")
    return came_from == ActState.UNKNOWN and outcome == OutcomeKind.NOT_SENT


def _every_run_ends(history: History) -> Found:
    codes = {e.run_id: e.body.get("exit_code") for e in history.events if e.kind == "run.ended"}
    newest = {e.shop: e.run_id for e in history.events if e.kind == "run.begun"}
    ended = set()
    for run in history.runs:
        if run.ended_at is not None and run.exit_code is not None:
            ended.add(run.id)
        elif not history.may_be_open and run.id == newest.get(run.shop, run.id):
            words = f"the run {run.id} has no end, and none came after it"
            yield Breach(invariant="I5", order_no=None, words=words)
        if run.exit_code != codes.get(run.id):
            words = f"the run {run.id}: exit code {run.exit_code}, entry {codes.get(run.id)}"
            yield Breach(invariant="I5", order_no=None, words=words)
    known = {run.id for run in history.runs}
    for attempt in history.attempts:
        if attempt.run_id not in known:
            words = f"its run {attempt.run_id} is not in the ledger"
            yield Breach(invariant="I5", order_no=attempt.order_no, words=words)
        elif attempt.run_id in ended and attempt.state not in _ENDED:
            words = f"left at {attempt.state} by the run {attempt.run_id}, which has ended"
            yield Breach(invariant="I5", order_no=attempt.order_no, words=words)


def _no_secret_is_told(history: History) -> Found:
    for name, number in history.leaks():
        words = f"secret no. {number} stands in {name}"
        yield Breach(invariant="I6", order_no=None, words=words)


def _nothing_but_refusals(history: History) -> Found:
    for effect in history.effects:
        expected = effect.kind == "refuse" or effect.kind in _NOT_OURS
        if not expected and effect.order not in history.others:
            words = f"the portal recorded a {effect.kind}"
            yield Breach(invariant="effects", order_no=effect.order, words=words)


def _no_neighbouring_button(history: History) -> Found:
    for seen in history.requests:
        for service in _NEIGHBOURS:
            if seen.calls(service):
                words = f"the portal was asked for {service}"
                yield Breach(invariant="buttons", order_no=seen.order, words=words)


def _books_agree(history: History) -> Found:
    refusals = {e.order: e for e in history.effects if e.kind == "refuse"}
    done, unsure = _believed(history.attempts)
    for order in dict.fromkeys((*refusals, *done)):
        if order in history.others:
            continue
        effect, attempt = refusals.get(order), done.get(order) or unsure.get(order)
        if effect is None:
            words = ["refused in the ledger, not so at the portal"]
        elif attempt is None:
            words = ["refused at the portal, not so in the ledger"]
        else:
            words = list(_differences(effect, attempt, history.labels))
        for each in words:
            yield Breach(invariant="agreement", order_no=order, words=each)


def _believed(attempts: Sequence[Attempt]) -> tuple[dict[str, Attempt], dict[str, Attempt]]:
    """Return the attempts that say "refused", and those that do not know, each by order."""
    oldest_first = sorted(attempts, key=lambda attempt: attempt.attempt)
    done = {a.order_no: a for a in oldest_first if a.outcome is OutcomeKind.REFUSED}
    unsure = {a.order_no: a for a in oldest_first if a.outcome in _UNSURE}
    return done, unsure


def _differences(effect: Effect, attempt: Attempt, labels: Mapping[str, str]) -> Iterator[str]:
    if attempt.kind is not PermitKind.REFUSAL:
        yield "refused under a rehearsal permit"
    if effect.reason != labels[attempt.reason.value]:
        yield f"reason {effect.reason}, planned {attempt.reason}"
    if (effect.text or None) != attempt.text:
        yield "another text than planned"


_CHECKS: tuple[Callable[[History], Found], ...] = (
    _at_most_one_request,
    _committed_knowingly,
    _refused_only_with_proofs,
    _no_second_attempt,
    _every_run_ends,
    _no_secret_is_told,
    _nothing_but_refusals,
    _no_neighbouring_button,
    _books_agree,
    each_refusal_is_one_duty,
    each_duty_ends_for_a_reason,
    nothing_beyond_a_standing_order,
)
