"""Rows about the saved sign-in, and about the person who makes it."""

import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

from qsm_bot.base.errors.people import SignInNeedsPerson, WrongShop
from qsm_bot.base.words import Words
from qsm_bot.config.saved_sign_in import SessionStore
from qsm_bot.config.vault import new_key
from qsm_bot.domain.shop_identity import ShopIdentity
from qsm_bot.mock_portal.pages import HOME, LOGIN
from qsm_bot.portal.pages.home_page import HomePage
from qsm_bot.portal.protocol import Notice
from qsm_bot.portal.sign_in.by_person import SignInByPerson
from tests.faults.conftest import OpenLab
from tests.faults.lab import SHOP, Lab
from tests.faults.program import Program
from tests.faults.rows import row
from tests.patience import patient

NO_PASSWORD = {"QSM_PASSWORD": ""}


def passwords_sent(lab: Lab) -> int:
    """Return how often the sign-in form was sent."""
    seen = lab.server.journal.requests
    return sum(each.method == "POST" and each.path.lower() == LOGIN.lower() for each in seen)


def by_person(lab: Lab, wait: float, notice: Notice) -> str:
    """Let a person sign in at the lab's browser."""
    return SignInByPerson(lab.seat.session).wait_for_person(wait, notice)


def session_file(folder: Path) -> Path:
    """Return the one saved sign-in."""
    (file,) = (folder / "sessions").glob("*.session")
    return file


@pytest.fixture
def keys() -> dict[str, str]:
    """The settings by which a program keeps its sign-in."""
    return {"QSM_SESSION_KEY": new_key()}


@pytest.mark.by_day(1)
@row("F105")
@pytest.mark.parametrize("size", [0, 1, 300])
def test_a_damaged_sign_in_is_told_and_moved_aside(
    open_lab: OpenLab, tmp_path: Path, keys: dict[str, str], size: int
) -> None:
    lab = open_lab()
    order = lab.orders[0]
    program = Program(lab, tmp_path, **keys)
    assert program.run("list").code == 0
    file = session_file(tmp_path)
    file.write_bytes(file.read_bytes()[:size])
    before = len(lab.server.journal.requests)

    said = program.refuse(order)

    assert (said.code, said.error) == (40, "SavedSignInDamaged")
    assert len(lab.server.journal.requests) == before
    assert not file.exists()
    assert program.refuse(order).outcomes == {order: "refused"}
    assert passwords_sent(lab) == 2


@row("F106")
def test_a_sign_in_that_has_ended_is_made_anew_or_left_to_a_person(
    open_lab: OpenLab, tmp_path: Path, keys: dict[str, str]
) -> None:
    lab = open_lab()
    assert Program(lab, tmp_path, **keys).run("list").code == 0
    lab.server.expire_sessions()

    by_person = Program(lab, tmp_path, **keys, **NO_PASSWORD).refuse(lab.orders[0])
    by_password = Program(lab, tmp_path, **keys).run("list")

    assert (by_person.code, by_person.error) == (40, "SignInNeedsPerson")
    assert "has ended" in by_person.json["error"]["message"]
    assert "qsm-bot login" in by_person.json["error"]["next"]
    assert (by_password.code, passwords_sent(lab)) == (0, 2)


@row("F107")
def test_a_sign_in_that_others_may_read_is_not_used(
    open_lab: OpenLab, tmp_path: Path, keys: dict[str, str]
) -> None:
    lab = open_lab()
    program = Program(lab, tmp_path, **keys)
    assert program.run("list").code == 0
    session_file(tmp_path).chmod(0o644)
    before = len(lab.server.journal.requests)

    said = program.refuse(lab.orders[0])

    assert (said.code, said.error) == (60, "SavedSignInOpen")
    assert len(lab.server.journal.requests) == before
    assert (tmp_path / "sessions" / ".gitignore").read_text() == "*\n"


