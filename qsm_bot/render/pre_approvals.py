"""Standing orders as documents and as a table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.pre_approval import Amounts, PreApproval
from qsm_bot.render.documents import SCHEMA
from qsm_bot.render.tables import plain_table

_NUMBER = Words("no.", "番号")
_BY = Words("by", "登録者")
_RULES = Words("rules", "ルール")
_LIMITS = Words("limits", "上限")
_UNTIL = Words("until (JST)", "期限")
_STATE = Words("state", "状態")
_HOLDS = Words("holds; let through today: {count}", "有効（本日 {count} 件）")
_OVER = Words("over", "終了")
_ENDED = Words("ended {at:%Y-%m-%d %H:%M} by {who}", "{at:%Y-%m-%d %H:%M} に終了（{who}）")
_COUNTS = Words("{run} a run, {day} a day", "1回 {run} 件、1日 {day} 件")
_YEN = Words("{yen} yen a day", "1日 {yen} 円")


def standing_order_document(order: PreApproval, now: datetime) -> dict[str, Any]:
    """Return one standing order as plain values."""
    return {
        "number": order.number,
        **order.to_dict(),
        "at": order.at.isoformat() if order.at else None,
        "live": order.is_live(now),
        "ended_at": order.ended_at.isoformat() if order.ended_at else None,
        "ended_by": order.ended_by or None,
    }


def standing_orders_document(
    shop: str, orders: Sequence[PreApproval], today: Amounts, now: datetime
) -> dict[str, Any]:
    """Return the document of `standing-order list`."""
    return {
        "schema": SCHEMA,
        "shop": shop,
        "let_through_today": sorted(today),
        "standing_orders": [standing_order_document(order, now) for order in orders],
    }


def standing_orders_table(
    shop: str, orders: Sequence[PreApproval], today: Amounts, now: datetime, lang: Lang
) -> Table:
    """Return the standing orders as a table."""
    table = plain_table(lang, shop, _NUMBER, _BY, _RULES, _LIMITS, _UNTIL, _STATE)
    for order in orders:
        table.add_row(
            str(order.number),
            Text(order.who),
            Text("\n".join(order.rules)),
            "\n".join(_limits(order, lang)),
            f"{order.until}",
            Text(_state(order, len(today), now).say(lang)),
        )
    return table


def _limits(order: PreApproval, lang: Lang) -> list[str]:
    lines = [_COUNTS.filled(run=order.max_run, day=order.max_day).say(lang)]
    if order.max_yen is not None:
        lines.append(_YEN.filled(yen=order.max_yen).say(lang))
    if order.hours is not None:
        lines.append(str(order.hours))
    return lines


def _state(order: PreApproval, today: int, now: datetime) -> Words:
    if order.ended_at is not None:
        return _ENDED.filled(at=order.ended_at, who=order.ended_by)
    return _HOLDS.filled(count=today) if order.is_live(now) else _OVER
