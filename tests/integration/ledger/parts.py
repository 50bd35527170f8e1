"""What the ledger's tests are made of."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, create_engine, text

from qsm_bot.base.clock import JST
from qsm_bot.domain.plan import Permit, PermitKind, Plan, PlannedRefusal
from qsm_bot.domain.request import Outcome, OutcomeKind, Proof, ProofKind, RefusalReason
from qsm_bot.ledger import Act, ActState, Ledger

SHOP = "shop-a"
START = datetime(2026, 1, 5, 20, 30, tzinfo=JST)
PLAN_DIGEST = "d" * 64
ALERT = Proof(kind=ProofKind.ALERT, seen="キャンセル拒否しました", at=START)
LISTED = Proof(kind=ProofKind.REFUSED_LIST, seen="row", at=START)
TWO_PROOFS = (ALERT, LISTED)
ANSWER = SimpleNamespace(method="POST", path="/refuse", status=200)


class Time:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def planned(order_no: str = "762544202") -> PlannedRefusal:
    return PlannedRefusal(
        order_no=order_no,
        cart_no="250040690",
        fingerprint="f" * 64,
        reason=RefusalReason.SHIPPED,
        text=None,
        rule="has-tracking",
    )


def plan(shop: str = SHOP, total: int = 1) -> Plan:
    return Plan(
        shop=shop,
        portal="http://127.0.0.1",
        rules="r",
        pack="p",
        created_at=START,
        expires_at=START + timedelta(hours=1),
        total=total,
        refuse=(planned(),),
    )


def outcome(kind: OutcomeKind, *proofs: Proof) -> Outcome:
    """Return an outcome; `refused` comes with its two proofs unless others are given."""
    return Outcome(kind=kind, proofs=proofs or (TWO_PROOFS if kind is OutcomeKind.REFUSED else ()))


def permit(
    ledger: Ledger,
    order_no: str = "762544202",
    kind: PermitKind = PermitKind.REFUSAL,
    run_id: str | None = None,
) -> Permit:
    run_id = run_id or ledger.begin_run(SHOP, "apply", PLAN_DIGEST)
    return ledger.issue_permit(run_id, SHOP, planned(order_no), PLAN_DIGEST, kind)


def walk_to(act: Act, state: ActState) -> None:
    """Take the steps up to `state`."""
    for step, arguments in STEPS:
        if act.state is state:
            return
        getattr(act, step)(*arguments)
    if state in {ActState.UNKNOWN, ActState.SETTLED}:
        kind = OutcomeKind.UNKNOWN if state is ActState.UNKNOWN else OutcomeKind.REFUSED
        act.settle(outcome(kind))
    assert act.state is state


STEPS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("opened", ({"shown": "762544202"},)),
    ("ready", ({"label": "商品発送完了"},)),
    ("armed", ()),
    ("confirm_open", ("拒否しますか",)),
    ("committing", ()),
    ("alerted", ("キャンセル拒否しました",)),
    ("verified", (TWO_PROOFS,)),
)
STEP_STATES = tuple(ActState(name) for name, _ in STEPS)


@contextmanager
def raw(url: str) -> Iterator[Connection]:
    """Give a plain connection that knows nothing of the ledger; it is committed at the end."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def unguarded(url: str) -> Iterator[Connection]:
    """Give a plain connection to a book whose guards were taken away."""
    with raw(url) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER events_no_update"))
            connection.execute(text("DROP TRIGGER events_no_delete"))
        else:
            connection.execute(text("DROP TRIGGER events_append_only ON events"))
        yield connection
