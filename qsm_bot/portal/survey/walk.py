"""A walk past everything that the selector pack names: it reads and goes from page to page."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Error

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.orders import DetailNotOpened, NotEligible, NothingToOpen, OrderProblem
from qsm_bot.base.errors.outside import PortalError
from qsm_bot.base.errors.safety import SafetyStop, SelectorDrift
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.rows import parse_rows
from qsm_bot.portal.selectors.pack import PortalPage
from qsm_bot.portal.sign_in.session import PortalSession

__all__ = ["PortalPage", "PortalWalk", "Visit"]

_CALM_MS = 5000
# After another error (the sign-in, the browser) there is no page left to go on from.
_GO_ON = (OrderProblem, PortalError, SafetyStop)


@dataclass(frozen=True, slots=True)
class Visit:
    """One place of the walk: without `trouble` the page shows it now."""

    place: PortalPage
    trouble: QsmBotError | None = None


class PortalWalk:
    """Goes through the places of a session that is signed in.

    It asks for lists and double-clicks the first order; no button of 取引情報 or of
    キャンセル拒否 is touched, and no field filled in. What is in the way of a place is told in
    its visit, never raised.

    Args:
        session: whose places.
        open_order: opens an order of キャンセル要請, as `Portal.open`.
    """

    def __init__(self, session: PortalSession, open_order: Callable[[str], object]) -> None:
        self._elements = session.elements
        self._navigation = session.navigation
        self._claims = session.claims
        self._dialogs = session.dialogs
        self._open_order = open_order
        self._first: str | None = None
        self._no_list: QsmBotError | None = None
        self._over: QsmBotError | None = None

    def visits(self) -> Iterator[Visit]:
        """Go from place to place; each stays open until the next is asked for."""
        ways = {
            PortalPage.HOME: self._home,
            PortalPage.CLAIMS: self._claim_page,
            PortalPage.LIST: self._list,
            PortalPage.SEARCH: self._search,
            PortalPage.DETAILS: self._details,
        }
        for place, go in ways.items():
            yield Visit(place, self._over or self._trouble(place, go))

    def _trouble(self, place: PortalPage, go: Callable[[], None]) -> QsmBotError | None:
        try:
            with self._navigation.noticing_sign_out():
                go()
            self._dialogs.raise_if_unexpected()
        except QsmBotError as error:
            if place is PortalPage.CLAIMS or not isinstance(error, _GO_ON):
                self._over = error
            if place is PortalPage.LIST:
                self._no_list = error
            return error
        return None

    def _home(self) -> None:
        self._navigation.open_home()
        self._calm()

    def _claim_page(self) -> None:
        self._navigation.open_claims()
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
            # The list is there anyway; only no order can be picked from it.
            self._no_list = error
            return
        self._first = requests[0].order_no if requests else None

    def _search(self) -> None:
        self._claims.show_search()
        with border("選択条件照会", self._elements.page):
            self._elements.read("search_button").wait_for(state="visible")

    def _details(self) -> None:
        if self._first is None:
            raise self._no_list or NothingToOpen()
        try:
            self._open_order(self._first)
        except NotEligible:
            # It is open; its state matters only to whoever wants to refuse it.
            return
        except DetailNotOpened as error:
            if self._elements.find("details_order_no") is None:
                raise self._elements.lost("details_order_no") from error
            raise
