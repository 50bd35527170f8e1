"""The words of the trade as values: requests, decisions, outcomes, proofs.

Nothing here holds a buyer's name, phone or address: what the program never
knows, it cannot leak.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from qsm_bot.base.clock import aware
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words


def canonical_json(document: object) -> str:
    """Return the one spelling of `document` that digests are made of."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


class RefusalReason(StrEnum):
    """The four reasons of the portal's pull-down キャンセル拒否理由 (official manual, step 4)."""

    SHIPPED = "shipped"
    READY = "ready"
    MADE_TO_ORDER = "made_to_order"
    OTHER = "other"

    @property
    def words(self) -> Words:
        """The word of the command line; in Japanese that of QSM's own pull-down."""
        return _REASON_WORDS[self]

    @property
    def means(self) -> Words:
        """When the reason is true, by the portal's own definition (Qoo10大学, article 08, 2023).

        その他 means what its text says.
        """
        return _REASON_MEANS[self]


_REASON_MEANS = {
    RefusalReason.SHIPPED: Words(
        "it has been handed to the carrier; a printed label is not enough",
        "配送会社に引き渡し済み（送り状の印刷だけでは該当しません）",
    ),
    RefusalReason.READY: Words(
        "inspection, picking or packing is finished", "検品・ピッキング・梱包のいずれかが完了"
    ),
    RefusalReason.MADE_TO_ORDER: Words(
        "it is made on this order", "ご注文を受けてから制作する商品"
    ),
    RefusalReason.OTHER: Words("what the text says", "理由文のとおり"),
}
_REASON_WORDS = {
    RefusalReason.SHIPPED: Words("shipped", "商品発送完了"),
    RefusalReason.READY: Words("ready", "発送準備完了"),
    RefusalReason.MADE_TO_ORDER: Words("made_to_order", "注文制作商品"),
    RefusalReason.OTHER: Words("other", "その他"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelRequest:
    """One row of the portal's list キャンセル要請: a buyer asks to cancel one order line.

    The key is 注文番号. カート番号 is none: one cart holds several orders.
    Dates are the portal's (JST); `amount` is yen. What the portal leaves empty is "" or None.
    """

    order_no: str
    cart_no: str
    item_code: str
    status: str
    buyer_reason: str
    requested_on: date | None
    ordered_on: date | None
    item_name: str = ""
    option: str = ""
    quantity: int | None = None
    amount: int | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all fields: another value means that the row has changed."""
        return sha256(canonical_json(_plain(self)))


def _plain(request: CancelRequest) -> dict[str, object]:
    values = {name: getattr(request, name) for name in CancelRequest.__dataclass_fields__}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadableRow:
    """A row of the grid that could not be understood; it is told, never dropped."""

    position: int
    cells: tuple[str, ...]
    why: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What one reading of キャンセル要請 gave: rows, unreadable rows, the portal's own count."""

    requests: tuple[CancelRequest, ...]
    unreadable: tuple[UnreadableRow, ...]
    counted: int
    read_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Refuse:
    """Decision: refuse, for this reason, because of these facts; `facts` is their digest."""

    reason: RefusalReason
    text: str | None
    rule: str
    because: tuple[Words, ...]
    facts: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leave:
    """Decision: do nothing; `advice` says what a person may do instead."""

    why: Words
    advice: tuple[Words, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AskPerson:
    """Decision: a person must decide; `advice` says what may help."""

    why: Words
    advice: tuple[Words, ...] = ()


Decision = Refuse | Leave | AskPerson


class OutcomeKind(StrEnum):
    """How one approved refusal ended."""

    REFUSED = "refused"
    ALREADY_REFUSED = "already_refused"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    GONE = "gone"
    CHANGED = "changed"
    REHEARSED = "rehearsed"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"


OUTCOME_WORDS: Mapping[str, Words] = {
    "refused": Words("refused", "拒否完了"),
    "already_refused": Words("already refused", "拒否済み"),
    "rejected": Words("turned down by the portal", "ポータルが受け付けず"),
    "not_sent": Words("not sent", "未送信"),
    "gone": Words("gone", "一覧になし"),
    "changed": Words("changed", "内容変更"),
    "rehearsed": Words("rehearsed", "予行のみ"),
    "unknown": Words("unknown", "結果不明"),
    "needs_person": Words("needs a person", "確認が必要"),
}


class ProofKind(StrEnum):
    """Kinds of proof; `refused` needs two that differ."""

    ALERT = "alert"
    LIST_ABSENT = "list_absent"
    REFUSED_LIST = "refused_list"
    COUNTER = "counter"
    QAPI = "qapi"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """One observation that speaks for an outcome."""

    kind: ProofKind
    seen: str
    at: datetime

    def __post_init__(self) -> None:
        aware(self.at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The end of one attempt: what, by which proofs, and a sentence about it."""

    kind: OutcomeKind
    proofs: tuple[Proof, ...] = ()
    detail: Words | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """One order's outcome in a run, as reports and JSON show it."""

    order_no: str
    outcome: Outcome
    reason: RefusalReason | None = None
    text: str | None = None


def kinds_of(proofs: Sequence[Proof]) -> tuple[ProofKind, ...]:
    """Return the different kinds among `proofs`, in order of appearance."""
    return tuple(dict.fromkeys(proof.kind for proof in proofs))


def exit_code_of(receipts: Sequence[Receipt]) -> int:
    """Return the exit code that the contract gives these outcomes."""
    kinds = {receipt.outcome.kind for receipt in receipts}
    if not kinds:
        return ExitCode.NOTHING_TO_DO
    if kinds & {OutcomeKind.UNKNOWN, OutcomeKind.NEEDS_PERSON}:
        return ExitCode.PERSON_NEEDED
    return (
        ExitCode.OK
        if kinds <= {OutcomeKind.REFUSED, OutcomeKind.REHEARSED}
        else ExitCode.SOME_SKIPPED
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class RunResult:
    """What one run came to; `error` is what ended it early, `warnings` did not.

    `waiting` is the digest of a plan that it leaves for a person to approve or to look at.
    """

    shop: str
    run_id: str
    plan: str | None
    receipts: tuple[Receipt, ...]
    error: QsmBotError | None = None
    warnings: tuple[Words, ...] = ()
    waiting: str | None = None

    @property
    def exit_code(self) -> int:
        """The exit code of the contract: a stop on request does not hide an unknown outcome."""
        of_receipts = exit_code_of(self.receipts)
        if self.waiting is not None:
            of_receipts = max(of_receipts, ExitCode.PERSON_NEEDED)
        return max(self.error.exit_code, of_receipts) if self.error else of_receipts
