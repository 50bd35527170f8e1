"""Attempts: the rows that permits, steps and ends change, each together with one entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from qsm_bot.base.errors.ledger import IllegalTransition, LedgerRuleBroken
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import Permit, PermitKind, PlannedRefusal
from qsm_bot.domain.request import Outcome, OutcomeKind, Proof, ProofKind, RefusalReason
from qsm_bot.ledger import lease
from qsm_bot.ledger.chain import About, Pen
from qsm_bot.ledger.shops import BookShop
from qsm_bot.ledger.states import ActState, check_ending, still_blocks
from qsm_bot.ledger.tables import attempts, events, leases, runs

ANSWERED = "attempt.answered"

# Compare and set: a run that was taken over cannot move what another has settled.
_STEP = update(attempts).where(
    (attempts.c.id == bindparam("this")) & (attempts.c.state == bindparam("before"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One permit and what became of it."""

    id: str
    run_id: str
    shop: str
    order_no: str
    cart_no: str
    attempt: int
    kind: PermitKind
    plan: str
    reason: RefusalReason
    text: str | None
    rule: str
    state: ActState
    outcome: OutcomeKind | None
    detail: Words | None
    proofs: tuple[Proof, ...]
    created_at: datetime
    updated_at: datetime

    @property
    def permit(self) -> Permit:
        """The permit that began it."""
        return Permit(
            id=self.id,
            kind=self.kind,
            shop=self.shop,
            order_no=self.order_no,
            attempt=self.attempt,
            plan=self.plan,
            run_id=self.run_id,
        )

    @property
    def about(self) -> About:
        """What the entries of this attempt are about."""
        return About(shop=self.shop, run_id=self.run_id, order_no=self.order_no, attempt_id=self.id)


class OrderTaken(Exception):
    """The database's constraint turned the new attempt down."""


def issue(pen: Pen, shop: BookShop, planned: PlannedRefusal, permit: Permit) -> Permit:
    """Write a new attempt in the name of `permit`, whose id and number are given here.

    Raises:
        OrderTaken: an attempt that may have been sent stands in the way.
    """
    # The constraint knows one spelling of the shop only; whoever writes here is alone.
    if in_the_way(pen.connection, shop, permit.order_no) is not None:
        raise OrderTaken
    at_order = attempts.c.order_no == permit.order_no
    same_order = shop.shares_orders_with(attempts.c.shop) & at_order
    last = pen.connection.execute(select(func.max(attempts.c.attempt)).where(same_order)).scalar()
    attempt = Attempt(
        id=uuid4().hex,
        run_id=permit.run_id,
        shop=shop.key,
        order_no=permit.order_no,
        cart_no=planned.cart_no,
        attempt=(last or 0) + 1,
        kind=permit.kind,
        plan=permit.plan,
        reason=planned.reason,
        text=planned.text,
        rule=planned.rule,
        state=ActState.LEASED,
        outcome=None,
        detail=None,
        proofs=(),
        created_at=pen.now,
        updated_at=pen.now,
    )
    _insert(pen, attempt, planned.fingerprint)
    return attempt.permit


def _insert(pen: Pen, attempt: Attempt, fingerprint: str) -> None:
    values: dict[str, Any] = {
        "cart_no": attempt.cart_no,
        "attempt": attempt.attempt,
        "kind": attempt.kind.value,
        "plan": attempt.plan,
        "reason": attempt.reason.value,
        "text": attempt.text,
        "rule": attempt.rule,
    }
    seq = pen.append("attempt.leased", values | {"fingerprint": fingerprint}, attempt.about)
    held = lease.find(pen.connection, attempt.shop)
    values |= {
        "id": attempt.id,
        "seq": seq,
        "run_id": attempt.run_id,
        "shop": attempt.shop,
        "order_no": attempt.order_no,
        "lease": held.token if held and held.until > pen.now else None,
        "state": attempt.state.value,
        "blocks": True,
        "proofs": [],
        "created_at": attempt.created_at,
        "updated_at": attempt.updated_at,
    }
    try:
        pen.connection.execute(insert(attempts), values)
    except IntegrityError as error:
        raise OrderTaken from error


def in_the_way(connection: Connection, shop: BookShop, order_no: str) -> str | None:
    """Return the outcome, or else the state, of the attempt that blocks the order."""
    row = connection.execute(
        select(attempts.c.outcome, attempts.c.state)
        .where((attempts.c.order_no == order_no) & attempts.c.blocks)
        .where(shop.shares_orders_with(attempts.c.shop))
    ).first()
    return None if row is None else row.outcome or row.state


def taken(connection: Connection, shop: BookShop) -> dict[str, str]:
    """Return each order of the shop that gets no permit, with the outcome or state that blocks."""
    rows = connection.execute(
        select(attempts.c.order_no, attempts.c.outcome, attempts.c.state).where(
            shop.shares_orders_with(attempts.c.shop) & attempts.c.blocks
        )
    )
    return {row.order_no: row.outcome or row.state for row in rows}


