"""The requests that leave the browser and could change something: watched, or blocked."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Error, Request, Route

from qsm_bot.acceptance.manual import REFUSE
from qsm_bot.base.words import same
from qsm_bot.portal.act.carried import Carried

_EVERYTHING = "**/*"


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request other than GET, HEAD or OPTIONS: its method and path.

    `control` is what posts, of a page that posts to its own address.
    """

    method: str
    path: str
    control: str = ""

    @property
    def service(self) -> str:
        """The last two parts of the path, as services are named in the page contract."""
        return "/".join(self.path.split("/")[-2:])


class OutgoingRequests:
    """Watches one browser context.

    Portals read by POST as well. A request that the page sent before the press counts as
    reading; one that is new after it is taken for an act, if it carries something of the press:
    pages also send heartbeats, and count clicks.

    Attributes:
        marks: what a refusal carries one of; empty = not known.
        acts: those of the last press.
        services: the services called so far, each once.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._readings: set[SentRequest] = set()
        self._under_way: set[Request] = set()
        self._pressing = False
        self.marks: frozenset[str] = frozenset()
        self.acts: list[SentRequest] = []
        self.services: list[str] = []
        self._not_taken: list[str] = []
        context.on("request", self._begin)
        context.on("requestfinished", self._end)
        context.on("requestfailed", self._end)

    @property
    def is_quiet(self) -> bool:
        """Whether each watched request was answered, or failed."""
        return not self._under_way

    @contextmanager
    def recording_acts(self) -> Iterator[None]:
        """Take each request that is new within the block for an act."""
        self.acts = []
        self._pressing = True
        try:
            yield
        finally:
            self._pressing = False

    @contextmanager
    def blocking_acts(self) -> Iterator[None]:
        """Block each act within the block; `acts` has what was tried."""
        self._context.route(_EVERYTHING, self._block)
        try:
            yield
        finally:
            with suppress(Error):
                self._context.unroute(_EVERYTHING, self._block)

    def take_services(self) -> tuple[str, ...]:
        """Return the services called since this was asked last."""
        services, self._not_taken = tuple(dict.fromkeys(self._not_taken)), []
        return services

    def is_act(self, request: Request) -> bool:
        """Whether a request may change something, by what was called before the press."""
        carried = Carried.of(request)
        return (
            carried.changes_state
            and _sent(carried) not in self._readings
            and (not self.marks or not self.marks.isdisjoint(_carried(carried)))
        )

    def _block(self, route: Route) -> None:
        with suppress(Error):
            if self.is_act(route.request):
                route.abort("blockedbyclient")
            else:
                route.fallback()

    def _begin(self, request: Request) -> None:
        carried = Carried.of(request)
        if not carried.changes_state:
            return
        self._under_way.add(request)
        sent = _sent(carried)
        self._not_taken.append(sent.service)
        if sent.service not in self.services:
            self.services.append(sent.service)
        if not self._pressing:
            self._readings.add(sent)
        elif self.is_act(request):
            self.acts.append(sent)

    def _end(self, request: Request) -> None:
        self._under_way.discard(request)


def _sent(carried: Carried) -> SentRequest:
    # A button that submits the form is known by what it says.
    pressed = (name for name, value in carried.fields if same(value) == REFUSE)
    control = carried.target or next(pressed, "")
    return SentRequest(carried.method, carried.path, control)


def _carried(carried: Carried) -> set[str]:
    names = {each for field in carried.fields for each in field}
    return {same(each) for each in names} | {carried.target}
