"""A portal in memory: the mock portal's business rules without pages or a browser.

It keeps the same promises as `QsmPortal`; the contract tests hold both to them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from qsm_bot.base.clock import Clock, now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.orders import ReasonMissing, RowGone
from qsm_bot.base.errors.people import SignInFailed, WrongShop
from qsm_bot.base.errors.safety import ConfirmTextChanged
from qsm_bot.base.words import Words
from qsm_bot.domain.page_fingerprint import PlaceNames
from qsm_bot.domain.plan import Permit
from qsm_bot.domain.request import CancelRequest, Listing, RefusalReason
from qsm_bot.mock_portal import answers
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.orders import Order
from qsm_bot.mock_portal.world import ClaimState, World
from qsm_bot.portal.protocol import ActLog, Chosen, Opened, OrderStatus, Pressed, RefusalAnswer
from qsm_bot.portal.selectors.findings import PageFindings
from qsm_bot.portal.selectors.pack import PortalPage

CONFIRM = "キャンセル不可状態の場合のみキャンセル拒否処理をしてください。キャンセル拒否しますか？"
COMPLETED = "キャンセル拒否完了"
REQUESTS = "キャンセル要請"
LABELS: Mapping[RefusalReason, str] = {
    RefusalReason.SHIPPED: "商品発送完了",
    RefusalReason.READY: "発送準備完了",
    RefusalReason.MADE_TO_ORDER: "注文制作商品",
    RefusalReason.OTHER: "その他",
}
_STATUS = {
    ClaimState.REQUESTED: "キャンセル・処理要請",
    ClaimState.REFUSED: "キャンセル・キャンセル拒否",
}
_PATH = "/memory/SetCancelRefusal"
_OK = 200
_OTHER_ALERT = Words("the portal answered: “{text}”", "ポータルの表示:「{text}」")
_NO_ALERT = Words("no completion alert", "完了表示がありません")
_NOT_RECORDED = Words(
    "a step could not be recorded: {detail}", "処理を記録できませんでした: {detail}"
)

Fault = Callable[[], None]
Serve = Callable[[], answers.ServiceAnswer]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back of a refusal: the status (None: nothing did) and the alert's text.

    A page puts an alert of its own on a request that broke; it has no status of 200 then.
    """

    status: int | None
    alert: str | None


Network = Callable[[Serve], Reply]


def straight(serve: Serve) -> Reply:
    """Carry a request to the server and its answer back."""
    return Reply(status=_OK, alert=serve().message)


