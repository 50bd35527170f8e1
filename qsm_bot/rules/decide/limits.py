"""How much one plan may refuse: by each rule, and in money."""

from collections.abc import Sequence
from dataclasses import replace

from qsm_bot.base.errors.plans import PlanNotMadeHere
from qsm_bot.base.errors.safety import LimitExceeded
from qsm_bot.base.words import Words, some_of
from qsm_bot.domain.plan import Plan, PlannedRefusal
from qsm_bot.domain.request import CancelRequest, Refuse
from qsm_bot.rules import LimitsTable, RuleBook, RuleLimits

_OF_RULE = Words("{limit} for rule “{rule}”", "{limit}（ルール「{rule}」）")
_YEN = Words("{amount} yen", "{amount}円")
_NO_LIMITS = RuleLimits()

_Named = CancelRequest | PlannedRefusal


def raise_if_over(
    book: RuleBook, refusals: Sequence[tuple[CancelRequest, Refuse]], total: int
) -> None:
    """Check what a plan's own limits do not know: rules, and money.

    Args:
        book: the rules.
        refusals: what they would refuse.
        total: how many requests are open.

    Raises:
        LimitExceeded: more than a rule may, or more money than the plan may.
    """
    _raise_if_dear(book.limits, [request for request, _ in refusals], total, "")
    for rule in book.rules:
        if rule.limits == _NO_LIMITS:
            continue
        mine = [request for request, decision in refusals if decision.rule == rule.name]
        _raise_if_many(rule.limits, mine, total, rule.name)
        _raise_if_dear(rule.limits, mine, total, rule.name)


def raise_if_plan_over(book: RuleBook, plan: Plan) -> None:
    """Check a finished plan against the rules file, whatever limits it brings along.

    Args:
        book: the rules as they are now.
        plan: made under them, under others, or by hand.

    Raises:
        LimitExceeded: more than the file or one of its rules allows.
        PlanNotMadeHere: a limit in money cannot be held: the plan is under no rules.
    """
    replace(plan, limits=book.plan_limits).raise_if_unsafe()
    for rule in book.rules:
        mine = [row for row in plan.refuse if row.rule == rule.name]
        _raise_if_many(rule.limits, mine, plan.total, rule.name)
    in_money = (book.limits.max_amount, *(rule.limits.max_amount for rule in book.rules))
    if not plan.rules and any(limit is not None for limit in in_money):
        raise PlanNotMadeHere(plan=plan.digest[:12])


def _raise_if_many(limits: RuleLimits, requests: Sequence[_Named], total: int, rule: str) -> None:
    count = len(requests)
    if limits.max_count is not None and count > limits.max_count:
        raise _exceeded(requests, total, limits.max_count, rule)
    if limits.max_share is not None and count > limits.max_share * total:
        raise _exceeded(requests, total, f"{limits.max_share:.0%}", rule)


def _raise_if_dear(
    limits: RuleLimits | LimitsTable, requests: Sequence[CancelRequest], total: int, rule: str
) -> None:
    # A request without an amount never gets here under such a limit: `decide` asks a person.
    amounts = [request.amount or 0 for request in requests]
    if limits.max_amount is not None and sum(amounts) > limits.max_amount:
        yen = _YEN.filled(amount=limits.max_amount)
        raise _exceeded(requests, total, yen, rule)


def _exceeded(requests: Sequence[_Named], total: int, limit: object, rule: str) -> LimitExceeded:
    shown = _OF_RULE.filled(limit=limit, rule=rule) if rule else limit
    orders = some_of([request.order_no for request in requests])
    return LimitExceeded(count=len(requests), total=total, limit=shown, orders=orders)
