"""Texts for その他 with `{variables}` from a closed list."""

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter

from qsm_bot.base.errors.inputs import ReasonTextInvalid
from qsm_bot.base.toml import did_you_mean
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import FactName


class Variable(StrEnum):
    """What may stand between braces in a text. Nothing that a buyer wrote is among them."""

    ORDER_NO = "order_no"
    ITEM_CODE = "item_code"
    ITEM_NAME = "item_name"
    ORDERED_ON = "ordered_on"
    REQUESTED_ON = "requested_on"
    TODAY = "today"
    TRACKING_NO = "tracking_no"
    CARRIER = "carrier"
    SHIPPING_STATUS = "shipping_status"
    SHIPPED_ON = "shipped_on"
    PACKED_ON = "packed_on"


VARIABLES = tuple(Variable)
_FACT_NAMES = {fact.value: fact for fact in FactName}
FACTS = {name: _FACT_NAMES[name.value] for name in Variable if name.value in _FACT_NAMES}
"""Which of the variables are facts of the shop's own files."""

_UNKNOWN = Words(
    "{{{name}}} is no variable; known are {known}{hint}",
    "{{{name}}} は使えません。使えるのは {known}",
)
_BRACES = Words(
    "a brace is open or alone; write {{{{ or }}}} for a brace itself",
    "波括弧の対応が取れていません（括弧そのものは {{{{ か }}}} と書きます）",
)
_UNFILLED = Words("nothing is known for {{{name}}}", "{{{name}}} に入る値がありません")


def parts(text: str) -> list[tuple[str, Variable | None]]:
    """Split a text into pairs of plain text and the variable behind it.

    Raises:
        ReasonTextInvalid: an unknown variable, or a brace without its partner.
    """
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise ReasonTextInvalid(detail=_BRACES.filled()) from error
    return [
        (plain, None if name is None else _variable(name, spec, conversion))
        for plain, name, spec, conversion in pieces
    ]


def variables_in(text: str) -> tuple[Variable, ...]:
    """Return the different variables of a text; errors as for `parts`."""
    return tuple(dict.fromkeys(name for _, name in parts(text) if name is not None))


def facts_in(text: str) -> tuple[FactName, ...]:
    """Return the shop's facts that a text tells; errors as for `parts`."""
    return tuple(FACTS[name] for name in variables_in(text) if name in FACTS)


def filled(text: str, values: Mapping[Variable, str]) -> str:
    """Return the text with its variables replaced.

    Raises:
        ReasonTextInvalid: as for `parts`, or a variable has no value.
    """
    told = []
    for plain, name in parts(text):
        value = "" if name is None else values.get(name, "").strip()
        if name is not None and not value:
            raise ReasonTextInvalid(detail=_UNFILLED.filled(name=name.value))
        told.append(plain + value)
    return "".join(told)


def _variable(name: str, spec: str | None, conversion: str | None) -> Variable:
    if name in list(Variable) and not spec and not conversion:
        return Variable(name)
    shown = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
    known = " ".join(f"{{{each}}}" for each in Variable)
    hint = did_you_mean(name, list(Variable))
    raise ReasonTextInvalid(detail=_UNKNOWN.filled(name=shown, known=known, hint=hint))
