"""The press of キャンセル拒否 at a clone: what the page says to it, and what leaves the browser."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Error, Locator, Route

from qsm_bot.acceptance.clone.clone_page import Answerer, ClonePage
from qsm_bot.acceptance.clone.dialog import DialogSeen
from qsm_bot.acceptance.clone.outgoing import SentRequest
from qsm_bot.acceptance.manual import REASONS, REFUSE
from qsm_bot.base.words import same
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.layers import LayersInSight
from qsm_bot.portal.pages.order_details import ORDER_NO

# A page begins at once what a press makes it do; for so long nothing new must come.
_QUIET = 0.3
# How long a page may take to ask something after a press.
_PATIENCE = 3.0
_HOLD_MS = 1000
_EVERYTHING = "**/*"
_LABELS = "(select) => [...select.options].map((option) => option.label)"
_CHOSEN = "(select) => [...select.selectedOptions].map((option) => option.value)"
_NAMES = """(button) => {
    const calls = `${button.getAttribute("onclick") ?? ""} ${button.getAttribute("href") ?? ""}`;
    const posted = /__doPostBack\\(\\s*['"]([^'"]*)/.exec(calls)?.[1] ?? "";
    return [button.name ?? "", button.id, posted];
}"""
_NONE_CHOSEN = "(select) => { select.selectedIndex = -1; }"


@dataclass(frozen=True, slots=True)
class PressResult:
    """What followed one press: the dialogs in order, and the acts that were sent, or blocked."""

    dialogs: tuple[DialogSeen, ...]
    acts: tuple[SentRequest, ...]

    def texts(self, kind: str) -> tuple[str, ...]:
        """Return what the dialogs of one kind said."""
        return tuple(each.text for each in self.dialogs if each.kind == kind)

    @property
    def asked(self) -> tuple[str, ...]:
        """What was asked that could have been accepted."""
        return tuple(each.text for each in self.dialogs if each.kind in ("confirm", "prompt"))


def dismiss(kind: str, _text: str) -> bool:
    """Close alerts, and press キャンセル wherever something is asked."""
    return kind == "alert"


def accept(kind: str, text: str) -> bool:
    """Press OK, in a confirm only if it speaks of a refusal: nobody agreed to another act."""
    return kind == "alert" or (kind == "confirm" and same(REFUSE) in same(text))


def offered_reasons(clone_page: ClonePage) -> list[str]:
    """Return the labels of the pull-down, once it is filled in.

    Raises:
        SelectorDrift: it is not there.
    """
    pull_down = clone_page.elements.only("reason")
    with border("キャンセル拒否理由", clone_page.page):
        if not clone_page.until(lambda: pull_down.count() > 0, _PATIENCE):
            raise clone_page.elements.lost("reason")
        labels: list[str] = pull_down.first.evaluate(_LABELS)
    return labels


def choose_reason(clone_page: ClonePage, reason: str, text: str = "") -> None:
    """Pick a reason by its label, and type the text as a person's input method would.

    Raises:
        ReasonMissing: it is not offered.
        PortalSlow: the box cannot be written in.
    """
    clone_page.claims.choose_reason(reason, None)
    if text:
        with border("その他", clone_page.page):
            box = clone_page.elements.only("reason_text")
            box.click()
            box.clear()
            box.page.keyboard.insert_text(text)


def clear_reason(clone_page: ClonePage) -> None:
    """Take back any reason that is chosen beforehand."""
    label, _ = clone_page.claims.read_back()
    if same(label) not in map(same, REASONS):
        return
    with border("キャンセル拒否理由", clone_page.page):
        clone_page.elements.only("reason").first.evaluate(_NONE_CHOSEN)


def dry_press(clone_page: ClonePage, answer: Answerer) -> PressResult:
    """Press キャンセル拒否 while every request that could act is blocked; return what was tried.

    Raises:
        PortalSlow, SelectorDrift: the button cannot be pressed.
    """
    with clone_page.outgoing.blocking_acts():
        return _press(clone_page, answer, _says_something, _PATIENCE)


def press_and_accept(clone_page: ClonePage) -> PressResult:
    """Press キャンセル拒否, OK in the confirm, and wait for what the page says then.

    Raises:
        PortalSlow, SelectorDrift: the button cannot be pressed.
    """
    return _press(clone_page, accept, _alerts, clone_page.target.timeout)


def press_twice(clone_page: ClonePage) -> PressResult:
    """Press as `press_and_accept`, and once more while the first request is under way.

    Raises:
        PortalSlow, SelectorDrift: the button cannot be pressed.
    """
    with _SecondPress(clone_page) as second:
        return _press(clone_page, accept, _alerts, clone_page.target.timeout, second)


class _SecondPress:
    """Delays the first act by a second, and presses again meanwhile; a further act is blocked."""

    def __init__(self, clone_page: ClonePage) -> None:
        self._clone_page = clone_page
        self._routed: list[Route] = []
        self._is_done = False
        self._middle: tuple[float, float] | None = None

    def __enter__(self) -> Self:
        self._clone_page.page.context.route(_EVERYTHING, self._delay)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Error):
            self._clone_page.page.context.unroute(_EVERYTHING, self._delay)

    def aim(self, button: Locator) -> None:
        """Remember where the button is: a page on its way to another tells nothing any more."""
        place = button.bounding_box()
        if place:
            self._middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2

    def press(self) -> None:
        """Press once more, as soon as the first act is on its way."""
        if self._is_done or not self._routed:
            return
        self._is_done = True
        # By the mouse, where the button was: whatever lies over it now gets the click.
        if self._middle:
            self._clone_page.claims.details.window.mouse.click(*self._middle)

    def end(self) -> None:
        """Drop the acts that were not sent."""
        for route in self._routed[1:]:
            with suppress(Error):
                route.abort("blockedbyclient")

    def _delay(self, route: Route) -> None:
        if not self._clone_page.outgoing.is_act(route.request):
            route.fallback()
            return
        self._routed.append(route)
        if len(self._routed) > 1:
            return
        # The page may not answer meanwhile, so letting go does not wait for the second press.
        self._clone_page.page.wait_for_timeout(_HOLD_MS)
        route.fallback()


def _press(
    clone_page: ClonePage,
    answer: Answerer,
    ends: Callable[[PressResult], bool],
    patience: float,
    second: _SecondPress | None = None,
) -> PressResult:
    before = len(clone_page.dialogs)
    clone_page.outgoing.marks = _marks(clone_page)

    def so_far() -> PressResult:
        return PressResult(tuple(clone_page.dialogs[before:]), tuple(clone_page.outgoing.acts))

    layers = LayersInSight(clone_page.elements, clone_page.target.pack.layers)
    layers.remember()

    def has_ended() -> bool:
        clone_page.answer_layers(layers, answer)
        if second:
            second.press()
        return ends(so_far())

    with (
        clone_page.outgoing.recording_acts(),
        clone_page.answering(answer),
        border("キャンセル拒否", clone_page.page),
    ):
        button = _button(clone_page)
        if second:
            second.aim(button)
        button.click(force=True, no_wait_after=True)
        clone_page.until(has_ended, patience)
        if second:
            second.end()
        clone_page.settle(_QUIET)
    return so_far()


def _marks(clone_page: ClonePage) -> frozenset[str]:
    """Return what a refusal of the order that is shown carries: one of these, or several."""
    label, text = clone_page.claims.read_back()
    (number,) = clone_page.elements.ask_all(ORDER_NO)
    names = _button(clone_page).evaluate(_NAMES)
    values = clone_page.elements.only("reason").first.evaluate(_CHOSEN)
    marks = (number, label, text, *names, *values)
    return frozenset(same(each) for each in marks if len(same(each)) > 1)


def _button(clone_page: ClonePage) -> Locator:
    """Return the button; one that is disabled is pressed anyway, as people do."""
    buttons = clone_page.elements.only("refuse_button")
    visible = buttons.and_(clone_page.elements.details_at.locator("css=:visible"))
    usable = visible.and_(clone_page.elements.details_at.locator("css=:not(:disabled)"))
    found = (usable if usable.count() else visible).first
    found.scroll_into_view_if_needed()
    return found


def _says_something(press: PressResult) -> bool:
    return bool(press.dialogs or press.acts)


def _alerts(press: PressResult) -> bool:
    return bool(press.texts("alert"))
