"""What would be refused, who let it through, and the one-time right to do it."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from qsm_bot.base.clock import JST, aware
from qsm_bot.base.errors.plans import PlanExpired, PlanRowUnknown, PlanStale
from qsm_bot.base.errors.safety import LimitExceeded
from qsm_bot.base.words import Words, some_of
from qsm_bot.domain.request import Decision, RefusalReason, Refuse, canonical_json, sha256
from qsm_bot.domain.seen_request import SeenRequest

SCHEMA = 1
RULES_CHANGED = Words("the rules have changed since", "ルールが変更されています")
_MARK = "! "
LEFT_OUT = Words("left out by the person who approved", "承認した人が今回は外しました")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much one plan may refuse.

    `max_share` (0 to 1) counts only from `share_from` open requests on: of two
    requests, two may well be shipped.
    """

    max_count: int = 20
    max_share: float = 0.5
    share_from: int = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedRefusal:
    """One refusal that the plan proposes.

    `fingerprint` ties it to the row that was seen, `facts` to the shop's own data.
    """

    order_no: str
    cart_no: str
    fingerprint: str
    reason: RefusalReason
    text: str | None
    rule: str
    because: tuple[Words, ...] = ()
    facts: str = ""
    seen: SeenRequest | None = None

    @property
    def warnings(self) -> tuple[Words, ...]:
        """What a person is warned of beside the grounds: the lines that begin with “! ”."""
        marked = (line for line in self.because if line.en.startswith(_MARK))
        return tuple(
            Words(line.en.removeprefix(_MARK), line.ja.removeprefix(_MARK)) for line in marked
        )

    @property
    def grounds(self) -> tuple[Words, ...]:
        """What speaks for the refusal."""
        return tuple(line for line in self.because if not line.en.startswith(_MARK))

    def is_decided_by(self, decision: Decision) -> bool:
        """Whether a decision of now is still this refusal, standing on the same facts."""
        if not isinstance(decision, Refuse):
            return False
        now = (decision.reason, decision.text, decision.rule)
        # Plans of before the facts were kept have no digest of them.
        same_facts = self.facts in ("", decision.facts)
        return same_facts and now == (self.reason, self.text, self.rule)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedRest:
    """A request that the plan leaves alone or hands to a person, why, and what to do."""

    order_no: str
    why: Words
    advice: tuple[Words, ...] = ()
    seen: SeenRequest | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The refusals proposed at one moment for one shop; frozen, sorted, with an end.

    `rules` and `pack` are digests of the rule book and selector pack it was made under;
    `total` is how many requests were open; `instead_of` is the digest of the plan from which a
    person left orders out.
    """

    shop: str
    portal: str
    rules: str
    pack: str
    created_at: datetime
    expires_at: datetime
    total: int
    limits: Limits = field(default_factory=Limits)
    refuse: tuple[PlannedRefusal, ...] = ()
    leave: tuple[PlannedRest, ...] = ()
    ask: tuple[PlannedRest, ...] = ()
    instead_of: str = ""

    def __post_init__(self) -> None:
        for name in ("created_at", "expires_at"):
            object.__setattr__(self, name, aware(getattr(self, name)).astimezone(JST))
        for name in ("refuse", "leave", "ask"):
            rows = tuple(sorted(getattr(self, name), key=lambda row: row.order_no))
            object.__setattr__(self, name, rows)

    @property
    def digest(self) -> str:
        """SHA-256 over everything in the plan, as 64 hex digits: what an approval names."""
        return sha256(canonical_json(self.to_dict()))

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain values, the form that is digested, stored and written."""
        # Plans of before it was kept have their digest without it.
        instead = {"instead_of": self.instead_of} if self.instead_of else {}
        return {
            "schema": SCHEMA,
            "shop": self.shop,
            "portal": self.portal,
            "rules": self.rules,
            "pack": self.pack,
            "created_at": self.created_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "total": self.total,
            "limits": {
                "max_count": self.limits.max_count,
                "max_share": self.limits.max_share,
                "share_from": self.limits.share_from,
            },
            "refuse": [_refusal_dict(row) for row in self.refuse],
            "leave": [_rest_dict(row) for row in self.leave],
            "ask": [_rest_dict(row) for row in self.ask],
            **instead,
        }

    def to_file_text(self) -> str:
        """Return the text of a plan file: the plan and its digest."""
        document = {"digest": self.digest, "plan": self.to_dict()}
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

    def without(self, orders: Collection[str]) -> "Plan":
        """Return the plan that leaves these orders alone, with a digest of its own.

        The same orders always give the same plan.

        Raises:
            PlanRowUnknown: the plan does not refuse one of them.
        """
        planned = {row.order_no: row for row in self.refuse}
        for order_no in orders:
            if order_no not in planned:
                raise PlanRowUnknown(plan=self.digest[:12], order=order_no)
        left = tuple(
            PlannedRest(order_no=row.order_no, why=LEFT_OUT, advice=row.warnings, seen=row.seen)
            for row in self.refuse
            if row.order_no in orders
        )
        kept = tuple(row for row in self.refuse if row.order_no not in orders)
        return replace(self, refuse=kept, leave=self.leave + left, instead_of=self.digest)

    def raise_if_other_rules(self, rules: str) -> None:
        """Check that the rules are still those it was made under; `rules` is their digest.

        Raises:
            PlanStale: they have changed.
        """
        if self.rules not in ("", rules):
            raise PlanStale(plan=self.digest[:12], what=RULES_CHANGED)

    def raise_if_unsafe(self) -> None:
        """Check the plan against its own limits.

        Raises:
            LimitExceeded: it would refuse too many, absolutely or as a share of the list.
        """
        count, limits = len(self.refuse), self.limits
        if count > limits.max_count:
            raise self._exceeded(limits.max_count)
        if self.total >= limits.share_from and count > limits.max_share * self.total:
            raise self._exceeded(f"{limits.max_share:.0%}")

    def _exceeded(self, limit: object) -> LimitExceeded:
        orders = [row.order_no for row in self.refuse]
        return LimitExceeded(
            count=len(orders), total=self.total, limit=limit, orders=some_of(orders)
        )

    def raise_if_expired(self, now: datetime) -> None:
        """Check the plan's end.

        Raises:
            PlanExpired: `now` is past it.
        """
        if now >= self.expires_at:
            raise PlanExpired(plan=self.digest[:12], at=f"{self.expires_at:%Y-%m-%d %H:%M} JST")


