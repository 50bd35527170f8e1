"""Elements of the portal by their key in the selector pack, looked up anew each time."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Frame, Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from qsm_bot.errors import QsmBotError, SelectorDrift
from qsm_bot.log import get_logger
from qsm_bot.portal.border import border
from qsm_bot.portal.grid_kinds import odd_grid
from qsm_bot.portal.pack import Pack
from qsm_bot.portal.stand import Glance
from qsm_bot.words import Words

_log = get_logger(__name__)
_SCRIPTS = Path(__file__).parent / "scripts"
_LOST = Words(
    "expected {expected} ({pack}); seen: {seen}",
    "想定 {expected}（{pack}） 実際: {seen}",
)
_NONE = Words("none", "なし")


_CALL = "([questions, grid]) => window.qsmBot ? window.qsmBot(questions, grid) : null"


@cache
def page_scripts() -> str:
    """Return our page scripts as one: it puts `qsmBot([[name, order, at], …], grid)` there.

    A context runs it in each new page, so that a question costs a call and not its text.
    """
    bodies = ",\n".join(
        f"{path.stem}: {path.read_text(encoding='utf-8')}"
        for path in sorted(_SCRIPTS.glob("*.js"))
        if path.stem != "find"
    )
    return (
        f"(() => {{ {library()}\n const scripts = {{ {bodies} }};\n"
        "const one = async ([name, order, at], grid) => { const finder = qsmFinder(at, grid);\n"
        "try { const answer = await scripts[name](order, finder);\n"
        "return { answer, used: finder.used }; }\n"
        "catch (problem) { if (problem.missing || problem.odd) return problem;\n"
        "throw problem; } };\n"
        "window.qsmBot = async (questions, grid) => { const said = [];\n"
        "for (const question of questions) said.push(await one(question, grid));\n"
        "return said; }; })()"
    )


@cache
def library() -> str:
    """Return what our page scripts share: how elements are found, and how grids are read."""
    grids = sorted(
        (_SCRIPTS / "grids").glob("*.js"), key=lambda path: (path.stem != "protocol", path.stem)
    )
    files = [_SCRIPTS / "find.js", *grids]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@dataclass(frozen=True, slots=True)
class Question:
    """One of our page scripts to be run.

    Args:
        name: the script.
        order: what it is to do.
        keys: elements of the pack that it looks for.
        counters: further keys for it, each the counter beside the label given.
        in_pane: whether it is about 取引情報, wherever that has opened.
    """

    name: str
    order: Mapping[str, object]
    keys: tuple[str, ...] = ()
    counters: Mapping[str, str] = field(default_factory=dict)
    in_pane: bool = False


class Elements:
    """Finds elements on one page.

    What only reads may take a fallback selector, with a warning; what acts is
    asked for by `only`, which knows one selector and demands one match.

    Attributes:
        page: the portal's page.
        pane: where 取引情報 is, with all that acts: this page, or a frame of its own.
    """

    def __init__(self, page: Page, pack: Pack) -> None:
        self.page = page
        self.pane: Page | Frame = page
        self.pack = pack
        self.fallbacks: set[str] = set()
        self.remembered: dict[str, Glance] = {}
        self._used: dict[str, int] = {}
        page.add_init_script(script=page_scripts())

    def learn(self, key: str, at: str) -> None:
        """Find an element by this selector from now on."""
        self.pack = self.pack.with_element(key, at)
        self._used.pop(key, None)

    def find(self, key: str) -> Locator | None:
        """Return the element, or None if it is not on the page now."""
        for index, selector in enumerate(self.pack.elements[key].at):
            locator = self.page.locator(selector)
            if locator.count():
                self._note_use(key, index)
                return locator.first
        return None

    def shows(self, key: str) -> bool:
        """Whether the element can be seen now."""
        found = self.find(key)
        return found is not None and found.is_visible()

    def read(self, key: str) -> Locator:
        """Return the element, waiting for it.

        Raises:
            SelectorDrift: it does not appear in time.
        """
        first = self.page.locator(self.pack.elements[key].at[0])
        if first.count():
            return first.first
        # Whichever comes: a fallback counts only once the page has shown one of them.
        either = self.page.locator(self.pack.elements[key].at[0])
        for selector in self.pack.elements[key].at[1:]:
            either = either.or_(self.page.locator(selector))
        try:
            either.first.wait_for(state="attached")
        except Error as error:
            slow = isinstance(error, PlaywrightTimeout)
            raise self.lost(key, _NONE if slow else error.message.splitlines()[0]) from error
        return self.find(key) or either.first

    def only(self, key: str) -> Locator:
        """Return the acting element by its single selector; the caller checks that it is one."""
        return self.pane.locator(self.pack.elements[key].at[0])

    def known(self, key: str) -> Locator:
        """Return the element by the selector that found it last, without looking again."""
        return self.page.locator(self.pack.elements[key].at[self._used.get(key, 0)]).first

    def glance(
        self, *keys: str, counters: Mapping[str, str] | None = None, in_pane: bool = False
    ) -> dict[str, Glance]:
        """Count the elements as they stand on the page now, without waiting for any."""
        every = [*keys, *(counters or {})]
        order = {"keys": every}
        (found,) = self.ask_all(Question("glance", order, keys, counters or {}, in_pane))
        return {key: Glance(**each) for key, each in zip(every, found, strict=True)}

    def remember(self, *keys: str) -> None:
        """Keep a glance at elements of a page that is about to be left, if one is to be had."""
        with suppress(QsmBotError):
            self.remembered.update(self.glance(*keys))

    def lost(self, key: str, seen: object = _NONE) -> SelectorDrift:
        """Return the error for an element that is not there: what was expected, what is seen."""
        name, _, label = key.partition(" ")
        element = self.pack.elements.get(key) or self.pack.elements[name]
        expected = " | ".join(element.at).replace("{label}", label or "{label}")
        words = _LOST.filled(expected=expected, pack=self.pack.name, seen=seen)
        return SelectorDrift(element=key, detail=words)

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
        places = [self.pane if each.in_pane else self.page for each in questions]
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
        grid = self.pack.grid_in_page
        with border(questions[0].name, self.page):
            said = _call(place, given, grid)
            for missing in [each["missing"] for each in said if "missing" in each]:
                if missing in self.pack.elements:
                    self.read(missing)
            if any("missing" in each for each in said):
                said = _call(place, given, grid)
        for each in said:
            if "missing" in each:
                raise self.lost(each["missing"])
            if "odd" in each:
                raise odd_grid(**each["odd"])
            for key, index in each["used"].items():
                self._note_use(key, index)
        return [each["answer"] for each in said]

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


def _call(place: Page | Frame, given: Sequence[object], grid: Mapping[str, str]) -> Any:
    said = place.evaluate(_CALL, [given, grid])
    if said is None:
        # The page was there before us, or has thrown its window's content away.
        place.evaluate(page_scripts())
        said = place.evaluate(_CALL, [given, grid])
    return said
