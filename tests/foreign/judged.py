"""One press on a generated page, and what must be true of it whatever the page did."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser

from flows._parts.verdict import left_of
from flows._parts.verdict_table import Left
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.domain.request import RefusalReason
from qsm_bot.portal.protocol import Pressed
from tests.foreign.variants import CODE, OTHER, OURS, TEXT, Clone, Effect, Variant
from tests.integration.portal.parts import page_of, permit, seat_at
from tests.patience import patient
from tests.support import StepLog

_SECONDS = 0.5
_AMPLE_SECONDS = 30.0
"""For a page that ends by itself: on a slow machine that may take its time."""
_AFTERWARDS_MS = 120
"""In a quiet browser; what a page sends once more it sends within 60 ms of its last word."""


@dataclass(frozen=True)
class PressEnd:
    """What one press came to, and what the server carried out meanwhile and afterwards."""

    pressed: Pressed | None
    error: QsmBotError | None
    steps: Sequence[str]
    effects: Sequence[Effect]
    neighbours: Sequence[str]


def press_on(browser: Browser, site: Clone, variant: Variant) -> PressEnd:
    """Choose the reason on the variant's page and press キャンセル拒否, in a context of its own."""
    site.take(variant)
    log, pressed, error = StepLog(), None, None
    limit = patient(_AMPLE_SECONDS if variant.is_plain else _SECONDS)
    with browser.new_context() as context:
        seat = seat_at(context, site.url, timeout=limit, alert_timeout=limit)
        seat._listed = frozenset({OURS, OTHER})
        try:
            seat.choose(RefusalReason(variant.reason), TEXT if variant.reason == "other" else None)
            pressed = seat.press(permit(order_no=OURS), log)
        except QsmBotError as raised:
            error = raised
        if not page_of(seat).is_closed():
            page_of(seat).wait_for_timeout(patient(_AFTERWARDS_MS))
    return PressEnd(pressed, error, log.names, list(site.effects), list(site.neighbours))


def broken_promises(variant: Variant, end: PressEnd) -> list[str]:
    """Return the promises that this press broke; none is the only right answer."""
    wanted = _wanted(variant)
    may_have_left = "answered" in end.steps or (end.pressed is not None and _left(end.pressed))
    checks = {
        "another order, reason or text took effect": any(each != wanted for each in end.effects),
        "took effect twice": len(end.effects) > 1 and not _is_unknowable(variant),
        "a neighbour was pressed": bool(end.neighbours),
        "an effect where nothing is said to have left": bool(end.effects) and not may_have_left,
        "done, nothing held, and no effect": _is_done(end)
        and not end.effects
        and _is_honest(variant, end),
        f"a plain page was not refused: {end.error or ''}": variant.is_plain and not _is_done(end),
    }
    return [promise for promise, broken in checks.items() if broken]


def _wanted(variant: Variant) -> Effect:
    if variant.names == "session":
        return Effect(OURS, "?", "")
    return Effect(OURS, CODE[variant.reason], TEXT if variant.reason == "other" else "")


def _is_done(end: PressEnd) -> bool:
    return end.pressed is not None and end.pressed.completed


def _left(pressed: Pressed) -> bool:
    return left_of(pressed) in (Left.ANSWERED, Left.UNANSWERED)


def _is_unknowable(variant: Variant) -> bool:
    """Whether no reader of requests could tell that this refuses again."""
    only_reads = (variant.names, variant.transport) == ("session", "get")
    return variant.transport == "beacon" or only_reads


def _is_honest(variant: Variant, end: PressEnd) -> bool:
    """Whether the page says that it is done only if it is: not if what it sent was held."""
    return variant.network not in ("cut", "307") and not (end.pressed and end.pressed.held)
