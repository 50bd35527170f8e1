"""The sign-in page: it knows its elements, recognises itself, and offers a person's gestures."""

from typing import ClassVar
from urllib.parse import urlsplit

from qsm_bot.base.words import Words
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.elements import Elements
from qsm_bot.portal.selectors.pack import PageNeeds, PortalPage

_CAPTCHA = Words("a captcha challenge", "画像認証")
_SUB_ID = Words("the sub-ID step", "サブIDの入力")


class LoginPage:
    """Login.aspx, title QSM LOGIN."""

    NEEDS: ClassVar = (
        PageNeeds("login_id", PortalPage.SIGN_IN, single=True),
        PageNeeds("password", PortalPage.SIGN_IN, single=True),
        PageNeeds("sign_in", PortalPage.SIGN_IN),
        PageNeeds("challenge", PortalPage.SIGN_IN, may_lack=True),
        PageNeeds("sub_id", PortalPage.SIGN_IN, may_lack=True),
        PageNeeds("sub_id_confirm", PortalPage.SIGN_IN, may_lack=True),
    )

    def __init__(self, elements: Elements) -> None:
        self._elements = elements

    def is_here(self) -> bool:
        """Whether the browser shows the sign-in page, by address, title or its ID field."""
        page, pack = self._elements.page, self._elements.pack
        login = pack.paths.login.casefold()
        # Where pages stand in frames, one of them may have gone there.
        if any(urlsplit(frame.url).path.casefold() == login for frame in page.frames):
            return True
        # Not by a fallback: other pages may ask for a password as well.
        titled = page.locator(f"xpath=//title[normalize-space()='{pack.texts.login_title}']")
        return page.locator(pack.elements["login_id"].at[0]).or_(titled).count() > 0

    def submit(self, login_id: str, password: str) -> None:
        """Fill in both fields and press the button, once; without a password only the ID."""
        self._elements.remember(*(need.key for need in self.NEEDS))
        with border("sign-in", self._elements.page):
            self._elements.read("login_id").fill(login_id)
            if password:
                self._elements.read("password").fill(password)
                self._elements.read("sign_in").click()

    def give_sub_id(self, sub_id: str) -> bool:
        """Answer the sub-ID step if there is a sub-ID and the step is on screen; say so."""
        if not (sub_id and self._elements.shows("sub_id")):
            return False
        with border("sub-ID", self._elements.page):
            self._elements.read("sub_id").fill(sub_id)
            self._elements.read("sub_id_confirm").click()
        return True

    def asks_for_person(self, *, sub_id_given: bool = False) -> Words | None:
        """Return what is on screen that only a person may do, if something is."""
        if self._elements.shows("challenge"):
            return _CAPTCHA
        return _SUB_ID if not sub_id_given and self._elements.shows("sub_id") else None