def _refusal_dict(row: PlannedRefusal) -> dict[str, Any]:
    document: dict[str, Any] = {
        "order_no": row.order_no,
        "cart_no": row.cart_no,
        "fingerprint": row.fingerprint,
        "reason": row.reason.value,
        "text": row.text,
        "rule": row.rule,
        "because": [words.to_dict() for words in row.because],
    }
    if row.facts:  # plans of before they were kept have their digest without them
        document["facts"] = row.facts
    return document | _seen_dict(row.seen)


def _rest_dict(row: PlannedRest) -> dict[str, Any]:
    document: dict[str, Any] = {"order_no": row.order_no, "why": row.why.to_dict()}
    if row.advice:  # plans of before there was advice keep their digest
        document["advice"] = [words.to_dict() for words in row.advice]
    return document | _seen_dict(row.seen)


def _seen_dict(seen: SeenRequest | None) -> dict[str, Any]:
    # Plans of before it was kept have their digest without it.
    return {"seen": seen.to_dict()} if seen else {}


class ApprovalKind(StrEnum):
    """A person's word for one plan, or a standing order within tighter limits."""

    PERSON = "person"
    STANDING = "standing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """Who let the plan with this digest through, and until when."""

    plan: str
    who: str
    kind: ApprovalKind
    at: datetime
    until: datetime

    def raise_if_expired(self, now: datetime) -> None:
        """Check the approval's end.

        Raises:
            PlanExpired: `now` is past it.
        """
        if now >= self.until:
            at = f"{self.until.astimezone(JST):%Y-%m-%d %H:%M} JST"
            raise PlanExpired(plan=self.plan[:12], at=at)


class PermitKind(StrEnum):
    """What a permit allows: one refusal, or a rehearsal up to the confirm and no request."""

    REFUSAL = "refusal"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Permit:
    """The one-time right to press キャンセル拒否 for one request; only the ledger makes one."""

    id: str
    kind: PermitKind
    shop: str
    order_no: str
    attempt: int
    plan: str
    run_id: str

    @property
    def budget(self) -> int:
        """How many refusal requests may leave the browser under this permit."""
        return 1 if self.kind is PermitKind.REFUSAL else 0
