"""What refused once stays held after its press, until the next one or the page's end.

A page may send its refusal again when all is said: a request on its way as the fuse goes, or a
timer that was set before. The portal's own word that it is done ends the press, not the page.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus

from playwright.sync_api import BrowserContext, Error, Request, Response, Route

from qsm_bot.base.log import get_logger
from qsm_bot.portal.act.carried import Carried
from qsm_bot.portal.act.habits import Habits
from qsm_bot.portal.act.sorting import RefusalMarks

_log = get_logger(__name__)


class Repeats:
    """Holds what is once more what one context has sent as a refusal."""

    def __init__(self, context: BrowserContext, habits: Habits | None = None) -> None:
        self._context = context
        self._habits = habits
        self._refusals: list[Carried] = []
        self._marks = RefusalMarks()
        self._at = re.compile("")

    def hold(self, refusals: Collection[Carried], marks: RefusalMarks) -> None:
        """Hold what is one of `refusals` again, by the marks of their press, from now on.

        Raises:
            playwright.sync_api.Error: the browser is gone.
        """
        if not refusals:
            return
        self._refusals, self._marks = [*refusals], marks
        services = "|".join(sorted({_written(each.same_act[0]) for each in refusals}))
        # Told by the address first: nothing else is to wait for this program.
        self._at = re.compile(rf"^[^?#]*/(?:{services})/*(?:[?#].*)?$", re.IGNORECASE)
        self._context.route(self._at, self._guard)

    def lift(self) -> None:
        """Hold nothing any more: a fuse watches again."""
        if self._refusals:
            self._context.unroute(self._at, self._guard)
        self._refusals = []

    def _guard(self, route: Route) -> None:
        carried = Carried.of(route.request)
        like = carried.kind in {each.kind for each in self._refusals}
        if self._is_habit(carried) or not (like or self._marks.is_again(carried, self._refusals)):
            route.fallback()
            return
        _log.warning("refusal_not_repeated", request=carried.words)
        route.abort("blockedbyclient")

    def _is_habit(self, carried: Carried) -> bool:
        """Whether the page sent just this before anything was refused."""
        marks = self._marks
        if self._habits is None or marks.is_about(carried):
            return False
        return self._habits.has_exactly(carried, marks.orders, marks.form.choices)


class Readings:
    """What only read during a press, and was not the page's habit: it may have acted as well.

    A click that a page listens to twice asks twice. The same is not asked again before it was
    answered, nor after it failed; asked again later it is a look at how things stand.
    """

    def __init__(self) -> None:
        self._asked: list[tuple[Carried, Request]] = []
        self._answered: set[Request] = set()

    @contextmanager
    def watching(self, context: BrowserContext) -> Iterator[None]:
        """Hear within the block what is answered, and what is not."""
        context.on("response", self._note_answer)
        context.on("requestfailed", self._note_failure)
        try:
            yield
        finally:
            # A browser that is gone says no more.
            with suppress(Error):
                context.remove_listener("response", self._note_answer)
                context.remove_listener("requestfailed", self._note_failure)

    def _note_answer(self, response: Response) -> None:
        """Note that this was answered; the rest of the answer may still be under way.

        What the portal turns down was answered, too. After an error of its own nobody knows, and
        what is sent on was not answered yet.
        """
        status = response.status
        moved = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or (
            moved and status != HTTPStatus.NOT_MODIFIED
        ):
            return
        asked: Request | None = response.request
        while asked is not None:
            self._answered.add(asked)
            asked = asked.redirected_from

    def _note_failure(self, request: Request) -> None:
        """Note that this was cut off, perhaps in the middle of its answer."""
        self._answered.discard(request)

    def is_again(self, carried: Carried, request: Request) -> bool:
        """Whether the same was asked before without a good answer; else keep it as asked."""
        like = [sent for each, sent in self._asked if each.same_reading == carried.same_reading]
        again = not self._answered.issuperset(like)
        if not again:
            self._asked.append((carried, request))
        return again


def _written(service: str) -> str:
    """Return a pattern for a service's path however an address may write it."""
    return "".join(
        "/+" if byte == ord("/") else f"(?:{re.escape(chr(byte))}|%{byte:02x})"
        for byte in service.encode()
    )
