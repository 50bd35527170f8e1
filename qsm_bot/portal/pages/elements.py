"""Elements of the portal by their key in the selector pack, looked up anew each time."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Error, Frame, Locator, Page

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import PortalSlow
from qsm_bot.base.errors.safety import LayerInTheWay, SelectorDrift
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words, same
from qsm_bot.portal.browser.hang import bounded
from qsm_bot.portal.browser.traffic import Traffic
from qsm_bot.portal.browser.translate_errors import border, is_rebuilt
from qsm_bot.portal.pages.page_scripts import page_scripts
from qsm_bot.portal.selectors.findings import ElementCount
from qsm_bot.portal.selectors.grid_kinds import odd_grid
from qsm_bot.portal.selectors.pack import Pack

_log = get_logger(__name__)
_LOST = Words(
    "expected {expected} ({pack}); seen: {seen}",
    "想定 {expected}（{pack}） 実際: {seen}",
)
_NONE = Words("none", "なし")
_REBUILDS = 20
_REBUILD_MS = 25
_LOOK_MS = 10
# What is still absent from a page that has been at rest for so long (seconds) will not come.
_ABSENT_AFTER = 1.0
# What only says that the page is busy has gone by then (seconds).
_COVER_SECONDS = 1.5
_CALL = "([questions, grid]) => window.qsmBot ? window.qsmBot(questions, grid) : null"


@dataclass(frozen=True, slots=True)
class Question:
    """One of our page scripts to be run.

    Args:
        name: the script.
        order: what it is to do.
        keys: elements of the pack that it looks for.
        counters: further keys for it, each the counter beside the label given.
        in_details: whether it is about 取引情報, wherever that has opened.
        gesture: whether it clicks: its page may be left before it answers, and it is not repeated.
    """

    name: str
    order: Mapping[str, object]
    keys: tuple[str, ...] = ()
    counters: Mapping[str, str] = field(default_factory=dict)
    in_details: bool = False
    gesture: bool = False


class Elements:
    """Finds elements on one page.

    What only reads may take a fallback selector, with a warning; what acts is
    asked for by `only`, which knows one selector and demands one match.

    Args:
        page: the portal's page.
        pack: names the elements.
        limit: how long an element is waited for (seconds).

    Attributes:
        page: the portal's page.
        at: the document that is read: the page, or the frame of it that shows the claim page.
        details_at: where 取引情報 is, with all that acts: that document, or one of its own.
        title: the label of the counter whose list is meant, where several lists are alike.
        traffic: what the page and its windows have under way.
    """

    def __init__(self, page: Page, pack: Pack, limit: float) -> None:
        self.page = page
        self.at: Page | Frame = page
        self.details_at: Page | Frame = page
        self.title = ""
        self.traffic = Traffic(page, pack.services.list)
        self._limit = limit
        self.pack = pack
        self.fallbacks: set[str] = set()
        self.remembered: dict[str, ElementCount] = {}
        self._used: dict[str, int] = {}
        page.add_init_script(script=page_scripts())

    def learn(self, key: str, at: str) -> None:
        """Find an element by this selector from now on."""
        self.pack = self.pack.with_element(key, at)
        self._used.pop(key, None)

    def places(self) -> Iterator[Page | Frame]:
        """Give the document that is read, and after it the page and its other frames."""
        yield self.at
        host = urlsplit(self.page.url).netloc
        here = self.at.main_frame if isinstance(self.at, Page) else self.at
        for frame in self.page.frames:
            # A document that the portal wrote itself has no host; others are not ours.
            ours = frame == self.page.main_frame or urlsplit(frame.url).netloc in ("", host)
            if ours and frame != here:
                yield frame

    def find(self, key: str) -> Locator | None:
        """Return the element, or None if it is not on the page now, nor in a frame of it."""
        for place in list(self.places()):
            try:
                found = self._found(key, place)
            except Error:
                if not (isinstance(place, Frame) and place.is_detached()):
                    raise
                continue
            if found is not None:
                return found
        return None

    def _found(self, key: str, place: Page | Frame) -> Locator | None:
        for index, selector in enumerate(self.pack.elements[key].at):
            locator = place.locator(selector)
            with bounded(place):
                there = locator.count()
            if there:
                self._note_use(key, index)
                return locator.first
        return None

    def shows(self, key: str) -> bool:
        """Whether the element can be seen now."""
        found = self.find(key)
        return found is not None and found.is_visible()

    def read(self, key: str) -> Locator:
        """Return the element, waiting for it; on a page at rest what is absent stays so.

        Raises:
            SelectorDrift: it does not appear.
        """
        start = time.monotonic()
        while True:
            try:
                if (found := self.find(key)) is not None:
                    return found
                waited = time.monotonic() - start
                if waited > self._limit or min(waited, self.traffic.rest) > _ABSENT_AFTER:
                    raise self.lost(key)
                self.page.wait_for_timeout(_LOOK_MS)
            except Error as error:
                if not is_rebuilt(error):
                    raise self.lost(key, error.message.splitlines()[0]) from error

    def only(self, key: str) -> Locator:
        """Return the acting element by its single selector; the caller checks that it is one."""
        return self.details_at.locator(self.pack.elements[key].at[0])

    def known(self, key: str) -> Locator:
        """Return the element by the selector that found it last, without looking again."""
        return self.at.locator(self.pack.elements[key].at[self._used.get(key, 0)]).first

    def count(
        self, *keys: str, counters: Mapping[str, str] | None = None, in_details: bool = False
    ) -> dict[str, ElementCount]:
        """Count the elements that the page has now, without waiting for any."""
        every = [*keys, *(counters or {})]
        order = {"keys": every}
        (found,) = self.ask_all(Question("count", order, keys, counters or {}, in_details))
        return {key: ElementCount(**each) for key, each in zip(every, found, strict=True)}

    def remember(self, *keys: str) -> None:
        """Keep the counts of elements of a page that is about to be left, if it can be asked."""
        with suppress(QsmBotError):
            self.remembered.update(self.count(*keys))

    def lost(self, key: str, seen: object = _NONE) -> SelectorDrift:
        """Return the error for an element that is not there: what was expected, what is seen."""
        name, _, label = key.partition(" ")
        element = self.pack.elements.get(key) or self.pack.elements[name]
        expected = " | ".join(element.at).replace("{label}", label or "{label}")
        words = _LOST.filled(expected=expected, pack=self.pack.name, seen=seen)
        return SelectorDrift(element=key, detail=words)

    def raise_if_covered(self, key: str, place: Page | Frame) -> None:
        """Check that nothing lies over an element; a notice is closed where the pack knows how.

        Args:
            key: the element; "" is the cell of the row that was just revealed.
            place: where it is.

        Raises:
            LayerInTheWay: something does, and stays.
        """
        start = time.monotonic()
        question = Question("cover", {"key": key}, (key,) if key else ())
        while (cover := self.ask_at(place, question)[0]) is not None:
            closer = self.find("notice_close")
            if closer is not None and closer.is_visible():
                _log.info("notice_closed", heading=cover["heading"])
                with border("notice", self.page):
                    closer.evaluate("(button) => button.click()")
            elif time.monotonic() - start > _COVER_SECONDS:
                buttons = " / ".join(cover["buttons"]) or "–"
                raise LayerInTheWay(heading=cover["heading"] or "–", buttons=buttons)
            self.page.wait_for_timeout(_LOOK_MS)

    def ask(
        self,
        name: str,
        order: Mapping[str, object],
        *keys: str,
        counters: Mapping[str, str] | None = None,
    ) -> Any:
        """Run one of our page scripts and return its answer: see `Question` and `ask_all`."""
        return self.ask_all(Question(name, order, keys, counters or {}))[0]

    def ask_all(self, *questions: Question) -> list[Any]:
        """Run page scripts one after the other and return their answers.

        One round trip, and another one if 取引情報 is asked and not in the page.

        Raises:
            SelectorDrift: an element that one needs is not there, also after waiting.
        """
        places = [self.details_at if each.in_details else self.at for each in questions]
        answers: list[Any] = [None] * len(questions)
        for place in dict.fromkeys(places):
            there = [index for index, of in enumerate(places) if of is place]
            said = self.ask_at(place, *(questions[index] for index in there))
            for index, answer in zip(there, said, strict=True):
                answers[index] = answer
        return answers

    def ask_at(self, place: Page | Frame, *questions: Question) -> list[Any]:
        """Run page scripts in one page or frame, in one round trip: see `ask_all`."""
        given = [[each.name, {**each.order}, self._at(each)] for each in questions]
        grid = {**self.pack.grid_in_page, "title": same(self.title)}
        gesture = any(each.gesture for each in questions)
        with border(questions[0].name, self.page):
            said = self._call(place, given, grid, gesture=gesture)
            for missing in [each["missing"] for each in said if "missing" in each]:
                if missing in self.pack.elements:
                    self.read(missing)
            if any("missing" in each for each in said):
                said = self._call(place, given, grid, gesture=gesture)
        for each in said:
            if "missing" in each:
                raise self.lost(each["missing"])
            if "odd" in each:
                raise odd_grid(**each["odd"])
            for key, index in each["used"].items():
                self._note_use(key, index)
        return [each["answer"] for each in said]

    def _call(
        self,
        place: Page | Frame,
        given: Sequence[object],
        grid: Mapping[str, object],
        *,
        gesture: bool,
    ) -> list[Any]:
        """Ask a document; one that is built anew meanwhile is asked once it is there."""
        for _ in range(_REBUILDS):
            try:
                with bounded(place):
                    said = place.evaluate(_CALL, [given, grid])
                    if said is None:
                        # It was there before us, or has thrown its window's content away.
                        place.evaluate(page_scripts())
                        said = place.evaluate(_CALL, [given, grid])
            except Error as error:
                if not is_rebuilt(error) or (isinstance(place, Frame) and place.is_detached()):
                    raise
                if gesture:
                    return [{"answer": None, "used": {}}]
                place.wait_for_load_state("domcontentloaded")
                self.page.wait_for_timeout(_REBUILD_MS)
            else:
                answers: list[Any] = said
                return answers
        raise PortalSlow(what="page", seconds=_REBUILDS * _REBUILD_MS / 1000)

    def _at(self, question: Question) -> dict[str, list[str]]:
        at = {key: list(self.pack.elements[key].at) for key in question.keys}
        for key, label in question.counters.items():
            at[key] = [each.format(label=label) for each in self.pack.elements["counter"].at]
        return at

    def _note_use(self, key: str, index: int) -> None:
        self._used[key] = index
        if index and key not in self.fallbacks:
            self.fallbacks.add(key)
            _log.info("fallback_selector_used", element=key, pack=self.pack.name)
