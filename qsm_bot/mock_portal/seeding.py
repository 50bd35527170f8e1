"""Invented orders for the mock portal: the same seed gives the same shop.

Names, addresses, phone numbers and mail addresses are made up so that nobody can own them.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from qsm_bot.mock_portal.orders import REASONS, ClaimState, Order, OrderState

SAMPLE_ORDER_NO = "762544202"
SAMPLE_CART_NO = "250040690"
SAMPLE_ITEM_CODE = "931204118"
"""The manual shows the first six digits of its item code; the rest is invented."""


class _Item(NamedTuple):
    code: str
    name: str
    options: tuple[str, ...]
    price: int


_ITEMS = (
    _Item(
        SAMPLE_ITEM_CODE,
        "オーガニックコットン フーディー ユニセックス",
        ("カラー:ネイビー/サイズ:M", "カラー:グレー/サイズ:L", "カラー:生成り/サイズ:S"),
        3980,
    ),
    _Item(
        "931204207",
        "ステンレス真空タンブラー 500ml 保温保冷",
        ("カラー:マットブラック", "カラー:ホワイト"),
        1980,
    ),
    _Item("931877310", "名入れ革キーケース（注文制作）", ("刻印:MIHON/カラー:キャメル",), 4280),
    _Item(
        "932010455", "うるおいシートマスク 30枚入", ("種類:ヒアルロン酸", "種類:ティーツリー"), 1580
    ),
    _Item(
        "932455118", "折りたたみ傘 晴雨兼用 UVカット99.9%", ("カラー:ピンク", "カラー:ブルー"), 2480
    ),
    _Item("933001926", "ワイヤレスイヤホン ENC Bluetooth5.3", ("カラー:ブラック",), 5480),
    _Item(
        "933620074",
        "リブニットワンピース ロング丈 秋冬",
        ("カラー:ブラウン/サイズ:F", "カラー:ブラック/サイズ:F"),
        3280,
    ),
    _Item("934118852", '国産いりこだしパック 8g×50包 "無添加"', ("",), 1280),
)

_BUYERS = (
    ("見本 花子", "ミホン ハナコ"),
    ("架空 太郎", "カクウ タロウ"),
    ("例示 桃子", "レイジ モモコ"),
    ("模擬 次郎", "モギ ジロウ"),
    ("試験 さくら", "シケン サクラ"),
    ("仮名 健一", "カメイ ケンイチ"),
    ("想定 美咲", "ソウテイ ミサキ"),
    ("練習 大輔", "レンシュウ ダイスケ"),
    ("空想 葵", "クウソウ アオイ"),
    ("仮定 蓮", "カテイ レン"),
)

_PLACES = ("架空県見本市例町", "模擬県試験市仮名区", "例示県想定郡練習村", "空想県仮定市本町")

_BUYER_REASONS = (
    "注文キャンセル",
    "サイズ/カラー変更",
    "住所変更",
    "配送遅延のため",
    "お届け先の変更",
    "間違えて注文した",
    "他の商品を購入するため",
)

_SAMPLE_REASON = _BUYER_REASONS[0]
_SECOND_IN_CART = 0.18

_OTHERS = (
    (OrderState.NEW, ClaimState.NONE),
    (OrderState.NEW, ClaimState.NONE),
    (OrderState.NEW, ClaimState.NONE),
    (OrderState.SCHEDULED, ClaimState.NONE),
    (OrderState.SCHEDULED, ClaimState.NONE),
    (OrderState.DELAYED, ClaimState.NONE),
    (OrderState.DELAYED, ClaimState.NONE),
    (OrderState.IN_TRANSIT, ClaimState.NONE),
    (OrderState.IN_TRANSIT, ClaimState.NONE),
    (OrderState.SCHEDULED, ClaimState.REFUSED),
    (OrderState.IN_TRANSIT, ClaimState.REFUSED),
    (OrderState.CANCELLED, ClaimState.CANCELLED),
)


def invent_orders(count: int, seed: int, today: date) -> Iterator[Order]:
    """Yield `count` orders with an open cancel request, then orders in other states."""
    dice = random.Random(seed)
    numbers = _Numbers(dice)
    before: Order | None = None
    for position in range(count):
        numbers.advance(may_share_cart=position > 0)
        order = _open_request(dice, numbers, today, first=position == 0)
        if before is not None and before.cart_no == order.cart_no:
            order = _same_checkout(order, before)
        yield order
        before = order
    for order_state, claim_state in _OTHERS:
        numbers.advance(may_share_cart=False)
        yield _other(dice, numbers, today, order_state, claim_state)


class Stage(StrEnum):
    """How far an added order has come, in the words of the seeding contract (`qa`)."""

    CANCEL_REQUESTED = "cancel_requested"
    SHIPPING_PLANNED = "shipping_planned"
    NEW_ORDER = "new_order"
    LATE = "late"


_STAGES = {
    Stage.SHIPPING_PLANNED: OrderState.SCHEDULED,
    Stage.NEW_ORDER: OrderState.NEW,
    Stage.LATE: OrderState.DELAYED,
}


def invent_more(present: Iterable[Order], stage: Stage, count: int, today: date) -> Iterator[Order]:
    """Yield `count` orders of a stage, numbered above those present and each in its own cart."""
    taken = [(int(order.order_no), int(order.cart_no)) for order in present] or [(0, 0)]
    last, carts = max(taken)[0], [cart_no for _, cart_no in taken]
    # The same additions to the same shop give the same orders.
    dice = random.Random(last)
    numbers = _Numbers(dice, last, max(carts))
    for _ in range(count):
        numbers.advance(may_share_cart=False)
        if stage is Stage.CANCEL_REQUESTED:
            yield _open_request(dice, numbers, today, first=False)
        else:
            yield _other(dice, numbers, today, _STAGES[stage], ClaimState.NONE)


class _Numbers:
    """Rising order and cart numbers above the given ones; from 0, the manual's sample is first."""

    def __init__(self, dice: random.Random, order_no: int = 0, cart_no: int = 0) -> None:
        self._dice = dice
        self.order_no = order_no
        self.cart_no = cart_no

    def advance(self, *, may_share_cart: bool) -> None:
        if not self.order_no:
            self.order_no, self.cart_no = int(SAMPLE_ORDER_NO), int(SAMPLE_CART_NO)
            return
        self.order_no += self._dice.randint(1, 97)
        if not may_share_cart or self._dice.random() > _SECOND_IN_CART:
            self.cart_no += self._dice.randint(1, 61)


