"""Attempts and months that stand in no ledger."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from qsm_bot.base.clock import JST
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind, Proof, ProofKind, RefusalReason
from qsm_bot.ledger import ActState, Attempt
from qsm_bot.render.month import Month, MonthRecord, MonthRow

MONTH = Month(date(2026, 1, 1))
START = datetime(2026, 1, 5, 20, 30, tzinfo=JST)
SHOP = "みほん商店"
REFUSED = OutcomeKind.REFUSED


def attempt(order_no: str = "762544202", at: datetime = START, **changes: Any) -> Attempt:
    """Return a refusal that began at `at`, with two proofs."""
    made = Attempt(
        id=f"a{order_no}",
        run_id="20260105-203000-ab12cd",
        shop=SHOP,
        order_no=order_no,
        cart_no="250040690",
        attempt=1,
        kind=PermitKind.REFUSAL,
        plan="d" * 64,
        reason=RefusalReason.SHIPPED,
        text=None,
        rule="名入れ",
        state=ActState.SETTLED,
        outcome=REFUSED,
        detail=None,
        proofs=tuple(
            Proof(kind=kind, seen="seen", at=at)
            for kind in (ProofKind.ALERT, ProofKind.REFUSED_LIST)
        ),
        created_at=at,
        updated_at=at + timedelta(seconds=8),
    )
    return replace(made, **changes)


def row(
    order_no: str = "762544202",
    at: datetime = START,
    *,
    sent: bool = True,
    days: int | None = 0,
    **changes: Any,
) -> MonthRow:
    """Return a row whose request came `days` before."""
    return MonthRow(
        attempt=attempt(order_no, at, **changes),
        sent_at=at + timedelta(seconds=3) if sent else None,
        requested_on=None if days is None else at.date() - timedelta(days=days),
        approved_by="佐藤",
    )


def record(*rows: MonthRow) -> MonthRecord:
    """Return January of 2026 with these rows."""
    made_at = datetime(2026, 2, 1, 9, 0, tzinfo=JST)
    return MonthRecord(shop=SHOP, month=MONTH, rows=rows, chain="c" * 64, made_at=made_at)
