"""Propose: decide about each request and put the refusals into a plan."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from qsm_bot.base.clock import Clock
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import NO_EVIDENCE, Evidence
from qsm_bot.domain.plan import Limits, Plan, PlannedRefusal, PlannedRest
from qsm_bot.domain.request import (
    AskPerson,
    CancelRequest,
    Decision,
    Leave,
    Listing,
    Refuse,
)
from qsm_bot.domain.seen_request import SeenRequest
from qsm_bot.rules import RuleBook
from qsm_bot.rules.decide import decide, raise_if_over

TWICE = Words("the order number stands in {count} rows", "同じ注文番号が {count} 行あります")
ATTEMPTED = Words(
    "the ledger holds an attempt: {outcome}",
    "この注文は以前に処理済みです（{outcome}）。もう一度一覧に出た理由を QSM で確認してください",
)
UNREADABLE = Words("row {position}: {why}", "{position} 行目: {why}")

EvidenceOf = Callable[[str], Evidence]


def no_evidence(_order_no: str) -> Evidence:
    """Know nothing about any order."""
    return NO_EVIDENCE


def propose(
    listing: Listing,
    rulebook: RuleBook,
    *,
    shop: str,
    portal_url: str,
    pack: str,
    attempted: Mapping[str, str],
    now: datetime,
    valid_for: timedelta,
    evidence_of: EvidenceOf = no_evidence,
) -> Plan:
    """Make the plan for what was collected.

    Args:
        listing: the collected requests.
        rulebook: the seller's rules.
        shop: whose plan it is.
        portal_url: scheme and host of the portal.
        pack: digest of the selector pack.
        attempted: orders that the ledger gives no permit for, with how they stand there.
        now: the moment of the plan.
        valid_for: how long it may be applied.
        evidence_of: the seller's own facts about an order.

    Raises:
        LimitExceeded: the rules would refuse more than their limits allow.
    """
    times = Counter(request.order_no for request in listing.requests)
    decisions: dict[str, tuple[CancelRequest, Decision]] = {}
    for request in listing.requests:
        number = request.order_no
        if times[number] > 1:
            decision: Decision = AskPerson(why=TWICE.filled(count=times[number]))
        elif number in attempted:
            decision = AskPerson(why=ATTEMPTED.filled(outcome=attempted[number]))
        else:
            decision = decide(request, evidence_of(number), rulebook, now)
        decisions[number] = (request, decision)
    plan = Plan(
        shop=shop,
        portal=portal_url,
        rules=rulebook.digest,
        pack=pack,
        created_at=now,
        expires_at=now + valid_for,
        total=listing.counted,
        limits=rulebook.plan_limits,
        refuse=tuple(planned(r, d) for r, d in decisions.values() if isinstance(d, Refuse)),
        leave=_rest(decisions, Leave),
        ask=_rest(decisions, AskPerson) + _unreadable(listing),
    )
    plan.raise_if_unsafe()
    raise_if_over(
        rulebook,
        [(request, d) for request, d in decisions.values() if isinstance(d, Refuse)],
        listing.counted,
    )
    return plan


def decider(
    rulebook: RuleBook, evidence_of: EvidenceOf, clock: Clock
) -> Callable[[CancelRequest], Decision]:
    """Return what decides about a request by the rules and the shop's own data."""
    return lambda request: decide(request, evidence_of(request.order_no), rulebook, clock())


def planned(request: CancelRequest, decision: Refuse) -> PlannedRefusal:
    """Tie a decision to the row that it was made from."""
    return PlannedRefusal(
        order_no=request.order_no,
        cart_no=request.cart_no,
        fingerprint=request.fingerprint,
        reason=decision.reason,
        text=decision.text,
        rule=decision.rule,
        because=decision.because,
        facts=decision.facts,
        seen=SeenRequest.of(request),
    )


def plan_for_one(
    request: CancelRequest,
    decision: Refuse,
    *,
    shop: str,
    portal_url: str,
    pack: str,
    total: int,
    now: datetime,
    valid_for: timedelta,
) -> Plan:
    """Make the plan of one refusal that a person asked for by name, outside any rules."""
    return Plan(
        shop=shop,
        portal=portal_url,
        rules="",
        pack=pack,
        created_at=now,
        expires_at=now + valid_for,
        total=total,
        limits=Limits(max_count=1, max_share=1),
        refuse=(planned(request, decision),),
    )


def _rest(
    decisions: Mapping[str, tuple[CancelRequest, Decision]], kind: type[Leave] | type[AskPerson]
) -> tuple[PlannedRest, ...]:
    return tuple(
        PlannedRest(
            order_no=number,
            why=decision.why,
            advice=decision.advice,
            seen=SeenRequest.of(request),
        )
        for number, (request, decision) in decisions.items()
        if isinstance(decision, kind)
    )


def _unreadable(listing: Listing) -> tuple[PlannedRest, ...]:
    return tuple(
        PlannedRest(order_no="", why=UNREADABLE.filled(position=row.position, why=row.why))
        for row in listing.unreadable
    )
