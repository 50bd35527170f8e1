"""The other markup: a person sees the same portal, a program finds nothing by its old names."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest

from qsm_bot.base.resources import data_dir
from qsm_bot.mock_portal import markup
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.pages import LOGIN, Pages
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from tests.unit.mock_portal.parts import Client

FOLDER = data_dir("html/portal")
# Of those that keep their names in other markup, none.
SCRIPTS = [
    file
    for file in sorted((FOLDER / "static").glob("*.js"))
    if not file.name.startswith(("grid", "postback"))
]
HIDDEN = {"__VIEWSTATE": "abc"}
Drawn = Callable[[Pages], str]
PAGES: dict[str, Drawn] = {
    "login": lambda pages: pages.render(
        "login.html", hidden=HIDDEN, action=LOGIN, alert="", captcha=False, sub_id=True
    ),
    "home": lambda pages: pages.home(notice=True, terms=True),
    "claims": lambda pages: pages.claims(
        hidden=HIDDEN, grid="dhtmlx", smart_from=60, reload=True, faults='{"prompt": null}'
    ),
    "order": lambda pages: pages.order(order_no="762544202", faults="{}"),
    "deliveries": lambda pages: pages.deliveries(),
    "notice": lambda pages: pages.render("notice.html", text="お知らせ"),
    "password": lambda pages: pages.render("password.html"),
    "challenge": lambda pages: pages.render("captcha.html", challenge=True),
}


class Reader(HTMLParser):
    """What of a page is for people, and what is for programs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.names: set[str] = set()
        self.tags: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        self.tags.append((tag, of.get("value", "")))
        self.names |= {of[key] for key in ("id", "name", "for") if key in of}
        self.names |= set(of.get("class", "").split())
        if tag == "input" and of.get("type") == "button":
            self.words.append(of["value"])

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def drawn(name: str, *, other: bool) -> Reader:
    pages = Pages(FOLDER, World.seeded(5, seed=1))
    pages.other_markup = other
    return Reader(PAGES[name](pages))


@pytest.mark.parametrize("name", PAGES)
def test_people_read_the_same_and_no_name_is_left(name: str) -> None:
    usual, other = drawn(name, other=False), drawn(name, other=True)

    assert other.words == usual.words
    assert other.names == {markup.turned(each) for each in usual.names}
    assert not other.names & usual.names


def test_there_are_no_tables_and_the_buttons_are_links_and_inputs() -> None:
    tags = drawn("claims", other=True).tags
    labels = [value for tag, value in tags if tag == "input" and value.startswith("キャンセル")]

    assert not {tag for tag, _ in tags} & {"table", "tbody", "tr", "th", "td"}
    assert labels == ["キャンセル", "キャンセルの撤回要請", "キャンセル拒否"]
    assert [tag for tag, _ in tags].count("button") == 2  # the tabs


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_the_scripts_ask_for_what_the_pages_have(script: Path) -> None:
    """Else a page in other markup would not work, and prove nothing about the bot."""
    usual = script.read_text(encoding="utf-8")
    other = markup.file(script.name, script.read_bytes()).decode("utf-8")
    asked = re.findall(r'(?:byId|getElementById)\("([^"]+)"\)', usual)

    assert re.findall(r'(?:byId|getElementById)\("([^"]+)"\)', other) == [
        markup.turned(each) for each in asked
    ]
    known = {each for name in PAGES for each in drawn(name, other=False).names}
    assert set(asked) <= known
    assert not re.findall(r'(?:byId|getElementById)\((?!"|id\))', usual)


def test_the_sheets_names_follow_and_its_declarations_stay() -> None:
    sheet = markup.file("portal.css", b".tbl_status td.num a, #lnb { color: #d0021b; top: .5px }\n")

    assert sheet.startswith(b".goy_fgnghf span.ahz a, #yao { color: #d0021b; top: .5px }\n")


def test_the_grid_and_pictures_stay_as_they_are() -> None:
    for name in ("grid.js", "grids.js", "grid.css", "item_chk0.gif"):
        assert markup.file(name, b'byId("x") .a {}') == b'byId("x") .a {}'


@pytest.mark.parametrize(("named", "status"), [(markup.turned, 302), (str, 200)])
def test_the_server_knows_the_fields_by_their_other_names_only(
    named: Callable[[str], str], status: int
) -> None:
    options = PortalOptions(faults=parse_faults(["other-markup"]))
    with MockPortal(World.seeded(1), options=options) as portal:
        client = Client(portal)
        client.get(LOGIN)
        form = dict(re.findall(r'name="(\w+)" id="\w+" value="([^"]*)"', client.text))
        mine = {
            "txtLoginID": portal.login_id,
            "txtLoginPwd": portal.password,
            "g-recaptcha-response": "token",
        }
        form |= {named(name): value for name, value in mine.items()}
        posted = client.send("POST", LOGIN, urlencode(form), "application/x-www-form-urlencoded")

    assert posted == status
