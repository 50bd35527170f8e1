"""The request fuse: at most one refusal request leaves the browser under one permit.

Chromium sends a POST again by itself when a reused connection dies before the
answer's headers: two effects for one click. So from the confirm on the fuse sends each
state-changing request itself, once, without retries or redirects, and hands the page the
answer. It reads what each carries: what names another order is held, whatever else is so.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Literal

from playwright.sync_api import APIResponse, BrowserContext, Error, Request, Response, Route

from qsm_bot.base.errors.safety import AnotherOrderNamed
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words, some_of
from qsm_bot.portal.act.carried import Carried, is_whole_page
from qsm_bot.portal.act.habits import Habits
from qsm_bot.portal.act.repeats import Readings, Repeats
from qsm_bot.portal.act.sorting import ACTS, AGAINST, PLAIN, RefusalMarks, RequestSort
from qsm_bot.portal.protocol import RefusalAnswer

FuseMode = Literal["strict", "count", "off"]

_EVERYTHING = "**/*"
_WEIGHED = ("document", "fetch", "xhr", "eventsource", "ping", "other")
_PARTS = ("script", "stylesheet", "font")
_OTHER_FORM = Words("another reason or text than approved", "承認と異なる理由や内容")
_log = get_logger(__name__)


class RequestFuse:
    """Watches the requests of one press.

    Before the confirm is accepted (`open_gate`) nothing may leave in strict mode that changes
    state, unless the pack or the page's own habit says that it is harmless. After it each may
    leave once, through the fuse; what may be the refusal, never a second time.

    Attributes:
        sent: how many requests left that may have been the refusal.
        held: the paths of what was held back; `held_words` with their methods.
        held_act: whether one of them may have been the refusal.
        left: what left besides, only reading, and may have acted all the same.
        answer: what came back of the refusal; `others` of what may have been it as well.
        against: why the run must end, if a request said otherwise than was approved.
    """

    def __init__(
        self,
        *,
        mode: FuseMode,
        budget: int,
        refusal: str = "",
        timeout: float,
        on_answer: Callable[[RefusalAnswer], None],
        marks: RefusalMarks | None = None,
        habits: Habits | None = None,
        repeats: Repeats | None = None,
    ) -> None:
        self.sent = 0
        self.held: list[str] = []
        self.held_words: list[str] = []
        self.held_act = False
        self.left: list[str] = []
        self.answer: RefusalAnswer | None = None
        self.others: list[RefusalAnswer] = []
        self.against: AnotherOrderNamed | None = None
        self.marks = marks or RefusalMarks(ending=refusal)
        self._mode = mode
        self._budget = budget
        self._timeout = timeout
        self._on_answer = on_answer
        self._habits = habits
        self._repeats = repeats
        self._readings = Readings()
        self._open = False
        self._opened_at = 0.0
        self._under_way = 0
        self._lost = False
        self._counted: tuple[str, str] | None = None
        self._sent: dict[bool, list[Carried]] = {True: [], False: []}
        self._sure = False

    @property
    def sending(self) -> bool:
        """Whether something that may be the refusal is under way."""
        return self._under_way > 0

    @property
    def answered(self) -> bool:
        """Whether all that may have been the refusal has come to an end, and something has."""
        return self.sent > 0 and not self.sending

    @contextmanager
    def installed(self, context: BrowserContext) -> Iterator["RequestFuse"]:
        """Watch `context` within the block."""
        if self._mode == "strict":
            context.route(_EVERYTHING, self._guard)
            if self._repeats:
                self._repeats.lift()
        elif self._mode == "count":
            context.on("request", self._count)
            context.on("response", self._note_response)
        try:
            habits = self._habits.watching() if self._habits else nullcontext()
            with habits, self._readings.watching(context):
                yield self
        finally:
            # A browser that is gone needs no unrouting.
            with suppress(Error):
                if self._mode == "strict":
                    # First: what the page sent meanwhile may not have reached this program yet.
                    if self._repeats:
                        self._repeats.hold(self._sent[True] or self._sent[False], self.marks)
                    context.unroute(_EVERYTHING, self._guard)
                elif self._mode == "count":
                    context.remove_listener("request", self._count)
                    context.remove_listener("response", self._note_response)

    def note_unasked(self) -> None:
        """Report what may have left although the portal never asked, if anything may have.

        Frames of a socket, requests of a worker and requests that only read may act as well;
        without a watch nobody knows what left.
        """
        frames = self._habits.frames if self._habits else []
        left = [*self.left, *(f"socket {path}" for path in dict.fromkeys(frames))]
        if self.marks.form.blind:
            left.append("SharedWorker")
        if left:
            _log.warning("left_unasked", what=some_of(left))
        if self._mode == "off" or left:
            path = left[0] if left else "?"
            self._report(RefusalAnswer(method="?", path=path, status=None))

    def note_read(self) -> None:
        """Report what only read, if nothing else left: a page may refuse by that as well."""
        if self.answer is None and not self.held_act and self.left:
            self._report(RefusalAnswer(method="GET", path=self.left[-1], status=None))

    def open_gate(self) -> None:
        """Let the refusal request out from now on: the confirm is about to be accepted."""
        self._open = True
        self._opened_at = time.time()

    def _guard(self, route: Route) -> None:
        carried = Carried.of(route.request)
        sort = self.marks.sort(carried, self._is_habit)
        if sort in AGAINST:
            self._against(route, carried, sort)
        elif sort is RequestSort.READING:
            self._read(route, carried)
        elif sort in PLAIN:
            self._send(route, carried)
        elif not self._open or self._budget == 0:
            self._hold(route, carried, act=self._open)
        elif sort is RequestSort.OTHER:
            self._send(route, carried)
        elif sort in ACTS and not self._is_over(carried):
            self._act(route, carried, sort)
        else:
            self._hold(route, carried, act=sort in ACTS)

    def _is_habit(self, carried: Carried) -> bool:
        if self._habits is None:
            return False
        acts = self._habits.may_refuse(carried)
        if acts and self.marks.is_about(carried):
            return False
        if acts or self.marks.tells(carried):
            return self._was_sent(carried)
        return self._habits.has(carried, self.marks.orders, self.marks.form.choices)

    def _was_sent(self, carried: Carried) -> bool:
        habits, marks = self._habits, self.marks
        return habits is not None and habits.has_exactly(carried, marks.orders, marks.form.choices)

    def _is_over(self, carried: Carried) -> bool:
        """Whether this went out already, or may have, or others may have looked since."""
        # The latter if this program slept so long meanwhile.
        if self._lost or time.time() - self._opened_at > self._timeout:
            return True
        sent = self._sent[True] + self._sent[False]
        if carried.changes_state:
            return carried.same_act in {each.same_act for each in sent}
        return self.marks.is_again(carried, sent)

    def _against(self, route: Route, carried: Carried, sort: RequestSort) -> None:
        named = sorted(self.marks.others_named(carried))
        what = some_of(named) if sort is RequestSort.ANOTHER else _OTHER_FORM
        if self.against is None:
            order = self.marks.order_no
            self.against = AnotherOrderNamed(order=order, request=carried.words, named=what)
        self._hold(route, carried, act=True)

    def _read(self, route: Route, carried: Carried) -> None:
        request, before = route.request, self._was_sent(carried)
        # Unasked, a page that goes elsewhere, or here with other words, may go where it acts.
        goes = not self._open and is_whole_page(request) and not before
        # A picture without a query is one.
        weighed = request.resource_type in _WEIGHED or bool(carried.fields)
        may_act = weighed and request.resource_type not in _PARTS and not before
        again = may_act and self._readings.is_again(carried, request)
        if goes or (again and self._open):
            self._hold(route, carried, act=False)
            return
        if weighed and not self._is_habit(carried):
            self.left.append(carried.path)
        with suppress(Error):
            route.continue_()

    def _hold(self, route: Route, carried: Carried, *, act: bool) -> None:
        self.held.append(carried.path)
        self.held_words.append(carried.words)
        self.held_act = self.held_act or act
        # A page's analytics are held before the confirm, too, which is nobody's trouble.
        tell = _log.warning if act else _log.info
        tell("request_held_back", request=carried.words, gate_open=self._open, sent=self.sent)
        with suppress(Error):
            route.abort("blockedbyclient")

    def _act(self, route: Route, carried: Carried, sort: RequestSort) -> None:
        self.sent += 1
        self._sent[sort is RequestSort.REFUSAL].append(carried)
        if self._habits:
            self._habits.note_act(carried)
        # Taken away while this is under way, the fuse would let the browser's own copy go.
        self._under_way += 1
        try:
            response = self._fetched(route, carried)
            self._lost = self._lost or response is None
            status = response.status if response else None
            answer = RefusalAnswer(method=carried.method, path=carried.path, status=status)
            self._report(answer, sure=sort is RequestSort.REFUSAL)
            self._hand_on(route, carried, response)
        finally:
            self._under_way -= 1

    def _send(self, route: Route, carried: Carried) -> None:
        """Send what is no refusal: once as well, whatever becomes of the connection."""
        self._hand_on(route, carried, self._fetched(route, carried))

    def _fetched(self, route: Route, carried: Carried) -> APIResponse | None:
        # On a connection of its own: one that was kept may have died meanwhile.
        headers = {**route.request.headers, "connection": "close"}
        try:
            return route.fetch(
                headers=headers, max_retries=0, max_redirects=0, timeout=self._timeout * 1000
            )
        except Error as error:
            detail = error.message.splitlines()[0]
            _log.warning("request_unanswered", request=carried.words, error=detail)
            return None

    def _hand_on(self, route: Route, carried: Carried, response: APIResponse | None) -> None:
        with suppress(Error):
            if response is None or carried.is_sent_again_by(response.status):
                route.abort("failed")
            else:
                route.fulfill(response=response)

    def _report(self, answer: RefusalAnswer, *, sure: bool = True) -> None:
        """Keep the answer: that of what names the order counts before any other."""
        if self.answer is not None and (self._sure or not sure):
            self.others.append(answer)
        else:
            self.others += [self.answer] if self.answer is not None else []
            self.answer = answer
        self._sure = self._sure or sure
        try:
            self._on_answer(answer)
        except Exception as error:  # noqa: BLE001  # the page must still get its answer
            _log.error("answer_not_recorded", error=repr(error))

    def _count(self, request: Request) -> None:
        carried = Carried.of(request)
        if not carried.changes_state:
            return
        if self._open:
            self.sent += self._is_counted(carried)
        elif carried.path.casefold().endswith(self.marks.ending.casefold()):
            # A page that does not ask may have acted all the same.
            self._report(RefusalAnswer(method=carried.method, path=carried.path, status=None))

    def _is_counted(self, carried: Carried) -> bool:
        if ending := self.marks.ending.casefold():
            return carried.path.casefold().endswith(ending)
        self._counted = self._counted or carried.same_act
        return carried.same_act == self._counted

    def _note_response(self, response: Response) -> None:
        carried = Carried.of(response.request)
        if self.sent and carried.changes_state and self._is_counted(carried):
            self.answer = None
            answer = RefusalAnswer(method=carried.method, path=carried.path, status=response.status)
            self._report(answer)