@row("F108")
def test_another_shops_sign_in_is_not_used(
    open_lab: OpenLab, tmp_path: Path, keys: dict[str, str]
) -> None:
    lab = open_lab()
    assert Program(lab, tmp_path / "a", **keys).run("list").code == 0
    renamed = Program(lab, tmp_path / "c", **keys, QSM_SHOP_NAME="べつの商店")
    assert renamed.run("list", "--json").error == "WrongShop"
    other = Program(lab, tmp_path / "b", **keys, QSM_LOGIN_ID="other-id")
    shop = ShopIdentity(portal=lab.server.url, login_id="other-id", name=SHOP)
    folder = tmp_path / "b" / "sessions"
    ours = SessionStore(folder, shop=shop.key, portal=lab.server.url).path
    ours.parent.mkdir(parents=True)
    session_file(tmp_path / "a").rename(ours)

    said = other.refuse(lab.orders[0])

    assert (said.code, said.error) == (40, "SavedSignInOfOther")
    assert lab.sent() == 0


@row("K16")
def test_a_program_killed_while_it_saves_leaves_the_sign_in_before(
    open_lab: OpenLab, tmp_path: Path, keys: dict[str, str]
) -> None:
    lab = open_lab()
    assert Program(lab, tmp_path, **keys).run("list").code == 0
    program = Program(lab, tmp_path, **keys, **NO_PASSWORD)
    before = session_file(tmp_path).read_bytes()

    killed = program.run("list", point="saving")
    after = session_file(tmp_path).read_bytes()

    assert killed.code == -signal.SIGKILL
    assert after == before
    assert program.run("list").code == 0
    assert passwords_sent(lab) == 1


class Hand:
    """A person at the lab's browser: does one thing at each notice, and hears what is said."""

    def __init__(self, page: Page, *deeds: Callable[[Page], None]) -> None:
        self.heard: list[str] = []
        self.left = 0.0
        self._page = page
        self._deeds = list(deeds)

    def __call__(self, asked: Words, left: float) -> None:
        """Hear, and do the next thing."""
        self.left = left
        self.heard.append(asked.en)
        if self._deeds:
            self._deeds.pop(0)(self._page)


def solve(page: Page) -> None:
    """Solve the puzzle."""
    frame = page.frame_locator("iframe[src*='bframe']")
    frame.locator("#challenge-verify-button").click()


def type_sub_id(page: Page) -> None:
    """Answer the sub-ID step."""
    page.fill("#ep_id", "ep-01")
    page.click("#subIdSection a")


def consent(page: Page) -> None:
    """Agree to the terms."""
    page.get_by_role("button", name="同意する").click()


def wander(page: Page) -> None:
    """Go to a page that is no part of the portal."""
    page.goto("about:blank")


def typing(lab: Lab) -> Callable[[Page], None]:
    """Return the deed of going to the sign-in page and filling it in."""

    def type_it(page: Page) -> None:
        page.goto(lab.server.url + LOGIN)
        page.fill("#txtLoginID", lab.server.login_id)
        page.fill("#txtLoginPwd", lab.server.password)
        page.click("button.g-recaptcha")

    return type_it


@pytest.mark.parametrize(
    ("fault", "deeds", "heard"),
    [
        ("captcha", [solve], ["a captcha challenge"]),
        ("sub-id", [type_sub_id], ["the sub-ID step"]),
        ("terms", [consent], ["consent to terms is asked for, which no program may give"]),
    ],
    ids=["F100", "F101", "F34"],
)
@pytest.mark.by_day(2)
def test_what_only_a_person_may_do_a_person_does(
    open_lab: OpenLab, fault: str, deeds: list[Callable[[Page], None]], heard: list[str]
) -> None:
    lab = open_lab(fault)
    person = Hand(lab.page, *deeds)

    assert by_person(lab, patient(10), person) == SHOP

    assert person.heard == heard
    assert 0 < person.left <= patient(10)
    assert passwords_sent(lab) == 1
    assert len(lab.seat.cookies()) == 2
    assert lab.refuse(lab.orders[0]).code == 0


