"""Duties for people and as a JSON document: what must be shipped, and how long there is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from rich.table import Table
from rich.text import Text

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.duty import Closing, Duty, DutyState, EvidenceShipments
from qsm_bot.domain.evidence import Evidence
from qsm_bot.domain.seen_request import SeenRequest
from qsm_bot.domain.shipping_hours import span
from qsm_bot.evidence.protocol import EvidenceSet
from qsm_bot.render.documents import SCHEMA
from qsm_bot.render.tables import plain_table

NOTHING_OPEN = Words("Nothing must be shipped.", "発送が必要な注文はありません。")
STATE_WORDS = {
    DutyState.OPEN: Words("open", "未発送"),
    DutyState.AT_RISK: Words("AT RISK", "期限間近"),
    DutyState.OVERDUE: Words("OVERDUE", "期限超過"),
    DutyState.CLOSED: Words("shipped", "発送済み"),
}
_COLOURS = {DutyState.AT_RISK: "bold yellow", DutyState.OVERDUE: "bold red"}

_ORDER = Words("order", "注文番号")
_DUE = Words("ship by (JST)", "発送期限 (JST)")
_LEFT = Words("left", "残り")
_STATE = Words("state", "状態")
_REASON = Words("reason", "拒否理由")
_GOODS = Words("goods", "商品")
_NOTE = Words("note", "備考")

_IS_LEFT = Words("{span}", "{span}")
_IS_OVER = Words("over by {span}", "{span} 超過")
_BY_OTHERS = Words(
    "refused by somebody else, perhaps on an earlier day",
    "ショップの誰かが拒否済み（拒否日は不明。期限はこれより早い可能性があります）",
)
_REOPENED = Words("taken up again by a person", "再開した注文")
_CLOSED_NOW = Words("{order}: {why}", "{order}: {why}")
_SHIP = Words(
    "Ship by {due:%Y-%m-%d %H:%M} JST ({left}): {orders}",
    "発送処理の期限 {due:%Y-%m-%d %H:%M}（日本時間、{left}）: {orders}",
)
_STILL = Words("{span} left", "残り {span}")

_NOTHING_CODE, _PERSON_CODE = 10, 30


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyRow:
    """One open duty as it stands, with its goods and what the shop's own data say of it."""

    duty: Duty
    state: DutyState
    left: Words
    notes: tuple[Words, ...]
    evidence: Evidence
    goods: SeenRequest | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyTable:
    """The shop's duties at one moment: the open ones, and those that were closed by this look."""

    shop: str
    now: datetime
    rows: tuple[DutyRow, ...]
    closed: tuple[Duty, ...]

    @property
    def at_risk(self) -> list[str]:
        """The orders that are at risk or overdue."""
        return [row.duty.order_no for row in self.rows if row.state is not DutyState.OPEN]

    @property
    def exit_code(self) -> int:
        """30 = at risk or overdue, 10 = nothing is open, 0 = open, and time enough."""
        if self.at_risk:
            return _PERSON_CODE
        return 0 if self.rows else _NOTHING_CODE


def board_of(
    shop: str,
    duties: tuple[Sequence[Duty], Sequence[Duty]],
    evidence: EvidenceSet,
    goods: Mapping[str, SeenRequest],
    *,
    now: datetime,
    warn_hour: int,
) -> DutyTable:
    """Put together what is shown of the open duties and of those just closed.

    Args:
        shop: whose they are.
        duties: the open ones, and those just closed.
        evidence: the shop's own data.
        goods: what the orders are about, as far as that is known.
        now: the moment of the table.
        warn_hour: from which hour (JST) on a duty is at risk.
    """
    files = EvidenceShipments(evidence, now)
    rows = (
        DutyRow(
            duty=duty,
            state=duty.state(now, warn_hour),
            left=_left(duty, now),
            notes=tuple(_notes(duty, files)),
            evidence=evidence.of(duty.order_no),
            goods=goods.get(duty.order_no),
        )
        for duty in duties[0]
    )
    return DutyTable(shop=shop, now=now.astimezone(JST), rows=tuple(rows), closed=tuple(duties[1]))


