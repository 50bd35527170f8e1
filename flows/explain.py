"""Explain: why the rules decide about one open request as they do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows._parts.shop_run import PortalRun
from flows.collect import collect
from flows.sign_in import sign_in
from qsm_bot.base.errors.orders import RowDuplicate, RowGone
from qsm_bot.domain.evidence import Evidence
from qsm_bot.domain.request import Decision
from qsm_bot.rules import RuleBook
from qsm_bot.rules.decide import Judged, decide, judge_rules


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """What the rules make of a request, and every condition that led there."""

    decision: Decision
    rules: Sequence[Judged]


def explain(
    context: PortalRun, order_no: str, book: RuleBook, evidence: Evidence, now: datetime
) -> Explained:
    """Read the list and look at every condition of every rule; nothing is recorded.

    Raises:
        RowGone: the order has no open request.
        RowDuplicate: its number stands in several rows.
        SignInError, PortalError, SafetyStop: the list could not be read for certain.
    """
    sign_in(context)
    rows = [row for row in collect(context).requests if row.order_no == order_no]
    if not rows:
        raise RowGone(order=order_no)
    if len(rows) > 1:
        raise RowDuplicate(order=order_no, count=len(rows))
    return Explained(
        decision=decide(rows[0], evidence, book, now),
        rules=judge_rules(rows[0], evidence, book, now),
    )