@row("F34")
def test_a_page_on_its_way_asks_for_nothing(
    open_lab: OpenLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that falls between two pages fails, and tells the person nothing."""
    lab = open_lab("terms")
    watch = SignInByPerson(lab.seat.session)
    failed: list[str] = []

    def agree(page: Page) -> None:
        watch._calm_until = 0
        consent(page)

    def look(page: HomePage) -> Words | None:
        if person.heard and not failed:
            failed.append("Execution context was destroyed")
            raise Error(failed[0])
        return looks(page)

    person, looks = Hand(lab.page, agree), HomePage.asks_for_person
    monkeypatch.setattr(HomePage, "asks_for_person", look)

    assert watch.wait_for_person(patient(10), person) == SHOP
    assert failed
    assert person.heard == ["consent to terms is asked for, which no program may give"]


@row("F113")
def test_nobody_comes(open_lab: OpenLab, tmp_path: Path, keys: dict[str, str]) -> None:
    lab = open_lab("captcha")

    said = Program(lab, tmp_path, **keys).run(
        "login", "--no-window", "--wait", str(patient(1)), "--json"
    )

    assert (said.code, said.json["error"]["code"]) == (40, "SignInNeedsPerson")
    assert "nobody signed in in time" in said.json["error"]["message"]
    assert list((tmp_path / "pictures" / "sign-in").glob("*.png"))
    assert not (tmp_path / "sessions").exists()


@row("F113")
def test_the_window_is_closed(open_lab: OpenLab) -> None:
    lab = open_lab("captcha")

    with pytest.raises(SignInNeedsPerson, match="window was closed"):
        by_person(lab, patient(10), Hand(lab.page, lambda page: page.close()))


@row("F114")
def test_who_goes_elsewhere_has_not_signed_in(open_lab: OpenLab) -> None:
    lab = open_lab("captcha")
    person = Hand(lab.page, wander)

    with pytest.raises(SignInNeedsPerson, match="nobody"):
        by_person(lab, patient(1.5), person)

    assert person.heard[1].startswith("a page that is not known")
    assert lab.seat.cookies() == ()


@row("F114")
def test_who_goes_elsewhere_may_come_back(open_lab: OpenLab) -> None:
    lab = open_lab("captcha")
    person = Hand(lab.page, wander, typing(lab), solve)

    assert by_person(lab, patient(10), person) == SHOP


@row("F114")
def test_a_person_may_sign_in_in_another_tab(open_lab: OpenLab) -> None:
    lab = open_lab("captcha")

    def other_tab(page: Page) -> None:
        tab = page.context.new_page()
        typing(lab)(tab)
        solve(tab)
        tab.wait_for_url(f"**{HOME}")

    assert by_person(lab, patient(10), Hand(lab.page, other_tab)) == SHOP


@pytest.mark.parametrize(
    ("fault", "problem"),
    [("half-dead", SignInNeedsPerson), ("other-shop", WrongShop)],
    ids=["F106", "F37"],
)
@pytest.mark.by_day(1)
def test_what_only_looks_signed_in_is_not_kept(
    open_lab: OpenLab, fault: str, problem: type[Exception]
) -> None:
    lab = open_lab(fault)

    with pytest.raises(problem):
        by_person(lab, patient(2), Hand(lab.page))

    assert lab.seat.cookies() == ()


@row("F102")
def test_a_password_that_is_turned_down_is_tried_once_and_told(open_lab: OpenLab) -> None:
    lab = open_lab()
    who = lab.seat.session.by_program._who
    lab.seat.session.by_program._who = replace(who, password="another")
    person = Hand(lab.page)

    with pytest.raises(SignInNeedsPerson, match=r"nobody.*IDまたはパスワード"):
        by_person(lab, patient(2), person)

    assert passwords_sent(lab) == 1
    assert any("IDまたはパスワードが正しくありません。" in said for said in person.heard)
