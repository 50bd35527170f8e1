"""What happened to an order, from what was seen: pure, and `unknown` unless it is proven."""

from collections.abc import Mapping
from http import HTTPStatus

from qsm_bot.model import Outcome, OutcomeKind, Proof, ProofKind, kinds_of
from qsm_bot.portal.protocol import Pressed, Sighting
from qsm_bot.standing import Standing
from qsm_bot.words import Words

_NEEDED_KINDS = 2

REFUSED_AFTER_DOUBT = Words(
    "{doubt}; the portal lists the order as refused all the same",
    "{doubt}。ただしポータル上は拒否済みです",
)
CONTRADICTION = Words(
    "the portal said “{alert}”, yet the order still stands in キャンセル要請",
    "「{alert}」と表示されましたが、注文はまだキャンセル要請にあります",
)
DISAGREE = Words(
    "portal and QAPI contradict each other; QAPI says: {qapi}",
    "ポータルと QAPI の内容が矛盾しています。QAPI: {qapi}",
)
TOO_EARLY_DISAGREE = Words(
    "portal and QAPI contradict each other, but one may lag behind: look again later",
    "ポータルと QAPI が矛盾しています（反映の遅れの可能性）。後で再照合してください",
)
REJECTED = Words(
    "{doubt}; the order still stands in キャンセル要請",
    "{doubt}。まだキャンセル要請にあります",
)
GONE = Words(
    "the order is neither in キャンセル要請 nor refused: withdrawn or cancelled",
    "キャンセル要請にも拒否完了にもありません（取り下げ・キャンセル済み）",
)
ONE_PROOF = Words("only one proof was found: {proofs}", "証拠が1種類しかありません: {proofs}")
NOT_SEEN = Words("{doubt}; how it ended could not be seen", "{doubt}。結果を確認できません")
SAW_REFUSED = Words("a look found the order refused", "照合の結果、拒否済みでした")
SAW_OPEN = Words(
    "a look {minutes:.0f} minutes later found the order still open: nothing was sent",
    "{minutes:.0f} 分後の照合で未処理でした。送信されていません",
)
CANNOT_TELL = Words("the look could not tell", "照合では確認できませんでした")
TOO_EARLY_GONE = Words(
    "the order is in neither list, but the buyer may ask again, and a slow server might yet act:"
    " look again later",
    "どちらの一覧にもありませんが、再要請とサーバーの遅れの可能性があります。後で再照合してください",
)
TOO_EARLY = Words(
    "the order is still open, but a slow server might yet act: look again later",
    "まだ未処理ですが、サーバーの遅れの可能性があります。後で再照合してください",
)


def proofs_of(
    pressed: Pressed | None, sighting: Sighting, standing: Standing | None = None
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


def agrees(standing: Standing, sighting: Sighting | None, *, completed: bool) -> bool:
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


def verdict_after_press(
    pressed: Pressed, sighting: Sighting | None, standing: Standing | None = None
) -> Outcome:
    """Judge a press by its dialogs, a fresh look (None: it failed) and QAPI (None: not asked).

    `refused` needs two proofs of different kinds, and absence, from the list or from QAPI,
    only counts beside one that says refused: the buyer may have withdrawn. That QAPI has the
    request still open weighs nothing: it may be how things stood before the press.
    """
    doubt = pressed.doubt or Words("", "")
    if standing is not None and not standing.open:
        if not agrees(standing, sighting, completed=pressed.completed):
            return _contradicted(standing)
        sighting = sighting or _unseen(standing)
    else:
        standing = None
    if sighting is None:
        words = doubt if pressed.doubt else Words(pressed.alert or "", pressed.alert or "")
        return Outcome(kind=OutcomeKind.UNKNOWN, detail=NOT_SEEN.filled(doubt=words))
    proofs = proofs_of(pressed, sighting, standing)
    if sighting.open:
        return _still_open(pressed, doubt)
    if pressed.completed or sighting.refused or (standing is not None and standing.refused):
        detail = None if pressed.completed else REFUSED_AFTER_DOUBT.filled(doubt=doubt)
        return _refused_if_proven(proofs, detail)
    if _was_answered(pressed) and _is_away(sighting):
        return Outcome(kind=OutcomeKind.REJECTED, detail=GONE)
    return Outcome(kind=OutcomeKind.UNKNOWN, detail=NOT_SEEN.filled(doubt=doubt))


def _contradicted(standing: Standing) -> Outcome:
    detail = DISAGREE.filled(qapi=standing.text)
    return Outcome(kind=OutcomeKind.NEEDS_PERSON, detail=detail)


def _unseen(standing: Standing) -> Sighting:
    """Return the look that could not be taken, beside what QAPI says."""
    return Sighting(
        order_no=standing.order_no,
        open=None,
        refused=None,
        status="",
        counters={},
        at=standing.at,
    )


def _was_answered(pressed: Pressed) -> bool:
    """Whether it is the portal that turned it down in words.

    The page puts words of its own on a request that was lost or broke; the server may
    still act on it.
    """
    status = pressed.answer.status if pressed.answer else None
    return pressed.alert is not None and status == HTTPStatus.OK


def _is_away(sighting: Sighting) -> bool:
    """Whether the look saw that the order is in neither list; None is no sight."""
    return sighting.open is False and sighting.refused is False


def _refused_if_proven(proofs: tuple[Proof, ...], detail: Words | None) -> Outcome:
    if len(kinds_of(proofs)) >= _NEEDED_KINDS:
        return Outcome(kind=OutcomeKind.REFUSED, proofs=proofs, detail=detail)
    kinds = ", ".join(kinds_of(proofs)) or "–"
    detail = ONE_PROOF.filled(proofs=kinds)
    return Outcome(kind=OutcomeKind.UNKNOWN, proofs=proofs, detail=detail)


def _still_open(pressed: Pressed, doubt: Words) -> Outcome:
    if pressed.completed:
        detail = CONTRADICTION.filled(alert=pressed.alert)
        return Outcome(kind=OutcomeKind.NEEDS_PERSON, detail=detail)
    if _was_answered(pressed):
        return Outcome(kind=OutcomeKind.REJECTED, detail=REJECTED.filled(doubt=doubt))
    return Outcome(kind=OutcomeKind.UNKNOWN, detail=NOT_SEEN.filled(doubt=doubt))


def verdict_of_look(
    sighting: Sighting,
    standing: Standing | None = None,
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
    early = age_seconds < settle_seconds
    if standing is not None and not agrees(standing, sighting, completed=False):
        return _unknown(TOO_EARLY_DISAGREE) if early else _contradicted(standing)
    says_refused = sighting.refused or (standing is not None and standing.refused)
    if says_refused and not sighting.open:
        return _refused_if_proven(proofs_of(None, sighting, standing), SAW_REFUSED)
    if sighting.open:
        detail = SAW_OPEN.filled(minutes=age_seconds / 60)
        return _unknown(TOO_EARLY) if early else Outcome(kind=OutcomeKind.NOT_SENT, detail=detail)
    if _is_away(sighting):
        return _unknown(TOO_EARLY_GONE) if early else Outcome(kind=OutcomeKind.GONE, detail=GONE)
    return _unknown(CANNOT_TELL)


def _unknown(detail: Words) -> Outcome:
    return Outcome(kind=OutcomeKind.UNKNOWN, detail=detail)
