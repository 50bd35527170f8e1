"""The way in: Login.aspx, and what the portal shows behind it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request

from qsm_bot.acceptance.hosts import REAL
from qsm_bot.acceptance.target import Target
from qsm_bot.errors import (
    NoSignIn,
    PortalError,
    PortalUnreachable,
    SignInFailed,
    SignInNeedsPerson,
    WrongShop,
)
from qsm_bot.portal.border import border
from qsm_bot.portal.dialogs import DialogDesk
from qsm_bot.portal.elements import Elements
from qsm_bot.portal.pages import LoginPage
from qsm_bot.words import Words, same

if TYPE_CHECKING:
    from playwright.sync_api import StorageState

_PUMP_MS = 20
REAL_URL = re.compile(rf"^\w+://([^/]*[.@])?{re.escape(REAL)}\.?([:/]|$)", re.IGNORECASE)
_STAYED = Words("it stays on the sign-in page", "ログイン画面のまま進みません")

Shoot = Callable[[Elements], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """What was seen on the way in.

    Attributes:
        asked: the boxes that Login.aspx showed: "ID", "password".
        path: the path of the page behind it.
        sign_out: whether that page shows ログアウト.
        shop: the shop's name there; None if neither its place nor the name is known.
        state: cookies and storage, with which others are signed in.
        pictures: of Login.aspx and of the page behind it.
    """

    asked: tuple[str, ...]
    path: str
    sign_out: bool
    shop: str | None
    state: "StorageState" = field(repr=False)
    pictures: tuple[bytes, ...] = field(default=(), repr=False)


def shut_off(context: BrowserContext) -> None:
    """Let nothing reach the real hosts, wherever a clone's links or redirects lead."""
    context.route(REAL_URL, lambda route: route.abort("blockedbyclient"))


def sign_in(context: BrowserContext, target: Target, shoot: Shoot) -> SignedIn:
    """Sign in once and say what was seen.

    Raises:
        NoSignIn: nobody said who signs in.
        SignInFailed, SignInNeedsPerson: the clone does not let the seller in.
        WrongShop: another shop is shown then; nothing may be done there.
        PortalUnreachable, SelectorDrift: it does not answer; it has no sign-in page as known.
    """
    if not (target.seller.login_id and target.seller.password):
        raise NoSignIn
    page = context.new_page()
    elements = Elements(page, target.pack)
    login = LoginPage(elements)
    _open_login(page, target)
    boxes = {"ID": "login_id", "password": "password"}
    asked = tuple(name for name, key in boxes.items() if elements.shows(key))
    pictures = [shoot(elements)]
    _enter(DialogDesk(context), login, page, target)
    with border("home page", page):
        page.wait_for_load_state("load")
        path = urlsplit(page.url).path
        sign_out = elements.shows("sign_out")
        shop = _shop(elements, target.seller.shop_name)
        _raise_if_another(shop, target.seller.shop_name)
        state = context.storage_state()
    pictures.append(shoot(elements))
    return SignedIn(
        asked=asked,
        path=path,
        sign_out=sign_out,
        shop=shop,
        state=state,
        pictures=tuple(pictures),
    )


def _open_login(page: Page, target: Target) -> None:
    url = target.origin + target.pack.paths.login
    asked = [url]

    def note(request: Request) -> None:
        if request.is_navigation_request():
            asked.append(request.url)

    page.on("request", note)
    try:
        with border(url, page):
            response = page.goto(url)
    except PortalError as error:
        # The page itself is still empty: what was asked for last says where the clone led.
        where = urlsplit(asked[-1])._replace(query="", fragment="").geturl()
        detail = error.facts.get("detail", error.message)
        raise PortalUnreachable(url=where, detail=detail) from error
    finally:
        page.remove_listener("request", note)
    if response and response.status >= HTTPStatus.BAD_REQUEST:
        raise PortalUnreachable(url=url, detail=f"HTTP {response.status}")


def _raise_if_another(shop: str | None, expected: str) -> None:
    if shop and expected and same(shop) != same(expected):
        raise WrongShop(expected=expected, seen=shop)


def _enter(dialogs: DialogDesk, login: LoginPage, page: Page, target: Target) -> None:
    heard: list[str] = []

    def note(kind: str, text: str) -> bool:
        heard.append(text)
        return kind == "alert"

    with dialogs.scripted(note):
        login.submit(target.seller.login_id, target.seller.password)
        deadline = time.monotonic() + target.timeout
        given = False
        while login.is_here():
            if heard:
                raise SignInFailed(alert=heard[0])
            given = given or login.give_sub_id(target.seller.sub_id)
            if what := login.asks_for_person(sub_id_given=given):
                raise SignInNeedsPerson(what=what)
            if time.monotonic() > deadline:
                raise SignInNeedsPerson(what=_STAYED)
            page.wait_for_timeout(_PUMP_MS)


def _shop(elements: Elements, expected: str) -> str | None:
    named = elements.find("shop_name")
    if named is not None:
        return same(named.inner_text())
    body = same(elements.page.locator("body").inner_text())
    if not expected:
        return None
    return expected if same(expected) in body else ""
