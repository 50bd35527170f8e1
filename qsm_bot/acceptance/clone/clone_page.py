"""The page object of the clone: one page of it, reached by the project's own page objects.

What it returns is what the browser shows: texts, dialogs, requests.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ElementHandle, Error, Frame, Page

from qsm_bot.acceptance.clone.dialog import DialogSeen
from qsm_bot.acceptance.clone.outgoing import OutgoingRequests
from qsm_bot.acceptance.clone.screen import Piece, Screen
from qsm_bot.acceptance.clone.target import Target
from qsm_bot.base.errors.outside import PortalErrorPage
from qsm_bot.base.errors.people import SessionEnded
from qsm_bot.base.words import same
from qsm_bot.domain.page_fingerprint import PlaceNames
from qsm_bot.portal.browser.dialogs import DialogHandler
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.claim_page import ClaimPage
from qsm_bot.portal.pages.elements import Elements
from qsm_bot.portal.pages.layers import LayersInSight
from qsm_bot.portal.pages.login_page import LoginPage
from qsm_bot.portal.pages.pictures import About, cover
from qsm_bot.portal.pages.rows import GridTable
from qsm_bot.portal.selectors.pack import PortalPage
from qsm_bot.portal.survey.inspector import names_of

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


class ClonePage:
    """What a seller does on a page of the clone, and what the page shows. Times are in seconds.

    Attributes:
        page: the page itself.
        outgoing: the requests that leave the browser.
        dialogs: those that the page showed, in order.
    """

    def __init__(self, page: Page, target: Target) -> None:
        page.context.set_default_timeout(target.timeout * 1000)
        self.page = page
        self.target = target
        self.outgoing = OutgoingRequests(page.context)
        self.dialogs: list[DialogSeen] = []
        self.elements = Elements(page, target.pack, target.timeout)
        self._handler = DialogHandler(page.context)
        self._login = LoginPage(self.elements)
        self.claims = ClaimPage(self.elements, target.timeout)

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
        self.claims.details.close()
        self._open(self.target.pack.paths.claims)
        self.claims.find_frame()

    @property
    def path(self) -> str:
        """The path of the page that is shown."""
        return urlsplit(self.page.url).path

    def wait_for_path(self, path: str) -> bool:
        """Wait until the page at this path is shown, and say whether it came."""
        wanted = path.casefold()
        return self.until(lambda: self.path.casefold() == wanted)

    def until(self, is_so: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until something is so, and say whether it came."""
        left = (self.target.timeout if seconds is None else seconds) * 1000
        while not is_so():
            if left <= 0:
                return False
            self.page.wait_for_timeout(_LOOK_MS)
            left -= _LOOK_MS
        return True

    def settle(self, seconds: float) -> None:
        """Wait this time, and then until the page's requests are answered."""
        self.page.wait_for_timeout(seconds * 1000)
        self.until(lambda: self.outgoing.is_quiet)

    def screen(self, *sentences: str, pane: bool = False) -> Screen:
        """Read what is visible; with `pane` in 取引情報, should that have a frame of its own."""
        place = self.elements.details_at if pane else self.elements.at
        # The lists of the claim page are read by the grid; on other pages tables are read as text.
        lists = self.target.pack.elements["grid"].at if self.claims.is_here() else ()
        order = {"lists": list(lists), "sentences": list(sentences)}
        with border("page", self.page):
            return Screen.from_script(place.evaluate(_script(), order), sentences)

    def element(self, piece: Piece, *, pane: bool = False) -> ElementHandle:
        """Return what the last `screen` saw there."""
        place: Page | Frame = self.elements.details_at if pane else self.elements.at
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
        self.claims.details.close()
        row = self.claims.grid.reveal(order_no, None)
        self.claims.open_details(order_no, row.point)
        return self.claims.details.find(order_no)

    def shown(self) -> str:
        """Return the 注文番号 that 取引情報 shows now, or ""."""
        found = self.elements.find("details_order_no")
        return same(found.inner_text()) if found is not None else ""

    @contextmanager
    def answering(self, answer: Answerer) -> Iterator[None]:
        """Answer the dialogs that come within the block, and keep what they said."""

        def answered(kind: str, text: str) -> bool:
            accepted = answer(kind, text)
            self.dialogs.append(DialogSeen(kind, text, accepted))
            return accepted

        with self._handler.scripted(answered):
            yield

    def answer_layers(self, layers: LayersInSight, answer: Answerer) -> None:
        """Answer a layer that stands for a dialog, as `answering` does the native ones."""
        layer, names = layers.new(), layers.names
        kind = layers.kind(layer) if layer is not None else None
        if layer is None or names is None or kind is None:
            return
        accepted = answer(kind, layer.text)
        self.dialogs.append(DialogSeen(kind, layer.text, accepted))
        answers = {True: names.go_on, False: names.give_up}
        told = layers.closing(layer) or "" if kind == "alert" else answers[accepted]
        layers.note_answered(layer)
        layers.click(told, self.target.timeout)

    def unexpected_dialogs(self) -> Sequence[DialogSeen]:
        """Return the dialogs that came while nobody expected one."""
        return [
            DialogSeen(each.kind, each.text, accepted=False) for each in self._handler.unexpected
        ]

    def names(self, place: PortalPage) -> PlaceNames:
        """Return the names that the page shows once it is calm, and the services called for it."""
        # Some pages never stop asking; they are read as they are.
        with suppress(Error):
            self.page.wait_for_load_state("networkidle", timeout=_CALM_MS)
        kinds: Mapping[str, tuple[str, ...]] = names_of(self.elements, place)
        return {**kinds, "services": self.outgoing.take_services()}

    def screenshot(self, about: About = "list") -> bytes:
        """Return a masked picture (JPEG).

        Raises:
            BrowserLost, PortalSlow, PortalUnreachable: there is none.
        """
        return screenshot(self.elements, about, self.claims.details.window)

    def _open(self, path: str) -> None:
        url = self.target.origin + path
        self.elements.at = self.elements.details_at = self.page
        with border(url, self.page):
            self.page.goto(url)
        if self._login.is_here():
            raise SessionEnded(page=path)
        if self.path.casefold() != path.casefold():
            raise PortalErrorPage(url=self.page.url)


def screenshot(elements: Elements, about: About, window: Page) -> bytes:
    """Return a masked picture of a page (JPEG), and take the masks off again."""
    cover(elements, about, window)
    with border("picture", window):
        data = window.screenshot(type="jpeg", quality=_QUALITY, animations="disabled")
        for frame in window.frames:
            frame.evaluate(_UNCOVER)
    return data
