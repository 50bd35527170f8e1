"""What happened to an order, from what was seen: pure, and `unknown` unless it is proven.

Observations are boiled down to one row of `verdict_table`; nothing is decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flows._parts.verdict_table import (
    NOT_SEEN,
    Left,
    Said,
    ShownState,
    row_for,
)
from qsm_bot.base.words import Words
from qsm_bot.domain.order_status import StatusLook
from qsm_bot.domain.request import Outcome, OutcomeKind, Proof, ProofKind, kinds_of
from qsm_bot.portal.protocol import OrderStatus, Pressed

_NEEDED_KINDS = 2
_WITH_PROOFS = (OutcomeKind.REFUSED, OutcomeKind.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class PressVerdict:
    """A verdict; `contradiction` says that the portal contradicts itself, so the run must end."""

    outcome: Outcome
    contradiction: bool


def proofs_of(
    pressed: Pressed | None, sighting: OrderStatus, standing: StatusLook | None = None
) -> tuple[Proof, ...]:
    """Return the proofs that speak for a refusal.

    Args:
        pressed: what the press came to, or None for a later look.
        sighting: the fresh look.
        standing: what QAPI says, if it was asked.
    """
    proofs: list[Proof] = []
    if pressed is not None and pressed.completed:
        proofs.append(Proof(kind=ProofKind.ALERT, seen=pressed.alert or "", at=sighting.at))
    if sighting.open is False:
        proofs.append(Proof(kind=ProofKind.LIST_ABSENT, seen=sighting.status, at=sighting.at))
    if sighting.refused:
        proofs.append(Proof(kind=ProofKind.REFUSED_LIST, seen=sighting.status, at=sighting.at))
    before = pressed.before if pressed is not None else {}
    if _moved_by_one(before, sighting.counters):
        seen = ", ".join(f"{k}: {before[k]}→{sighting.counters[k]}" for k in before)
        proofs.append(Proof(kind=ProofKind.COUNTER, seen=seen, at=sighting.at))
    if standing is not None and standing.speaks_for_refusal:
        proofs.append(Proof(kind=ProofKind.QAPI, seen=standing.text, at=standing.at))
    return tuple(proofs)


def agrees(standing: StatusLook, sighting: OrderStatus | None, *, completed: bool) -> bool:
    """Say whether QAPI can be right beside what the portal showed; None contradicts nothing."""
    seen: list[tuple[bool | None, bool | None]] = []
    if completed:
        seen += [(True, standing.refused), (False, standing.open)]
    if sighting is not None:
        seen += [(sighting.open, standing.open), (sighting.refused, standing.refused)]
    return all(here is there or None in (here, there) for here, there in seen)


def _moved_by_one(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    steps = [after.get(label, number) - number for label, number in before.items()]
    return steps == [-1, 1]


def left_of(pressed: Pressed) -> Left:
    """Say what left of a press that was confirmed.

    An answer counts only for its own request: where several may have been the refusal, all
    of them must have been answered, and none held back.
    """
    if pressed.answer is None:
        return Left.HELD if pressed.held else Left.NOTHING
    answers = (pressed.answer, *pressed.others)
    well = all(answer.status == HTTPStatus.OK for answer in answers)
    return Left.ANSWERED if well and not pressed.held else Left.UNANSWERED


def judge_press(
    pressed: Pressed, sighting: OrderStatus | None, standing: StatusLook | None = None
) -> PressVerdict:
    """Judge a press by its dialogs, a fresh look (None: it failed) and QAPI (None: not asked).

    That QAPI has the request still open weighs nothing: it may be how things stood before
    the press.
    """
    standing = standing if standing is not None and not standing.open else None
    said = Said.DONE if pressed.completed else Said.NO if pressed.alert else Said.SILENT
    shown = _shown(pressed, sighting, standing)
    seen = sighting or (_unseen(standing) if standing else None)
    proofs = proofs_of(pressed, seen, standing) if seen else ()
    facts = {
        "doubt": pressed.doubt or pressed.alert or "",
        "alert": pressed.alert or "",
        "qapi": standing.text if standing else "",
    }
    row = row_for(said, left_of(pressed), shown)
    proven = proofs if shown is not ShownState.DISPUTED and row.detail is not NOT_SEEN else ()
    return PressVerdict(
        outcome=_outcome(row.kind, row.detail, proven, facts), contradiction=row.stops
    )


def verdict_before_commit(
    detail: Words, sighting: OrderStatus | None, *, asked: bool, left: bool
) -> Outcome:
    """Judge a click that was not confirmed.

    Args:
        detail: why it was not.
        sighting: the look that followed, or None if it failed.
        asked: whether a confirm stood open.
        left: whether something left all the same that may have acted.
    """
    said = Said.ASKED if asked else Said.UNASKED
    shown = _shown(None, sighting, None)
    row = row_for(said, Left.UNANSWERED if left else Left.NOTHING, shown)
    return _outcome(row.kind, row.detail, (), {"doubt": detail})


def verdict_of_look(
    sighting: OrderStatus,
    standing: StatusLook | None = None,
    *,
    age_seconds: float,
    settle_seconds: float,
) -> Outcome:
    """Judge an attempt whose outcome was unknown by looks alone.

    Args:
        sighting: the fresh look.
        standing: what QAPI says, if it was asked.
        age_seconds: since the attempt last moved.
        settle_seconds: how long a slow server may still act on a request.
    """
    said = Said.EARLY if age_seconds < settle_seconds else Said.LATER
    shown = _shown(None, sighting, standing)
    row = row_for(said, Left.UNANSWERED, shown)
    facts = {"minutes": age_seconds / 60, "qapi": standing.text if standing else ""}
    says_refused = shown in (ShownState.REFUSED, ShownState.ONE_PROOF)
    proofs = proofs_of(None, sighting, standing) if says_refused else ()
    return _outcome(row.kind, row.detail, proofs, facts)


def _outcome(
    kind: OutcomeKind, detail: Words | None, proofs: tuple[Proof, ...], facts: Mapping[str, object]
) -> Outcome:
    proofs = proofs if kind in _WITH_PROOFS else ()
    told = {"proofs": ", ".join(kinds_of(proofs)) or "–", **facts}
    return Outcome(kind=kind, proofs=proofs, detail=detail.filled(**told) if detail else None)


def _shown(
    pressed: Pressed | None, sighting: OrderStatus | None, standing: StatusLook | None
) -> ShownState:
    """Take lists, counters and QAPI together."""
    completed = pressed is not None and pressed.completed
    if standing is not None and not agrees(standing, sighting, completed=completed):
        return ShownState.DISPUTED
    if sighting is None and standing is None:
        return ShownState.UNSEEN
    seen = sighting or _unseen(standing)
    if seen.open:
        return ShownState.TORN if seen.refused else ShownState.OPEN
    return _shown_away(pressed, seen, standing)


def _shown_away(
    pressed: Pressed | None, seen: OrderStatus, standing: StatusLook | None
) -> ShownState:
    """The same, of an order that was not seen open."""
    kinds = {proof.kind for proof in proofs_of(pressed, seen, standing)} - {ProofKind.ALERT}
    if seen.refused or (standing is not None and standing.refused):
        return ShownState.REFUSED if len(kinds) >= _NEEDED_KINDS else ShownState.ONE_PROOF
    if seen.open is False and seen.refused is False:
        return ShownState.AWAY
    if seen.open is False and _stood_still(pressed, seen):
        return ShownState.BELIED
    return ShownState.BORNE_OUT if kinds and seen.refused is None else ShownState.UNCLEAR


def _stood_still(pressed: Pressed | None, seen: OrderStatus) -> bool:
    """Whether the refused were counted before and after, and have not become more."""
    label = list(pressed.before)[-1] if pressed is not None and pressed.before else None
    if pressed is None or label is None or label not in seen.counters:
        return False
    return seen.counters[label] <= pressed.before[label]


def _unseen(standing: StatusLook | None) -> OrderStatus:
    """Return the look that could not be taken, beside what QAPI says."""
    if standing is None:
        raise ValueError("nothing was seen")
    return OrderStatus(
        order_no=standing.order_no,
        open=None,
        refused=None,
        status="",
        counters={},
        at=standing.at,
    )