def _same_checkout(order: Order, before: Order) -> Order:
    """Return the order as one that was bought together with `before`."""
    return replace(
        order,
        buyer_name=before.buyer_name,
        buyer_kana=before.buyer_kana,
        buyer_phone=before.buyer_phone,
        buyer_address=before.buyer_address,
        buyer_email=before.buyer_email,
        ordered_on=before.ordered_on,
        requested_on=before.requested_on,
    )


def _open_request(dice: random.Random, numbers: _Numbers, today: date, *, first: bool) -> Order:
    requested = today - timedelta(days=dice.choice((0, 0, 0, 1, 1, 2, 3, 5, 6, 8)))
    order = _bare(dice, numbers, requested - timedelta(days=dice.randint(0, 4)))
    order = replace(
        order,
        ship_by=today + timedelta(days=dice.randint(0, 4)),
        requested_on=requested,
        buyer_reason=_SAMPLE_REASON if first else dice.choice(_BUYER_REASONS),
        order_state=OrderState.SCHEDULED,
        claim_state=ClaimState.REQUESTED,
    )
    if not first:
        return order
    item = _ITEMS[0]
    return replace(
        order,
        item_code=item.code,
        item_name=item.name,
        option=item.options[0],
        amount=item.price * order.quantity,
        ordered_on=today,
        requested_on=today,
    )


def _other(
    dice: random.Random,
    numbers: _Numbers,
    today: date,
    order_state: OrderState,
    claim_state: ClaimState,
) -> Order:
    order = _bare(dice, numbers, today - timedelta(days=dice.randint(4, 9)))
    order = replace(order, order_state=order_state, claim_state=claim_state)
    if order_state is OrderState.NEW:
        return replace(order, ordered_on=today)
    late = timedelta(days=-1 if order_state is OrderState.DELAYED else dice.randint(1, 3))
    order = replace(order, ship_by=today + late)
    if order_state is OrderState.IN_TRANSIT:
        order = replace(
            order,
            shipped_on=today - timedelta(days=1),
            carrier="ヤマト宅急便",
            tracking=f"0000{dice.randint(10**7, 10**8 - 1)}",
        )
    if claim_state is ClaimState.NONE:
        return order
    asked = today - timedelta(days=2)
    order = replace(order, requested_on=asked, buyer_reason=dice.choice(_BUYER_REASONS))
    if claim_state is ClaimState.CANCELLED:
        return replace(order, closed_on=asked)
    return replace(order, refusal_reason=dice.choice(REASONS[:3]))


def _bare(dice: random.Random, numbers: _Numbers, ordered_on: date) -> Order:
    order_no = str(numbers.order_no)
    item = dice.choice(_ITEMS)
    name, kana = dice.choice(_BUYERS)
    quantity = dice.choice((1, 1, 1, 1, 2, 3))
    place = dice.choice(_PLACES)
    return Order(
        order_no=order_no,
        cart_no=str(numbers.cart_no),
        item_code=item.code,
        item_name=item.name,
        option=dice.choice(item.options),
        quantity=quantity,
        amount=item.price * quantity,
        buyer_name=name,
        buyer_kana=kana,
        buyer_phone=f"000-{dice.randint(0, 9999):04}-{dice.randint(0, 9999):04}",
        buyer_address=f"〒000-0000 {place}{dice.randint(1, 9)}-{dice.randint(1, 20)}",
        buyer_email=f"buyer{order_no[-5:]}@example.jp",
        ordered_on=ordered_on,
    )
