"""What leaves the browser: requests that could change something, seen or held back."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Request, Route

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_EVERYTHING = "**/*"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that is no plain reading: its method and path."""

    method: str
    path: str

    @property
    def service(self) -> str:
        """The last two parts of the path, as services are named in the page contract."""
        return "/".join(self.path.split("/")[-2:])


class Wire:
    """Listens to one browser context.

    Portals read by POST as well. What a page called before anything was pressed counts as
    reading; whatever comes new after a press is taken for an act.

    Attributes:
        acts: those of the last press.
        called: the services called so far, each once.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._readings: set[Sent] = set()
        self._under_way: set[Request] = set()
        self._pressing = False
        self.acts: list[Sent] = []
        self.called: list[str] = []
        self._untold: list[str] = []
        context.on("request", self._begin)
        context.on("requestfinished", self._end)
        context.on("requestfailed", self._end)

    @property
    def is_quiet(self) -> bool:
        """Whether no request that was listened to is under way."""
        return not self._under_way

    @contextmanager
    def pressed(self) -> Iterator[None]:
        """Take what is new within the block for acts."""
        self.acts = []
        self._pressing = True
        try:
            yield
        finally:
            self._pressing = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no act out within the block; `acts` tells what was tried."""
        self._context.route(_EVERYTHING, self._hold)
        try:
            yield
        finally:
            with suppress(Error):
                self._context.unroute(_EVERYTHING, self._hold)

    def take_services(self) -> tuple[str, ...]:
        """Return the services called since this was asked last."""
        called, self._untold = tuple(dict.fromkeys(self._untold)), []
        return called

    def is_act(self, request: Request) -> bool:
        """Whether a request may change something, by what was called before the press."""
        return request.method not in _SAFE_METHODS and _sent(request) not in self._readings

    def _hold(self, route: Route) -> None:
        with suppress(Error):
            if self.is_act(route.request):
                route.abort("blockedbyclient")
            else:
                route.fallback()

    def _begin(self, request: Request) -> None:
        if request.method in _SAFE_METHODS:
            return
        self._under_way.add(request)
        sent = _sent(request)
        self._untold.append(sent.service)
        if sent.service not in self.called:
            self.called.append(sent.service)
        if not self._pressing:
            self._readings.add(sent)
        elif sent not in self._readings:
            self.acts.append(sent)

    def _end(self, request: Request) -> None:
        self._under_way.discard(request)


def _sent(request: Request) -> Sent:
    return Sent(request.method, urlsplit(request.url).path)
