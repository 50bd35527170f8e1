"""What to do with one request: pure, total, and nothing unless a rule says so."""

import fnmatch
from collections.abc import Iterator
from datetime import date, datetime

from qsm_bot.clock import JST
from qsm_bot.evidence_model import Evidence
from qsm_bot.model import AskPerson, CancelRequest, Decision, Leave, Refuse
from qsm_bot.reason_text import checked_text
from qsm_bot.rules import Conditions, Rule, RuleBook
from qsm_bot.words import Words, same

NO_RULE = Words("no rule takes it", "該当するルールがありません")
CONFLICT = Words("rules disagree: {names}", "ルールの結果が食い違います: {names}")
NAMED = Words("order {order} is named by the rule", "注文番号 {order} はルールで指定されています")

_FIELD_WORDS = {
    "buyer_reason": Words("the buyer's reason", "キャンセル理由"),
    "item_code": Words("item code", "商品番号"),
    "item_name": Words("item name", "商品名"),
    "option": Words("option", "オプション"),
    "status": Words("status", "処理状態"),
}
_FITS = Words("{field} is “{value}”", "{field}が「{value}」")
_ON = Words("{field} {value}", "{field} {value}")
_REQUESTED = Words("requested on", "キャンセル要請日")
_ORDERED = Words("ordered on", "注文日")
_AGE = Words("requested {days} days ago", "要請から{days}日")
_AMOUNT = Words("amount {amount} yen", "金額 {amount}円")


def decide(
    request: CancelRequest,
    evidence: Evidence,  # noqa: ARG001  # rules over evidence come next; callers pass it already
    rulebook: RuleBook,
    now: datetime,
) -> Decision:
    """Decide about one request.

    Args:
        request: the row of the list.
        evidence: the seller's own facts about it; no condition reads them yet.
        rulebook: the seller's rules.
        now: the moment to decide for.

    Returns:
        `Refuse` if one rule takes it, or several that agree on reason and text;
        `AskPerson` if they disagree; `Leave` if none takes it.
    """
    today = now.astimezone(JST).date()
    taken = [
        (rule, because) for rule in rulebook.rules if (because := _takes(rule, request, today))
    ]
    if not taken:
        return Leave(why=NO_RULE)
    wanted = {(rule.reason, checked_text(rule.reason, rule.text)) for rule, _ in taken}
    if len(wanted) > 1:
        return AskPerson(why=CONFLICT.filled(names=", ".join(rule.name for rule, _ in taken)))
    rule, because = taken[0]
    reason, text = wanted.pop()
    return Refuse(reason=reason, text=text, rule=rule.name, because=because)


def _takes(rule: Rule, request: CancelRequest, today: date) -> tuple[Words, ...]:
    """Return why the rule takes the request, or nothing if it does not."""
    because: list[Words] = []
    if rule.orders is not None:
        if request.order_no not in rule.orders:
            return ()
        because.append(NAMED.filled(order=request.order_no))
    for fits, why in _checks(rule.when or Conditions(), request, today):
        if not fits:
            return ()
        because.append(why)
    return tuple(because)


def _checks(when: Conditions, request: CancelRequest, today: date) -> Iterator[tuple[bool, Words]]:
    for name, words in _FIELD_WORDS.items():
        patterns = getattr(when, name)
        if patterns is not None:
            value = getattr(request, name)
            fits = _fits_any(value, patterns)
            yield fits, _FITS.filled(field=words, value=value)
    yield from _date_checks(when, request)
    yield from _number_checks(when, request, today)


def _fits_any(value: str, patterns: list[str]) -> bool:
    """Compare whole texts, width and spaces made even; `*` is the only wildcard."""
    # `?` and `[` stand in item names, so they must not mean anything.
    literal = (same(pattern).replace("[", "[[]").replace("?", "[?]") for pattern in patterns)
    return any(fnmatch.fnmatchcase(same(value), pattern) for pattern in literal)


def _date_checks(when: Conditions, request: CancelRequest) -> Iterator[tuple[bool, Words]]:
    for first, last, day, words in (
        (when.requested_from, when.requested_until, request.requested_on, _REQUESTED),
        (when.ordered_from, when.ordered_until, request.ordered_on, _ORDERED),
    ):
        if first is not None or last is not None:
            fits = day is not None and (first or day) <= day <= (last or day)
            yield fits, _ON.filled(field=words, value=day)


def _number_checks(
    when: Conditions, request: CancelRequest, today: date
) -> Iterator[tuple[bool, Words]]:
    age = (today - request.requested_on).days if request.requested_on else None
    for low, high, number, words in (
        (when.min_age_days, when.max_age_days, age, _AGE.filled(days=age)),
        (when.min_amount, when.max_amount, request.amount, _AMOUNT.filled(amount=request.amount)),
    ):
        if low is not None or high is not None:
            fits = number is not None and (low or 0) <= number <= (number if high is None else high)
            yield fits, words
