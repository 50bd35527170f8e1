"""A standing order: what a person lets through beforehand, within limits of its own. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from qsm_bot.base.clock import JST, aware
from qsm_bot.base.words import ModelObjection, Words
from qsm_bot.domain.plan import Plan

_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_HOURS = re.compile(rf"{_CLOCK}\s*[-~–〜～]\s*(?:{_CLOCK}|(24):(00))")
_MIDNIGHT = 24

_ENDED = Words("it has ended", "終了しています")
_RULES_CHANGED = Words(
    "the rules have changed since; a person must give it anew",
    "ルールが変更されています。あらためて登録が必要です",
)
_CLOSED = Words("it holds from {begin} to {end} JST", "有効時間は {begin} から {end}（日本時間）")
_NOT_NAMED = Words("it does not name rule “{rule}”", "ルール「{rule}」は対象外です")
_PER_RUN = Words("{count} at once, at most {limit}", "1回の上限 {limit} 件に対し {count} 件")
_PER_DAY = Words(
    "{count} on this day, at most {limit}", "1日の上限 {limit} 件に対し、本日計 {count} 件"
)
_NO_AMOUNT = Words("the amount of {order} is unknown", "{order} の金額が不明です")
_YEN = Words(
    "{count} yen on this day, at most {limit}", "1日の上限 {limit} 円に対し、本日計 {count} 円"
)
_TOO_LONG = Words("the plan outlasts it", "計画の期限が有効期間を超えています")

Amounts = Mapping[str, int | None]
"""What each order costs, in yen; None = not known."""


@dataclass(frozen=True, slots=True)
class ApprovalHours:
    """From `begin` up to, not with, `end`, on each day in Japan; an `end` of None is midnight."""

    begin: time
    end: time | None

    @classmethod
    def parse(cls, text: str) -> "ApprovalHours":
        """Build from a text such as "09:00-16:00".

        Raises:
            ValueError: it is none, or the first hour is not the earlier one.
        """
        found = _HOURS.fullmatch(text.strip())
        if not found:
            raise ModelObjection(
                Words(
                    "two times of the day, as in 09:00-16:00",
                    "09:00-16:00 のように2つの時刻を書いてください",
                )
            )
        begin = time(int(found[1]), int(found[2]))
        end = None if found[5] else time(int(found[3]), int(found[4]))
        if end is not None and end <= begin:
            raise ModelObjection(
                Words(
                    "the first of the two times must be the earlier one",
                    "1つ目の時刻は2つ目より前にしてください",
                )
            )
        return cls(begin, end)

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self._end}"

    @property
    def _end(self) -> str:
        return f"{_MIDNIGHT}:00" if self.end is None else f"{self.end:%H:%M}"

    def why_closed(self, now: datetime) -> Words | None:
        """Return when it holds, if not at that moment."""
        clock = now.astimezone(JST).time()
        if self.begin <= clock and (self.end is None or clock < self.end):
            return None
        return _CLOSED.filled(begin=f"{self.begin:%H:%M}", end=self._end)


@dataclass(frozen=True, kw_only=True, slots=True)
class PreApproval:
    """A person's word for the plans to come: which rules, how much, until when.

    `rules_digest` is that of the rule book it was given for; `max_run` and `max_day` count
    orders, `max_yen` is money a day; `until` is its last day in Japan. `number` is its entry
    in the ledger, 0 before that; `ended_at` and `ended_by` tell who ended it before its day.
    """

    shop: str
    rules: tuple[str, ...]
    rules_digest: str
    max_run: int
    max_day: int
    until: date
    who: str
    max_yen: int | None = None
    hours: ApprovalHours | None = None
    number: int = 0
    at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""

    def is_live(self, now: datetime) -> bool:
        """Whether nobody has ended it and its last day is not over."""
        return self.ended_at is None and now.astimezone(JST).date() <= self.until

    def end_of(self, now: datetime) -> datetime:
        """Return the moment at which what it lets through now must be over: never another day."""
        day = aware(now).astimezone(JST).replace(hour=0, minute=0, second=0, microsecond=0)
        end = self.hours.end if self.hours else None
        if end is None:
            return day + timedelta(days=1)
        return day.replace(hour=end.hour, minute=end.minute)

    def why_not(self, plan: Plan, amounts: Amounts, today: Amounts, now: datetime) -> Words | None:
        """Return why it does not let the whole plan through; None = it does.

        Args:
            plan: the plan.
            amounts: what the orders of the plan cost.
            today: the orders that were let through by standing orders on this day.
            now: the moment of the question.
        """
        if not self.is_live(now):
            return _ENDED
        if plan.rules != self.rules_digest:
            return _RULES_CHANGED
        if self.hours is not None and (closed := self.hours.why_closed(now)):
            return closed
        if plan.expires_at > self.end_of(now):
            return _TOO_LONG
        for row in plan.refuse:
            if row.rule not in self.rules:
                return _NOT_NAMED.filled(rule=row.rule)
        return self._why_too_much(
            {row.order_no: amounts.get(row.order_no) for row in plan.refuse}, today
        )

    def _why_too_much(self, orders: Amounts, today: Amounts) -> Words | None:
        if len(orders) > self.max_run:
            return _PER_RUN.filled(count=len(orders), limit=self.max_run)
        # An order that was let through before and not carried out counts once.
        all_day = {**today, **orders}
        if len(all_day) > self.max_day:
            return _PER_DAY.filled(count=len(all_day), limit=self.max_day)
        if self.max_yen is None:
            return None
        for order, amount in all_day.items():
            if amount is None:
                return _NO_AMOUNT.filled(order=order)
        yen = sum(amount or 0 for amount in all_day.values())
        return _YEN.filled(count=yen, limit=self.max_yen) if yen > self.max_yen else None

    def to_dict(self) -> dict[str, Any]:
        """Return what the ledger keeps: all but the entry's own number, time and shop."""
        return {
            "rules": list(self.rules),
            "rules_digest": self.rules_digest,
            "max_run": self.max_run,
            "max_day": self.max_day,
            "max_yen": self.max_yen,
            "hours": str(self.hours) if self.hours else None,
            "until": self.until.isoformat(),
            "who": self.who,
        }


def standing_order_from_dict(
    body: Mapping[str, Any], *, shop: str, number: int, at: datetime
) -> PreApproval:
    """Rebuild a standing order from its entry in the ledger."""
    return PreApproval(
        shop=shop,
        rules=tuple(body["rules"]),
        rules_digest=body["rules_digest"],
        max_run=body["max_run"],
        max_day=body["max_day"],
        max_yen=body["max_yen"],
        hours=ApprovalHours.parse(body["hours"]) if body["hours"] else None,
        until=date.fromisoformat(body["until"]),
        who=body["who"],
        number=number,
        at=at,
    )
