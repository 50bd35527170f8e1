"""Ready-made values for tests: whole and invented, each field open to change."""

from datetime import date, datetime
from typing import Any

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import Approval, ApprovalKind, Permit, PermitKind, Plan, PlannedRefusal
from qsm_bot.domain.request import CancelRequest, OutcomeKind, Proof, ProofKind, RefusalReason
from qsm_bot.ledger import ActState, Attempt
from qsm_bot.mock_portal.journal import Effect
from qsm_bot.mock_portal.testing.memory import COMPLETED, CONFIRM
from qsm_bot.portal.protocol import OrderStatus, Pressed, RefusalAnswer

NOW = datetime(2026, 1, 5, 10, 0, tzinfo=JST)


def request(**changes: Any) -> CancelRequest:
    """Return one open cancel request, requested on 4 January 2026."""
    fields: dict[str, Any] = {
        "order_no": "700000001",
        "cart_no": "200000001",
        "item_code": "900000001",
        "status": "キャンセル・処理要請",
        "buyer_reason": "間違えて注文した",
        "requested_on": date(2026, 1, 4),
        "ordered_on": date(2026, 1, 2),
        "item_name": "みほん小皿",
        "option": "色:青",
        "quantity": 1,
        "amount": 1500,
    }
    return CancelRequest(**(fields | changes))


def planned(**changes: Any) -> PlannedRefusal:
    """Return one planned refusal, of `request()`."""
    row = request()
    fields: dict[str, Any] = {
        "order_no": row.order_no,
        "cart_no": row.cart_no,
        "fingerprint": row.fingerprint,
        "reason": RefusalReason.SHIPPED,
        "text": None,
        "rule": "packed",
        "because": (Words("it is packed", "梱包済み"),),
    }
    return PlannedRefusal(**(fields | changes))


def plan(**changes: Any) -> Plan:
    """Return a plan with one refusal, made at `NOW`, that lasts an hour."""
    fields: dict[str, Any] = {
        "shop": "みほん商店",
        "portal": "http://127.0.0.1:8000",
        "rules": "a" * 64,
        "pack": "b" * 64,
        "created_at": NOW,
        "expires_at": NOW.replace(hour=11),
        "total": 1,
        "refuse": (planned(),),
    }
    return Plan(**(fields | changes))


def approval(**changes: Any) -> Approval:
    """Return the owner's approval of `plan()`, as long as the plan lasts."""
    fields: dict[str, Any] = {
        "plan": plan().digest,
        "who": "owner",
        "kind": ApprovalKind.PERSON,
        "at": NOW,
        "until": NOW.replace(hour=11),
    }
    return Approval(**(fields | changes))


def permit(**changes: Any) -> Permit:
    """Return a permit for the refusal of `request()`."""
    fields: dict[str, Any] = {
        "id": "p1",
        "kind": PermitKind.REFUSAL,
        "shop": "みほん商店",
        "order_no": request().order_no,
        "attempt": 1,
        "plan": plan().digest,
        "run_id": "r1",
    }
    return Permit(**(fields | changes))


def attempt(**changes: Any) -> Attempt:
    """Return an attempt that was settled as refused."""
    row = planned()
    fields: dict[str, Any] = {
        "id": "p1",
        "run_id": "r1",
        "shop": "みほん商店",
        "order_no": row.order_no,
        "cart_no": row.cart_no,
        "attempt": 1,
        "kind": PermitKind.REFUSAL,
        "plan": plan().digest,
        "reason": row.reason,
        "text": row.text,
        "rule": row.rule,
        "state": ActState.SETTLED,
        "outcome": OutcomeKind.REFUSED,
        "detail": None,
        "proofs": (proof(), proof(kind=ProofKind.LIST_ABSENT)),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Attempt(**(fields | changes))


def effect(**changes: Any) -> Effect:
    """Return the portal's note of the refusal of `request()`."""
    fields: dict[str, Any] = {
        "time": NOW,
        "kind": "refuse",
        "order": request().order_no,
        "reason": "商品発送完了",
        "text": None,
    }
    return Effect(**(fields | changes))


def proof(**changes: Any) -> Proof:
    """Return one proof: the completion alert."""
    fields: dict[str, Any] = {"kind": ProofKind.ALERT, "seen": COMPLETED, "at": NOW}
    return Proof(**(fields | changes))


def pressed(**changes: Any) -> Pressed:
    """Return a press that the portal's completion alert followed."""
    fields: dict[str, Any] = {
        "confirm": CONFIRM,
        "alert": COMPLETED,
        "completed": True,
        "answer": RefusalAnswer(method="POST", path="/refuse", status=200),
        "before": {"キャンセル要請": 5, "キャンセル拒否完了": 2},
    }
    return Pressed(**(fields | changes))


def sighting(**changes: Any) -> OrderStatus:
    """Return a fresh look at an order that stands among the refused ones."""
    fields: dict[str, Any] = {
        "order_no": request().order_no,
        "open": False,
        "refused": True,
        "status": "キャンセル・キャンセル拒否",
        "counters": {"キャンセル要請": 4, "キャンセル拒否完了": 3},
        "at": NOW,
    }
    return OrderStatus(**(fields | changes))
