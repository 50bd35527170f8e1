"""A person points, by mouse or keys: the page hears nothing, and what is found is found again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page

from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.base.errors.people import NobodyPointed, RunStopped
from qsm_bot.portal.calibrate.pointing import Pointer
from qsm_bot.portal.calibrate.teacher import SelectorTeacher
from qsm_bot.portal.qsm import QsmPortal
from tests.integration.portal.parts import TinySite, at_page, page_of
from tests.support import shipped_pack

LISTENS = """
window.heard = [];
const kinds = Object.keys(HTMLElement.prototype).filter((name) => name.startsWith("on"))
  .map((name) => name.slice(2)).filter((kind) => !["scroll", "scrollend"].includes(kind));
for (const kind of kinds) window.addEventListener(kind, ({ target }) => {
  // That it has lost the focus a window must hear.
  if (target === window || target.title === "qsm-bot") return;
  heard.push(`${kind} ${target.id || target.nodeName}`);
}, true);
"""
# Where the pointer has been before it counts for some browsers; it leaves that place once.
POINTER_LEFT = {"pointerout HTML", "mouseout HTML"}
PAGE = """<!doctype html><meta charset="utf-8"><style>#below { margin-top: 1500px }</style>
<h2 id="head">キャンセル拒否</h2>
<ul><li>キャンセル要請 <b><i id="asked">5</i></b></li><li>返品要請 <b><i>0</i></b></li>
<li>キャンセル拒否完了 <b><i id="refused">2</i></b></li></ul>
<div id="ctl00_Main_pane_why">
<label>理由 <select id="ember4711"><option>商品発送完了
<option>発送準備完了<option>注文制作商品<option>その他</select></label></div>
<p id="below"><button id="cancel">キャンセル</button>
<button id="go" disabled><span id="inner">キャンセル拒否</span></button></p>
"""


@dataclass
class Hand:
    """A person who does one thing after the other, one for each time there is."""

    acts: list[Callable[[Page], object]]
    asked: list[str] = field(default_factory=list)

    def attend(self, key: str, page: Page) -> None:
        self.asked.append(key)
        if self.acts:
            self.acts.pop(0)(page)
        else:
            page.wait_for_timeout(20)


def click(selector: str) -> Callable[[Page], object]:
    def act(page: Page) -> None:
        page.mouse.click(*middle(page.locator(selector)))

    return act


def middle(locator: Locator) -> tuple[float, float]:
    at = locator.bounding_box()
    assert at is not None
    return at["x"] + at["width"] / 2, at["y"] + at["height"] / 2


def press(*keys: str) -> Callable[[Page], object]:
    return lambda page: [page.keyboard.press(key) for key in keys]


def wheel(page: Page) -> None:
    page.mouse.move(600, 500)
    page.mouse.wheel(0, 3000)
    page.wait_for_function("scrollY > 500")


@dataclass
class Desk:
    """A portal before the page above, which notes every event that reaches it."""

    portal: QsmPortal

    @property
    def page(self) -> Page:
        return page_of(self.portal)

    def teacher(self, *acts: Callable[[Page], object], **how: Any) -> SelectorTeacher:
        pointer = Pointer(Hand(list(acts)), **{"lang": "ja", "wait": 30, **how})
        return SelectorTeacher(self.portal.session, pointer, patience=0.2)


@pytest.fixture
def desk(context: BrowserContext, site: TinySite) -> Desk:
    context.add_init_script(LISTENS)
    portal = at_page(context, site, PAGE)
    page_of(portal).wait_for_load_state("load")
    page_of(portal).evaluate("heard.length = 0")
    return Desk(portal)


def trouble(page: Page) -> str:
    frame = page.frame_locator("iframe[title=qsm-bot]")
    return frame.locator("#trouble").inner_text()


def test_by_mouse_only_the_button_is_taken_and_the_page_hears_nothing(desk: Desk) -> None:
    """Not even of a second click, or of one that comes after the answer."""
    page, said = desk.page, list[str]()
    it = desk.teacher(
        click("#head"),
        lambda page: said.append(trouble(page)),
        wheel,
        click("#cancel"),
        lambda page: said.append(trouble(page)),
        lambda page: page.mouse.dblclick(*middle(page.locator("#inner"))),
    )

    at = it.learn("refuse_button")

    assert at == (
        "xpath=//button[@id='go'][normalize-space(translate(., '　', ' '))='キャンセル拒否']"
    )
    assert ["ボタンそのもの" in said[0], "「キャンセル」です" in said[1]] == [True, True]
    assert it.misses(["refuse_button"]) == ()
    click("#cancel")(page)
    page.keyboard.press("Enter")
    assert set(page.evaluate("heard")) <= POINTER_LEFT
    page.evaluate("document.querySelector('#inner').textContent = 'キャンセル'")
    assert it.misses(["refuse_button"]) == ("refuse_button",)
    # The page does hear what is done without the layer: the silence was no deafness.
    it._pointer.lower()
    click("#cancel")(page)
    assert "click cancel" in page.evaluate("heard")


def test_by_keys_too_and_escape_skips(desk: Desk) -> None:
    shown: list[str] = []

    def look(page: Page) -> None:
        shown.append(page.frame_locator("iframe[title=qsm-bot]").locator("#tag").inner_text())

    keys = press("Shift+Tab", "ArrowUp", "Enter")
    assert desk.teacher(press("ArrowDown", "Tab"), look, keys).learn("refuse_button")
    assert shown == ["2/2 キャンセル拒否"]
    assert desk.teacher(press("a", "Tab", "Escape")).learn("reason") is None
    assert set(desk.page.evaluate("heard")) <= POINTER_LEFT


def test_what_is_found_is_found_again(desk: Desk) -> None:
    page = desk.page
    options = page.evaluate("document.querySelector('option:last-child').outerHTML")
    page.evaluate("document.querySelector('option:last-child').remove()")
    fill_in = "(html) => setTimeout(() => document.querySelector('select').innerHTML += html, 50)"

    def late(page: Page) -> None:
        page.evaluate(fill_in, options)
        click("select")(page)

    it = desk.teacher(click("ul li:nth-child(2) i"), click("#asked"), late)
    assert it.misses(["counter"]) == ("counter",)
    assert it.learn("counter") == (
        "xpath=//li[text()[normalize-space(translate(., '　', ' '))='{label}']]/b[1]/i[1]"
    )
    assert it.misses(["counter"]) == ()
    assert it.learn("reason") == (
        "xpath=//div[substring(@id, string-length(@id) - 3)='_why']/label[1]/select[1]"
    )
    assert it.misses(["reason"]) == ()


def test_what_stands_in_a_frame_is_shown_but_not_taken(desk: Desk) -> None:
    page, said = desk.page, list[str]()
    page.evaluate(
        """document.body.insertAdjacentHTML('afterbegin',
        '<iframe srcdoc="<button>キャンセル拒否</button>" style="height:60px"></iframe>')"""
    )
    inner = page.frame_locator("iframe:not([title])").locator("button")
    inner.wait_for()
    it = desk.teacher(
        lambda page: page.mouse.click(*middle(inner)),
        lambda page: said.append(trouble(page)),
        press("Escape"),
    )

    assert it.learn("refuse_button") is None
    assert "別フレーム" in said[0]


def test_a_page_that_is_loaded_anew_asks_again(desk: Desk) -> None:
    it = desk.teacher(lambda page: page.reload(), lambda _: None, press("ArrowUp", "Enter"))

    assert it.learn("refuse_button")


def test_no_answer_a_stop_and_a_closed_window_end_the_asking(desk: Desk) -> None:
    with pytest.raises(NobodyPointed, match=r"キャンセル拒否 within 0\.1 s"):
        desk.teacher(lang="en", wait=0.1).learn("refuse_button")
    with pytest.raises(RunStopped):
        desk.teacher(stopping=lambda: True).learn("grid")
    with pytest.raises(BrowserLost):
        desk.teacher(lambda page: page.close()).learn("grid")


LABELS = [*shipped_pack().columns.model_dump().values()]
CELLS = "".join(f"<th>{label}</th>" for label in LABELS)
ROLES = "".join(f"<i role=columnheader>{label}</i>" for label in LABELS)
LISTS = {
    "table": f"<table id=list><thead><tr>{CELLS}</tr></thead><tbody><tr><td id=spot>1</td></tr>"
    "</tbody></table>",
    "roles": f"<div id=list role=grid><p role=row>{ROLES}</p><p role=row>"
    "<span role=gridcell id=spot>1</span></p></div>",
    "jqgrid": "<div id=list class=ui-jqgrid><div class=ui-jqgrid-hdiv><table><tr class="
    f"ui-jqgrid-labels>{CELLS}</tr></table></div><div class=ui-jqgrid-bdiv><div><table class="
    "ui-jqgrid-btable><tr class=jqgrow><td id=spot>1</td></tr></table></div></div></div>",
}


@pytest.mark.parametrize("markup", LISTS)
def test_a_list_of_any_known_make_is_taught_by_a_click_on_a_cell(
    markup: str, context: BrowserContext, site: TinySite
) -> None:
    desk = Desk(at_page(context, site, f"<!doctype html><meta charset=utf-8>{LISTS[markup]}"))

    taught = desk.teacher(click("#spot")).learn("grid")

    assert taught is not None
    assert desk.page.locator(taught).get_attribute("id") == "list"
