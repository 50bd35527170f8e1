"""What a walk through the portal found, and what the portal is ready for by that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Words
from qsm_bot.domain.page_fingerprint import PLACES, Change
from qsm_bot.portal.selectors.findings import ElementFinding, MatchState
from qsm_bot.portal.selectors.pack import PortalPage

_BAD = (MatchState.MISSING, MatchState.AMBIGUOUS)
_READY, _SOME, _UNSAFE = 0, 20, 90

TO_REFUSE = Words(
    "Ready to refuse: all that a refusal needs is there, once. Rehearse one order first.",
    "拒否の準備ができています（必要な要素はすべて特定済み）。まず1件を予行してください。",
)
TO_REHEARSE = Words(
    "Ready to rehearse. Not judged yet: {keys}. Run this again when there is a cancel request.",
    "予行の準備ができています。未点検: {keys}。キャンセル要請がある時に再点検してください。",
)
TO_MEND = Words(
    "Not ready. Not as known: {keys}. → {what}",
    "準備ができていません。想定と違うもの: {keys} → {what}",
)
BY_POINTING = Words("point at it with `qsm-bot calibrate`", "`qsm-bot calibrate` で教えてください")
BY_PACK = Words(
    "look at the page by eye; what it says now belongs into the selector pack (QSM_SELECTORS)",
    "画面を目で確認し、セレクタパック（QSM_SELECTORS）を直してください",
)
HINDRANCE = Words("Not ready. {what} → {next}", "準備ができていません。{what} → {next}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """What the portal is ready for: "refuse", "rehearse", or None."""

    ready_for: str | None
    words: Words
    exit_code: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyReport:
    """What a walk found: `pictures` are paths by place, `changes` since the walk before.

    `error` kept the walk from beginning.
    """

    findings: tuple[ElementFinding, ...]
    verdict: Readiness
    pictures: Mapping[PortalPage, str]
    troubles: Mapping[PortalPage, QsmBotError]
    changes: tuple[Change, ...] = ()
    compared_with: datetime | None = None
    error: QsmBotError | None = None


def not_checked(findings: tuple[ElementFinding, ...], error: QsmBotError) -> SurveyReport:
    """Return the checkup of a portal that could not be visited."""
    return SurveyReport(
        findings=findings,
        verdict=verdict(findings, [error]),
        pictures={},
        troubles={},
        error=error,
    )


def verdict(findings: Sequence[ElementFinding], troubles: Sequence[QsmBotError]) -> Readiness:
    """Weigh what was found; the worst decides."""
    bad = [finding for finding in findings if finding.state in _BAD]
    # A saved session needs no sign-in page.
    left = [
        finding
        for finding in findings
        if finding.state is MatchState.NOT_VISITED and finding.place is not PortalPage.SIGN_IN
    ]
    worst = max(troubles, key=lambda error: error.exit_code, default=None)
    code = max(_UNSAFE if bad else _SOME if left else _READY, worst.exit_code if worst else 0)
    if bad:
        # A text that changed, or a second button, is nothing that pointing could settle.
        can_point = all(each.state is MatchState.MISSING and each.label is None for each in bad)
        words = TO_MEND.filled(keys=_named(bad), what=BY_POINTING if can_point else BY_PACK)
        return Readiness(ready_for=None, words=words, exit_code=code)
    if worst is not None and worst.exit_code > _SOME:
        words = HINDRANCE.filled(what=worst.message, next=worst.next_words)
        return Readiness(ready_for=None, words=words, exit_code=code)
    if code:
        words = TO_REHEARSE.filled(keys=_named(left) if left else "–")
        return Readiness(ready_for="rehearse", words=words, exit_code=code)
    return Readiness(ready_for="refuse", words=TO_REFUSE, exit_code=code)


def _named(findings: Sequence[ElementFinding]) -> Words:
    """Name elements by the page on which people see them, and by the pack's keys."""
    keys: dict[PortalPage, dict[str, None]] = {}
    for finding in findings:
        keys.setdefault(finding.place, {})[finding.key] = None
    at = [(PLACES[place], ", ".join(named)) for place, named in keys.items()]
    return Words(
        "; ".join(f"{place.en} ({named})" for place, named in at),
        "、".join(f"{place.ja}（{named}）" for place, named in at),
    )