def _left(duty: Duty, now: datetime) -> Words:
    seconds = duty.left(now).total_seconds()
    return (_IS_OVER if seconds < 0 else _IS_LEFT).filled(span=span(seconds))


def _notes(duty: Duty, files: EvidenceShipments) -> Iterator[Words]:
    if duty.by_others:
        yield _BY_OTHERS
    if duty.reopened:
        yield _REOPENED
    remark = files.remark(duty)
    if remark is not None:
        yield remark


def duty_document(board: DutyTable, lang: Lang, out: str | None = None) -> dict[str, Any]:
    """Return the document of `duty`."""
    return {
        "schema": SCHEMA,
        "shop": board.shop,
        "now": board.now.isoformat(),
        "duties": [
            {
                **_plain(row.duty),
                "state": row.state.value,
                "minutes_left": int(row.duty.left(board.now).total_seconds() // 60),
                "notes": [words.say(lang) for words in row.notes],
                "item_name": row.goods.item_name if row.goods else None,
                "quantity": row.goods.quantity if row.goods else None,
            }
            for row in board.rows
        ],
        "closed": [closed_document(duty, lang) for duty in board.closed],
        "out": out,
        "exit_code": board.exit_code,
    }


def closed_document(duty: Duty, lang: Lang) -> dict[str, Any]:
    """Return a duty with what closed it."""
    return {**_plain(duty), "closing": _closing(duty.closing, lang)}


def _plain(duty: Duty) -> dict[str, Any]:
    return {
        "order_no": duty.order_no,
        "cart_no": duty.cart_no or None,
        "reason": duty.reason.value if duty.reason else None,
        "by_others": duty.by_others,
        "refused_at": duty.refused_at.isoformat(),
        "due": duty.due.isoformat(),
    }


def _closing(closing: Closing | None, lang: Lang) -> dict[str, Any] | None:
    if closing is None:
        return None
    return {"by": closing.by.value, "who": closing.who, "why": closing.why.say(lang)}


def duty_table(board: DutyTable, lang: Lang) -> Table | str:
    """Return the open duties as a table, the first that is due on top."""
    if not board.rows:
        return NOTHING_OPEN.say(lang)
    title = f"{board.shop}  {board.now:%Y-%m-%d %H:%M} JST"
    table = plain_table(lang, title, _ORDER, _GOODS, _DUE, _LEFT, _STATE, _REASON, _NOTE)
    for row in board.rows:
        duty = row.duty
        table.add_row(
            duty.order_no,
            Text(_goods(row.goods)),
            f"{duty.due:%Y-%m-%d %H:%M}",
            row.left.say(lang),
            Text(STATE_WORDS[row.state].say(lang), _COLOURS.get(row.state, "")),
            duty.reason.words.say(lang) if duty.reason else "–",
            Text("\n".join(words.say(lang) for words in row.notes)),
        )
    return table


def _goods(seen: SeenRequest | None) -> str:
    if seen is None:
        return ""
    count = f"× {seen.quantity}" if seen.quantity else ""
    return " ".join(filter(None, (seen.item_name, count)))


def closed_lines(duties: Sequence[Duty]) -> Iterator[Words]:
    """Give a line for each duty that was closed just now."""
    for duty in duties:
        if duty.closing is not None:
            yield _CLOSED_NOW.filled(order=duty.order_no, why=duty.closing.words)


def ends_of(
    duties: Sequence[Duty], now: datetime
) -> Iterator[tuple[str, tuple[str, Words | None]]]:
    """Give, by order, what the report says of its duty, and why."""
    for duty in duties:
        if duty.closing is not None:
            yield duty.order_no, ("shipped", duty.closing.words)
        elif now > duty.due:
            yield duty.order_no, ("overdue", None)
        else:
            yield duty.order_no, ("refused", None)


def ship_lines(duties: Sequence[Duty], now: datetime) -> Iterator[Words]:
    """Give a line for each day on which orders must be shipped: the end of a run."""
    for due, group in groupby(sorted(duties, key=lambda duty: duty.due), lambda duty: duty.due):
        seconds = (due - now).total_seconds()
        left = (_IS_OVER if seconds < 0 else _STILL).filled(span=span(seconds))
        yield _SHIP.filled(due=due, left=left, orders=" ".join(duty.order_no for duty in group))
