"""J·QSM in a browser: the `Portal` that the flows use, put together from the pages."""

from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Error

from qsm_bot.clock import Clock, now
from qsm_bot.errors import (
    ButtonAmbiguous,
    CountMismatch,
    DetailNotOpened,
    NotEligible,
    ReadBackMismatch,
    RowGone,
    WrongOrderOpened,
)
from qsm_bot.log import get_logger
from qsm_bot.model import CancelRequest, Listing, RefusalReason
from qsm_bot.page_contract import PlaceNames
from qsm_bot.plan import Permit
from qsm_bot.portal.bench import Bench
from qsm_bot.portal.border import border
from qsm_bot.portal.dialogs import DialogDesk
from qsm_bot.portal.door import Cookies, Door, SignIn
from qsm_bot.portal.elements import Elements
from qsm_bot.portal.fuse import FuseMode, RequestFuse
from qsm_bot.portal.grid import Columns, RowPlaces, parse_row, parse_rows
from qsm_bot.portal.hand_over import HandOver
from qsm_bot.portal.inspector import Inspector, names_of
from qsm_bot.portal.lookout import Lookout
from qsm_bot.portal.pack import Pack, Place
from qsm_bot.portal.pages import ClaimPage, raise_if_not_kept
from qsm_bot.portal.pane import raise_if_another
from qsm_bot.portal.pictures import Camera
from qsm_bot.portal.pointing import Pointer
from qsm_bot.portal.press import PressTalk, press_button
from qsm_bot.portal.protocol import ActLog, Chosen, Notice, Opened, Pressed, Sighting
from qsm_bot.portal.saved import Snapshots
from qsm_bot.portal.stand import Stand
from qsm_bot.portal.traffic import Traffic
from qsm_bot.portal.walk import Visit, Walk
from qsm_bot.retry import read_again
from qsm_bot.words import same

_log = get_logger(__name__)
_READINGS = 3
_OPENINGS = 3
_CHOICES = 2


