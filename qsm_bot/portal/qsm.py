"""J·QSM in a browser: the `Portal` that the flows use, put together from the pages."""

from collections.abc import Iterator
from contextlib import suppress

from playwright.sync_api import BrowserContext, Error

from qsm_bot.base.clock import Clock, now
from qsm_bot.base.errors.orders import (
    DetailNotOpened,
    NotEligible,
    ReadBackMismatch,
    RowGone,
    WrongOrderOpened,
)
from qsm_bot.base.errors.outside import PortalSlow
from qsm_bot.base.errors.safety import ButtonAmbiguous, CountMismatch
from qsm_bot.base.log import get_logger
from qsm_bot.base.retry import read_again
from qsm_bot.base.words import same
from qsm_bot.domain.page_fingerprint import PlaceNames
from qsm_bot.domain.plan import Permit
from qsm_bot.domain.request import CancelRequest, Listing, RefusalReason
from qsm_bot.portal.act.event_check import Approved
from qsm_bot.portal.act.one_press import ActGuards, OnePress
from qsm_bot.portal.act.order_lookup import OrderLookup
from qsm_bot.portal.act.request_fuse import FuseMode
from qsm_bot.portal.browser.translate_errors import border
from qsm_bot.portal.pages.grid import RowPlaces
from qsm_bot.portal.pages.order_details import raise_if_another, raise_if_not_kept
from qsm_bot.portal.pages.rows import ColumnPositions, parse_row, parse_rows
from qsm_bot.portal.protocol import ActLog, Chosen, Opened, OrderStatus, Pressed
from qsm_bot.portal.selectors.findings import PageFindings
from qsm_bot.portal.selectors.pack import Pack, PortalPage
from qsm_bot.portal.sign_in.by_program import Cookies, SignIn
from qsm_bot.portal.sign_in.session import PortalSession
from qsm_bot.portal.survey.inspector import Inspector, names_of
from qsm_bot.portal.survey.walk import PortalWalk

_log = get_logger(__name__)
_READINGS = 3
_OPENINGS = 3
_CHOICES = 2
_LOOKS = 2


