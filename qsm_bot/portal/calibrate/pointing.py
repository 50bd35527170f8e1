"""A person points at an element: the overlay in the page, and the waiting for it."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Error, JSHandle, Page

from qsm_bot.base.errors.people import NobodyPointed, RunStopped
from qsm_bot.base.words import Lang, Words
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.calibrate.locators import Thing
from qsm_bot.portal.pages.page_scripts import library

_FOLDER = Path(__file__).parent
_REST_MS = 60
_NAVIGATED = ("execution context", "navigat", "target page context", "frame was detached")

ASK = Words("Click {name}", "{name}をクリックしてください")
_HINT = Words(
    "Nothing is pressed or sent by it.", "クリックしても、ポータルの操作や送信は行われません。"
)
_KEYS = Words(
    "Keys: Tab and arrows move, Enter takes, Esc skips.",
    "キーボード: Tab・矢印で移動、Enter で決定、Esc でスキップ",
)
_SKIP = Words("Skip", "スキップ")
_WAIT = Words("One moment, please …", "しばらくお待ちください…")
WAIT = "wait"


class Person(Protocol):
    """Whoever answers."""

    def attend(self, key: str, page: Page) -> None:
        """Let a moment pass in which the person may point; called while a question stands.

        Args:
            key: the element that is asked for.
            page: the page that shows the question.
        """


class AtTheWindow:
    """A person in front of the browser's window."""

    def attend(self, key: str, page: Page) -> None:  # noqa: ARG002  # sees the question itself
        """Leave the page to the person for a moment."""
        page.wait_for_timeout(_REST_MS)


class Overlay:
    """The question in the page, and what was pointed at."""

    def __init__(self, page: Page, order: Mapping[str, object]) -> None:
        self.page = page
        self._order = order
        self._handle: JSHandle | None = None

    def poll(self) -> str | None:
        """Return `taken`, `skipped` or None, and put the question into a page that lost it."""
        try:
            if self._handle is None:
                self._handle = self.page.evaluate_handle(overlay_script(), self._order)
            answer: str | None = self._ask("poll")
        except Error as error:
            if self.page.is_closed() or not _has_navigated(error):
                raise
            self._handle = None
            return None
        return answer

    def is_there(self) -> bool:
        """Whether the page still has the layer, and it asks for nothing."""
        return self._order["kind"] == WAIT and self.poll() is None and self._handle is not None

    def thing(self) -> Thing:
        """Return what the page tells about the element that was taken."""
        return Thing.told(self._ask("describe"))

    def match(self, selectors: Sequence[str]) -> list[dict[str, Any]]:
        """Return for each selector how many it matches, and whether the first is the taken one."""
        found: list[dict[str, Any]] = self._ask("match", list(selectors))
        return found

    def layers(self) -> list[dict[str, Any]]:
        """Return what stands around the taken element: text, buttons, selectors; nearest first."""
        found: list[dict[str, Any]] = self._ask("layers")
        return found

    def complain(self, text: str) -> None:
        """Say why it cannot be this one, and ask again."""
        self._ask("complain", text)

    def close(self) -> None:
        """Take the question out of the page, if it still is there."""
        with suppress(Error):
            self._ask("close")

    def _ask(self, what: str, argument: object = None) -> Any:
        if self._handle is None:
            return None
        return self._handle.evaluate(f"(overlay, it) => overlay.{what}(it)", argument)


Judge = Callable[[Overlay], tuple[str | None, Words | None]]
"""Returns the selector for what was taken, or why there is none."""


class Pointer:
    """Asks a person for elements of pages, and keeps the person's hands off them in between.

    A second click of a double click, or one that comes too early, must not reach the page: a
    layer stays over it from the first question on, but for the program's own clicks.

    Args:
        person: who answers.
        lang: in which the page asks.
        wait: seconds that each question stands unanswered.
        stopping: whether the run was asked to end.
    """

    def __init__(
        self,
        person: Person,
        *,
        lang: Lang,
        wait: float,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._person = person
        self._layer: Overlay | None = None
        self._lang = lang
        self._wait = wait
        self._stopping = stopping

    def shield(self, page: Page) -> None:
        """Lay the layer over the page, if it is not there."""
        with border("page", page):
            if self._layer is not None and self._layer.page is page and self._layer.is_there():
                return
            self._change(Overlay(page, self._order(WAIT, "", {"ask": _WAIT, "hint": _HINT})))

    def lower(self) -> None:
        """Take the layer away, for a click of the program."""
        if self._layer is not None:
            self._layer.close()
        self._layer = None

    def ask(
        self, page: Page, key: str, name: Words, *, kind: str, beside: str, judge: Judge
    ) -> str | None:
        """Ask until something fitting was pointed at; return its selector, None if skipped.

        Args:
            page: where it is asked, and pointed.
            key: of the element.
            name: of the element, for the person.
            kind: what it is: see `ElementKind`.
            beside: a text that it stands beside, if it is known by one.
            judge: says whether it fits.

        Raises:
            NobodyPointed: nobody answered in time.
            RunStopped: the run was asked to end.
            BrowserLost: the window was closed.
        """
        said = {"ask": ASK.filled(name=name), "hint": _HINT, "keys": _KEYS, "skip": _SKIP}
        overlay = Overlay(page, self._order(kind, beside, said))
        with border(name.say(self._lang), page):
            self._change(overlay)
            answer = self._until_answered(overlay, key, name, judge)
        self.shield(page)
        return answer

    def _order(self, kind: str, beside: str, said: Mapping[str, Words]) -> dict[str, object]:
        texts = {which: words.say(self._lang) for which, words in said.items()}
        return {"kind": kind, "beside": beside, "lang": self._lang, **texts}

    def _change(self, layer: Overlay) -> None:
        # The new one first: the page is never bare.
        layer.poll()
        self.lower()
        self._layer = layer

    def _until_answered(self, overlay: Overlay, key: str, name: Words, judge: Judge) -> str | None:
        deadline = time.monotonic() + self._wait
        while time.monotonic() < deadline:
            if self._stopping():
                raise RunStopped
            answer = overlay.poll()
            if answer == "skipped":
                return None
            if answer == "taken":
                selector, trouble = judge(overlay)
                if trouble is None:
                    return selector
                overlay.complain(trouble.say(self._lang))
                deadline = time.monotonic() + self._wait
            self._person.attend(key, overlay.page)
        raise NobodyPointed(name=name, seconds=self._wait)


def _has_navigated(error: Error) -> bool:
    return any(sign in error.message.casefold() for sign in _NAVIGATED)


@cache
def overlay_script() -> str:
    """Return the overlay's script: a function of the order."""
    return f"(order) => {{ {describing()}\n return ({_read('overlay/overlay.js')})(order); }}"


@cache
def describing() -> str:
    """Return the functions that describe elements, for a script in the page."""
    return library() + _read("overlay/describe.js")


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
