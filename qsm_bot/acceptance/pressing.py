"""The press of キャンセル拒否 at a clone: what the page says to it, and what leaves the browser."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Error, Locator, Route

from qsm_bot.acceptance.desk import Answerer, Desk
from qsm_bot.acceptance.manual import REASONS, REFUSE
from qsm_bot.acceptance.verdicts import Said
from qsm_bot.acceptance.wire import Sent
from qsm_bot.portal.border import border
from qsm_bot.words import same

# What a page does upon a press it begins at once; so long nothing new must come.
_QUIET = 0.3
# So long a press that should ask something may take to do so.
_PATIENCE = 3.0
_HOLD_MS = 1000
_EVERYTHING = "**/*"
_LABELS = "(select) => [...select.options].map((option) => option.label)"
_NONE_CHOSEN = "(select) => { select.selectedIndex = -1; }"


@dataclass(frozen=True, slots=True)
class Press:
    """What followed one press: the dialogs in order, and the acts that were tried or sent."""

    dialogs: tuple[Said, ...]
    acts: tuple[Sent, ...]

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
    """Press OK, in a confirm only if it speaks of a refusal: on another act nobody agreed."""
    return kind == "alert" or (kind == "confirm" and same(REFUSE) in same(text))


def offered(desk: Desk) -> list[str]:
    """Return the labels of the pull-down, once it is filled in.

    Raises:
        SelectorDrift: it is not there.
    """
    pull_down = desk.elements.only("reason")
    with border("キャンセル拒否理由", desk.page):
        if not desk.until(lambda: pull_down.count() > 0, _PATIENCE):
            raise desk.elements.lost("reason")
        labels: list[str] = pull_down.first.evaluate(_LABELS)
    return labels


def choose(desk: Desk, reason: str, text: str = "") -> None:
    """Pick a reason by its label, and type the text as a person's input method would.

    Raises:
        ReasonMissing: it is not offered.
        PortalSlow: the box cannot be written in.
    """
    desk.claims.choose_reason(reason, None)
    if text:
        with border("その他", desk.page):
            box = desk.elements.only("reason_text")
            box.click()
            box.clear()
            box.page.keyboard.insert_text(text)


def choose_none(desk: Desk) -> None:
    """Take back any reason that is chosen beforehand."""
    label, _ = desk.claims.read_back()
    if same(label) not in map(same, REASONS):
        return
    with border("キャンセル拒否理由", desk.page):
        desk.elements.only("reason").first.evaluate(_NONE_CHOSEN)


def press(desk: Desk, answer: Answerer) -> Press:
    """Press キャンセル拒否 with nothing let out that could act; what was tried is told.

    Raises:
        PortalSlow, SelectorDrift: the button cannot be pressed.
    """
    with desk.wire.held():
        return _press(desk, answer, _says_something, _PATIENCE)


def press_in_earnest(desk: Desk) -> Press:
    """Press キャンセル拒否, OK in the confirm, and wait for what the page says then.

    Raises:
        PortalSlow, SelectorDrift: the button cannot be pressed.
    """
    return _press(desk, accept, _alerts, desk.target.timeout)


def press_twice(desk: Desk) -> Press:
    """Press as `press_in_earnest`, and once more while the first request is under way.

    Raises:
        PortalSlow, SelectorDrift: the button cannot be pressed.
    """
    with _SecondPress(desk) as second:
        return _press(desk, accept, _alerts, desk.target.timeout, second)


class _SecondPress:
    """Keeps the first act back for a second, and presses again meanwhile.

    A further act is told, and not let out.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._routed: list[Route] = []
        self._is_done = False

    def __enter__(self) -> Self:
        self._desk.page.context.route(_EVERYTHING, self._keep_back)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Error):
            self._desk.page.context.unroute(_EVERYTHING, self._keep_back)

    def press(self) -> None:
        """Press once more, as soon as the first act is on its way."""
        if self._is_done or not self._routed:
            return
        self._is_done = True
        # By the mouse, where the button is seen now: whatever lies over it gets the click.
        place = _button(self._desk).bounding_box()
        if place:
            middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
            self._desk.claims.pane.window.mouse.click(*middle)

    def end(self) -> None:
        """Drop what was not let out."""
        for route in self._routed[1:]:
            with suppress(Error):
                route.abort("blockedbyclient")

    def _keep_back(self, route: Route) -> None:
        if not self._desk.wire.is_act(route.request):
            route.fallback()
            return
        self._routed.append(route)
        if len(self._routed) > 1:
            return
        # The page may not answer meanwhile, so letting go does not wait for the second press.
        self._desk.page.wait_for_timeout(_HOLD_MS)
        route.fallback()


def _press(
    desk: Desk,
    answer: Answerer,
    ends: Callable[[Press], bool],
    patience: float,
    second: _SecondPress | None = None,
) -> Press:
    before = len(desk.heard)

    def so_far() -> Press:
        return Press(tuple(desk.heard[before:]), tuple(desk.wire.acts))

    def has_ended() -> bool:
        if second:
            second.press()
        return ends(so_far())

    with desk.wire.pressed(), desk.answering(answer), border("キャンセル拒否", desk.page):
        _button(desk).click(force=True, no_wait_after=True)
        desk.until(has_ended, patience)
        if second:
            second.end()
        desk.settle(_QUIET)
    return so_far()


def _button(desk: Desk) -> Locator:
    """Return the button; one that cannot be pressed is pressed all the same, as people do."""
    buttons = desk.elements.only("refuse_button")
    visible = buttons.and_(desk.elements.pane.locator("css=:visible"))
    usable = visible.and_(desk.elements.pane.locator("css=:not(:disabled)"))
    found = (usable if usable.count() else visible).first
    found.scroll_into_view_if_needed()
    return found


def _says_something(press: Press) -> bool:
    return bool(press.dialogs or press.acts)


def _alerts(press: Press) -> bool:
    return bool(press.texts("alert"))
