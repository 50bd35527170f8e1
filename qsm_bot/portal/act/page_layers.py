"""Questions and messages that a page shows as layers of its own, in place of native dialogs.

They are answered by the same script as native ones, and only where the pack says which layers
they are and what their buttons say; one that it does not know ends the press before anything
is sent. The button that goes on is armed like キャンセル拒否 itself: the check at the event holds.
"""

import time
from dataclasses import dataclass

from playwright.sync_api import Error, Frame, Page

from qsm_bot.base.errors.safety import UnknownLayer
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import same
from qsm_bot.portal.act.event_check import EventCheck
from qsm_bot.portal.act.press import ConfirmDialog
from qsm_bot.portal.pages.elements import Elements, Question
from qsm_bot.portal.selectors.pack import LayerNames

_log = get_logger(__name__)
_GUESSES = ("css=[role=dialog]", "css=[role=alertdialog]", "css=dialog[open]")
_BUTTON = (
    "xpath=.//*[self::button or self::a or @role='button'][normalize-space()='{label}']"
    " | .//input[@type='button' or @type='submit'][normalize-space(@value)='{label}']"
)
_LOOK_SECONDS = 0.1
# A layer that only means that the page is busy has gone by then.
_UNKNOWN_SECONDS = 1.5


@dataclass(frozen=True)
class _Layer:
    text: str
    buttons: tuple[str, ...]


class PageLayers:
    """Answers the layers of one press; native dialogs are not its business.

    Args:
        elements: asks the page.
        names: what the pack says of layers; None = nothing.
        check: arms the button that goes on.
        seconds: how long that may be armed.
    """

    def __init__(
        self, elements: Elements, names: LayerNames | None, check: EventCheck, seconds: float
    ) -> None:
        self._elements = elements
        self._place: Page | Frame = elements.details_at
        self._names = names
        self._check = check
        self._seconds = seconds
        self._before: set[_Layer] = set()
        self._seen_at = 0.0
        self._looked_at = 0.0

    def remember(self) -> None:
        """Take note of the layers that are there before the click: they are none of the press's."""
        self._before = set(self._layers())

    def answer(self, talk: ConfirmDialog) -> None:
        """Look whether a layer is shown now, and have it answered."""
        if time.monotonic() - self._looked_at < _LOOK_SECONDS:
            return
        if self._names is None and (talk.committed or talk.confirm or talk.early):
            return
        self._looked_at = time.monotonic()
        layers = [layer for layer in self._layers() if layer not in self._before]
        if len(layers) != 1:
            return
        (layer,) = layers
        names = self._names
        if names is None:
            self._tell_unknown(layer, talk)
        elif self._has(layer, names.go_on) and not talk.committed and talk.confirm is None:
            self._asked(layer, talk, names)
        elif self._tells(layer, names) and talk.answer_safely("alert", layer.text):
            self._click(names.close)

    def _tells(self, layer: _Layer, names: LayerNames) -> bool:
        return self._has(layer, names.close) and not self._has(layer, names.go_on)

    def _asked(self, layer: _Layer, talk: ConfirmDialog, names: LayerNames) -> None:
        armed = self._check.ask(names.at, names.go_on, self._seconds)
        accepted = armed and talk.answer_safely("confirm", layer.text)
        if accepted:
            self._click(names.go_on)
        elif self._has(layer, names.give_up):
            self._check.disarm()
            self._click(names.give_up)

    def _tell_unknown(self, layer: _Layer, talk: ConfirmDialog) -> None:
        self._seen_at = self._seen_at or self._looked_at
        if layer.buttons and self._looked_at - self._seen_at > _UNKNOWN_SECONDS:
            talk.error = UnknownLayer(text=layer.text, buttons=" / ".join(layer.buttons))
            talk.done = True

    def _has(self, layer: _Layer, label: str) -> bool:
        return [same(each) for each in layer.buttons].count(same(label)) == 1

    def _click(self, label: str) -> None:
        try:
            layer = self._place.locator(self._names.at if self._names else "")
            button = layer.locator(_BUTTON.format(label=same(label))).locator("visible=true")
            button.click(timeout=self._seconds * 1000, no_wait_after=True)
        except Error as error:
            _log.info("layer_click_ended_with", error=error.message.splitlines()[0])

    def _layers(self) -> list[_Layer]:
        selectors = [self._names.at] if self._names else list(_GUESSES)
        try:
            question = Question("layers", {"selectors": selectors})
            (found,) = self._elements.ask_at(self._place, question)
        except Exception as error:  # noqa: BLE001  # it is being built anew, or has gone
            _log.debug("layers_unseen", error=repr(error))
            return []
        return [_Layer(each["text"], tuple(each["buttons"])) for each in found]
