"""A person teaches the program the portal's elements: what fits, and what is pointed at."""

import time
from collections.abc import Iterable
from contextlib import suppress

from qsm_bot.base.errors.orders import ReasonMissing
from qsm_bot.base.words import Words, same
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.calibrate.locators import Thing, beside_label, candidates
from qsm_bot.portal.calibrate.pointing import Overlay, Pointer, describing
from qsm_bot.portal.calibrate.teachable_elements import (
    TEACHABLE,
    ElementKind,
    ElementPlace,
    problem,
)
from qsm_bot.portal.sign_in.session import PortalSession

_TICK_MS = 50
_LOOK = f"""({{ at, beside }}) => {{ {describing()}
  for (const selector of at) {{
    const hits = matching(selector, document);
    if (hits.length) return hits.map((hit) => ({{ ...describe(hit, beside), framed: false }}));
  }}
  return [];
}}"""

_NOT_UNIQUE = Words("it cannot be told from others on the page", "ほかの部品と区別できません")
_OTHER_COUNTER = Words(
    "the number beside {label} does not stand in the same way",
    "{label} の件数が同じ並びにありません",
)
_IN_FRAME = Words(
    "it stands in a frame of the page, where the program does not look",
    "画面内の別フレームにあり、プログラムから扱えません",
)


class SelectorTeacher:
    """Shows the portal's places, tells which elements are missed there, and learns them.

    Args:
        session: whose pages are shown; what is learned counts there at once.
        pointer: who asks.
        patience: seconds that something that fills itself in late is waited for.
    """

    def __init__(self, session: PortalSession, pointer: Pointer, *, patience: float = 5) -> None:
        self._elements = session.elements
        self._claims = session.claims
        self._navigation = session.navigation
        self._pointer = pointer
        self._patience = patience

    def show(self, place: ElementPlace) -> None:
        """Open the sign-in page, the home page, the claim page, or the search's tab on it.

        Raises:
            PortalError: it does not come.
        """
        paths = self._elements.pack.paths
        if place is ElementPlace.SEARCH:
            self._claims.show_search()
        elif place in (ElementPlace.LOGIN, ElementPlace.HOME):
            self._navigation.show(paths.login if place is ElementPlace.LOGIN else paths.home)
        else:
            self._navigation.open_claims()

    def open(self, order_no: str) -> None:
        """Double-click the order's row of the list that is shown; the caller looks what it opens.

        Raises:
            RowGone, RowDuplicate: the list does not have it once.
            SelectorDrift: the list cannot be read.
        """
        self._pointer.lower()
        row = self._claims.grid.reveal(order_no, None)
        self._claims.open_details(order_no, row.point)
        self._pointer.shield(self._elements.page)

    def show_text_box(self) -> None:
        """Choose その他 where its box is not there: some pages show it only then.

        Raises:
            PortalError: the page does not come back.
        """
        if self.misses(("reason_text",)):
            # Which pull-down it is was not shown, or the person skipped it.
            with suppress(ReasonMissing):
                self._claims.choose_reason(self._elements.pack.texts.reasons.other, None)

    @property
    def searches(self) -> bool:
        """Whether orders are looked at by 選択条件照会."""
        return self._elements.pack.look == "search"

    def misses(self, keys: Iterable[str], order_no: str = "") -> tuple[str, ...]:
        """Return which of these are not found as they must be, once the page has had its time."""
        self._pointer.shield(self._elements.page)
        missing = tuple(keys)
        deadline = time.monotonic() + self._patience
        while True:
            missing = tuple(key for key in missing if not self._fits(key, order_no))
            if not missing or time.monotonic() > deadline:
                return missing
            with border("page", self._elements.page):
                self._elements.page.wait_for_timeout(_TICK_MS)

    def learn(self, key: str, order_no: str = "") -> str | None:
        """Ask for one element; return its selector, which counts from now on.

        None if the person skipped it.

        Raises:
            NobodyPointed, RunStopped, BrowserLost: see `Pointer.ask`.
        """
        asked = TEACHABLE[key]

        def judge(overlay: Overlay) -> tuple[str | None, Words | None]:
            return self._judged(key, overlay, order_no)

        at = self._pointer.ask(
            self._elements.page,
            key,
            asked.name,
            kind=asked.kind.value,
            beside=self._beside(key),
            judge=judge,
        )
        if at is not None:
            self._elements.learn(key, at)
        return at

    def _judged(self, key: str, overlay: Overlay, order_no: str) -> tuple[str | None, Words | None]:
        deadline = time.monotonic() + self._patience
        while True:
            thing = overlay.thing()
            trouble = problem(key, thing, self._elements.pack, order_no)
            # A pull-down or a number may still be filled in.
            if trouble is None or time.monotonic() > deadline or not _may_come(key, thing):
                break
            self._elements.page.wait_for_timeout(_TICK_MS)
        if trouble:
            return None, trouble
        if thing.framed:
            return None, _IN_FRAME
        if key == "counter":
            return self._counter(thing, overlay)
        asked = TEACHABLE[key]
        named = asked.kind is ElementKind.BUTTON
        selectors = candidates(thing, guarded=asked.guarded, named_by_text=named)
        for selector, found in zip(selectors, overlay.match(selectors), strict=True):
            if found["count"] == 1 and found["same"]:
                return selector, None
        return None, _NOT_UNIQUE

    def _counter(self, thing: Thing, overlay: Overlay) -> tuple[str | None, Words | None]:
        labels = self._elements.pack.texts.counters
        found_one = False
        for template in beside_label(thing):
            texts = [template.format(label=each) for each in (labels.requests, labels.refused)]
            one, other = overlay.match(texts)
            if one["count"] == 1 and one["same"]:
                found_one = True
                if other["count"] == 1 and other["number"] and not other["same"]:
                    return template, None
        if found_one:
            return None, _OTHER_COUNTER.filled(label=labels.refused)
        return None, _NOT_UNIQUE

    def _beside(self, key: str) -> str:
        pack = self._elements.pack
        if key == "details_order_no":
            return same(pack.columns.order_no)
        return pack.texts.counters.requests if key == "counter" else ""

    def _fits(self, key: str, order_no: str) -> bool:
        element = self._elements.pack.elements[key]
        if key == "counter":
            labels = self._elements.pack.texts.counters
            lists = [
                [at.format(label=label) for at in element.at]
                for label in (labels.requests, labels.refused)
            ]
        else:
            lists = [element.at]
        return all(self._found(key, at, order_no) for at in lists)

    def _found(self, key: str, at: list[str], order_no: str) -> bool:
        page, pack = self._elements.page, self._elements.pack
        with border("page", page):
            said = page.evaluate(_LOOK, {"at": list(at), "beside": ""})
        things = [Thing.told(each) for each in said]
        fitting = [problem(key, thing, pack, order_no) is None for thing in things]
        if pack.elements[key].fixed:
            return [thing.visible for thing in things] == [True] and all(fitting)
        # What is clicked to load a list is the first that can be seen, and the list the one with
        # the headings; the rest is the first.
        chosen = TEACHABLE[key].guarded or TEACHABLE[key].kind is ElementKind.GRID
        return any(fitting) if chosen else fitting[:1] == [True]


def _may_come(key: str, thing: Thing) -> bool:
    late = {
        ElementKind.SELECT: thing.options is not None,
        ElementKind.NUMBER: not thing.text.strip("- "),
    }
    return late.get(TEACHABLE[key].kind, False)