def step(
    pen: Pen,
    attempt: Attempt,
    before: ActState,
    after: ActState,
    body: Mapping[str, object],
    **columns: object,
) -> None:
    """Move the row on, if it still stands at `before`, and write the entry.

    Raises:
        IllegalTransition: the row stands elsewhere; another run has moved it.
    """
    row = {"this": attempt.id, "before": before.value, "state": after.value, **columns}
    moved = pen.connection.execute(_STEP, row | {"updated_at": pen.now})
    if moved.rowcount != 1:
        stands = get(pen.connection, attempt.id).state
        raise IllegalTransition(attempt=attempt.id, before=stands, after=after)
    written = {"from": before.value, "to": after.value, **body}
    pen.append(f"attempt.{after.value}", written, attempt.about)


def finish(
    pen: Pen, attempt: Attempt, before: ActState, outcome: Outcome, *, run_id: str
) -> ActState:
    """End the attempt, or leave it unknown, and return its new state.

    Raises:
        IllegalTransition: an attempt in this state cannot end so.
        LedgerRuleBroken: `refused` without two proofs of different kinds.
    """
    answered = was_recorded(pen.connection, attempt.id, ANSWERED)
    after = check_ending(attempt.id, attempt.kind, before, outcome, answered=answered)
    detail = outcome.detail.to_dict() if outcome.detail else None
    proofs = proofs_to_list(outcome.proofs)
    body = {"outcome": outcome.kind.value, "detail": detail, "proofs": proofs, "by_run": run_id}
    step(
        pen,
        attempt,
        before,
        after,
        body,
        outcome=outcome.kind.value,
        detail=detail,
        proofs=proofs,
        blocks=after is ActState.UNKNOWN or still_blocks(before, outcome.kind, answered=answered),
    )
    return after


def known(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return which of these are attempts of this book."""
    query = select(attempts.c.id).where(attempts.c.id.in_(ids))
    return set(connection.execute(query).scalars())


def was_recorded(connection: Connection, attempt_id: str, kind: str) -> bool:
    """Say whether an entry of that kind belongs to the attempt."""
    found = select(events.c.seq).where(
        (events.c.attempt_id == attempt_id) & (events.c.kind == kind)
    )
    return connection.execute(found.limit(1)).first() is not None


def get(connection: Connection, attempt_id: str) -> Attempt:
    """Return the attempt with that id.

    Raises:
        LedgerRuleBroken: there is none.
    """
    row = connection.execute(select(attempts).where(attempts.c.id == attempt_id)).one_or_none()
    if row is None:
        raise LedgerRuleBroken(detail=f"there is no attempt {attempt_id}")
    return from_row(row)


def left_open(connection: Connection, shop: BookShop, now: datetime) -> list[Attempt]:
    """Return what must be looked at, oldest first: unknown, or left behind by a dead run.

    A run is dead if it has ended, or if its lease is no longer the live one.
    """
    unfinished = attempts.c.state != ActState.SETTLED.value
    live = select(leases.c.token).where(shop.owns(leases.c.shop) & (leases.c.until > now))
    dead = or_(
        runs.c.ended_at.is_not(None),
        attempts.c.lease.is_(None),
        attempts.c.lease.not_in(live),
    )
    query = (
        select(attempts)
        .join(runs, runs.c.id == attempts.c.run_id)
        .where(shop.owns(attempts.c.shop), unfinished)
        .where(or_(attempts.c.state == ActState.UNKNOWN.value, dead))
        .order_by(attempts.c.seq)
    )
    return [from_row(row) for row in connection.execute(query)]


def proofs_to_list(proofs: Sequence[Proof]) -> list[dict[str, str]]:
    """Return proofs as plain values."""
    return [{"kind": p.kind.value, "seen": p.seen, "at": p.at.isoformat()} for p in proofs]


def _proof(document: Mapping[str, str]) -> Proof:
    at = datetime.fromisoformat(document["at"])
    return Proof(kind=ProofKind(document["kind"]), seen=document["seen"], at=at)


def from_row(row: Row[Any]) -> Attempt:
    """Return the attempt of a row of the table."""
    return Attempt(
        id=row.id,
        run_id=row.run_id,
        shop=row.shop,
        order_no=row.order_no,
        cart_no=row.cart_no,
        attempt=row.attempt,
        kind=PermitKind(row.kind),
        plan=row.plan,
        reason=RefusalReason(row.reason),
        text=row.text,
        rule=row.rule,
        state=ActState(row.state),
        outcome=OutcomeKind(row.outcome) if row.outcome else None,
        detail=Words.from_dict(row.detail) if row.detail else None,
        proofs=tuple(_proof(document) for document in row.proofs),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
