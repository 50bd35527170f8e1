"""The board in a real browser: every screen in both languages, and one decision by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from qsm_bot.base.words import Lang
from qsm_bot.board.server import BoardServer
from tests.board.real import addresses, served
from tests.patience import patient

_JAPANESE = re.compile(r"[ぁ-んァ-ヶ]")


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser itself finds wrong: scripts that fail, what the policy forbids."""
    found: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A page that is not there is looked at on purpose.
        if message.type in ("error", "warning") and "404" not in message.text:
            found.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.mark.by_day("ja")
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_each_screen_fits_a_phone_and_speaks_one_language(
    page: Page, lang: Lang, complaints: list[str]
) -> None:
    with served(lang) as (server, made):
        page.goto(server.address(practice=True))
        for name, address in addresses(server, made).items():
            for width in (360, 768, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(address)
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                assert not wide, (name, width)
            assert page.locator("html").get_attribute("lang") == lang
            expect(page.locator("h1")).to_have_count(1)
            if lang == "en":
                said = page.locator("h1, h2, button, nav a, label, th, dt").all_inner_texts()
                own = [each for each in said if each != "日本語" and _JAPANESE.search(each)]
                # Rules and files are called as the shop calls them.
                assert name in ("rules", "data") or own == [], name
    assert complaints == []


def test_the_whole_way_by_keyboard_from_reading_to_shipped(
    page: Page, complaints: list[str]
) -> None:
    """Read, look, name oneself, refuse, ship; the portal's own journal says what took effect."""
    server = BoardServer(config=None, lang="ja")
    slow = patient(120) * 1000
    with server.serving():
        page.goto(server.address(practice=True))
        portal = server.practice.portal
        _press(page, "今すぐ一覧を読む")
        expect(page.get_by_role("link", name="結果を見る")).to_be_visible(timeout=slow)
        assert portal.journal.effects == []
        _press(page, "結果を見る")
        expect(page.locator("#who")).to_be_visible(timeout=slow)
        count = page.locator(".order-row").count()
        page.locator("#who").focus()
        page.keyboard.type("佐藤 花")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="発送リストへ")).to_be_visible(timeout=slow)
        refused = [each for each in portal.journal.effects if each.kind == "refuse"]
        assert len(refused) == count == 4
        page.go_back()
        page.reload()
        assert "佐藤 花 さんが" in page.inner_text("main")
        page.goto(f"{server.url}/~practice/duty")
        expect(page.get_by_role("button", name="発送処理をした")).to_have_count(count)
        page.get_by_role("button", name="発送処理をした").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="発送処理をした")).to_have_count(
            count - 1, timeout=slow
        )
    assert len([each for each in portal.journal.effects if each.kind == "refuse"]) == count
    assert complaints == []


def _press(page: Page, name: str) -> None:
    """Reach a button or link by its name, and press it by the keyboard."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.focus()
    page.keyboard.press("Enter")
