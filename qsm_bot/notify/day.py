"""The day's summary: what a day came to, and the message that tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.notify.message import Message, MessageKind, listed

_SUBJECT = Words("summary of {day}", "{day} のまとめ")
_BODY = Words(
    "Runs: {runs}, of these not ended well: {bad}. Outcomes: {outcomes}. Still to be "
    "shipped: {to_ship}. Waiting for a person: {waiting}; `qsm-bot inbox` shows them.",
    "実行 {runs} 回（うち異常終了 {bad} 回）。結果: {outcomes}。未発送: {to_ship}。"
    "人の対応待ち {waiting} 件（`qsm-bot inbox` で確認）。",
)
_NONE = Words("none", "なし")


@dataclass(frozen=True, kw_only=True, slots=True)
class DayTotals:
    """What one day came to: runs, how many ended badly, outcomes, open duties, what waits."""

    runs: int
    bad: int
    outcomes: Mapping[str, int]
    to_ship: Sequence[str]
    waiting: int


def summary(shop: str, day: DayTotals, at: datetime) -> Message:
    """Return the day's summary; a second one on the same day is not sent."""
    today = at.astimezone(JST).date()
    outcomes = ", ".join(f"{name} {count}" for name, count in sorted(day.outcomes.items()))
    noon_after = datetime.combine(today + timedelta(days=1), time(12), JST)
    return Message(
        kind=MessageKind.SUMMARY,
        shop=shop,
        subject=_SUBJECT.filled(day=today),
        body=_BODY.filled(
            runs=day.runs,
            bad=day.bad,
            outcomes=outcomes or _NONE,
            to_ship=listed(day.to_ship) if day.to_ship else _NONE,
            waiting=day.waiting,
        ),
        at=at,
        key=f"{MessageKind.SUMMARY.value} {today}",
        about=today.isoformat(),
        until=noon_after,
    )
