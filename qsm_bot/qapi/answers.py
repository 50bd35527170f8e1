"""The API's answers: the envelope, then rows. Of a row only what no buyer is known by is read."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from qsm_bot.base.errors.qapi import QapiAnswerUnknown
from qsm_bot.base.plain_text import visible

_DATE = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ].*)?", re.ASCII)
_SHOWN = 80  # characters of a bad value that an error repeats
_MOST_DIGITS = 18


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiAnswer:
    """One answer of the API; code 0 = done. `rows` is ResultObject, `body` as it came."""

    code: int
    text: str
    rows: Any
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the API did what it was asked for."""
        return self.code == 0


def read_envelope(body: bytes, method: str) -> ApiAnswer:
    """Read what every answer has: ResultCode and ResultMsg, or ErrorCode and ErrorMsg.

    Raises:
        QapiAnswerUnknown: it is not JSON, or has no such code.
    """
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        # Half an answer may hold a buyer's name: it is not repeated.
        raise QapiAnswerUnknown(method=method, detail=f"{len(body)} bytes, no JSON") from None
    fields = _folded(document)
    code = fields.get("errorcode", fields.get("resultcode"))
    number = _code(code)
    if number is None:
        raise QapiAnswerUnknown(method=method, detail=f"ResultCode is {_short(code)}")
    text = visible(str(fields.get("errormsg") or fields.get("resultmsg") or ""))
    return ApiAnswer(code=number, text=text, rows=fields.get("resultobject"), body=body)


def _code(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    plain = isinstance(value, str) and re.fullmatch(rf"-?\d{{1,{_MOST_DIGITS}}}", value.strip())
    return int(str(value)) if plain else None


def _folded(document: object) -> Mapping[str, Any]:
    # The same field is spelt OrderNo by one method and orderNo by another.
    if not isinstance(document, dict):
        return {}
    return {str(name).casefold(): value for name, value in document.items()}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("no text")  # noqa: TRY004 - pydantic turns ValueError into its own
    return visible(str(value)).strip()


def _number(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"[0-9]+", text):
        raise ValueError("no number")
    return text


def _count(value: object) -> int | None:
    text = _text(value)
    if len(text) > _MOST_DIGITS:
        raise ValueError("no count")
    return int(_number(text)) if text else None


def _day(value: object) -> date | None:
    text = _text(value)
    if not text:
        return None
    found = _DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})\d{6}", text, re.ASCII)
    if not found:
        raise ValueError("no date")
    return date(*map(int, found.groups()))


Text = Annotated[str, BeforeValidator(_text)]
Number = Annotated[str, BeforeValidator(_number)]
Count = Annotated[int | None, BeforeValidator(_count)]
Day = Annotated[date | None, BeforeValidator(_day)]
"""A calendar day in Japan; the API's times are JST, and name no zone."""


class _Row(BaseModel):
    # A field that must be there may be empty. Without it, nothing is read from its absence.
    model_config = ConfigDict(extra="ignore", frozen=True)

    order_no: Number = Field(validation_alias="orderno")


class ClaimRow(_Row):
    """One claim, by `GetClaimInfo_V3`."""

    cart_no: Text = Field(validation_alias="packno")
    item_code: Text = Field(validation_alias="itemcode")
    claim: Text = Field(validation_alias="claimstatus")
    requested_on: Day = Field(validation_alias="requestdate")
    ordered_on: Day = Field(default=None, validation_alias="orderdate")
    reason: Text = Field(default="", validation_alias="reason")
    item_name: Text = Field(default="", validation_alias="itemtitle")
    option: Text = Field(default="", validation_alias="option")
    quantity: Count = Field(default=None, validation_alias="orderqty")


class ShipmentRow(_Row):
    """One order, by `GetShippingInfo_v3`."""

    cart_no: Text = Field(validation_alias="packno")
    shipping: Text = Field(validation_alias="shippingstatus")
    ordered_on: Day = Field(default=None, validation_alias="orderdate")
    ship_by: Day = Field(default=None, validation_alias="estimatedshippingdate")
    shipped_on: Day = Field(default=None, validation_alias="shippingdate")
    carrier: Text = Field(default="", validation_alias="deliverycompany")
    tracking: Text = Field(default="", validation_alias="trackingno")


class OrderRow(_Row):
    """One order with its claim, by `GetShippingAndClaimInfoByOrderNo_V2`."""

    shipping: Text = Field(validation_alias="shippingstatus")
    claim: Text = Field(validation_alias="claimstatus")
    shipped_on: Day = Field(default=None, validation_alias="shippingdate")
    carrier: Text = Field(default="", validation_alias="deliverycompany")
    tracking: Text = Field(default="", validation_alias="trackingno")


R = TypeVar("R", bound=_Row)


def read_rows(told: ApiAnswer, row: type[R], method: str) -> list[R]:
    """Read ResultObject: a list, a single object, or nothing.

    Raises:
        QapiAnswerUnknown: a row lacks a field, or holds another kind of value.
    """
    found = [told.rows] if isinstance(told.rows, dict) else told.rows
    if found is None or found == "":
        return []
    if not isinstance(found, list):
        raise QapiAnswerUnknown(method=method, detail=f"ResultObject is a {type(found).__name__}")
    rows = []
    for position, each in enumerate(found, start=1):
        try:
            rows.append(row.model_validate(_folded(each)))
        except ValidationError as error:
            # The value itself may be a buyer's: only the field is named.
            fields = ", ".join(sorted({str(item["loc"][0]) for item in error.errors()}))
            detail = f"row {position}: {fields} missing or not as known"
            raise QapiAnswerUnknown(method=method, detail=detail) from None
    return rows


def compact(day: date | datetime) -> str:
    """Return a day as the API takes it: yyyyMMdd."""
    return f"{day:%Y%m%d}"
