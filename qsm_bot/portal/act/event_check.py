"""The check at the event: the click itself passes only while the page is as it was approved.

Between the last look and the click a page may change: on mouse-down, on hover, by a timer. So
`guard.js` stands in every document before its own scripts, judges the very events of the press,
stops what must not pass, and says what it saw; while a dialog is open nothing can be asked of
the page, and what was said before stands.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Frame, Page

from qsm_bot.base.errors.safety import ClickStopped, ClickUnseen
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words, same
from qsm_bot.portal.browser.hang import bounded
from qsm_bot.portal.pages.page_scripts import sight
from qsm_bot.portal.selectors.pack import Pack

_log = get_logger(__name__)
_CALL = "([name, key, door, given]) => window[name] ? window[name](key, door, given) : undefined"
_PATIENCE = 100
_PUMP_MS = 2
_SEEN = Words(
    "{what} is “{seen}” instead of “{wanted}”", "{what} が「{wanted}」ではなく「{seen}」です"
)
_BETWEEN = Words("{one}; {other}", "{one}、{other}")
_WHAT = {
    "order": Words("the order in 取引情報", "取引情報の注文番号"),
    "reason": Words("キャンセル拒否理由", "キャンセル拒否理由"),
    "text": Words("the text", "拒否内容"),
    "button": Words("the number of キャンセル拒否 buttons", "キャンセル拒否ボタンの数"),
    "unreadable": Words("the page", "画面"),
}
_HIDDEN = Words("the hidden field {name}", "隠し項目 {name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """What one press must find: the order, and the form as it was read back.

    `label` and `text` are None where no reason was chosen. `listed` are the order
    numbers of the list, ours among them.
    """

    order_no: str
    label: str | None = None
    text: str | None = None
    listed: Collection[str] = ()

    @property
    def others(self) -> frozenset[str]:
        """The listed orders that this press is not about."""
        return frozenset(self.listed) - {self.order_no}


@dataclass(frozen=True, kw_only=True, slots=True)
class FormNames:
    """By which names and values a request may carry what the form holds.

    `buttons` are names of キャンセル拒否; `select` and `box` those of pull-down and text box,
    `ignored` those of the search box, which still holds what was looked for last.
    `chosen` are value and label of the chosen reason, `unchosen` those of the other ones.
    `blind` says that a worker runs in the page whose requests nobody sees.
    """

    buttons: frozenset[str] = frozenset()
    select: str = ""
    box: str = ""
    ignored: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    unchosen: frozenset[str] = frozenset()
    blind: bool = False

    @property
    def choices(self) -> frozenset[str]:
        """The names of what the form has only once something is chosen in it."""
        return frozenset({self.select, self.box} - {""})

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "FormNames":
        """Read what the guard says of the form."""
        options = said["options"]
        chosen = {each[key] for each in options if each["chosen"] for key in ("value", "label")}
        every = {each[key] for each in options for key in ("value", "label")}
        return cls(
            buttons=frozenset(filter(None, said["names"])),
            select=said["select"],
            box=said["box"],
            ignored=frozenset(filter(None, said["ignored"])),
            chosen=frozenset(filter(None, chosen)),
            unchosen=frozenset(filter(None, every - chosen)),
            blind=said["shared"],
        )


@dataclass
class _Press:
    token: str = ""
    place: Page | Frame | None = None
    seen: list[str] = field(default_factory=list)
    stopped: ClickStopped | None = None


class EventCheck:
    """The guard of one browser context, and what it said of the press under way.

    Args:
        context: the context, before any page of it is opened.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._key, self._tell = secrets.token_hex(16), f"q{secrets.token_hex(8)}"
        self._name = f"q{secrets.token_hex(8)}"
        self._press = _Press()
        context.expose_binding(self._tell, self._hear)
        context.add_init_script(script=self._script())

    def arm(self, place: Page | Frame, approved: Approved, pack: Pack, seconds: float) -> FormNames:
        """Let the next click on キャンセル拒否 through, once, while all is as approved.

        Args:
            place: where 取引情報 is.
            approved: what the click must find.
            pack: names the elements.
            seconds: how long the press may take.

        Raises:
            ClickStopped: it is otherwise already.
            playwright.sync_api.Error: the page does not answer.
        """
        self._press = _Press(token=secrets.token_hex(16), place=place)
        said = self._ask(place, "arm", self._wanted(approved, pack, seconds))
        if said is None:
            raise ClickUnseen
        if said["wrong"]:
            self.disarm()
            raise _stopped("arm", said["wrong"])
        return FormNames.of(said)

    def ask(self, layer: str, label: str, seconds: float) -> bool:
        """Arm the button of a question that the page itself shows; say whether all is as approved.

        From now on that button is what the next click must be on, and everything is looked at
        once more at that click.

        Args:
            layer: the selector of the layer.
            label: what its button that goes on says.
            seconds: how long the click may take.
        """
        place = self._press.place
        if place is None:
            return False
        given = {"layer": layer, "label": same(label), "ms": seconds * 1000}
        try:
            return bool(self._ask(place, "ask", given))
        except Error as error:
            _log.info("layer_not_armed", error=error.message.splitlines()[0])
            return False

    def disarm(self) -> None:
        """Take back what was armed and not used."""
        place, self._press.place = self._press.place, None
        if place is not None:
            try:
                self._ask(place, "disarm", None)
            except Error as error:
                _log.debug("guard_gone", error=error.message.splitlines()[0])

    @property
    def stopped(self) -> ClickStopped | None:
        """Why the press was stopped at its event, if it was."""
        return self._press.stopped

    @property
    def clicked(self) -> bool:
        """Whether the click was seen, and went through or was stopped."""
        return "click" in self._press.seen or self._press.stopped is not None

    def raise_if_not_held(self, page: Page) -> None:
        """Check that click and question were seen, and found everything as approved.

        Raises:
            ClickStopped: something was otherwise.
            ClickUnseen: one of them was not seen: the page got past the guard.
        """
        for _ in range(_PATIENCE):
            if self._press.stopped is not None:
                raise self._press.stopped
            # A question alone, without an event of the press before it, is none of ours.
            if {*self._press.seen} > {"confirm"}:
                return
            # What the guard says travels beside the dialog.
            page.wait_for_timeout(_PUMP_MS)
        raise ClickUnseen

    def _hear(self, _source: object, text: str) -> None:
        said = json.loads(text)
        press = self._press
        if not press.token or said.get("token") != press.token:
            return
        press.seen.append(said["event"])
        if said["wrong"] and press.stopped is None:
            press.stopped = _stopped(said["event"], said["wrong"])
            _log.warning("click_stopped", at=said["event"], wrong=said["wrong"])

    def _ask(self, place: Page | Frame, door: str, given: object) -> Any:
        call = [self._name, self._key, door, given]
        with bounded(place):
            said = place.evaluate(_CALL, call)
            if said is None:
                # The document was there before us, or has thrown its window's content away.
                place.evaluate(self._script())
                said = place.evaluate(_CALL, call)
        return said

    def _wanted(self, approved: Approved, pack: Pack, seconds: float) -> dict[str, object]:
        names = {
            "order": "details_order_no",
            "reason": "reason",
            "text": "reason_text",
            "button": "refuse_button",
            "search": "search_text",
        }
        return {
            "token": self._press.token,
            "ms": seconds * 1000,
            "order": approved.order_no,
            "reason": None if approved.label is None else same(approved.label),
            "text": approved.text,
            "listed": sorted({*approved.listed, approved.order_no}),
            "at": {key: list(pack.elements[name].at) for key, name in names.items()},
        }

    def _script(self) -> str:
        marks = {"@KEY@": self._key, "@NAME@": self._name, "@TELL@": self._tell}
        script = _guard()
        for mark, value in marks.items():
            script = script.replace(mark, value)
        return script


@cache
def _guard() -> str:
    script = (Path(__file__).parent / "guard.js").read_text(encoding="utf-8")
    return script.replace("@SIGHT@", sight())


def _stopped(event: str, wrong: list[dict[str, str]]) -> ClickStopped:
    said = [_seen(each) for each in wrong]
    words = said[0]
    for other in said[1:]:
        words = _BETWEEN.filled(one=words, other=other)
    return ClickStopped(event=event, what=words)


def _seen(wrong: Mapping[str, str]) -> Words:
    what = _WHAT.get(wrong["what"]) or _HIDDEN.filled(name=wrong.get("name") or "–")
    return _SEEN.filled(what=what, seen=wrong["seen"] or "–", wanted=wrong["wanted"] or "–")
