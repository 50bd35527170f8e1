"""A seller's desk: one page of the clone, reached by the project's page objects.

What it returns is what the browser shows: texts, dialogs, requests.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ElementHandle, Error, Frame, Page

from qsm_bot.acceptance.screen import Piece, Screen
from qsm_bot.acceptance.target import Target
from qsm_bot.acceptance.verdicts import Said
from qsm_bot.acceptance.wire import Wire
from qsm_bot.errors import PortalErrorPage, SessionEnded
from qsm_bot.page_contract import PlaceNames
from qsm_bot.portal.border import border
from qsm_bot.portal.dialogs import DialogDesk
from qsm_bot.portal.elements import Elements
from qsm_bot.portal.grid import GridTable
from qsm_bot.portal.inspector import names_of
from qsm_bot.portal.pack import Place
from qsm_bot.portal.pages import ClaimPage, LoginPage
from qsm_bot.portal.pictures import About, cover
from qsm_bot.portal.traffic import Traffic
from qsm_bot.words import same

_SCRIPT = Path(__file__).parent / "scripts" / "screen.js"
_ELEMENT = "(index) => window.qsmKit[index]"
_UNCOVER = """() => { for (const each of document.querySelectorAll(".qsm-bot-mask"))
  each.classList.remove("qsm-bot-mask"); }"""
_CLOSE = "閉じる"
_LOOK_MS = 50
_CALM_MS = 3000
_QUALITY = 60

Answerer = Callable[[str, str], bool]
"""Takes a dialog's kind and text; True presses OK."""


@cache
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")