class QsmPortal:
    """A seat at J·QSM in one browser context. Times are seconds."""

    def __init__(
        self,
        context: BrowserContext,
        *,
        base_url: str,
        pack: Pack,
        sign_in: SignIn,
        fuse: FuseMode = "strict",
        timeout: float = 20,
        alert_timeout: float = 60,
        clock: Clock = now,
    ) -> None:
        context.set_default_timeout(timeout * 1000)
        self._context = context
        self._base_url = base_url
        self._dialogs = DialogDesk(context)
        self._page = context.new_page()
        self._pack = pack
        self._fuse_mode: FuseMode = fuse
        self._timeout = timeout
        self._alert_timeout = alert_timeout
        self._clock = clock
        self._elements = Elements(self._page, pack)
        self._traffic = Traffic(self._page, pack.services.list)
        self._claims = ClaimPage(self._elements, self._traffic, timeout)
        self._door = Door(
            self._elements,
            self._claims,
            self._dialogs,
            self._traffic,
            base_url=base_url,
            who=sign_in,
            timeout=timeout,
            clock=clock,
        )
        self._camera = Camera(self._page, self._elements)
        self._lookout = Lookout(self._claims, self._door, pack, clock)
        self._pane = self._claims.pane
        self._places = RowPlaces()
        self._shown = ""
        self._just_opened = False
        self._chosen: Chosen | None = None

    def sign_in(self) -> str:
        """Sign in and prove it: see `Portal.sign_in`."""
        self._shown = ""
        self._pane.close()
        with border("sign-in", self._page):
            shop = self._door.sign_in()
        self._just_opened = True
        return shop

    def hand_over(self, wait: float, notice: Notice) -> str:
        """Let a person sign in, prove it, and return the shop's name.

        Args:
            wait: seconds that the person has.
            notice: is given what the portal asks now, and the seconds left.

        Raises:
            SignInNeedsPerson: nobody signed in in time, or the window was closed.
            WrongShop: another shop was signed in.
            PortalError, SelectorDrift: the portal is not to be had, or not as known.
        """
        with border("sign-in", self._page):
            desk = HandOver(self._elements, self._door, self._dialogs, notice)
            return desk.wait_for_person(wait)

    def cookies(self) -> Cookies:
        """Return the browser's cookies; none unless this seat has proven whose they are."""
        if not self._door.is_proven:
            return ()
        try:
            return [{**each} for each in self._context.cookies(self._base_url)]
        except Error as error:
            _log.info("no_cookies", error=error.message.splitlines()[0])
            return ()

    def waiting(self) -> int:
        """Read the counter of キャンセル要請: see `Portal.waiting`."""
        label = self._pack.texts.counters.requests
        with self._door.session():
            self._ensure_claims()
            return self._claims.counters(label)[label]

    def collect(self) -> Listing:
        """Read キャンセル要請: see `Portal.collect`."""
        with self._door.session():
            self._ensure_claims()
            return read_again(self._collect_once, when=CountMismatch, times=_READINGS)

    def open(self, order_no: str) -> Opened:
        """Open one order: see `Portal.open`."""
        self._chosen = None
        with self._door.session():
            self._ensure_claims()
            self._show_requests()
            return read_again(
                lambda: self._open_once(order_no),
                when=(WrongOrderOpened, DetailNotOpened),
                times=_OPENINGS,
            )

    def choose(self, reason: RefusalReason, text: str | None) -> Chosen:
        """Fill in キャンセル拒否: see `Portal.choose`."""
        # A page may set the form back right after the choice; nothing is sent by choosing again.
        chosen = read_again(
            lambda: self._choose_once(self._pack.texts.label(reason), text),
            when=ReadBackMismatch,
            times=_CHOICES,
        )
        self._dialogs.raise_if_unexpected()
        self._chosen = chosen
        return chosen

    def press(self, permit: Permit, log: ActLog) -> Pressed:
        """Press キャンセル拒否: see `Portal.press`."""
        form = self._claims.form_to_press(*self._pack.texts.counted)
        wanted = self._pack.texts.refuse_button
        if [same(label) for label in form.labels] != [same(wanted)]:
            raise ButtonAmbiguous(label=wanted, seen=" / ".join(form.labels) or "–")
        raise_if_another(permit.order_no, form.order_no)
        if self._chosen is not None:
            # The page may have changed the form since it was read back.
            raise_if_not_kept(self._chosen.label, form.held[0])
            raise_if_not_kept(self._chosen.text, form.held[1])
        log.armed()
        self._chosen = None
        self._shown = ""
        fuse = RequestFuse(
            mode=self._fuse_mode,
            budget=permit.budget,
            refusal=self._pack.services.refusal,
            timeout=self._alert_timeout,
            on_answer=log.answered,
        )
        talk = PressTalk(permit, log, self._pack.texts, fuse)
        with fuse.installed(self._context), self._dialogs.scripted(talk.answer):
            press_button(
                self._page,
                form.button,
                talk,
                self._traffic,
                confirm_seconds=self._timeout,
                alert_seconds=self._alert_timeout,
            )
            if talk.restless or fuse.sending:
                self._door.leave()
            if not talk.committed and talk.confirm is None:
                fuse.note_unwatched()
        pressed = talk.result(form.counters)
        if pressed.completed:
            self._places.remove(permit.order_no)
        return pressed

    def look(self, order_no: str) -> Sighting:
        """Look at one order: see `Portal.look`."""
        with self._door.session():
            self._pane.close()
            self._ensure_claims()
            self._shown = ""
            return self._lookout.look(order_no)

    def bench(self, pointer: Pointer, patience: float = 5) -> Bench:
        """Return the bench on which a person teaches this seat its elements."""
        return Bench(self._elements, self._claims, self._door, pointer, patience=patience)

    def walk(self) -> Iterator[Visit]:
        """Go past all places of the portal, only reading; the seat must be signed in.

        What is in the way of a place is told in its visit, never raised.
        """
        self._chosen = None
        self._shown = ""
        return Walk(self._elements, self._door, self._claims, self._dialogs, self.open).visits()

    def snapshots(self) -> Snapshots:
        """Return what takes this seat's page as it stands."""
        return Snapshots(self._elements, self._traffic)

    def inspect(self) -> Iterator[Stand]:
        """Say what of the pack is there: see `Portal.inspect`."""
        inspector = Inspector(self._elements, self._claims, self._camera, self._traffic)
        return inspector.stands(self.walk())

    def names(self, place: Place) -> PlaceNames:
        """Read the names of the page: see `Portal.names`."""
        return names_of(self._elements, place)

    def fallbacks(self) -> frozenset[str]:
        """Tell the fallbacks that were used: see `Portal.fallbacks`."""
        return frozenset(self._elements.fallbacks)

    def rest(self, seconds: float) -> None:
        """Let time pass: see `Portal.rest`."""
        with border("rest", self._page):
            self._page.wait_for_timeout(seconds * 1000)

    def picture(self) -> bytes:
        """Take a masked picture: see `Portal.picture`."""
        chosen = self._chosen is not None
        return self._camera.picture("form" if chosen else "list", self._pane.window)

    def _collect_once(self) -> Listing:
        label = self._pack.texts.counters.requests
        if not self._just_opened:
            self._open_claims()
        self._just_opened = False
        counted = self._claims.counters(label)[label]
        self._claims.show_list(label)
        table = self._claims.grid.read()
        requests, unreadable = parse_rows(table, self._pack)
        if len(table.rows) != counted:
            raise CountMismatch(counted=counted, listed=len(table.rows))
        self._places = RowPlaces.of(table, self._claims.grid.column_of_order_no())
        self._shown = label
        self._dialogs.raise_if_unexpected()
        return Listing(
            requests=requests, unreadable=unreadable, counted=counted, read_at=self._clock()
        )

    def _choose_once(self, label: str, text: str | None) -> Chosen:
        self._claims.choose_reason(label, text)
        seen_label, seen_text = self._claims.read_back()
        raise_if_not_kept(same(label), same(seen_label))
        raise_if_not_kept(text or "", seen_text)
        return Chosen(label=seen_label, text=seen_text)

    def _show_requests(self) -> None:
        label = self._pack.texts.counters.requests
        if self._shown != label:
            self._claims.show_list(label)
            self._shown = label

    def _open_once(self, order_no: str) -> Opened:
        grid = self._claims.grid
        self._pane.close()
        row = grid.reveal(order_no, self._places.top(order_no))
        self._claims.open_details(order_no, row.point)
        shown = self._pane.find(order_no)
        raise_if_another(order_no, shown)
        request = parse_row(row.cells, Columns(grid.headings, self._pack))
        if not isinstance(request, CancelRequest):
            raise RowGone(order=order_no)
        self._dialogs.raise_if_unexpected()
        if same(request.status) not in map(same, self._pack.texts.open_status):
            raise NotEligible(order=order_no, status=request.status)
        return Opened(request=request, shown_order_no=shown)

    def _ensure_claims(self) -> None:
        if not self._claims.is_here():
            self._open_claims()

    def _open_claims(self) -> None:
        self._door.open_claims()
        self._shown = ""
        self._just_opened = True
