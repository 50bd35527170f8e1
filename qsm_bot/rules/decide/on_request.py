"""Conditions on the request itself, and on the hour of the plan."""

from collections.abc import Iterator
from datetime import datetime

from qsm_bot.base.clock import JST
from qsm_bot.base.patterns import fits_any
from qsm_bot.base.words import Words, same, some_of
from qsm_bot.domain.request import CancelRequest
from qsm_bot.rules.conditions import WEEKDAYS, WEEKDAYS_JA, Conditions
from qsm_bot.rules.decide.checks import ConditionCheck, Mark, mark

FIELD_WORDS = {
    "buyer_reason": Words("the buyer's reason", "キャンセル理由"),
    "item_code": Words("item code", "商品番号"),
    "item_name": Words("item name", "商品名"),
    "option": Words("option", "オプション"),
    "status": Words("status", "処理状態"),
}
_FITS = Words("{field} is “{value}”", "{field}が「{value}」")
_FITS_NOT = Words(
    "{field} “{value}” does not fit “{patterns}”",
    "{field}「{value}」は、条件「{patterns}」と一致しません",
)
_LEFT_OUT = Words(
    "{field} “{value}” is left out by “{patterns}”",
    "{field}「{value}」は、除外の条件「{patterns}」に当たります",
)
_ON = Words("{field} {value}", "{field} {value}")
_REQUESTED = Words("requested on", "キャンセル要請日")
_ORDERED = Words("ordered on", "注文日")
_AGE = Words("requested {days} days ago", "要請から{days}日")
_DAY = Words("requested 1 day ago", "要請から1日")
_AMOUNT = Words("amount {amount} yen", "金額 {amount}円")
_NOW = Words("it is {en} {clock} JST", "{ja}曜 {clock} JST")


class RequestFacts:
    """A request as conditions look at it: texts made even once, the day and hour in Japan."""

    __slots__ = ("even", "now", "request", "today")

    def __init__(self, request: CancelRequest, now: datetime) -> None:
        self.request = request
        self.now = now.astimezone(JST)
        self.today = self.now.date()
        self.even = {name: same(getattr(request, name)) for name in FIELD_WORDS}

    @property
    def age(self) -> int | None:
        """Days from the request to today, if its date is known."""
        asked = self.request.requested_on
        return None if asked is None else (self.today - asked).days


def request_checks(when: Conditions, asked: RequestFacts) -> Iterator[ConditionCheck]:
    """Look at each condition that the rule gives, in the order of the file's vocabulary."""
    yield from _field_checks(when, asked)
    yield from _date_checks(when, asked)
    yield from _number_checks(when, asked)
    yield from _time_checks(when, asked)


def _field_checks(when: Conditions, asked: RequestFacts) -> Iterator[ConditionCheck]:
    for name, words in FIELD_WORDS.items():
        wanted = getattr(when, name)
        unwanted = getattr(when, f"not_{name}", None)
        if wanted is None and unwanted is None:
            continue
        even = asked.even[name]
        fits = (wanted is None or fits_any(even, wanted)) and not (
            unwanted is not None and fits_any(even, unwanted)
        )
        facts = {"field": words, "value": getattr(asked.request, name)}
        if fits:
            yield ConditionCheck(Mark.FITS, _FITS, facts)
        elif wanted is not None and not fits_any(even, wanted):
            facts["patterns"] = some_of(wanted, 3)
            yield ConditionCheck(Mark.FAILS, _FITS_NOT, facts)
        else:
            facts["patterns"] = some_of(unwanted or (), 3)
            yield ConditionCheck(Mark.FAILS, _LEFT_OUT, facts)


def _date_checks(when: Conditions, asked: RequestFacts) -> Iterator[ConditionCheck]:
    request = asked.request
    for first, last, day, words in (
        (when.requested_from, when.requested_until, request.requested_on, _REQUESTED),
        (when.ordered_from, when.ordered_until, request.ordered_on, _ORDERED),
    ):
        if first is not None or last is not None:
            fits = day is not None and (first or day) <= day <= (last or day)
            yield ConditionCheck(mark(fits=fits), _ON, {"field": words, "value": day or "–"})


def _number_checks(when: Conditions, asked: RequestFacts) -> Iterator[ConditionCheck]:
    if when.min_age_days is not None or when.max_age_days is not None:
        days = asked.age
        fits = within(when.min_age_days, days, when.max_age_days)
        words = _DAY if days == 1 else _AGE
        yield ConditionCheck(mark(fits=fits), words, {"days": "?" if days is None else days})
    if when.min_amount is not None or when.max_amount is not None:
        amount = asked.request.amount
        fits = within(when.min_amount, amount, when.max_amount)
        yield ConditionCheck(
            mark(fits=fits), _AMOUNT, {"amount": "?" if amount is None else amount}
        )


def _time_checks(when: Conditions, asked: RequestFacts) -> Iterator[ConditionCheck]:
    if when.weekday is None and when.time_from is None and when.time_until is None:
        return
    clock, day = f"{asked.now:%H:%M}", asked.now.weekday()
    fits = when.weekday is None or WEEKDAYS[day] in when.weekday
    fits = fits and (when.time_from or clock) <= clock <= (when.time_until or clock)
    facts = {"en": WEEKDAYS[day], "ja": WEEKDAYS_JA[day], "clock": clock}
    yield ConditionCheck(mark(fits=fits), _NOW, facts)


def within(low: int | None, number: int | None, high: int | None) -> bool:
    """Whether a number is known and lies between its ends; nothing lies before 0."""
    return number is not None and (low or 0) <= number <= (number if high is None else high)
