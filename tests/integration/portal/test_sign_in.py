"""Signing in: once, proven by what the page shows, and never by force."""

import socket
from collections.abc import Callable
from http import HTTPStatus

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.base.errors.outside import PortalErrorPage, PortalUnreachable
from qsm_bot.base.errors.people import SessionEnded, SignInFailed, SignInNeedsPerson
from qsm_bot.base.errors.safety import UnexpectedDialog
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.pages import CLAIM, HOME, LOGIN
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from qsm_bot.portal.sign_in.by_program import SignIn
from tests.integration.portal.parts import NOBODY, alter_static, page_of
from tests.support import OpenPortal, answering, shipped_pack


def visits(server: MockPortal) -> list[tuple[str, str]]:
    """Pages that were asked for, without services, scripts and frames."""
    pages = {path.casefold(): path for path in (LOGIN, HOME, CLAIM)}
    return [
        (seen.method, pages[seen.path.casefold()])
        for seen in server.journal.requests
        if seen.path.casefold() in pages
    ]


def test_sign_in_is_sent_to_the_form_and_back_home(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    open_portal(server).sign_in()

    assert visits(server) == [
        ("GET", HOME),
        ("GET", LOGIN),
        ("POST", LOGIN),
        ("GET", HOME),
        ("GET", CLAIM),
    ]


def test_a_second_sign_in_uses_the_session_that_is_there(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    portal = open_portal(server)
    portal.sign_in()

    portal.sign_in()

    assert visits(server).count(("POST", LOGIN)) == 1


def test_the_shop_is_the_one_that_the_page_shows(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    server.world.shop_name = "こもれび 工房"
    who = SignIn(login_id=server.login_id, password=server.password, shop_name="")

    assert open_portal(server, sign_in=who).sign_in() == "こもれび 工房"


def test_the_shops_name_is_compared_without_regard_to_width_and_blanks(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    server.world.shop_name = "ＭＩＨＯＮ　商店"
    who = SignIn(login_id=server.login_id, password=server.password, shop_name="MIHON 商店")

    assert open_portal(server, sign_in=who).sign_in() == "MIHON 商店"


def test_a_wrong_password_is_tried_once_and_its_alert_is_told(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    who = SignIn(login_id=server.login_id, password="wrong", shop_name="")

    with pytest.raises(SignInFailed) as caught:
        open_portal(server, sign_in=who).sign_in()

    assert caught.value.facts == {"alert": "IDまたはパスワードが正しくありません。"}
    assert visits(server).count(("POST", LOGIN)) == 1


def test_a_captcha_challenge_is_left_to_a_person(open_portal: OpenPortal) -> None:
    options = PortalOptions(captcha=True)
    with MockPortal(World.seeded(1), journal=Journal(), options=options) as server:
        with pytest.raises(SignInNeedsPerson) as caught:
            open_portal(server).sign_in()

        assert "captcha" in caught.value.message.en
        assert ("POST", LOGIN) not in visits(server)


@pytest.mark.parametrize(
    ("fault", "named", "posts"),
    [
        ("captcha", "画像認証", 0),
        ("sub-id", "サブID", 0),
        ("password-change", "パスワードの変更", 1),
        ("terms", "規約への同意", 1),
        ("language", "「Logout」", 1),
        ("language:로그아웃", "「로그아웃」", 1),
    ],
)
def test_what_only_a_person_may_do_is_named_and_left_to_a_person(
    open_portal: OpenPortal, fault: str, named: str, posts: int
) -> None:
    options = PortalOptions(faults=parse_faults([fault]))
    with MockPortal(World.seeded(1), journal=Journal(), options=options) as server:
        with pytest.raises(SignInNeedsPerson) as caught:
            open_portal(server).sign_in()

        assert named in caught.value.message.ja
        assert visits(server).count(("POST", LOGIN)) == posts


def test_a_notice_layer_over_the_home_page_does_not_stop_anything(
    context: BrowserContext, open_portal: OpenPortal
) -> None:
    options = PortalOptions(notice=True)
    with MockPortal(World.seeded(2), journal=Journal(), options=options) as server:
        portal = open_portal(server)

        assert portal.sign_in() == "みほん商店"

        assert len(portal.collect().requests) == 2
        page = page_of(portal)
        page.goto(server.url + HOME)
        assert page.locator("#layer_notice").is_visible()


STEPS: dict[str, Callable[[QsmPortal, str], object]] = {
    "collect": lambda portal, _: portal.collect(),
    "open": lambda portal, order_no: portal.open(order_no),
    "look": lambda portal, order_no: portal.look(order_no),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", ["sign_in", "collect"])
@pytest.mark.by_day(4)
def test_a_session_that_ends_between_two_steps_is_told(
    server: MockPortal, open_portal: OpenPortal, before: str, step: str
) -> None:
    """On a fresh claim page as well as with the list on it."""
    order_no = server.world.open_requests()[0].order_no
    portal = open_portal(server)
    portal.sign_in()
    if before == "collect":
        portal.collect()
    server.expire_sessions()

    with pytest.raises(SessionEnded):
        STEPS[step](portal, order_no)

    assert visits(server).count(("POST", LOGIN)) == 1


def test_look_by_lists_tells_that_the_session_has_ended(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    pack = shipped_pack().model_copy(update={"look": "lists"})
    portal = open_portal(server, pack=pack)
    portal.sign_in()
    server.expire_sessions()

    with pytest.raises(SessionEnded):
        portal.look("762544202")


def test_a_closed_port_is_an_unreachable_portal(context: BrowserContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    portal = QsmPortal(context, base_url=url, pack=shipped_pack(), sign_in=NOBODY)

    with pytest.raises(PortalUnreachable) as caught:
        portal.sign_in()

    assert url in str(caught.value.facts["url"])


@pytest.mark.parametrize("kind", ["alert", "confirm"])
def test_a_dialog_on_the_home_page_is_told_and_is_no_failed_sign_in(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal, kind: str
) -> None:
    alter_static(context, "home.js", "  loadHome();\n", f"  {kind}('規約が変わりました');\n")

    with pytest.raises(UnexpectedDialog) as caught:
        open_portal(server).sign_in()

    assert caught.value.facts == {"kind": kind, "text": "規約が変わりました"}


def test_a_confirm_on_the_sign_in_page_is_not_accepted(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal
) -> None:
    """It might ask to end another person's session."""
    alter_static(
        context,
        "login.js",
        "  event.preventDefault();\n",
        "  event.preventDefault();\n  if (!confirm('他の端末をログアウトしますか')) return;\n",
    )

    with pytest.raises(UnexpectedDialog) as caught:
        open_portal(server).sign_in()

    assert caught.value.facts["kind"] == "confirm"
    assert ("POST", LOGIN) not in visits(server)


@pytest.mark.parametrize("body", [b"", "<p>メンテナンス中</p>".encode()], ids=["empty", "page"])
def test_an_error_of_the_server_is_told_with_its_status(
    context: BrowserContext, body: bytes
) -> None:
    """With nothing in it, too: Chromium then says that no answer came at all."""
    with answering(HTTPStatus.SERVICE_UNAVAILABLE, body) as url:
        portal = QsmPortal(context, base_url=url, pack=shipped_pack(), sign_in=NOBODY)

        with pytest.raises(PortalErrorPage) as caught:
            portal.sign_in()

    assert "(HTTP 503)" in str(caught.value.facts["url"])
