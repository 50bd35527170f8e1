"""The home page: it knows its elements, recognises itself, and tells who is signed in."""

from typing import ClassVar
from urllib.parse import urlsplit

from qsm_bot.base.words import Words, same
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.elements import Elements
from qsm_bot.portal.selectors.pack import PageNeeds, PortalPage

_NEW_PASSWORD = Words("a new password is asked for", "パスワードの変更を求められています")
_CONSENT = Words(
    "consent to terms is asked for, which no program may give",
    "規約への同意を求められています（同意は人が行ってください）",
)
_LANGUAGE = Words(
    "the portal speaks another language (“{seen}”): switch it to 日本語",
    "画面が日本語ではありません（「{seen}」）。日本語に切り替えてください",
)
# Not in a list or menu to choose from, nor where nobody sees it, nor beside a longer name.
_IS_NAMED = """(name) => {
    const bare = (text) => text.normalize("NFKC").replace(/\\s+/g, " ").trim();
    const choice = "a, button, option, [role=menuitem], [role=option]";
    const seen = [...document.body.querySelectorAll("*:not(option, script, style)")]
        .filter((element) => element.getClientRects().length);
    const longer = (text) => text.split(name).slice(0, -1).some((before, at) =>
        /[\\p{L}\\p{N}]$/u.test(before) || /^[\\p{L}\\p{N}]/u.test(text.split(name)[at + 1]));
    const own = (element) => [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => bare(node.data));
    return seen.some((element) => bare(element.textContent) === name && !element.closest(choice))
        && !seen.some((element) => own(element).some(longer));
}"""


class HomePage:
    """Default.aspx: shop name and ログアウト prove who is signed in."""

    # Without shop_name the configured name is looked for in the whole page: what may act needs
    # an element that shows it and nothing else.
    NEEDS: ClassVar = (
        PageNeeds("sign_out", PortalPage.HOME),
        PageNeeds("shop_name", PortalPage.HOME, may_lack=True),
        PageNeeds("new_password", PortalPage.HOME, may_lack=True),
        PageNeeds("consent", PortalPage.HOME, may_lack=True),
    )

    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self.is_named = False

    def is_here(self) -> bool:
        """Whether the browser shows the home page."""
        path = urlsplit(self._elements.page.url).path.casefold()
        return path == self._elements.pack.paths.home.casefold()

    def asks_for_person(self) -> Words | None:
        """Return what only a person may do before the page can be used, if something is asked."""
        if self._elements.shows("new_password"):
            return _NEW_PASSWORD
        if self._elements.shows("consent"):
            return _CONSENT
        if self._elements.find("sign_out") is not None:
            return None
        for word in self._elements.pack.texts.other_languages:
            if self._elements.page.get_by_text(word, exact=True).count():
                return _LANGUAGE.filled(seen=word)
        return None

    def shop_name(self, expected: str) -> str:
        """Return the shop name that the page shows; `expected` if that stands anywhere on it.

        `is_named` says afterwards whether one element shows it, and nothing else.
        """
        page = self._elements.page
        with border("home page", page):
            self._elements.read("sign_out")
            named = self._elements.find("shop_name")
            self.is_named = named is not None or bool(page.evaluate(_IS_NAMED, same(expected)))
            if named is not None:
                return same(named.inner_text())
            if self.is_named:
                return expected
            return expected if expected and expected in page.locator("body").inner_text() else ""
