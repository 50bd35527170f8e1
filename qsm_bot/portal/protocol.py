"""What the flows ask of a portal, whichever drives it: a browser, or memory in tests."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Words
from qsm_bot.domain.page_fingerprint import PlaceNames
from qsm_bot.domain.plan import Permit
from qsm_bot.domain.request import CancelRequest, Listing, RefusalReason
from qsm_bot.portal.selectors.findings import PageFindings
from qsm_bot.portal.selectors.pack import PortalPage

Notice = Callable[[Words, float], None]
"""Is given what the portal asks of a person now, and the seconds left."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """取引情報 after the double click: the row as it is now, and the order that is shown."""

    request: CancelRequest
    shown_order_no: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """The form of キャンセル拒否 as read back from the page."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusalAnswer:
    """The request that the fuse let out, and what came back; `status` is None without an answer."""

    method: str
    path: str
    status: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """What followed the click on キャンセル拒否.

    `completed` is True only if the portal's own completion alert was seen. `doubt`
    tells why it was not, though the confirm was accepted: the outcome is unknown then.
    `before` are the counters by label as they stood right before the click: open, refused.
    `others` are answers of requests that may have been the refusal as well; `held` says that
    one was kept back; `against` is why the run must end, if one told against the approval.
    `picture` is a masked PNG of the page as it spoke, if it had to be left afterwards.
    """

    confirm: str
    alert: str | None
    completed: bool
    answer: RefusalAnswer | None
    before: Mapping[str, int]
    doubt: Words | None = None
    others: tuple[RefusalAnswer, ...] = ()
    held: bool = False
    against: QsmBotError | None = None
    picture: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderStatus:
    """One fresh look at an order.

    `open` and `refused` say whether it is listed in キャンセル要請 and キャンセル拒否完了;
    None means that this look cannot tell. `counters` are the portal's, by label.
    """

    order_no: str
    open: bool | None
    refused: bool | None
    status: str
    counters: Mapping[str, int]
    at: datetime


class ActLog(Protocol):
    """Where the press writes each step before it takes it; each method returns once it is safe.

    Raises:
        QsmBotError: the step could not be recorded; it must not be taken then.
    """

    def armed(self) -> None:
        """Record the intent, before the click."""

    def confirm_open(self, text: str) -> None:
        """Record the confirm's text, before it is compared."""

    def committing(self) -> None:
        """Record the point of no return, before `accept()`."""

    def answered(self, answer: RefusalAnswer) -> None:
        """Record the request that left and its answer."""

    def alerted(self, text: str) -> None:
        """Record the completion alert's text."""


class Portal(Protocol):
    """One shop's session at the portal."""

    def sign_in(self) -> str:
        """Sign in and return the shop name that the portal shows.

        Raises:
            SignInError: turned down, a person is needed, or another shop is shown.
            PortalError: the portal does not answer as it should.
        """

    def waiting(self) -> int:
        """Return how many requests are open by the portal's own counter, and open no list.

        Raises:
            SelectorDrift, SessionEnded, PortalError: the page is not as known.
        """

    def collect(self) -> Listing:
        """Read all rows of キャンセル要請.

        Raises:
            CountMismatch: list and counters disagree after several readings.
            SelectorDrift, SessionEnded, PortalError: the page is not as known.
        """

    def open(self, order_no: str) -> Opened:
        """Double-click the order's row and wait until 取引情報 shows it.

        Raises:
            RowGone, RowDuplicate, WrongOrderOpened, DetailNotOpened: this order cannot be opened.
            SelectorDrift, SessionEnded, PortalError: the page is not as known.
        """

    def choose(self, reason: RefusalReason, text: str | None) -> Chosen:
        """Pick the reason, write the text, and return both as read back.

        Raises:
            ReasonMissing, ReadBackMismatch: the form does not take them.
        """

    def press(self, permit: Permit, log: ActLog) -> Pressed:
        """Press キャンセル拒否 and answer its dialogs: the only place that does.

        Under a rehearsal permit the confirm is dismissed and no request leaves. Whatever
        goes wrong after the confirm was accepted is told in `Pressed.doubt`, never raised.

        Raises:
            ButtonAmbiguous, ConfirmTextChanged, UnexpectedDialog: stopped before the confirm.
            ConfirmMissing: no confirm appeared; what was held back is named.
            ClickStopped, ClickUnseen: the page was not as approved when the click reached it.
            AnotherOrderNamed: the page was about to send another order than the permit's.
            OtherOrigin, ShopNotProven: it is not certain whose page this is.
        """

    def look(self, order_no: str) -> OrderStatus:
        """Look at one order freshly, without touching anything.

        Raises:
            SelectorDrift, SessionEnded, PortalError: the look failed.
        """

    def inspect(self) -> Iterator[PageFindings]:
        """Walk through the portal, only reading, and say what of the selector pack is there.

        Each place of `PortalPage` comes once, in order; the session must be signed in. What is
        in the way of one is told in its findings, never raised.
        """

    def names(self, place: PortalPage) -> PlaceNames:
        """Return the names that the page shows now: the part of the page contract for `place`.

        Raises:
            BrowserLost, PortalError: the page could not be read.
        """

    def fallbacks(self) -> Collection[str]:
        """Return the elements that were read by a fallback selector so far."""

    def rest(self, seconds: float) -> None:
        """Let time pass without touching the portal.

        Raises:
            BrowserLost: the browser ended meanwhile.
        """

    def picture(self) -> bytes:
        """Return the page as PNG, with the buyer's data masked before it is taken.

        Raises:
            BrowserLost, PortalError: no picture could be taken.
        """