class MemoryPortal:
    """The portal of a `World`. The attributes may be changed by tests between two calls.

    `confirm` is what the confirm will say; `before_effect` and `after_effect` run on
    either side of the effect and may raise, which loses the answer, not the effect.
    `network` carries the refusal: it is given the server's work, does it now, later or
    never, and returns what comes back, or raises ConnectionError. `shown` are the names
    of its pages, `fallen_back` the elements that took a fallback selector. `before_call` and
    `after_call` are told the name of each method as it begins and as it ends; they may
    raise what it may. `on_rest` is told how long it rests.
    `journal` sees each refusal request as it leaves, whatever becomes of it.
    """

    def __init__(
        self,
        world: World,
        *,
        shop_name: str = "",
        clock: Clock = now,
        journal: Journal | None = None,
    ) -> None:
        self.world = world
        self.confirm = CONFIRM
        self.password_is_right = True
        self.labels = dict(LABELS)
        self.shown: dict[str, PlaceNames] = {}
        self.fallen_back: set[str] = set()
        self.before_effect: Fault | None = None
        self.after_effect: Fault | None = None
        self.network: Network = straight
        self.before_call: Callable[[str], None] = _nothing
        self.after_call: Callable[[str], None] = _nothing
        self.on_rest: Callable[[float], None] = _nothing
        self._journal = journal
        self._shop_name = shop_name
        self._clock = clock
        self._opened: str | None = None
        self._chosen: tuple[str, str | None] | None = None

    def sign_in(self) -> str:
        """Sign in: see `Portal.sign_in`."""
        with self._call("sign_in"):
            if not self.password_is_right:
                raise SignInFailed(alert="IDまたはパスワードが正しくありません。")
            shown = self.world.shop_name
            if self._shop_name and self._shop_name != shown:
                raise WrongShop(expected=self._shop_name, seen=shown)
            return shown

    def waiting(self) -> int:
        """Count the open requests: see `Portal.waiting`."""
        with self._call("waiting"):
            return self._counters()[REQUESTS]

    def collect(self) -> Listing:
        """Read the open requests: see `Portal.collect`."""
        with self._call("collect"):
            requests = tuple(_request(order) for order in self.world.open_requests())
            return Listing(
                requests=requests, unreadable=(), counted=len(requests), read_at=self._clock()
            )

    def open(self, order_no: str) -> Opened:
        """Open one order: see `Portal.open`."""
        with self._call("open"):
            order = self.world.by_number(order_no)
            if order is None or order.claim_state is not ClaimState.REQUESTED:
                raise RowGone(order=order_no)
            self._opened = order_no
            return Opened(request=_request(order), shown_order_no=order_no)

    def choose(self, reason: RefusalReason, text: str | None) -> Chosen:
        """Choose the reason: see `Portal.choose`."""
        with self._call("choose"):
            if reason not in self.labels:
                offered = " / ".join(self.labels.values())
                raise ReasonMissing(label=LABELS[reason], offered=offered)
            self._chosen = (self.labels[reason], text)
            return Chosen(label=self.labels[reason], text=text or "")

    def press(self, permit: Permit, log: ActLog) -> Pressed:
        """Press the button: see `Portal.press`."""
        with self._call("press"):
            before = self._counters()
            log.armed()
            log.confirm_open(self.confirm)
            if self.confirm != CONFIRM:
                raise ConfirmTextChanged(expected=CONFIRM, seen=self.confirm)
            if permit.budget == 0:
                return Pressed(
                    confirm=self.confirm, alert=None, completed=False, answer=None, before=before
                )
            log.committing()
            answer, alert, doubt = self._send()
            doubt = _recorded(log, answer, alert) or doubt
            return Pressed(
                confirm=self.confirm,
                alert=alert,
                completed=alert == COMPLETED and doubt is None,
                answer=answer,
                before=before,
                doubt=doubt,
            )

    def look(self, order_no: str) -> OrderStatus:
        """Look at one order: see `Portal.look`."""
        with self._call("look"):
            order = self.world.by_number(order_no)
            state = order.claim_state if order else ClaimState.NONE
            return OrderStatus(
                order_no=order_no,
                open=state is ClaimState.REQUESTED,
                refused=state is ClaimState.REFUSED,
                status=_STATUS.get(state, ""),
                counters=self._counters(),
                at=self._clock(),
            )

    def inspect(self) -> Iterator[PageFindings]:
        """Come by all places: no page is there, so nothing can be missing from one."""
        for place in PortalPage:
            yield PageFindings(place=place, findings=(), names=self.shown.get(place))

    def names(self, place: PortalPage) -> PlaceNames:
        """Return what `shown` says: see `Portal.names`."""
        with self._call("names"):
            return self.shown.get(place, {})

    def fallbacks(self) -> Collection[str]:
        """Return `fallen_back`: see `Portal.fallbacks`."""
        return self.fallen_back

    def rest(self, seconds: float) -> None:
        """Let time pass: see `Portal.rest`."""
        with self._call("rest"):
            self.on_rest(seconds)

    def picture(self) -> bytes:
        """Return a stand-in for a picture: what would be on it, as text."""
        with self._call("picture"):
            return f"memory portal: {self._opened} {self._chosen}".encode()

    @contextmanager
    def _call(self, name: str) -> Iterator[None]:
        self.before_call(name)
        yield
        self.after_call(name)

    def _counters(self) -> Mapping[str, int]:
        counters = self.world.counters()
        return {label: counters[label] for label in (REQUESTS, COMPLETED)}

    def _send(self) -> tuple[RefusalAnswer, str | None, Words | None]:
        """Send the request; from here on every trouble is a doubt, as in the browser."""
        order_no, (label, text) = self._opened or "", self._chosen or ("", None)
        if self._journal is not None:
            self._journal.see("POST", _PATH, order_no)
        try:
            reply = self.network(lambda: self._serve(order_no, label, text))
        except ConnectionError as error:
            lost = Words(str(error), str(error))
            return RefusalAnswer(method="POST", path=_PATH, status=None), None, lost
        answer = RefusalAnswer(method="POST", path=_PATH, status=reply.status)
        return answer, reply.alert, _doubt_of(reply.alert)

    def _serve(self, order_no: str, label: str, text: str | None) -> answers.ServiceAnswer:
        if self.before_effect:
            self.before_effect()
        answer = self.world.refuse(order_no, label, text)
        if self.after_effect:
            self.after_effect()
        return answer


def _nothing(_: object) -> None:
    """Do nothing: the hook that is not set."""


def _recorded(log: ActLog, answer: RefusalAnswer, alert: str | None) -> Words | None:
    """Write down what came back; return the doubt if the alert could not be."""
    # The browser's fuse goes on without this entry, too.
    with suppress(QsmBotError):
        log.answered(answer)
    try:
        if alert is not None:
            log.alerted(alert)
    except QsmBotError as error:
        return _NOT_RECORDED.filled(detail=error.message)
    return None


def _doubt_of(alert: str | None) -> Words | None:
    if alert is None:
        return _NO_ALERT
    return None if alert == COMPLETED else _OTHER_ALERT.filled(text=alert)


def _request(order: Order) -> CancelRequest:
    return CancelRequest(
        order_no=order.order_no,
        cart_no=order.cart_no,
        item_code=order.item_code,
        status=_STATUS[ClaimState.REQUESTED],
        buyer_reason=order.buyer_reason,
        requested_on=order.requested_on,
        ordered_on=order.ordered_on,
        item_name=order.item_name,
        option=order.option,
        quantity=order.quantity,
        amount=order.amount,
    )
