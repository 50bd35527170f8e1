"""Layers in which a page asks or tells something by itself: what they say, and their buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Error, Frame, Page

from qsm_bot.base.log import get_logger
from qsm_bot.base.words import same
from qsm_bot.portal.pages.elements import Elements, Question
from qsm_bot.portal.selectors.pack import LayerNames

_log = get_logger(__name__)
_GUESSES = ("css=[role=dialog]", "css=[role=alertdialog]", "css=dialog[open]")
_BUTTON = (
    "xpath=.//*[self::button or self::a or @role='button'][normalize-space()='{label}']"
    " | .//input[@type='button' or @type='submit'][normalize-space(@value)='{label}']"
)


@dataclass(frozen=True)
class Layer:
    """One layer.

    Args:
        text: all that it says besides its buttons.
        buttons: what these say.
    """

    text: str
    buttons: tuple[str, ...]

    def offers(self, label: str) -> bool:
        """Whether exactly one of its buttons says so."""
        return [same(each) for each in self.buttons].count(same(label)) == 1


class LayersInSight:
    """The layers of the place where 取引情報 is.

    Args:
        elements: asks the page.
        names: what the pack says of layers; None = nothing, and the usual roles are looked for.
    """

    def __init__(self, elements: Elements, names: LayerNames | None) -> None:
        self.names = names
        self._elements = elements
        self._place: Page | Frame = elements.details_at
        self._before: set[Layer] = set()

    def remember(self) -> None:
        """Take note of those that are there now: they are none of what comes."""
        self._before = set(self._all())

    def note_answered(self, layer: Layer) -> None:
        """Take it for one that is done with, although the page may still show it."""
        self._before.add(layer)

    def new(self) -> Layer | None:
        """Return the layer that has come since, if it is one."""
        layers = [layer for layer in self._all() if layer not in self._before]
        return layers[0] if len(layers) == 1 else None

    def kind(self, layer: Layer) -> Literal["confirm", "alert"] | None:
        """Return which native dialog it stands for, by what the pack says; None if for neither."""
        if self.names is None:
            return None
        if layer.offers(self.names.go_on):
            return "confirm"
        told = self.closing(layer)
        return "alert" if told is not None else None

    def closing(self, layer: Layer) -> str | None:
        """Return what the button says that ends a message; None if the layer is none."""
        close = self.names.close if self.names else ""
        if not close:
            return layer.buttons[0] if len(layer.buttons) == 1 else None
        return close if layer.offers(close) else None

    def click(self, label: str, seconds: float) -> None:
        """Click the one button that says so; one that has gone meanwhile is nobody's trouble."""
        try:
            layer = self._place.locator(self.names.at if self.names else "")
            button = layer.locator(_BUTTON.format(label=same(label))).locator("visible=true")
            button.click(timeout=seconds * 1000, no_wait_after=True)
        except Error as error:
            _log.info("layer_click_ended_with", error=error.message.splitlines()[0])

    def _all(self) -> Sequence[Layer]:
        selectors = [self.names.at] if self.names else list(_GUESSES)
        try:
            question = Question("layers", {"selectors": selectors})
            (found,) = self._elements.ask_at(self._place, question)
        except Exception as error:  # noqa: BLE001  # it is being built anew, or has gone
            _log.debug("layers_unseen", error=repr(error))
            return []
        return [Layer(each["text"], tuple(each["buttons"])) for each in found]
