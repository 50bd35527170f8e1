"""Questions and messages that a page shows as layers of its own, in place of native dialogs.

They are answered by the same script as native ones, and only where the pack says which layers
they are and what their buttons say; one that it does not know ends the press before anything
is sent. The button that goes on is armed like キャンセル拒否 itself: the check at the event holds.
"""

import time

from qsm_bot.base.errors.safety import UnknownLayer
from qsm_bot.portal.act.event_check import EventCheck
from qsm_bot.portal.act.press import ConfirmDialog
from qsm_bot.portal.pages.layers import Layer, LayersInSight
from qsm_bot.portal.selectors.pack import LayerNames

_LOOK_SECONDS = 0.1
# A layer that only means that the page is busy has gone by then.
_UNKNOWN_SECONDS = 1.5


class PageLayers:
    """Answers the layers of one press; native dialogs are not its business.

    Args:
        layers: those of the page, before the click: what is there now is none of the press's.
        check: arms the button that goes on.
        seconds: how long that may be armed.
    """

    def __init__(self, layers: LayersInSight, check: EventCheck, seconds: float) -> None:
        self._layers = layers
        self._check = check
        self._seconds = seconds
        self._seen_at = 0.0
        self._looked_at = 0.0
        layers.remember()

    def answer(self, talk: ConfirmDialog) -> None:
        """Look whether a layer is shown now, and have it answered."""
        if time.monotonic() - self._looked_at < _LOOK_SECONDS:
            return
        names = self._layers.names
        if names is None and (talk.committed or talk.confirm or talk.early):
            return
        self._looked_at = time.monotonic()
        layer = self._layers.new()
        if layer is None:
            return
        kind = self._layers.kind(layer)
        if names is None:
            self._tell_unknown(layer, talk)
        elif kind == "confirm" and not talk.committed and talk.confirm is None:
            self._asked(layer, talk, names)
        elif kind == "alert" and talk.answer_safely("alert", layer.text):
            self._layers.click(self._layers.closing(layer) or "", self._seconds)

    def _asked(self, layer: Layer, talk: ConfirmDialog, names: LayerNames) -> None:
        armed = self._check.ask(names.at, names.go_on, self._seconds)
        accepted = armed and talk.answer_safely("confirm", layer.text)
        if accepted:
            self._layers.click(names.go_on, self._seconds)
        elif layer.offers(names.give_up):
            self._check.disarm()
            self._layers.click(names.give_up, self._seconds)

    def _tell_unknown(self, layer: Layer, talk: ConfirmDialog) -> None:
        self._seen_at = self._seen_at or self._looked_at
        if layer.buttons and self._looked_at - self._seen_at > _UNKNOWN_SECONDS:
            talk.error = UnknownLayer(text=layer.text, buttons=" / ".join(layer.buttons))
            talk.done = True