class Desk:
    """The gestures of a seller, and what stands on the page. Times are seconds.

    Attributes:
        page: the page itself.
        wire: what leaves the browser.
        heard: the dialogs, in order.
    """

    def __init__(self, page: Page, target: Target) -> None:
        page.context.set_default_timeout(target.timeout * 1000)
        self.page = page
        self.target = target
        self.wire = Wire(page.context)
        self.heard: list[Said] = []
        self.elements = Elements(page, target.pack)
        self._dialogs = DialogDesk(page.context)
        self._login = LoginPage(self.elements)
        traffic = Traffic(page, target.pack.services.list)
        self.claims = ClaimPage(self.elements, traffic, target.timeout)

    def open_home(self) -> None:
        """Open the home page.

        Raises:
            SessionEnded, PortalErrorPage, PortalUnreachable: it does not come.
        """
        self._open(self.target.pack.paths.home)
        # A notice may lie over the page; people close it.
        for closer in self.screen().controls:
            if closer.says(_CLOSE):
                self.element(closer).click()
                break

    def open_claims(self) -> None:
        """Open the claim page freshly.

        Raises:
            SessionEnded, PortalErrorPage, PortalUnreachable: it does not come.
        """
        self.claims.pane.close()
        self._open(self.target.pack.paths.claims)

    @property
    def path(self) -> str:
        """The path of the page that is shown."""
        return urlsplit(self.page.url).path

    def stands_at(self, path: str) -> bool:
        """Wait until the page at this path is shown, and say whether it came."""
        wanted = path.casefold()
        return self.until(lambda: self.path.casefold() == wanted)

    def until(self, is_so: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until something is so, and say whether it came to that."""
        left = (self.target.timeout if seconds is None else seconds) * 1000
        while not is_so():
            if left <= 0:
                return False
            self.page.wait_for_timeout(_LOOK_MS)
            left -= _LOOK_MS
        return True

    def settle(self, seconds: float) -> None:
        """Let the page have this time, and then the time that its requests still take."""
        self.page.wait_for_timeout(seconds * 1000)
        self.until(lambda: self.wire.is_quiet)

    def screen(self, *sentences: str, pane: bool = False) -> Screen:
        """Read what is seen; with `pane` where 取引情報 is, should that be a place of its own."""
        place = self.elements.pane if pane else self.page
        # Of other pages the tables are what is looked at.
        lists = self.target.pack.elements["grid"].at if self.claims.is_here() else ()
        order = {"lists": list(lists), "sentences": list(sentences)}
        with border("page", self.page):
            return Screen.told(place.evaluate(_script(), order), sentences)

    def element(self, piece: Piece, *, pane: bool = False) -> ElementHandle:
        """Return what the last `screen` saw there."""
        place: Page | Frame = self.elements.pane if pane else self.page
        found = place.evaluate_handle(_ELEMENT, piece.index).as_element()
        if found is None:
            raise self.elements.lost("grid", piece.text)
        return found

    def number(self, label: str) -> int:
        """Return the number beside a label of the claim page.

        Raises:
            SelectorDrift: there is none.
        """
        return self.claims.counters(label)[label]

    def list_of(self, label: str) -> GridTable:
        """Click the number beside a label, and read its list whole.

        Raises:
            SelectorDrift, PortalSlow, PortalErrorPage: it does not come, or is not built as known.
        """
        self.claims.show_list(label)
        return self.claims.grid.read()

    def search(self, order_no: str) -> GridTable:
        """Search an order by its 注文番号 under 選択条件照会, and read the list.

        Raises:
            SelectorDrift, PortalSlow, PortalErrorPage: as for `list_of`.
        """
        self.claims.search_order(order_no)
        return self.claims.grid.read()

    def click_row(self, order_no: str) -> None:
        """Click the order's 注文番号 in the list once."""
        point = self.claims.grid.reveal(order_no, None).point
        with border(order_no, self.page):
            self.claims.grid.click_row(point)

    def open_order(self, order_no: str) -> str:
        """Double-click the order's row; return the 注文番号 that 取引情報 then shows, or ""."""
        self.claims.pane.close()
        row = self.claims.grid.reveal(order_no, None)
        self.claims.open_details(order_no, row.point)
        return self.claims.pane.find(order_no)

    def shown(self) -> str:
        """Return the 注文番号 that 取引情報 shows now, or ""."""
        found = self.elements.find("details_order_no")
        return same(found.inner_text()) if found is not None else ""

    @contextmanager
    def answering(self, answer: Answerer) -> Iterator[None]:
        """Answer the dialogs that come within the block, and keep what they said."""

        def heard(kind: str, text: str) -> bool:
            accepted = answer(kind, text)
            self.heard.append(Said(kind, text, accepted))
            return accepted

        with self._dialogs.scripted(heard):
            yield

    def unexpected(self) -> Sequence[Said]:
        """Return the dialogs that came while nobody expected one."""
        return [Said(each.kind, each.text, accepted=False) for each in self._dialogs.unexpected]

    def names(self, place: Place) -> PlaceNames:
        """Return the names that the page shows once it is calm, and the services called for it."""
        # Some pages never stop asking; they are read as they are.
        with suppress(Error):
            self.page.wait_for_load_state("networkidle", timeout=_CALM_MS)
        kinds: Mapping[str, tuple[str, ...]] = names_of(self.elements, place)
        return {**kinds, "services": self.wire.take_services()}

    def shoot(self, about: About = "list") -> bytes:
        """Return a masked picture (JPEG).

        Raises:
            BrowserLost, PortalSlow, PortalUnreachable: there is none.
        """
        return shoot(self.elements, about, self.claims.pane.window)

    def _open(self, path: str) -> None:
        url = self.target.origin + path
        with border(url, self.page):
            self.page.goto(url)
        if self._login.is_here():
            raise SessionEnded(page=path)
        if self.path.casefold() != path.casefold():
            raise PortalErrorPage(url=self.page.url)


def shoot(elements: Elements, about: About, window: Page) -> bytes:
    """Return a masked picture of a page (JPEG), and take the masks off again."""
    cover(elements, about, window)
    with border("picture", window):
        data = window.screenshot(type="jpeg", quality=_QUALITY, animations="disabled")
        for frame in window.frames:
            frame.evaluate(_UNCOVER)
    return data
