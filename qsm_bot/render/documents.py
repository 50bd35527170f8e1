"""The JSON documents of the public contract. Their keys are promised: docs/reference/json.md."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.plan import Plan, PlannedRest
from qsm_bot.domain.request import (
    OUTCOME_WORDS,
    CancelRequest,
    Receipt,
    RunResult,
    UnreadableRow,
    kinds_of,
)
from qsm_bot.domain.shipment import ShipResult

if TYPE_CHECKING:
    from qsm_bot.ledger import Attempt
    from qsm_bot.render.month import MonthRecord

SCHEMA = 1


def list_document(
    shop: str,
    requests: Sequence[CancelRequest],
    warnings: Sequence[Words] = (),
    lang: Lang = "en",
    *,
    unreadable: Sequence[UnreadableRow] = (),
) -> dict[str, Any]:
    """Return the document of `list`; of a row that cannot be read, no cell is repeated."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "shop": shop,
        "requests": [_request(row) for row in requests],
    }
    if unreadable:
        document["unreadable"] = [
            {"position": row.position, "why": row.why.say(lang)} for row in unreadable
        ]
    return document | _warnings(warnings, lang)


def _warnings(warnings: Sequence[Words], lang: Lang) -> dict[str, Any]:
    """Return the key `warnings`, which stands in a document only if there are any."""
    return {"warnings": [words.say(lang) for words in warnings]} if warnings else {}


def _request(row: CancelRequest) -> dict[str, Any]:
    return {
        "order_no": row.order_no,
        "cart_no": row.cart_no,
        "item_code": row.item_code,
        "status": row.status,
        "buyer_reason": row.buyer_reason,
        "requested_on": row.requested_on.isoformat() if row.requested_on else None,
        "ordered_on": row.ordered_on.isoformat() if row.ordered_on else None,
    }


def plan_document(plan: Plan, lang: Lang, warnings: Sequence[Words] = ()) -> dict[str, Any]:
    """Return the document of `plan` and `show`."""
    document = {
        "schema": SCHEMA,
        "shop": plan.shop,
        "plan": plan.digest,
        "expires_at": plan.expires_at.isoformat(),
        "refuse": [
            {
                "order_no": row.order_no,
                "reason": row.reason.value,
                "text": row.text,
                "rule": row.rule,
                "because": [words.say(lang) for words in row.because],
            }
            for row in plan.refuse
        ],
        "leave": [_rest(row, lang) for row in plan.leave],
        "ask": [_rest(row, lang) for row in plan.ask],
    }
    return document | _warnings(warnings, lang)


def _rest(row: PlannedRest, lang: Lang) -> dict[str, Any]:
    document: dict[str, Any] = {"order_no": row.order_no, "why": row.why.say(lang)}
    if row.advice:
        document["advice"] = [words.say(lang) for words in row.advice]
    return document


def run_document(result: RunResult, lang: Lang) -> dict[str, Any]:
    """Return the document of `apply`, `refuse`, `rehearse`, `reconcile` and `run`."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "shop": result.shop,
        "run_id": result.run_id,
        "plan": result.plan,
        "outcomes": [_receipt(receipt, lang) for receipt in result.receipts],
    }
    if result.waiting is not None:
        document["waiting"] = result.waiting
    document |= _warnings(result.warnings, lang)
    if result.error is not None:
        document["error"] = error_of(result.error, lang)
    document["exit_code"] = result.exit_code
    return document


def _receipt(receipt: Receipt, lang: Lang) -> dict[str, Any]:
    outcome = receipt.outcome
    return {
        "order_no": receipt.order_no,
        "outcome": outcome.kind.value,
        "proofs": [kind.value for kind in kinds_of(outcome.proofs)],
        "detail": outcome.detail.say(lang) if outcome.detail else None,
    }


def ship_document(result: ShipResult, lang: Lang) -> dict[str, Any]:
    """Return the document of `ship`."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "shop": result.shop,
        "run_id": result.run_id,
        "order_no": result.shipment.order_no,
        "carrier": result.shipment.carrier,
        "tracking": result.shipment.tracking,
        "outcome": result.outcome.value,
        "answer": None,
        "shown": None,
    }
    if result.answer is not None:
        document["answer"] = {"code": result.answer[0], "message": result.answer[1]}
    if result.shown is not None:
        document["shown"] = asdict(result.shown)
    if result.error is not None:
        document["error"] = error_of(result.error, lang)
    document["exit_code"] = result.exit_code
    return document


def history_document(shop: str, attempts: Sequence["Attempt"]) -> dict[str, Any]:
    """Return the document of `history`."""
    return {"schema": SCHEMA, "shop": shop, "attempts": [_attempt(row) for row in attempts]}


def _attempt(row: "Attempt") -> dict[str, Any]:
    return {
        "order_no": row.order_no,
        "kind": row.kind.value,
        "attempt": row.attempt,
        "reason": row.reason.value,
        "text": row.text,
        "state": row.state.value,
        "outcome": row.outcome.value if row.outcome else None,
        "proofs": [kind.value for kind in kinds_of(row.proofs)],
        "run_id": row.run_id,
        "plan": row.plan,
        "at": row.updated_at.isoformat(),
        "begun_at": row.created_at.isoformat(),
        "shop": row.shop,
    }


def month_document(record: "MonthRecord", kind: str, path: Path) -> dict[str, Any]:
    """Return the document of `report --month`."""
    return {
        "schema": SCHEMA,
        "shop": record.shop,
        "month": str(record.month),
        "format": kind,
        "report": str(path),
        "totals": {
            "attempts": len(record.rows),
            "orders": record.orders,
            "outcomes": record.outcomes,
            "reasons": record.reasons,
            "duties": {state.value: count for state, count in record.duties.items()},
        },
    }


def error_document(error: QsmBotError, lang: Lang) -> dict[str, Any]:
    """Return the document of a command that ended with an error."""
    return {"schema": SCHEMA, "error": error_of(error, lang), "exit_code": error.exit_code}


def error_of(error: QsmBotError, lang: Lang) -> dict[str, str]:
    """Return what stands under `error` in a document."""
    return {
        "code": error.code,
        "message": error.message.say(lang),
        "meaning": error.meaning.say(lang),
        "next": error.next_words.say(lang),
    }


PROOF_WORDS: dict[str, Words] = {
    "alert": Words("alert", "完了表示"),
    "list_absent": Words("list_absent", "一覧から消えた"),
    "refused_list": Words("refused_list", "拒否済み一覧にある"),
    "counter": Words("counter", "件数が一致"),
    "qapi": Words("qapi", "QAPIの応答"),
}

SHIP_WORDS: dict[str, Words] = {
    "shipped": Words("reported as shipped", "発送処理完了"),
    "already_shipped": Words("was reported as shipped before", "発送処理済み"),
    "rejected": OUTCOME_WORDS["rejected"],
    "not_sent": OUTCOME_WORDS["not_sent"],
    "unknown": OUTCOME_WORDS["unknown"],
}
