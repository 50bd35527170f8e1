"""The text for その他 as the buyer will read it: filled in, measured, without personal data."""

from collections.abc import Mapping

from qsm_bot.base.errors.inputs import ReasonTextInvalid
from qsm_bot.domain.evidence import Evidence
from qsm_bot.domain.personal_data import personal_data
from qsm_bot.domain.reason_text import checked_text
from qsm_bot.domain.request import CancelRequest, RefusalReason
from qsm_bot.rules import Rule, TextTable, Variable, filled
from qsm_bot.rules.decide.on_request import RequestFacts
from qsm_bot.rules.templates import FACTS


def text_of(rule: Rule, table: TextTable, evidence: Evidence, asked: RequestFacts) -> str | None:
    """Return a rule's text for one order.

    Raises:
        ReasonTextInvalid: a variable has no value, or the filled text must not be sent.
    """
    if rule.text is None:
        return None
    text = filled(rule.text, _values(evidence, asked))
    return _whole(rule.reason, text, table, asked.request, evidence)


def text_by_hand(
    reason: RefusalReason,
    text: str | None,
    table: TextTable,
    *,
    request: CancelRequest | None = None,
    evidence: Evidence | None = None,
) -> str | None:
    """Return the text that a person gave on the command line, checked in the same way.

    Raises:
        ReasonTextInvalid: it must not be sent.
    """
    return _whole(reason, text, table, request, evidence)


def _whole(
    reason: RefusalReason,
    text: str | None,
    table: TextTable,
    request: CancelRequest | None,
    evidence: Evidence | None,
) -> str | None:
    whole = checked_text(reason, text, emoji=table.emoji, forbidden=table.forbidden)
    why = whole and personal_data(whole, request=request, evidence=evidence, allowed=table.allowed)
    if why:
        raise ReasonTextInvalid(detail=why)
    return whole


def _values(evidence: Evidence, asked: RequestFacts) -> Mapping[Variable, str]:
    request = asked.request
    values: dict[Variable, object] = {
        Variable.ORDER_NO: request.order_no,
        Variable.ITEM_CODE: request.item_code,
        Variable.ITEM_NAME: request.item_name,
        Variable.ORDERED_ON: request.ordered_on,
        Variable.REQUESTED_ON: request.requested_on,
        Variable.TODAY: asked.today,
    }
    values |= {name: evidence.known(fact).value for name, fact in FACTS.items()}
    values[Variable.TRACKING_NO] = "、".join(evidence.tracking_no.values) or None
    return {name: str(value) for name, value in values.items() if value is not None}
