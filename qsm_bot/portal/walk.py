"""A walk past everything that the selector pack names: it reads and goes from page to page."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Error

from qsm_bot.errors import (
    DetailNotOpened,
    NotEligible,
    NothingToOpen,
    OrderProblem,
    PortalError,
    QsmBotError,
    SafetyStop,
    SelectorDrift,
)
from qsm_bot.portal.border import border
from qsm_bot.portal.dialogs import DialogDesk
from qsm_bot.portal.door import Door
from qsm_bot.portal.elements import Elements
from qsm_bot.portal.grid import parse_rows
from qsm_bot.portal.pack import Place
from qsm_bot.portal.pages import ClaimPage

__all__ = ["Place", "Visit", "Walk"]

_CALM_MS = 5000
# After another error (the sign-in, the browser) there is no page left to go on from.
_GO_ON = (OrderProblem, PortalError, SafetyStop)


@dataclass(frozen=True, slots=True)
class Visit:
    """One stand: without `trouble` the page shows it now."""

    place: Place
    trouble: QsmBotError | None = None


class Walk:
    """Goes through the places of a seat that is signed in.

    It asks for lists and double-clicks the first order; no button of 取引情報 or of
    キャンセル拒否 is touched, and no field filled in.
    """

    def __init__(
        self,
        elements: Elements,
        door: Door,
        claims: ClaimPage,
        dialogs: DialogDesk,
        open_order: Callable[[str], object],
    ) -> None:
        self._elements = elements
        self._door = door
        self._claims = claims
        self._dialogs = dialogs
        self._open_order = open_order
        self._first: str | None = None
        self._no_list: QsmBotError | None = None
        self._over: QsmBotError | None = None

    def visits(self) -> Iterator[Visit]:
        """Go from place to place; each stands open until the next is asked for."""
        ways = {
            Place.HOME: self._home,
            Place.CLAIMS: self._claim_page,
            Place.LIST: self._list,
            Place.SEARCH: self._search,
            Place.DETAILS: self._details,
        }
        for place, go in ways.items():
            yield Visit(place, self._over or self._trouble(place, go))

    def _trouble(self, place: Place, go: Callable[[], None]) -> QsmBotError | None:
        try:
            with self._door.session():
                go()
            self._dialogs.raise_if_unexpected()
        except QsmBotError as error:
            if place is Place.CLAIMS or not isinstance(error, _GO_ON):
                self._over = error
            if place is Place.LIST:
                self._no_list = error
            return error
        return None

    def _home(self) -> None:
        self._door.open_home()
        self._calm()

    def _claim_page(self) -> None:
        self._door.open_claims()
        self._calm()

    def _calm(self) -> None:
        """Wait until the page has asked for all that it shows; some never stop asking."""
        with suppress(Error):
            self._elements.page.wait_for_load_state("networkidle", timeout=_CALM_MS)

    def _list(self) -> None:
        """Show キャンセル要請 and remember its first order, if its headings are as known."""
        pack = self._elements.pack
        self._claims.show_list(pack.texts.counters.requests)
        table = self._claims.grid.read()
        self._no_list = NothingToOpen()
        try:
            requests, _ = parse_rows(table, pack)
        except SelectorDrift as error:
            # The list is there all the same; only no order can be picked out of it.
            self._no_list = error
            return
        self._first = requests[0].order_no if requests else None

    def _search(self) -> None:
        with border("選択条件照会", self._elements.page):
            # As the list's own loading does it: without the mouse, whatever lies above.
            self._elements.read("by_search_tab").evaluate("(tab) => tab.click()")
            self._elements.read("search_button").wait_for(state="visible")

    def _details(self) -> None:
        if self._first is None:
            raise self._no_list or NothingToOpen()
        try:
            self._open_order(self._first)
        except NotEligible:
            # It stands open; its state matters only to who wants to refuse it.
            return
        except DetailNotOpened as error:
            if self._elements.find("details_order_no") is None:
                raise self._elements.lost("details_order_no") from error
            raise
