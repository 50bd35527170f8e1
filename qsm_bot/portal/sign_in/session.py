"""One browser context at the portal: what the portal and the tools beside it are built from."""

from playwright.sync_api import BrowserContext

from qsm_bot.base.clock import Clock
from qsm_bot.portal.browser.dialogs import DialogHandler
from qsm_bot.portal.pages.claim_page import ClaimPage
from qsm_bot.portal.pages.elements import Elements
from qsm_bot.portal.pages.navigation import Navigation
from qsm_bot.portal.pages.pictures import Camera
from qsm_bot.portal.selectors.pack import Pack
from qsm_bot.portal.sign_in.by_program import SignIn, SignInByProgram


class PortalSession:
    """The page of one context, and what reads it, goes on it and signs in on it."""

    def __init__(
        self,
        context: BrowserContext,
        *,
        base_url: str,
        pack: Pack,
        who: SignIn,
        timeout: float,
        clock: Clock,
    ) -> None:
        context.set_default_timeout(timeout * 1000)
        self.dialogs = DialogHandler(context, pack.texts.notices)
        self.page = context.new_page()
        self.elements = Elements(self.page, pack, timeout)
        self.traffic = self.elements.traffic
        self.claims = ClaimPage(self.elements, timeout)
        self.camera = Camera(self.page, self.elements)
        self.navigation = Navigation(self.elements, self.claims, base_url=base_url, clock=clock)
        self.by_program = SignInByProgram(
            self.elements,
            self.navigation,
            self.dialogs,
            self.traffic,
            base_url=base_url,
            who=who,
            timeout=timeout,
        )
