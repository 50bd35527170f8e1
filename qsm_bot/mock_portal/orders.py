"""What the mock portal knows of one order: its states, its fields, its reasons.

Words and columns come from the official manual on refusing cancel requests.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

REASONS = ("商品発送完了", "発送準備完了", "注文制作商品", "その他")
"""The four refusal reasons of the manual, in its order."""

OTHER = REASONS[-1]
"""The reason that needs a text of one's own."""

OTHER_MIN_LENGTH = 30
"""Fewest characters of that text (manual, step 4)."""

CARRIERS = (
    "ヤマト運輸",
    "ヤマト宅急便",
    "ネコポス",
    "クロネコDM便",
    "ゆうパック",
    "ゆうパケット",
    "クリックポスト",
    "佐川急便",
    "福山通運",
    "西濃運輸",
)
"""Carrier names seen in public programs that report shipments, and the company's own name of
the first; the API's whole list is not public."""


class OrderState(StrEnum):
    """Where the order stands, in the portal's words."""

    NEW = "新規注文"
    SCHEDULED = "発送予定"
    DELAYED = "配送遅延"
    IN_TRANSIT = "配送中"
    CANCELLED = "キャンセル済み"


class ClaimState(StrEnum):
    """Where the buyer's cancel request for the order stands."""

    NONE = "none"
    REQUESTED = "requested"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RETRACTION_ASKED = "retraction_asked"


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order line; the portal gives each line its own 注文番号, and a cart may hold several."""

    order_no: str
    cart_no: str
    item_code: str
    item_name: str
    option: str
    quantity: int
    amount: int
    buyer_name: str
    buyer_kana: str
    buyer_phone: str
    buyer_address: str
    buyer_email: str
    ordered_on: date
    ship_by: date | None = None
    shipped_on: date | None = None
    requested_on: date | None = None
    closed_on: date | None = None
    buyer_reason: str = ""
    non_receipt_reason: str = ""
    order_state: OrderState = OrderState.SCHEDULED
    claim_state: ClaimState = ClaimState.NONE
    refusal_reason: str | None = None
    refusal_text: str | None = None
    carrier: str | None = None
    tracking: str | None = None


def js_length(text: str) -> int:
    """Count characters as the page's script does: UTF-16 units, after trimming."""
    return len(text.strip().encode("utf-16-le")) // 2
