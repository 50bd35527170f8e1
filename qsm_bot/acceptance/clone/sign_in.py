"""The sign-in: Login.aspx, and what the portal shows behind it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request

from qsm_bot.acceptance.clone.hosts import REAL
from qsm_bot.acceptance.clone.target import Target
from qsm_bot.base.errors.inputs import NoSignIn
from qsm_bot.base.errors.outside import PortalError, PortalUnreachable
from qsm_bot.base.errors.people import SignInFailed, SignInNeedsPerson, WrongShop
from qsm_bot.base.words import Words, same
from qsm_bot.portal.browser.dialogs import DialogHandler
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.browser.visit import visit
from qsm_bot.portal.pages.elements import Elements
from qsm_bot.portal.pages.login_page import LoginPage

if TYPE_CHECKING:
    from playwright.sync_api import StorageState

_PUMP_MS = 20
REAL_URL = re.compile(rf"^\w+://([^/]*[.@])?{re.escape(REAL)}\.?([:/]|$)", re.IGNORECASE)
_STAYED = Words("it stays on the sign-in page", "ログイン画面のまま進みません")

TakePicture = Callable[[Elements], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """What the sign-in showed.

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


def block_real_hosts(context: BrowserContext) -> None:
    """Block every request to the real hosts, wherever a clone's links or redirects lead."""
    context.route(REAL_URL, lambda route: route.abort("blockedbyclient"))


def sign_in(context: BrowserContext, target: Target, take_picture: TakePicture) -> SignedIn:
    """Sign in once and return what was seen.

    Raises:
        NoSignIn: nobody said who signs in.
        SignInFailed, SignInNeedsPerson: the clone does not let the seller in.
        WrongShop: another shop is shown then; nothing may be done there.
        PortalUnreachable, SelectorDrift: it does not answer; it has no sign-in page as known.
    """
    if not (target.seller.login_id and target.seller.password):
        raise NoSignIn
    page = context.new_page()
    elements = Elements(page, target.pack, target.timeout)
    login = LoginPage(elements)
    _open_login(page, target)
    boxes = {"ID": "login_id", "password": "password"}
    asked = tuple(name for name, key in boxes.items() if elements.shows(key))
    pictures = [take_picture(elements)]
    _submit(DialogHandler(context), login, page, target)
    with border("home page", page):
        page.wait_for_load_state("load")
        path = urlsplit(page.url).path
        sign_out = elements.shows("sign_out")
        shop = _shop(elements, target.seller.shop_name)
        _raise_if_wrong_shop(shop, target.seller.shop_name)
        state = context.storage_state()
    pictures.append(take_picture(elements))
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
            response = visit(page, url)
    except PortalError as error:
        # The page itself is still empty: what was asked for last says where the clone led.
        where = urlsplit(asked[-1])._replace(query="", fragment="").geturl()
        detail = error.facts.get("detail", error.message)
        raise PortalUnreachable(url=where, detail=detail) from error
    finally:
        page.remove_listener("request", note)
    if response and response.status >= HTTPStatus.BAD_REQUEST:
        raise PortalUnreachable(url=url, detail=f"HTTP {response.status}")


def _raise_if_wrong_shop(shop: str | None, expected: str) -> None:
    if shop and expected and same(shop) != same(expected):
        raise WrongShop(expected=expected, seen=shop)


def _submit(dialogs: DialogHandler, login: LoginPage, page: Page, target: Target) -> None:
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
