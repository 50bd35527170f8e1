"""J·QSM in a browser: the `Portal` that the flows use, put together from the pages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext

from qsm_bot.clock import Clock, now
from qsm_bot.errors import (
    ButtonAmbiguous,
    CountMismatch,
    DetailNotOpened,
    OrderProblem,
    PortalError,
    PortalErrorPage,
    PortalSlow,
    PortalUnreachable,
    RowGone,
    SafetyStop,
    SelectorDrift,
    SessionEnded,
    SignInFailed,
    SignInNeedsPerson,
    UnexpectedDialog,
    WrongOrderOpened,
    WrongShop,
)
from qsm_bot.log import get_logger
from qsm_bot.model import CancelRequest, Listing, RefusalReason
from qsm_bot.plan import Permit
from qsm_bot.portal.border import border
from qsm_bot.portal.dialogs import DialogDesk
from qsm_bot.portal.elements import Elements
from qsm_bot.portal.fuse import FuseMode, RequestFuse
from qsm_bot.portal.grid import Columns, RowPlaces, parse_row, parse_rows
from qsm_bot.portal.pack import Pack
from qsm_bot.portal.pages import ClaimPage, HomePage, LoginPage, raise_if_not_kept
from qsm_bot.portal.pictures import Camera
from qsm_bot.portal.press import PressTalk, press_button
from qsm_bot.portal.protocol import ActLog, Chosen, Opened, Pressed, Sighting
from qsm_bot.portal.traffic import Traffic
from qsm_bot.retry import read_again
from qsm_bot.words import Words, same

_log = get_logger(__name__)
_READINGS = 3
_OPENINGS = 3
_PUMP_MS = 10

_CAPTCHA = Words("a captcha challenge", "画像認証")
_STAYED = Words("it stays on the sign-in page", "ログイン画面のまま進みません")


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """Who signs in, and the shop that must be shown then ("" = whichever)."""

    login_id: str
    password: str
    shop_name: str


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
        self._dialogs = DialogDesk(context)
        self._page = context.new_page()
        self._base = base_url
        self._pack = pack
        self._who = sign_in
        self._fuse_mode: FuseMode = fuse
        self._timeout = timeout
        self._alert_timeout = alert_timeout
        self._clock = clock
        self._elements = Elements(self._page, pack)
        self._login = LoginPage(self._elements)
        self._traffic = Traffic(self._page, pack.services.list)
        self._claims = ClaimPage(self._elements, self._traffic, timeout)
        self._camera = Camera(self._page, self._elements)
        self._places = RowPlaces()
        self._shown = ""
        self._just_opened = False
        self._chosen = False
        self._shop: str | None = None

    def sign_in(self) -> str:
        """Sign in and prove it: see `Portal.sign_in`."""
        if self._shop is not None:
            # The shop was proven in this seat; what may have ended since is the session.
            with suppress(SessionEnded):
                self._open_claims()
                return self._shop
        self._goto(self._pack.paths.home)
        if self._login.is_here():
            self._submit()
            if not HomePage(self._elements).is_here():
                self._goto(self._pack.paths.home)
        if self._login.is_here():
            raise SignInNeedsPerson(what=_STAYED)
        self._raise_if_error_page()
        shop = HomePage(self._elements).shop_name(self._who.shop_name)
        if self._who.shop_name and same(shop) != same(self._who.shop_name):
            raise WrongShop(expected=self._who.shop_name, seen=shop)
        # A half-dead session still shows the home page: only the claim page proves it alive.
        self._open_claims()
        self._dialogs.raise_if_unexpected()
        self._shop = shop
        return shop

    def collect(self) -> Listing:
        """Read キャンセル要請: see `Portal.collect`."""
        with self._session():
            self._ensure_claims()
            return read_again(self._collect_once, when=CountMismatch, times=_READINGS)

    def open(self, order_no: str) -> Opened:
        """Open one order: see `Portal.open`."""
        with self._session():
            self._ensure_claims()
            self._show_requests()
            return read_again(
                lambda: self._open_once(order_no),
                when=(WrongOrderOpened, DetailNotOpened),
                times=_OPENINGS,
            )

    def choose(self, reason: RefusalReason, text: str | None) -> Chosen:
        """Fill in キャンセル拒否: see `Portal.choose`."""
        label = self._pack.texts.label(reason)
        self._claims.choose_reason(label, text)
        seen_label, seen_text = self._claims.read_back()
        raise_if_not_kept(same(label), same(seen_label))
        raise_if_not_kept(text or "", seen_text)
        self._dialogs.raise_if_unexpected()
        self._chosen = True
        return Chosen(label=seen_label, text=seen_text)

    def press(self, permit: Permit, log: ActLog) -> Pressed:
        """Press キャンセル拒否: see `Portal.press`."""
        button, labels, before = self._claims.refuse_buttons(*self._counted())
        wanted = self._pack.texts.refuse_button
        if [same(label) for label in labels] != [same(wanted)]:
            raise ButtonAmbiguous(label=wanted, seen=" / ".join(labels) or "–")
        log.armed()
        self._chosen = False
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
                button,
                talk,
                self._traffic,
                confirm_seconds=self._timeout,
                alert_seconds=self._alert_timeout,
            )
        pressed = talk.result(before)
        if pressed.completed:
            self._places.remove(permit.order_no)
        return pressed

    def look(self, order_no: str) -> Sighting:
        """Look at one order: see `Portal.look`."""
        with self._session():
            self._ensure_claims()
            self._shown = ""
            if self._pack.look == "search":
                try:
                    return self._look_by_search(order_no)
                except SelectorDrift as error:
                    _log.warning("search_not_as_known", detail=error.message.en)
            return self._look_by_lists(order_no)

    def picture(self) -> bytes:
        """Take a masked picture: see `Portal.picture`."""
        return self._camera.picture("form" if self._chosen else "list")

    @contextmanager
    def _session(self) -> Iterator[None]:
        """Tell any trouble of the block as the session's end, if a service says that it is."""
        try:
            yield
        except (PortalError, SafetyStop, OrderProblem) as error:
            if self._traffic.signed_out:
                raise SessionEnded(page=urlsplit(self._page.url).path) from error
            raise

    def _submit(self) -> None:
        heard: list[tuple[str, str]] = []

        def note(kind: str, text: str) -> bool:
            heard.append((kind, text))
            return kind == "alert"

        with self._dialogs.scripted(note):
            self._login.submit(self._who.login_id, self._who.password)
            deadline = time.monotonic() + self._timeout
            while time.monotonic() < deadline:
                # Asked first: an alert behind the sign-in page says nothing about the password.
                left = not self._login.is_here()
                if heard and (left or heard[0][0] != "alert"):
                    raise UnexpectedDialog(kind=heard[0][0], text=heard[0][1])
                if heard:
                    raise SignInFailed(alert=heard[0][1])
                if left:
                    return
                if self._login.asks_for_person():
                    raise SignInNeedsPerson(what=_CAPTCHA)
                self._page.wait_for_timeout(_PUMP_MS)
        raise SignInNeedsPerson(what=_STAYED)

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

    def _show_requests(self) -> None:
        label = self._pack.texts.counters.requests
        if self._shown != label:
            self._claims.show_list(label)
            self._shown = label

    def _open_once(self, order_no: str) -> Opened:
        grid = self._claims.grid
        row = grid.reveal(order_no, self._places.top(order_no))
        self._claims.open_details(order_no, row.point)
        shown = self._claims.details_order_no(order_no)
        if shown != order_no:
            raise (
                WrongOrderOpened(order=order_no, seen=shown)
                if shown
                else DetailNotOpened(order=order_no)
            )
        request = parse_row(row.cells, Columns(grid.headings, self._pack))
        if not isinstance(request, CancelRequest):
            raise RowGone(order=order_no)
        self._dialogs.raise_if_unexpected()
        return Opened(request=request, shown_order_no=shown)

    def _look_by_search(self, order_no: str) -> Sighting:
        self._claims.search_order(order_no)
        table, counters = self._claims.rows_and_counters(*self._counted())
        rows, unreadable = parse_rows(table, self._pack)
        if unreadable or any(row.order_no != order_no for row in rows):
            raise SelectorDrift(element="選択条件照会", detail="it shows other orders")
        states = [row.status for row in rows]
        texts = self._pack.texts
        return Sighting(
            order_no=order_no,
            open=any(same(state) in map(same, texts.open_status) for state in states),
            refused=any(same(state) in map(same, texts.refused_status) for state in states),
            status=" / ".join(states),
            counters=counters,
            at=self._clock(),
        )

    def _look_by_lists(self, order_no: str) -> Sighting:
        self._open_claims()
        counters = self._claims.counters(*self._counted())
        labels = self._pack.texts.counters
        found = {label: self._is_listed(label, order_no) for label in counters if counters[label]}
        return Sighting(
            order_no=order_no,
            open=found.get(labels.requests, False),
            refused=found.get(labels.refused, False),
            status="",
            counters=counters,
            at=self._clock(),
        )

    def _counted(self) -> tuple[str, str]:
        labels = self._pack.texts.counters
        return labels.requests, labels.refused

    def _is_listed(self, label: str, order_no: str) -> bool:
        self._claims.show_list(label)
        rows, _ = parse_rows(self._claims.grid.read(), self._pack)
        return any(row.order_no == order_no for row in rows)

    def _ensure_claims(self) -> None:
        if not self._claims.is_here():
            self._open_claims()

    def _open_claims(self) -> None:
        self._goto(self._pack.paths.claims)
        self._shown = ""
        self._just_opened = True
        self._claims.raise_if_elsewhere(self._login)

    def _raise_if_error_page(self) -> None:
        if any(
            sign.casefold() in self._page.url.casefold() for sign in self._pack.texts.error_pages
        ):
            raise PortalErrorPage(url=self._page.url)

    def _goto(self, path: str) -> None:
        url = self._base + path
        self._traffic.signed_out = False
        try:
            with border(url, self._page):
                self._page.goto(url, wait_until="domcontentloaded")
        except (PortalSlow, PortalUnreachable) as error:
            detail = error.facts.get("detail", error.message)
            raise PortalUnreachable(url=url, detail=detail) from error
