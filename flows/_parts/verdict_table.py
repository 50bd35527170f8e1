"""Every verdict in one table: what the page said, what left, what was seen, and what that means.

Each combination meets exactly one row. `refused` needs two proofs of different kinds;
`not_sent`, `rejected` and `gone` need something seen that proves them; all else is `unknown`.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TypeVar

from qsm_bot.base.words import Words
from qsm_bot.domain.request import OutcomeKind

REFUSED_AFTER_DOUBT = Words(
    "{doubt}; the portal lists the order as refused all the same",
    "{doubt}。ただしポータル上は拒否済みです",
)
CONTRADICTION = Words(
    "the portal said “{alert}”, yet the order still stands in キャンセル要請",
    "「{alert}」と表示されましたが、注文はまだキャンセル要請にあります",
)
NOT_AMONG_REFUSED = Words(
    "the portal said “{alert}” and the order left キャンセル要請, yet it is not among the refused",
    "「{alert}」と表示され一覧から消えましたが、拒否完了の一覧・件数にありません",
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
AS_TOLD = Words("{doubt}", "{doubt}")
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
REFUSED_BEFORE = Words(
    "the portal lists it as refused already; it must be shipped on the day of the refusal",
    "ポータル上で既に拒否済みです。拒否した当日中の発送が必要です",
)
TOO_EARLY = Words(
    "the order is still open, but a slow server might yet act: look again later",
    "まだ未処理ですが、サーバーの遅れの可能性があります。後で再照合してください",
)

_Names = TypeVar("_Names", bound=StrEnum)


class Said(StrEnum):
    """What the page said, or when it is only looked at."""

    DONE = "done"  # confirm accepted, and the completion alert
    NO = "no"  # confirm accepted, and another alert
    SILENT = "silent"  # confirm accepted, and no alert
    ASKED = "asked"  # a confirm stood open and was not accepted
    UNASKED = "unasked"  # clicked, and no confirm came
    EARLY = "early"  # a later look, while a slow server may still act
    LATER = "later"  # a later look, after that


class Left(StrEnum):
    """What left the browser that may be the refusal."""

    NOTHING = "nothing"
    HELD = "held"  # the fuse kept it back, and nothing else left
    ANSWERED = "answered"  # all of it was answered as it should be, and nothing was held
    UNANSWERED = "unanswered"  # some of it was not


class ShownState(StrEnum):
    """What lists, counters and QAPI show, taken together."""

    REFUSED = "refused"  # refused, by two kinds of proof
    ONE_PROOF = "one proof"  # refused, by one
    BORNE_OUT = "borne out"  # nothing says refused outright; absence or counters fit it
    BELIED = "belied"  # not open, and the counter of the refused stood still
    AWAY = "away"  # neither open nor refused
    OPEN = "open"
    TORN = "torn"  # in both lists
    UNCLEAR = "unclear"  # the look could not tell
    DISPUTED = "disputed"  # QAPI says otherwise than the pages
    UNSEEN = "unseen"  # no look succeeded


@dataclass(frozen=True, kw_only=True)
class VerdictRow:
    """One row: where it applies, what the outcome is, and why.

    `stops` says that the run must end: the portal contradicts itself.
    """

    said: frozenset[Said]
    left: frozenset[Left]
    shown: frozenset[ShownState]
    kind: OutcomeKind
    detail: Words | None
    why: str
    stops: bool = False


def _row(
    said: str, left: str, shown: str, kind: OutcomeKind, detail: Words | None, why: str
) -> VerdictRow:
    """Make a row of names divided by "|"; "*" stands for all, "! …" for all but these."""
    return VerdictRow(
        said=_among(Said, said),
        left=_among(Left, left),
        shown=_among(ShownState, shown),
        kind=kind,
        detail=detail,
        why=why,
        stops=detail is CONTRADICTION,
    )


def _among(kinds: type[_Names], names: str) -> frozenset[_Names]:
    every = frozenset(kinds)
    listed = {kinds(name.strip()) for name in names.lstrip("!").split("|") if name != "*"}
    if names == "*":
        return every
    return every - listed if names.startswith("!") else frozenset(listed)


_K = OutcomeKind
_SENT = "answered|unanswered"
_KEPT = "nothing|held"

ROWS: tuple[VerdictRow, ...] = (
    # The portal said that it is done.
    _row("done", "*", "refused", _K.REFUSED, None, "alert and two more proofs"),
    _row("done", "!held", "one proof|borne out", _K.REFUSED, None, "alert and another proof"),
    _row("done", "held", "one proof|borne out", _K.UNKNOWN, ONE_PROOF, "ours was held back"),
    _row(
        "done",
        "*",
        "away|belied",
        _K.UNKNOWN,
        NOT_AMONG_REFUSED,
        "the refused lack it: it may return",
    ),
    _row("done", "*", "open|torn", _K.NEEDS_PERSON, CONTRADICTION, "alert against list"),
    _row("done", "*", "unclear", _K.UNKNOWN, ONE_PROOF, "the alert alone"),
    _row("done", "*", "unseen", _K.UNKNOWN, NOT_SEEN, "the alert alone, and no look"),
    # It said something else, after all that left had been answered: no, if the lists fit.
    _row("no", "answered", "open", _K.REJECTED, REJECTED, "its own answer, and still open"),
    _row("no", "answered", "away", _K.REJECTED, GONE, "its own answer, and in neither list"),
    _row("no", "!answered", "open|away", _K.UNKNOWN, NOT_SEEN, "not the answer to the refusal"),
    _row("silent", "*", "open|away", _K.UNKNOWN, NOT_SEEN, "a slow server may yet act"),
    # Whatever was said, two proofs are two proofs, and less is not.
    _row("no|silent", "*", "refused", _K.REFUSED, REFUSED_AFTER_DOUBT, "two proofs"),
    _row("no|silent", "*", "one proof", _K.UNKNOWN, ONE_PROOF, "one proof is not enough"),
    _row(
        "no|silent",
        "*",
        "borne out|belied|torn|unclear|unseen",
        _K.UNKNOWN,
        NOT_SEEN,
        "absence fits a withdrawal as well",
    ),
    _row("done|no|silent", "*", "disputed", _K.NEEDS_PERSON, DISAGREE, "page against QAPI"),
    # Not confirmed. What left all the same may have acted, now or later: only a later look tells.
    _row("asked|unasked", _SENT, "*", _K.UNKNOWN, AS_TOLD, "it may have acted unasked"),
    _row("asked|unasked", _KEPT, "open", _K.NOT_SENT, AS_TOLD, "nothing left, and still open"),
    _row("asked|unasked", _KEPT, "away", _K.GONE, AS_TOLD, "nothing left, and in neither list"),
    _row(
        "asked|unasked",
        _KEPT,
        "refused|one proof",
        _K.ALREADY_REFUSED,
        AS_TOLD,
        "nothing of ours left: somebody else refused it",
    ),
    _row(
        "asked",
        _KEPT,
        "torn|unclear|unseen",
        _K.NOT_SENT,
        AS_TOLD,
        "the page stood still behind a question that was never accepted",
    ),
    _row("asked", _KEPT, "borne out|belied|disputed", _K.UNKNOWN, NOT_SEEN, "it left the list"),
    _row(
        "unasked",
        _KEPT,
        "borne out|belied|torn|unclear|disputed|unseen",
        _K.UNKNOWN,
        NOT_SEEN,
        "a click without a question, and no look that proves it harmless",
    ),
    # A later look alone.
    _row("early|later", "*", "refused", _K.REFUSED, SAW_REFUSED, "two proofs"),
    _row("early|later", "*", "one proof", _K.UNKNOWN, ONE_PROOF, "one proof is not enough"),
    _row("early", "*", "open|torn", _K.UNKNOWN, TOO_EARLY, "a slow server may yet act"),
    _row("early", "*", "away", _K.UNKNOWN, TOO_EARLY_GONE, "the buyer may ask again before it"),
    _row("early", "*", "disputed", _K.UNKNOWN, TOO_EARLY_DISAGREE, "one of them may lag"),
    _row("later", "*", "open", _K.NOT_SENT, SAW_OPEN, "still open when nothing can arrive"),
    _row("later", "*", "away", _K.GONE, GONE, "in neither list when nothing can arrive"),
    _row("later", "*", "disputed", _K.NEEDS_PERSON, DISAGREE, "neither of them lags any more"),
    _row("later", "*", "torn", _K.UNKNOWN, CANNOT_TELL, "it cannot be open and refused"),
    _row(
        "early|later",
        "*",
        "borne out|belied|unclear|unseen",
        _K.UNKNOWN,
        CANNOT_TELL,
        "nothing was seen",
    ),
)
"""All verdicts."""

_BY_CASE = {case: row for row in ROWS for case in product(row.said, row.left, row.shown)}


def row_for(said: Said, left: Left, shown: ShownState) -> VerdictRow:
    """Return the row that the combination meets."""
    return _BY_CASE[said, left, shown]
