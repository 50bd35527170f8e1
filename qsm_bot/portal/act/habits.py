"""What the pages of one context send by themselves, learnt while nothing is being pressed.

Heartbeats, autosaves and reloads of lists go on during a press. What a page has sent before,
of the same kind, is no refusal: it would have refused already.
"""

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from playwright.sync_api import BrowserContext, Page, Request, WebSocket

from qsm_bot.portal.act.carried import TIME, Carried
from qsm_bot.portal.act.request_body import Field

# Numbers of a page's own, and keys made of letters and digits.
_PASSING = re.compile(r"\d{6,}|(?=\D*\d)[\w+/=.-]{16,}")
_OFTEN = 5
_LONGEST_NUMBER = 18
_KEPT = 50
"""So many different requests of one act are remembered whole."""


class Habits:
    """Listens to one context from its beginning; learns nothing while it is told to watch.

    Attributes:
        frames: what left through sockets during the press under way, by their paths.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.frames: list[str] = []
        self._paths: set[str] = set()
        self._acts: set[tuple[str, str]] = set()
        self._whole: dict[tuple[str, tuple[str, str]], deque[frozenset[Field]]] = defaultdict(
            lambda: deque(maxlen=_KEPT)
        )
        self._watching = False
        context.on("request", self._learn)
        context.on("page", self._open)
        for page in context.pages:
            self._open(page)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Learn nothing within the block, and keep what leaves through sockets."""
        self.frames = []
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def has(
        self, carried: Carried, orders: Collection[str] = (), choices: Collection[str] = ()
    ) -> bool:
        """Whether the pages have sent such a request before by themselves.

        Times, long numbers and counters may differ. Else a short number or a word tells one deed
        from another.

        Args:
            carried: the request.
            orders: the order numbers that are no times.
            choices: names of the fields whose values the form has only now.
        """
        if not carried.changes_state:
            return carried.path.casefold() in self._paths
        whole, seen = _whole(carried), self._whole[carried.method, carried.same_act]
        alike = [each for each in seen if _names(each) == _names(whole)]
        counters = _counters([*alike, whole]) if len(alike) >= _OFTEN else ()
        return self._is_among(carried, orders, {*choices, *counters}, _PASSING)

    def has_exactly(
        self, carried: Carried, orders: Collection[str], choices: Collection[str]
    ) -> bool:
        """Whether the pages have sent this very request before: its time may differ.

        What tells of an order or a reason acts as well, one digit or word further on. For the
        arguments see `has`.
        """
        return self._is_among(carried, orders, choices, TIME)

    def _is_among(
        self,
        carried: Carried,
        orders: Collection[str],
        free: Collection[str],
        passing: re.Pattern[str],
    ) -> bool:
        wanted = _shape(_whole(carried), orders, free, passing)
        seen = self._whole[carried.method, carried.same_act]
        return any(_shape(each, orders, free, passing) == wanted for each in seen)

    def note_act(self, carried: Carried) -> None:
        """Note that this may have refused: nothing is learned of its service from now on.

        A timer at the same address stays the habit that it was before.
        """
        self._acts.add(carried.same_act)

    def may_refuse(self, carried: Carried) -> bool:
        """Whether what went to this service by this control may have refused before."""
        return carried.same_act in self._acts

    def _learn(self, request: Request) -> None:
        if self._watching:
            return
        carried = Carried.of(request)
        if not carried.changes_state:
            self._paths.add(carried.path.casefold())
        whole, seen = _whole(carried), self._whole[carried.method, carried.same_act]
        if not self.may_refuse(carried) and whole not in seen:
            seen.append(whole)

    def _open(self, page: Page) -> None:
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        path = Carried("GET", socket.url).path
        socket.on("framesent", lambda _frame: self._sent(path))

    def _sent(self, path: str) -> None:
        if self._watching:
            self.frames.append(path)


def _whole(carried: Carried) -> frozenset[Field]:
    """Return all that a request says: its fields, and how they are wrapped up."""
    return frozenset((*carried.fields, *((part, "") for part in carried.outline)))


def _names(whole: Collection[Field]) -> frozenset[str]:
    return frozenset(name for name, _ in whole)


def _counters(alike: Sequence[frozenset[Field]]) -> Iterator[str]:
    """Give the names of the fields that count: numbers that grew each time, and grow on.

    Codes of deeds that came once each must not pass for one.
    """
    fields = [dict(whole) for whole in alike]
    for name in _names(alike[-1]):
        values = [each[name] for each in fields]
        if all(value.isdecimal() and len(value) <= _LONGEST_NUMBER for value in values):
            numbers = [int(value) for value in values]
            if all(one < next_ for one, next_ in pairwise(numbers)):
                yield name


def _shape(
    whole: Collection[Field],
    orders: Collection[str],
    free: Collection[str],
    passing: re.Pattern[str],
) -> frozenset[Field]:
    return frozenset(
        (name, "" if name in free or (passing.fullmatch(value) and value not in orders) else value)
        for name, value in whole
    )
