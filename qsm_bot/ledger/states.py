"""The life of one attempt: every state, every allowed step, and why."""

from enum import StrEnum

from qsm_bot.base.errors.ledger import IllegalTransition, LedgerRuleBroken
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind, Proof, kinds_of

PROOFS_NEEDED = 2


class ActState(StrEnum):
    """How far one attempt has come; each value is committed before its step is taken."""

    LEASED = "leased"
    OPENED = "opened"
    READY = "ready"
    ARMED = "armed"
    CONFIRM_OPEN = "confirm_open"
    COMMITTING = "committing"
    ALERTED = "alerted"
    VERIFIED = "verified"
    UNKNOWN = "unknown"
    SETTLED = "settled"


# The steps forward; whatever is not here is illegal.
MOVES: dict[tuple[ActState, ActState], str] = {
    (ActState.LEASED, ActState.OPENED): "取引情報 shows the order that the permit names",
    (ActState.OPENED, ActState.READY): "reason and text were read back from the form",
    (ActState.READY, ActState.ARMED): "the intent is safe on disk; the click may follow",
    (ActState.ARMED, ActState.CONFIRM_OPEN): "the confirm is open; still nothing was sent",
    (ActState.CONFIRM_OPEN, ActState.COMMITTING): "point of no return; accept() follows",
    (ActState.COMMITTING, ActState.ALERTED): "the portal said that it is done: first proof",
    (ActState.COMMITTING, ActState.VERIFIED): "no completion alert, yet a look gave two proofs",
    (ActState.ALERTED, ActState.VERIFIED): "a second proof of another kind was seen",
}

_NOTHING_SENT = frozenset(
    {
        OutcomeKind.NOT_SENT,
        OutcomeKind.GONE,
        OutcomeKind.CHANGED,
        OutcomeKind.NEEDS_PERSON,
        OutcomeKind.ALREADY_REFUSED,
    }
)
_PERHAPS_SENT = frozenset({OutcomeKind.UNKNOWN, OutcomeKind.REJECTED, OutcomeKind.NEEDS_PERSON})

# The outcomes in which an attempt may end, by the state that it ends from.
ENDINGS: dict[ActState, frozenset[OutcomeKind]] = {
    # The button was not touched: nothing can have been sent.
    ActState.LEASED: _NOTHING_SENT,
    ActState.OPENED: _NOTHING_SENT,
    ActState.READY: _NOTHING_SENT,
    # Clicked, not confirmed: `unknown` only for a portal that sends without asking.
    ActState.ARMED: _NOTHING_SENT | {OutcomeKind.UNKNOWN},
    # As before; a rehearsal has its end here, the confirm is dismissed.
    ActState.CONFIRM_OPEN: _NOTHING_SENT | {OutcomeKind.UNKNOWN, OutcomeKind.REHEARSED},
    # Accepted: whatever goes wrong is unknown, unless the portal turned it down in words.
    ActState.COMMITTING: _PERHAPS_SENT,
    # One proof is not enough for `refused`.
    ActState.ALERTED: _PERHAPS_SENT,
    # Two proofs: refused; the other two if a later look contradicts them.
    ActState.VERIFIED: frozenset(
        {OutcomeKind.REFUSED, OutcomeKind.UNKNOWN, OutcomeKind.NEEDS_PERSON}
    ),
    # Only looking settles it; `unknown` again when the look could not tell.
    ActState.UNKNOWN: frozenset(
        {
            OutcomeKind.REFUSED,
            OutcomeKind.ALREADY_REFUSED,
            OutcomeKind.NOT_SENT,
            OutcomeKind.GONE,
            OutcomeKind.REJECTED,
            OutcomeKind.NEEDS_PERSON,
            OutcomeKind.UNKNOWN,
        }
    ),
    # The end.
    ActState.SETTLED: frozenset(),
}

BEFORE_COMMIT = frozenset(
    {ActState.LEASED, ActState.OPENED, ActState.READY, ActState.ARMED, ActState.CONFIRM_OPEN}
)
AFTER_COMMIT = frozenset({ActState.COMMITTING, ActState.ALERTED, ActState.VERIFIED})


def check_move(attempt: str, kind: PermitKind, before: ActState, after: ActState) -> None:
    """Check one step forward.

    Raises:
        IllegalTransition: the table has no such step, or a rehearsal would commit.
    """
    rehearsed_past_the_confirm = kind is PermitKind.REHEARSAL and after is ActState.COMMITTING
    if (before, after) not in MOVES or rehearsed_past_the_confirm:
        raise IllegalTransition(attempt=attempt, before=before, after=after)


def check_ending(
    attempt: str, kind: PermitKind, before: ActState, outcome: Outcome, *, answered: bool
) -> ActState:
    """Check an end and return the state that it leads to: `settled`, or `unknown`.

    Raises:
        IllegalTransition: an attempt in this state cannot end so.
        LedgerRuleBroken: `refused` without two proofs of different kinds.
    """
    rehearsed = outcome.kind is OutcomeKind.REHEARSED and kind is not PermitKind.REHEARSAL
    if rehearsed or outcome.kind not in ENDINGS[weighed(before, answered=answered)]:
        after = f"{ActState.SETTLED} ({outcome.kind})"
        raise IllegalTransition(attempt=attempt, before=before, after=after)
    if outcome.kind is OutcomeKind.REFUSED:
        check_proofs(outcome.proofs)
    return ActState.UNKNOWN if outcome.kind is OutcomeKind.UNKNOWN else ActState.SETTLED


def check_proofs(proofs: tuple[Proof, ...]) -> None:
    """Check that the proofs carry a refusal.

    Raises:
        LedgerRuleBroken: they are of fewer than two kinds.
    """
    kinds = kinds_of(proofs)
    if len(kinds) < PROOFS_NEEDED:
        seen = ", ".join(kinds) or "none"
        raise LedgerRuleBroken(detail=f"a refusal needs two proofs of different kinds, not: {seen}")


def weighed(before: ActState, *, answered: bool) -> ActState:
    """Return the state that an end is judged by: a request seen leaving weighs like a commit."""
    return ActState.COMMITTING if answered and before in BEFORE_COMMIT else before


def still_blocks(before: ActState, outcome: OutcomeKind, *, answered: bool) -> bool:
    """Say whether another attempt at the order stays forbidden after this end.

    It is free again only if nothing was sent: said so outright, or ended before the commit.
    """
    if outcome in {OutcomeKind.NOT_SENT, OutcomeKind.REHEARSED}:
        return False
    nothing_sent = weighed(before, answered=answered) in BEFORE_COMMIT
    return not (nothing_sent and outcome in _NOTHING_SENT)
