"""Going to the portal's pages, and telling what came instead of them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, Response

from qsm_bot.base.clock import Clock
from qsm_bot.base.errors.orders import OrderProblem
from qsm_bot.base.errors.outside import PortalError, PortalErrorPage, PortalSlow, PortalUnreachable
from qsm_bot.base.errors.people import SessionEnded
from qsm_bot.base.errors.safety import ClockSkew, SafetyStop
from qsm_bot.base.log import get_logger
from qsm_bot.base.retry import read_again
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.browser.visit import visit
from qsm_bot.portal.pages.claim_page import ClaimPage
from qsm_bot.portal.pages.elements import Elements
from qsm_bot.portal.pages.home_page import HomePage
from qsm_bot.portal.pages.login_page import LoginPage
from qsm_bot.portal.pages.order_details import silence

_log = get_logger(__name__)
_TRIES = 3
_LEAVE_MS = 5000
_INTERRUPTED = ("ERR_ABORTED", "interrupted by another navigation")
_MAX_SKEW = timedelta(minutes=5)


class _Interrupted(PortalUnreachable):
    """Another navigation of the page came between."""

    @property
    def code(self) -> str:
        return "PortalUnreachable"


class Navigation:
    """Goes from page to page of one portal.

    Attributes:
        compares_clocks: whether this computer's clock is compared with the portal's: until the
            sign-in is proven, before the first act.
    """

    def __init__(
        self,
        elements: Elements,
        claims: ClaimPage,
        *,
        base_url: str,
        clock: Clock,
    ) -> None:
        self.compares_clocks = True
        self._elements = elements
        self._page: Page = elements.page
        self._paths = elements.pack.paths
        self._claims = claims
        self._login = LoginPage(elements)
        self._home = HomePage(elements)
        self._traffic = elements.traffic
        self._base = base_url
        self._clock = clock

    def open_home(self) -> None:
        """Open the home page, and see that it is one.

        Raises:
            SessionEnded: the portal asks to sign in.
            PortalErrorPage, PortalUnreachable: another page came, or none.
        """
        self.show(self._paths.home)
        if self._login.is_here():
            raise SessionEnded(page=urlsplit(self._page.url).path)
        if not self._home.is_here():
            raise PortalErrorPage(url=self._page.url)

    def open_claims(self) -> None:
        """Open キャンセル/返品/未受取 freshly.

        Raises:
            SessionEnded: the portal asks to sign in.
            PortalErrorPage, PortalUnreachable: another page came, or none.
        """
        self.show(self._paths.claims)
        self._claims.raise_if_elsewhere(self._login)
        self._claims.find_frame()

    def show(self, path: str) -> None:
        """Open a page of the portal, whatever it says.

        Raises:
            PortalErrorPage, PortalUnreachable: it does not come.
            ClockSkew: the portal's clock differs.
        """
        # A page that leaves for the sign-in page by itself may be in the way of the first try.
        read_again(lambda: self._show_once(path), when=_Interrupted, times=_TRIES)

    def leave(self) -> None:
        """Leave a page that may still do something by itself; close it if it cannot be left."""
        self._claims.details.leave()
        try:
            silence(self._page)
            self._page.goto("about:blank", timeout=_LEAVE_MS)
        except Error as error:
            _log.warning("page_not_left", error=error.message.splitlines()[0])
            with suppress(Error):
                self._page.close()

    @contextmanager
    def noticing_sign_out(self) -> Iterator[None]:
        """Tell any trouble of the block as the session's end, if a service says that it is."""
        try:
            with border("portal", self._page):
                yield
        except (PortalError, SafetyStop, OrderProblem) as error:
            if self._traffic.signed_out:
                raise SessionEnded(page=urlsplit(self._page.url).path) from error
            raise

    def _show_once(self, path: str) -> None:
        url = self._base + path
        self._traffic.gesture()
        self._traffic.signed_out = False
        self._elements.at = self._elements.details_at = self._page
        self._claims.shown_list = ""
        # A page that does not answer is left as it is: going on tells what is wrong.
        with suppress(Error):
            silence(self._page)
        try:
            with border(url, self._page):
                response = visit(self._page, url, wait_until="domcontentloaded")
        except (PortalSlow, PortalUnreachable) as error:
            detail = error.facts.get("detail", error.message)
            if any(sign in str(detail) for sign in _INTERRUPTED):
                raise _Interrupted(url=url, detail=detail) from error
            raise PortalUnreachable(url=url, detail=detail) from error
        if response is None:
            return
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise PortalErrorPage(url=f"{url} (HTTP {response.status})")
        if self.compares_clocks:
            self._raise_if_skewed(response)

    def _raise_if_skewed(self, response: Response) -> None:
        """Compare the clocks; a portal that tells no time is believed."""
        try:
            theirs = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return
        if theirs.tzinfo is None:
            return
        skew = abs(self._clock() - theirs)
        if skew > _MAX_SKEW:
            raise ClockSkew(minutes=skew.total_seconds() / 60)