class QsmPortal:
    """The portal in one browser context. Times are seconds.

    Attributes:
        session: what the tools beside the portal are built from, too: `SignInByPerson`,
            `SelectorTeacher`, `PortalWalk`, `Snapshots`.
    """

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
        # Before any page is there.
        self._guards = ActGuards(context)
        self.session = PortalSession(
            context, base_url=base_url, pack=pack, who=sign_in, timeout=timeout, clock=clock
        )
        self._context = context
        self._base_url = base_url
        self._pack = pack
        self._fuse_mode: FuseMode = fuse
        self._timeout = timeout
        self._alert_timeout = alert_timeout
        self._clock = clock
        self._page = self.session.page
        self._dialogs = self.session.dialogs
        self._traffic = self.session.traffic
        self._claims = self.session.claims
        self._navigation = self.session.navigation
        self._details = self._claims.details
        self._lookup = OrderLookup(self._claims, self._navigation, pack, clock)
        self._places = RowPlaces()
        self._listed: frozenset[str] = frozenset()
        self._just_opened = False
        self._chosen: Chosen | None = None

    def sign_in(self) -> str:
        """Sign in and prove it: see `Portal.sign_in`."""
        self._details.close()
        with border("sign-in", self._page):
            shop = self.session.by_program.sign_in()
        self._just_opened = True
        return shop

    def cookies(self) -> Cookies:
        """Return the browser's cookies; none unless it is proven whose they are."""
        if not self.session.by_program.is_proven:
            return ()
        try:
            return [{**each} for each in self._context.cookies(self._base_url)]
        except Error as error:
            _log.info("no_cookies", error=error.message.splitlines()[0])
            return ()

    def waiting(self) -> int:
        """Read the counter of キャンセル要請: see `Portal.waiting`."""
        label = self._pack.texts.counters.requests
        with self._navigation.noticing_sign_out():
            self._ensure_claims()
            return self._claims.counters(label)[label]

    def collect(self) -> Listing:
        """Read キャンセル要請: see `Portal.collect`."""
        with self._navigation.noticing_sign_out():
            self._ensure_claims()
            return read_again(self._collect_once, when=CountMismatch, times=_READINGS)

    def open(self, order_no: str) -> Opened:
        """Open one order: see `Portal.open`."""
        self._chosen = None
        with self._navigation.noticing_sign_out():
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
        approved = Approved(
            order_no=permit.order_no,
            label=self._chosen.label if self._chosen else None,
            text=self._chosen.text if self._chosen else None,
            listed=self._listed,
        )
        if permit.budget:
            self.session.by_program.raise_if_not_ours(self._page.url)
        log.armed()
        self.session.traffic.gesture()
        self._chosen = None
        self._claims.shown_list = ""
        pressed = self._one_press().run(permit, log, form, approved)
        if pressed.completed:
            with suppress(Error):
                self._details.let_end()
            self._places.remove(permit.order_no)
        return pressed

    def look(self, order_no: str) -> OrderStatus:
        """Look at one order: see `Portal.look`."""
        with self._navigation.noticing_sign_out():
            self._details.close()
            return read_again(lambda: self._look_once(order_no), when=PortalSlow, times=_LOOKS)

    def inspect(self) -> Iterator[PageFindings]:
        """Say what of the pack is there: see `Portal.inspect`."""
        walk = PortalWalk(self.session, self.open)
        return Inspector(self.session).findings(walk.visits())

    def names(self, place: PortalPage) -> PlaceNames:
        """Read the names of the page: see `Portal.names`."""
        return names_of(self.session.elements, place)

    def fallbacks(self) -> frozenset[str]:
        """Tell the fallbacks that were used: see `Portal.fallbacks`."""
        return frozenset(self.session.elements.fallbacks)

    def rest(self, seconds: float) -> None:
        """Let time pass: see `Portal.rest`."""
        with border("rest", self._page):
            self._page.wait_for_timeout(seconds * 1000)

    def picture(self) -> bytes:
        """Take a masked picture: see `Portal.picture`."""
        chosen = self._chosen is not None
        return self.session.camera.picture("form" if chosen else "list", self._details.window)

    def _restless_picture(self) -> bytes:
        return self.session.camera.picture("list", self._details.window, restless=True)

    def _one_press(self) -> OnePress:
        return OnePress(
            context=self._context,
            page=self._page,
            elements=self.session.elements,
            pack=self._pack,
            guards=self._guards,
            dialogs=self._dialogs,
            traffic=self._traffic,
            leave=self._navigation.leave,
            picture=self._restless_picture,
            mode=self._fuse_mode,
            confirm_seconds=self._timeout,
            alert_seconds=self._alert_timeout,
        )

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
        self._listed = frozenset(request.order_no for request in requests)
        self._claims.shown_list = label
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

    def _look_once(self, order_no: str) -> OrderStatus:
        self._ensure_claims()
        try:
            return self._lookup.look(order_no)
        except PortalSlow:
            # A page that stands still is given up; the next one may come.
            self._open_claims()
            raise

    def _show_requests(self) -> None:
        label = self._pack.texts.counters.requests
        if self._claims.shown_list != label:
            self._claims.show_list(label)
            self._claims.shown_list = label

    def _open_once(self, order_no: str) -> Opened:
        self._ensure_claims()
        self._show_requests()
        grid = self._claims.grid
        self._details.close()
        row = grid.reveal(order_no, self._places.top(order_no))
        self._claims.open_details(order_no, row.point)
        shown = self._details.find(order_no)
        if not shown:
            # A page may be built and take no click; under load Chromium leaves a frame
            # unpainted (measured). What is opened anew takes the next one.
            self._open_claims()
        raise_if_another(order_no, shown)
        request = parse_row(row.cells, ColumnPositions(grid.headings, self._pack))
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
        self._navigation.open_claims()
        self._just_opened = True
