"""A portal in memory: the mock portal's business rules without pages or a browser.

It keeps the same promises as `QsmPortal`; the contract tests hold both to them.
"""

from collections.abc import Callable, Mapping

from qsm_bot.clock import Clock, now
from qsm_bot.errors import ConfirmTextChanged, ReasonMissing, RowGone, SignInFailed, WrongShop
from qsm_bot.mock_portal.orders import Order
from qsm_bot.mock_portal.world import ClaimState, World
from qsm_bot.model import CancelRequest, Listing, RefusalReason
from qsm_bot.plan import Permit
from qsm_bot.portal.protocol import ActLog, Answer, Chosen, Opened, Pressed, Sighting
from qsm_bot.words import Words

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
_OTHER_ALERT = Words("the portal answered: “{text}”", "ポータルの表示:「{text}」")

Fault = Callable[[], None]


class MemoryPortal:
    """A seat at a `World`. The attributes may be changed by tests between two calls.

    `confirm` is what the confirm will say; `before_effect` and `after_effect` run on
    either side of the effect and may raise, which loses the answer, not the effect.
    """

    def __init__(self, world: World, *, shop_name: str = "", clock: Clock = now) -> None:
        self.world = world
        self.confirm = CONFIRM
        self.password_is_right = True
        self.labels = dict(LABELS)
        self.before_effect: Fault | None = None
        self.after_effect: Fault | None = None
        self._shop_name = shop_name
        self._clock = clock
        self._opened: str | None = None
        self._chosen: tuple[str, str | None] | None = None

    def sign_in(self) -> str:
        """Sign in: see `Portal.sign_in`."""
        if not self.password_is_right:
            raise SignInFailed(alert="IDまたはパスワードが正しくありません。")
        shown = self.world.shop_name
        if self._shop_name and self._shop_name != shown:
            raise WrongShop(expected=self._shop_name, seen=shown)
        return shown

    def collect(self) -> Listing:
        """Read the open requests: see `Portal.collect`."""
        requests = tuple(_request(order) for order in self.world.open_requests())
        return Listing(
            requests=requests, unreadable=(), counted=len(requests), read_at=self._clock()
        )

    def open(self, order_no: str) -> Opened:
        """Open one order: see `Portal.open`."""
        order = self.world.by_number(order_no)
        if order is None or order.claim_state is not ClaimState.REQUESTED:
            raise RowGone(order=order_no)
        self._opened = order_no
        return Opened(request=_request(order), shown_order_no=order_no)

    def choose(self, reason: RefusalReason, text: str | None) -> Chosen:
        """Choose the reason: see `Portal.choose`."""
        if reason not in self.labels:
            raise ReasonMissing(label=LABELS[reason], offered=" / ".join(self.labels.values()))
        self._chosen = (self.labels[reason], text)
        return Chosen(label=self.labels[reason], text=text or "")

    def press(self, permit: Permit, log: ActLog) -> Pressed:
        """Press the button: see `Portal.press`."""
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
        try:
            alert = self._send()
        except ConnectionError as error:
            log.answered(Answer(method="POST", path="memory", status=None))
            doubt = Words(str(error), str(error))
            return Pressed(
                confirm=self.confirm,
                alert=None,
                completed=False,
                answer=None,
                before=before,
                doubt=doubt,
            )
        answer = Answer(method="POST", path="memory", status=200)
        log.answered(answer)
        log.alerted(alert)
        completed = alert == COMPLETED
        return Pressed(
            confirm=self.confirm,
            alert=alert,
            completed=completed,
            answer=answer,
            before=before,
            doubt=None if completed else _OTHER_ALERT.filled(text=alert),
        )

    def _counters(self) -> Mapping[str, int]:
        counters = self.world.counters()
        return {label: counters[label] for label in (REQUESTS, COMPLETED)}

    def look(self, order_no: str) -> Sighting:
        """Look at one order: see `Portal.look`."""
        order = self.world.by_number(order_no)
        state = order.claim_state if order else ClaimState.NONE
        return Sighting(
            order_no=order_no,
            open=state is ClaimState.REQUESTED,
            refused=state is ClaimState.REFUSED,
            status=_STATUS.get(state, ""),
            counters=self._counters(),
            at=self._clock(),
        )

    def picture(self) -> bytes:
        """Return a stand-in for a picture: what would be on it, as text."""
        return f"memory portal: {self._opened} {self._chosen}".encode()

    def _send(self) -> str:
        if self.before_effect:
            self.before_effect()
        label, text = self._chosen or ("", None)
        answer = self.world.refuse(self._opened or "", label, text)
        if self.after_effect:
            self.after_effect()
        return answer.message


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
