"""A person signs in with the keyboard and the mouse; the program watches, and proves it.

No captcha is got round: what the portal asks of a person, a person does.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Error

from qsm_bot.base.errors.people import SessionEnded, SignInNeedsPerson
from qsm_bot.base.words import Words, same
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.home_page import HomePage
from qsm_bot.portal.pages.login_page import LoginPage
from qsm_bot.portal.protocol import Notice
from qsm_bot.portal.sign_in.session import PortalSession

_PUMP_MS = 250
_REMIND_SECONDS = 60
# Where nothing is asked of a person, the portal is through by then: nobody need be called.
_CALM_SECONDS = 3
# A proof walks two pages: one that failed is not repeated at once.
_PROOF_SECONDS = 5

_SIGN_IN = Words("sign in in the browser's window", "ブラウザの画面でログインしてください")
# What the page asks now is not known; what was told last stands.
_NOTHING_NEW = Words("", "")
_SAYS = Words("the portal says: {text}", "ポータルの表示: {text}")
_CLOSED = Words("the portal is closed: {title}", "ポータルは利用できません: {title}")
_ELSEWHERE = Words(
    "a page that is not known: “{title}” ({path})", "想定外の画面です:「{title}」（{path}）"
)
_HALF_DEAD = Words(
    "the home page shows the shop, the claim page asks to sign in once more",
    "ホームは表示されますが、クレーム画面が再ログインを求めています",
)
_NOBODY = Words("nobody signed in in time", "制限時間内にログインされませんでした")
_NOBODY_AFTER = Words(
    "nobody signed in in time; {asked}", "制限時間内にログインされませんでした（{asked}）"
)
_WINDOW_GONE = Words("the browser's window was closed", "ブラウザの画面が閉じられました")


class SignInByPerson:
    """Watches one session while a person signs in."""

    def __init__(self, session: PortalSession) -> None:
        self._elements = session.elements
        self._page = session.page
        self._by_program = session.by_program
        self._dialogs = session.dialogs
        self._camera = session.camera
        self._login = LoginPage(session.elements)
        self._home = HomePage(session.elements)
        self._notice: Notice = lambda _asked, _left: None
        self._deadline = 0.0
        self._proof_from = 0.0
        self._calm_until = 0.0
        self._said: Words | None = None
        self._last: tuple[Words, float] | None = None

    def wait_for_person(self, wait: float, notice: Notice) -> str:
        """Let a person sign in, prove it, and return the shop's name.

        Args:
            wait: seconds that the person has.
            notice: is given what the portal asks now, and the seconds left.

        Raises:
            SignInNeedsPerson: nobody signed in in time, or the window was closed.
            WrongShop: another shop was signed in.
            PortalError, SelectorDrift: the portal is unavailable, or not as known.
        """
        self._notice = notice
        self._deadline = time.monotonic() + wait
        with border("sign-in", self._page), self._hearing():
            self._by_program.enter()
            if self._by_program.fill_in():
                self._calm_until = time.monotonic() + _CALM_SECONDS
            while time.monotonic() < self._deadline:
                asked: Words | str = self._asked() or self._proven()
                if isinstance(asked, str):
                    return asked
                self._tell(asked)
                self._rest()
        last = self._said or (self._last[0] if self._last else None)
        raise SignInNeedsPerson(what=_NOBODY_AFTER.filled(asked=last) if last else _NOBODY)

    def picture(self) -> bytes:
        """Take a masked picture: see `Portal.picture`."""
        return self._camera.picture("list", self._page)

    def _proven(self) -> str | Words:
        """Return the shop's name, or what is in the way after all."""
        if time.monotonic() < self._proof_from:
            return _NOTHING_NEW
        self._proof_from = time.monotonic() + _PROOF_SECONDS
        try:
            return self._by_program.prove()
        except SessionEnded:
            return _HALF_DEAD
        except SignInNeedsPerson as error:
            what = error.facts["what"]
            return what if isinstance(what, Words) else _SIGN_IN

    def _asked(self) -> Words | None:
        """Return what the person has to do; None if it looks as if nothing is left."""
        try:
            if self._signed_in_elsewhere():
                return None
            if self._login.is_here():
                return self._login.asks_for_person() or _SIGN_IN
            return self._home.asks_for_person() or self._unknown()
        except Error:
            # The page is on its way to another; the next look is another chance.
            if self._page.is_closed():
                raise SignInNeedsPerson(what=_WINDOW_GONE) from None
            return _NOTHING_NEW

    def _unknown(self) -> Words | None:
        if self._elements.find("sign_out") is not None:
            return None
        title, pack = self._page.title(), self._elements.pack
        body = same(self._page.locator("body").inner_text())
        if any(same(sign) in body for sign in pack.texts.closed_pages):
            return _CLOSED.filled(title=title)
        return _ELSEWHERE.filled(title=title, path=urlsplit(self._page.url).path)

    def _signed_in_elsewhere(self) -> bool:
        """Whether the person did it in another tab."""
        selectors = self._elements.pack.elements["sign_out"].at
        others = [page for page in self._page.context.pages if page is not self._page]
        return any(page.locator(each).count() for page in others for each in selectors)

    def _tell(self, asked: Words) -> None:
        left = self._deadline - time.monotonic()
        if asked == _NOTHING_NEW and self._last is None:
            asked = _SIGN_IN
        calm = asked == _SIGN_IN and time.monotonic() < self._calm_until
        if calm or asked == _NOTHING_NEW:
            return
        if self._last is not None:
            words, then = self._last
            if words == asked and then - left < _REMIND_SECONDS:
                return
        self._last = (asked, left)
        self._notice(asked, left)

    def _rest(self) -> None:
        try:
            self._page.wait_for_timeout(_PUMP_MS)
        except Error:
            raise SignInNeedsPerson(what=_WINDOW_GONE) from None

    @contextmanager
    def _hearing(self) -> Iterator[None]:
        """Close the portal's messages, and tell them: behind the program none may be answered."""

        def note(kind: str, text: str) -> bool:
            self._said = _SAYS.filled(text=text)
            self._notice(self._said, self._deadline - time.monotonic())
            return kind == "alert"

        with self._dialogs.scripted(note):
            yield
