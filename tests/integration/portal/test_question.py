"""How a page asks is learned by pointing at its question; nothing leaves, whatever it does."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Page

from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.portal.calibrate.pointing import Pointer
from qsm_bot.portal.calibrate.question import QuestionTeacher
from qsm_bot.portal.selectors.pack import LayerNames
from tests.integration.portal.parts import TEXTS, TinySite, at_page, refusal_page, tiny_site
from tests.patience import patient

SELECT = (
    "<select><option>商品発送完了<option>発送準備完了<option>注文制作商品<option>その他</select>"
)
LAYER = """document.body.insertAdjacentHTML('beforeend', `<{tag} class="ask" {more}
    style="position:fixed; top:40px; left:40px; background:white">
    <p>{text}</p>{buttons}</{tag}>`);"""
YES, NO = (
    "<button type=button onclick={yes}>はい</button>",
    "<button type=button onclick={no}>いいえ</button>",
)
CLOSES = '"this.parentElement.remove()"'


@pytest.fixture
def site() -> Iterator[TinySite]:
    with tiny_site() as running:
        yield running


@dataclass
class Finger:
    """Points at these texts within the question, one after the other."""

    left: list[str] = field(default_factory=lambda: ["はい", "いいえ"])

    def attend(self, key: str, page: Page) -> None:
        assert key == "question"
        said = self.left.pop(0)
        at = page.locator("button, h2").get_by_text(said, exact=True).first.bounding_box()
        assert at is not None
        page.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)


def layer(
    tag: str = "div", more: str = "", text: str = TEXTS.confirm, no: str = CLOSES, buttons: str = ""
) -> str:
    both = buttons or (YES + NO).format(yes='"post()"', no=no)
    return LAYER.format(tag=tag, more=more, text=text, buttons=both)


def learned(
    context: BrowserContext, site: TinySite, asks: str, *texts: str
) -> tuple[LayerNames | None, QuestionTeacher]:
    page = refusal_page(asks).replace(
        "<h2>", f"<table><tr><th>キャンセル拒否理由</th><td>{SELECT}</td></tr></table><h2>", 1
    )
    page += "<script>const post = () => fetch('/refuse', {method: 'POST'});</script>"
    portal = at_page(context, site, page)
    pointer = Pointer(Finger(list(texts) or ["はい", "いいえ"]), lang="ja", wait=patient(10))
    teacher = QuestionTeacher(portal.session, pointer, patience=patient(2))
    return teacher.learn(), teacher


@pytest.mark.by_day(2)
@pytest.mark.parametrize(
    ("asks", "at"),
    [
        (layer(more="role=dialog"), "css=[role=dialog]"),
        (layer(), "css=.ask"),
        (layer("dialog") + "document.querySelector('dialog').showModal();", "css=dialog[open]"),
    ],
    ids=["role", "class", "modal"],
)
def test_the_layer_is_known_by_what_nothing_else_has(
    context: BrowserContext, site: TinySite, asks: str, at: str
) -> None:
    names, _ = learned(context, site, asks)

    assert names == LayerNames(at=at, go_on="はい", give_up="いいえ")
    assert site.posts == []


def test_a_button_that_sends_although_it_gives_up_sends_nothing(
    context: BrowserContext, site: TinySite
) -> None:
    names, _ = learned(context, site, layer(no='"post(); this.parentElement.remove()"'))

    assert names is not None
    assert site.posts == []


def test_what_stands_elsewhere_or_twice_is_not_taken(
    context: BrowserContext, site: TinySite
) -> None:
    names, _ = learned(context, site, layer(), "キャンセル拒否", "はい", "はい", "いいえ")

    assert names == LayerNames(at="css=.ask", go_on="はい", give_up="いいえ")


def test_the_browsers_own_question_is_given_up_and_told(
    context: BrowserContext, site: TinySite
) -> None:
    names, teacher = learned(context, site, f"if (confirm('{TEXTS.confirm}')) post();")

    assert (names, teacher.asked_natively, site.posts) == (None, True, [])


@pytest.mark.by_day("stays")
@pytest.mark.parametrize(
    "asks",
    [layer(text="キャンセルしますか？"), "", layer(no='""')],
    ids=["other-words", "none", "stays"],
)
def test_a_page_that_does_not_ask_so_is_told(
    context: BrowserContext, site: TinySite, asks: str
) -> None:
    with pytest.raises(SelectorDrift):
        learned(context, site, asks)

    assert site.posts == []
