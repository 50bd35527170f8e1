"""The program signs in: with the cookies of an earlier visit, or with ID and password."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from playwright.sync_api import Error, Page

from qsm_bot.base.errors.outside import PortalErrorPage
from qsm_bot.base.errors.people import (
    SessionEnded,
    ShopNotProven,
    SignInFailed,
    SignInNeedsPerson,
    WrongShop,
)
from qsm_bot.base.errors.safety import UnexpectedDialog
from qsm_bot.base.words import Words, same
from qsm_bot.portal.browser.dialogs import DialogHandler
from qsm_bot.portal.browser.origin import origin_of, raise_if_elsewhere
from qsm_bot.portal.browser.traffic import Traffic
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.elements import Elements
from qsm_bot.portal.pages.home_page import HomePage
from qsm_bot.portal.pages.login_page import LoginPage
from qsm_bot.portal.pages.navigation import Navigation

_PUMP_MS = 10

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


class SignInByProgram:
    """Signs in, and proves which shop it is. Times are seconds."""

    def __init__(
        self,
        elements: Elements,
        navigation: Navigation,
        dialogs: DialogHandler,
        traffic: Traffic,
        *,
        base_url: str,
        who: SignIn,
        timeout: float,
    ) -> None:
        self._elements = elements
        self._page: Page = elements.page
        self._pack = elements.pack
        self._navigation = navigation
        self._login = LoginPage(elements)
        self._home = HomePage(elements)
        self._dialogs = dialogs
        self._traffic = traffic
        self._base = base_url
        self._who = who
        self._timeout = timeout
        self._shop: str | None = None
        self._named = False

    def sign_in(self) -> str:
        """Sign in, prove it, and end on the claim page: see `Portal.sign_in`."""
        if self._traffic.signed_out:
            # The page says so itself by an alert, and leaves: both would come in between.
            self._navigation.leave()
        self._dialogs.forget()
        if self._shop is not None:
            # The shop was proven before; what may have ended since is the portal's session.
            with suppress(SessionEnded):
                self._navigation.open_claims()
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
        self._navigation.show(self._pack.paths.home)

    def fill_in(self) -> bool:
        """Fill in the sign-in page if it is here; say whether its button was pressed, once."""
        at_home = origin_of(self._page.url) == origin_of(self._base)
        if not (self._login.is_here() and at_home):
            return False
        self._login.submit(self._who.login_id, self._who.password)
        return bool(self._who.password)

    def prove(self) -> str:
        """Return the shop's name once home and claim page have shown that it is signed in.

        Raises:
            SignInNeedsPerson, WrongShop, SessionEnded: it is not.
            PortalErrorPage, PortalUnreachable, SelectorDrift: a page is not as known.
        """
        if not self._home.is_here():
            self._navigation.show(self._pack.paths.home)
        if self._login.is_here():
            raise SignInNeedsPerson(what=_STAYED)
        shop = self._proven_shop()
        # A half-dead session still shows the home page: only the claim page proves it alive.
        self._navigation.open_claims()
        self._dialogs.raise_if_unexpected()
        self._shop = shop
        self._navigation.compares_clocks = False
        return shop

    @property
    def is_proven(self) -> bool:
        """Whether it was proven which shop is signed in."""
        return self._shop is not None

    def raise_if_not_ours(self, page_url: str) -> None:
        """Check that a page is of this portal and of this shop, before anything acts there.

        Raises:
            OtherOrigin: it is of another portal.
            ShopNotProven: the shop's name was found inside another text only.
        """
        raise_if_elsewhere(page_url, self._base)
        if self._who.shop_name and not self._named:
            raise ShopNotProven(expected=self._who.shop_name)

    def _proven_shop(self) -> str:
        with border("home page", self._page):
            # What a page lacks can be told only once all of it is there.
            self._page.wait_for_load_state("domcontentloaded")
            what = self._home.asks_for_person()
        if what:
            raise SignInNeedsPerson(what=what)
        self._raise_if_closed()
        shop = self._home.shop_name(self._who.shop_name)
        if self._who.shop_name and same(shop) != same(self._who.shop_name):
            raise WrongShop(expected=self._who.shop_name, seen=shop or _NO_NAME)
        self._named = self._home.is_named
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
        raise_if_elsewhere(self._page.url, self._base)
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
                raise_if_elsewhere(self._page.url, self._base)
                given = given or self._login.give_sub_id(self._who.sub_id)
                if what := self._login.asks_for_person(sub_id_given=given):
                    raise SignInNeedsPerson(what=what)
                self._page.wait_for_timeout(_PUMP_MS)
        raise SignInNeedsPerson(what=_STAYED)
