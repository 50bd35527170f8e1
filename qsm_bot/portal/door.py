"""The door of the portal: going to pages, signing in, and telling what stands in the way."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, Response

from qsm_bot.clock import Clock
from qsm_bot.errors import (
    ClockSkew,
    OrderProblem,
    PortalError,
    PortalErrorPage,
    PortalSlow,
    PortalUnreachable,
    SafetyStop,
    SessionEnded,
    SignInFailed,
    SignInNeedsPerson,
    UnexpectedDialog,
    WrongShop,
)
from qsm_bot.log import get_logger
from qsm_bot.portal.border import border
from qsm_bot.portal.dialogs import DialogDesk
from qsm_bot.portal.elements import Elements
from qsm_bot.portal.pages import ClaimPage, HomePage, LoginPage
from qsm_bot.portal.pane import silence
from qsm_bot.portal.traffic import Traffic
from qsm_bot.retry import read_again
from qsm_bot.words import Words, same

_log = get_logger(__name__)
_GOINGS = 3
_PUMP_MS = 10
_LEAVE_MS = 5000
_INTERRUPTED = ("ERR_ABORTED", "interrupted by another navigation")
_MAX_SKEW = timedelta(minutes=5)

Cookies = Sequence[Mapping[str, Any]]

_NO_PASSWORD = Words("the saved sign-in has ended", "保存されたログインの有効期限が切れています")
_NO_COOKIES = Words(
    "the browser does not take the saved sign-in", "保存されたログインをブラウザが受け付けません"
)
_NO_NAME = Words("no shop name", "ショップ名が見つかりません")
_STAYED = Words("it stays on the sign-in page", "ログイン画面のまま進みません")


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """Who signs in, and the shop that must be shown then ("" = whichever).

    `cookies` are those of an earlier visit and tried first; without a password they must do.
    """

    login_id: str
    password: str
    shop_name: str
    sub_id: str = ""
    cookies: Cookies = ()


class _Interrupted(PortalUnreachable):
    """Another navigation of the page came between."""

    @property
    def code(self) -> str:
        return "PortalUnreachable"


class Door:
    """Opens the pages of one seat. Times are seconds."""

    def __init__(
        self,
        elements: Elements,
        claims: ClaimPage,
        dialogs: DialogDesk,
        traffic: Traffic,
        *,
        base_url: str,
        who: SignIn,
        timeout: float,
        clock: Clock,
    ) -> None:
        self._elements = elements
        self._page: Page = elements.page
        self._pack = elements.pack
        self._claims = claims
        self._login = LoginPage(elements)
        self._dialogs = dialogs
        self._traffic = traffic
        self._base = base_url
        self._who = who
        self._timeout = timeout
        self._clock = clock
        self._shop: str | None = None

    def sign_in(self) -> str:
        """Sign in, prove it, and stand on the claim page: see `Portal.sign_in`."""
        if self._traffic.signed_out:
            # The page says so itself by an alert, and leaves: both would come in between.
            self.leave()
        self._dialogs.forget()
        if self._shop is not None:
            # The shop was proven in this seat; what may have ended since is the session.
            with suppress(SessionEnded):
                self.open_claims()
                return self._shop
        self.enter()
        if self._login.is_here():
            self._submit()
        return self.prove()

    def enter(self) -> None:
        """Open the home page with the cookies of an earlier visit, or the sign-in page.

        Raises:
            PortalErrorPage, PortalUnreachable: another page came, or none.
            ClockSkew: the portal's clock differs.
        """
        if self._who.cookies:
            try:
                self._page.context.add_cookies(cast("Any", self._who.cookies))
            except Error as error:
                raise SignInNeedsPerson(what=_NO_COOKIES) from error
        self._open(self._pack.paths.home)

    def fill_in(self) -> bool:
        """Fill in the sign-in page if it is here; say whether its button was pressed, once."""
        if not self._login.is_here():
            return False
        self._login.submit(self._who.login_id, self._who.password)
        return bool(self._who.password)

    def prove(self) -> str:
        """Return the shop's name once home and claim page have shown that it is signed in.

        Raises:
            SignInNeedsPerson, WrongShop, SessionEnded: it is not.
            PortalErrorPage, PortalUnreachable, SelectorDrift: a page is not as known.
        """
        if not HomePage(self._elements).is_here():
            self._open(self._pack.paths.home)
        if self._login.is_here():
            raise SignInNeedsPerson(what=_STAYED)
        shop = self._proven_shop()
        # A half-dead session still shows the home page: only the claim page proves it alive.
        self.open_claims()
        self._dialogs.raise_if_unexpected()
        self._shop = shop
        return shop

    @property
    def is_proven(self) -> bool:
        """Whether the shop was proven in this seat."""
        return self._shop is not None

    def open_home(self) -> None:
        """Open the home page, and see that it is one.

        Raises:
            SessionEnded: the portal asks to sign in.
            PortalErrorPage, PortalUnreachable: another page came, or none.
        """
        self._open(self._pack.paths.home)
        if self._login.is_here():
            raise SessionEnded(page=urlsplit(self._page.url).path)
        if not HomePage(self._elements).is_here():
            raise PortalErrorPage(url=self._page.url)

    def open_claims(self) -> None:
        """Open キャンセル/返品/未受取 freshly.

        Raises:
            SessionEnded: the portal asks to sign in.
            PortalErrorPage, PortalUnreachable: another page came, or none.
        """
        self._open(self._pack.paths.claims)
        self._claims.raise_if_elsewhere(self._login)

    def show(self, path: str) -> None:
        """Open a page of the portal, whatever it says.

        Raises:
            PortalErrorPage, PortalUnreachable: it does not come.
        """
        self._open(path)

    def leave(self) -> None:
        """Leave a page that may still do something by itself; close it if it cannot be left."""
        self._claims.pane.leave()
        try:
            silence(self._page)
            self._page.goto("about:blank", timeout=_LEAVE_MS)
        except Error as error:
            _log.warning("page_not_left", error=error.message.splitlines()[0])
            with suppress(Error):
                self._page.close()

    @contextmanager
    def session(self) -> Iterator[None]:
        """Tell any trouble of the block as the session's end, if a service says that it is."""
        try:
            with border("portal", self._page):
                yield
        except (PortalError, SafetyStop, OrderProblem) as error:
            if self._traffic.signed_out:
                raise SessionEnded(page=urlsplit(self._page.url).path) from error
            raise

    def _proven_shop(self) -> str:
        home = HomePage(self._elements)
        with border("home page", self._page):
            # What a page lacks can be told only once all of it is there.
            self._page.wait_for_load_state("domcontentloaded")
            what = home.asks_for_person()
        if what:
            raise SignInNeedsPerson(what=what)
        self._raise_if_closed()
        shop = home.shop_name(self._who.shop_name)
        if self._who.shop_name and same(shop) != same(self._who.shop_name):
            raise WrongShop(expected=self._who.shop_name, seen=shop or _NO_NAME)
        return shop

    def _raise_if_closed(self) -> None:
        texts = self._pack.texts
        url = self._page.url.casefold()
        told = any(sign.casefold() in url for sign in texts.error_pages)
        if not told and self._elements.find("sign_out") is None:
            with border("home page", self._page):
                body = same(self._page.locator("body").inner_text())
            told = any(same(sign) in body for sign in texts.closed_pages)
        if told:
            raise PortalErrorPage(url=self._page.url)

    def _submit(self) -> None:
        if not (self._who.login_id and self._who.password):
            raise SignInNeedsPerson(what=_NO_PASSWORD)
        heard: list[tuple[str, str]] = []
        given = False

        def note(kind: str, text: str) -> bool:
            heard.append((kind, text))
            return kind == "alert"

        with self._dialogs.scripted(note):
            self._login.submit(self._who.login_id, self._who.password)
            deadline = time.monotonic() + self._timeout
            while time.monotonic() < deadline:
                # Asked first: an alert behind the sign-in page says nothing about the password.
                left = not self._login.is_here()
                if heard and (left or heard[0][0] != "alert"):
                    raise UnexpectedDialog(kind=heard[0][0], text=heard[0][1])
                if heard:
                    raise SignInFailed(alert=heard[0][1])
                if left:
                    return
                given = given or self._login.give_sub_id(self._who.sub_id)
                if what := self._login.asks_for_person(sub_id_given=given):
                    raise SignInNeedsPerson(what=what)
                self._page.wait_for_timeout(_PUMP_MS)
        raise SignInNeedsPerson(what=_STAYED)

    def _open(self, path: str) -> None:
        # A page that leaves for the sign-in page by itself may be in the way of the first try.
        read_again(lambda: self._open_once(path), when=_Interrupted, times=_GOINGS)

    def _open_once(self, path: str) -> None:
        url = self._base + path
        self._traffic.signed_out = False
        # A page that does not answer is left as it is: going on tells what is wrong.
        with suppress(Error):
            silence(self._page)
        try:
            with border(url, self._page):
                response = self._page.goto(url, wait_until="domcontentloaded")
        except (PortalSlow, PortalUnreachable) as error:
            detail = error.facts.get("detail", error.message)
            if any(sign in str(detail) for sign in _INTERRUPTED):
                raise _Interrupted(url=url, detail=detail) from error
            raise PortalUnreachable(url=url, detail=detail) from error
        if response is None:
            return
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise PortalErrorPage(url=f"{url} (HTTP {response.status})")
        if self._shop is None:
            self._raise_if_skewed(response)

    def _raise_if_skewed(self, response: Response) -> None:
        """Compare the clocks before the first act; a portal that tells no time is believed."""
        try:
            theirs = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return
        if theirs.tzinfo is None:
            return
        skew = abs(self._clock() - theirs)
        if skew > _MAX_SKEW:
            raise ClockSkew(minutes=skew.total_seconds() / 60)
