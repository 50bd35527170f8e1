"""What a rule may ask: of the request, of the hour, and of the shop's own facts."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic import model_validator as checked

from qsm_bot.base.words import ModelObjection, Words
from qsm_bot.domain.evidence import FactName

Text = Annotated[str, StringConstraints(min_length=1)]


def _one_pattern(given: str) -> str:
    if any(mark in given for mark in _BETWEEN):
        raise ModelObjection(_SEVERAL_IN_ONE.filled(pattern=given))
    return given


Pattern = Annotated[Text, AfterValidator(_one_pattern)]
Patterns = Annotated[list[Pattern], Field(min_length=1)]
Days = Annotated[int, Field(ge=0)]
Yen = Annotated[int, Field(ge=0)]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS_JA = "月火水木金土日"

_BETWEEN = ",、，;；"
_SEVERAL_IN_ONE = Words(
    "“{pattern}” is one pattern with a comma in it; write one pattern each, "
    'as ["*a*", "*b*"] or on lines of their own in Excel (* stands for a comma in a name)',
    "「{pattern}」は区切りを含む1つのパターンになります。"
    '["*a*", "*b*"]（Excel では1行に1つ）のように分けてください'
    "（名前にカンマが入る場合は * で表せます）",
)
_NOT_INSIDE = Words(
    "{name}: “{pattern}” leaves out only what is exactly that; write “*{pattern}*”",
    "{name}: 「{pattern}」は完全に同じものだけを除外します。"
    "含むものを除くには「*{pattern}*」としてください",
)
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_NO_HOUR = Words('a time such as "09:00" is expected', '"09:00" のような時刻が必要です')
_NOTHING_LEFT = Words("{low} is above {high}: no order fits", "{low} が {high} を超えています")
_BOTH = Words("false beside an age: no order fits", "false と日数の条件は両立しません")
_EMPTY_EVIDENCE = Words("it asks for nothing", "条件がありません")


class Strict(BaseModel):
    """A table whose keys are all known and whose values have exactly their type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _weekday(given: object) -> object:
    is_ja = isinstance(given, str) and len(given) == 1 and given in WEEKDAYS_JA
    return WEEKDAYS[WEEKDAYS_JA.index(str(given))] if is_ja else given


def _clock(given: object) -> object:
    return f"{given:%H:%M}" if isinstance(given, time) else given


Weekday = Annotated[
    Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], BeforeValidator(_weekday)
]


def _clock_time(given: str) -> str:
    if not _HOUR.fullmatch(given):
        raise ModelObjection(_NO_HOUR)
    return given


ClockTime = Annotated[str, BeforeValidator(_clock), AfterValidator(_clock_time)]


def says_something(patterns: list[str] | None) -> bool:
    """Whether there are patterns, and none of them fits everything."""
    return bool(patterns) and all(each.strip(" 　*＊") for each in patterns or ())


def _raise_if_reversed(table: BaseModel, *pairs: tuple[str, str]) -> None:
    for low, high in pairs:
        first, last = getattr(table, low), getattr(table, high)
        if first is not None and last is not None and first > last:
            raise ModelObjection(_NOTHING_LEFT.filled(low=low, high=high))


class Conditions(Strict):
    """What a request must look like, and when; all that are given must hold.

    A list holds if any of its patterns fits the whole field, a list `not_…` if none does;
    `*` stands for any text. Days count from the request's date to today, weekday and hour
    are those of the plan (JST), both ends included; amounts are yen.
    """

    buyer_reason: Patterns | None = None
    item_code: Patterns | None = None
    item_name: Patterns | None = None
    option: Patterns | None = None
    status: Patterns | None = None
    not_buyer_reason: Patterns | None = None
    not_item_code: Patterns | None = None
    not_item_name: Patterns | None = None
    not_option: Patterns | None = None
    requested_from: date | None = None
    requested_until: date | None = None
    ordered_from: date | None = None
    ordered_until: date | None = None
    min_age_days: Days | None = None
    max_age_days: Days | None = None
    min_amount: Yen | None = None
    max_amount: Yen | None = None
    weekday: Annotated[list[Weekday], Field(min_length=1)] | None = None
    time_from: ClockTime | None = None
    time_until: ClockTime | None = None

    @checked(mode="after")
    def _can_hold(self) -> "Conditions":
        _raise_if_reversed(
            self,
            ("requested_from", "requested_until"),
            ("ordered_from", "ordered_until"),
            ("min_age_days", "max_age_days"),
            ("min_amount", "max_amount"),
            ("time_from", "time_until"),
        )
        for name in ("not_buyer_reason", "not_item_name", "not_option"):
            for pattern in getattr(self, name) or ():
                if not set("*＊") & set(pattern):
                    raise ModelObjection(_NOT_INSIDE.filled(name=name, pattern=pattern))
        return self

    @property
    def names_items(self) -> bool:
        """Whether it says which items are meant, by code, name or option."""
        return any(map(says_something, (self.item_code, self.item_name, self.option)))


class EvidenceConditions(Strict):
    """What the shop's own facts must say; all that are given must hold.

    `tracking_no` asks for a number that can be one of the order's carrier, which must be
    known, too. `false` asks that nothing of the kind is known, or that the data say no.
    Days count from the day of the fact to today, hours from the moment of packing
    (JST). `columns` are further columns by their heading.
    """

    tracking_no: bool | None = None
    carrier: Patterns | None = None
    shipping_status: Patterns | None = None
    shipped: bool | None = None
    min_shipped_days: Days | None = None
    max_shipped_days: Days | None = None
    packed: bool | None = None
    min_packed_days: Days | None = None
    max_packed_days: Days | None = None
    max_packed_hours: Annotated[int, Field(ge=1)] | None = None
    made_to_order: bool | None = None
    item_mark: Patterns | None = None
    columns: Mapping[Text, Patterns] | None = None

    @checked(mode="after")
    def _can_hold(self) -> "EvidenceConditions":
        if not self.model_fields_set:
            raise ModelObjection(_EMPTY_EVIDENCE)
        _raise_if_reversed(
            self,
            ("min_shipped_days", "max_shipped_days"),
            ("min_packed_days", "max_packed_days"),
        )
        if (self.packed is False and self.asks_packing) or (
            self.shipped is False and self.asks_shipping_day
        ):
            raise ModelObjection(_BOTH)
        return self

    @property
    def asks_packing(self) -> bool:
        """Whether a packing record is asked for."""
        ages = (self.min_packed_days, self.max_packed_days, self.max_packed_hours)
        return bool(self.packed) or any(age is not None for age in ages)

    @property
    def asks_shipping_day(self) -> bool:
        """Whether the day of shipping is asked for."""
        ages = (self.min_shipped_days, self.max_shipped_days)
        return bool(self.shipped) or any(age is not None for age in ages)

    @property
    def uses(self) -> tuple[FactName | str, ...]:
        """The facts that are looked at; a contradiction among them goes to a person."""
        asked: dict[FactName, Any] = {
            FactName.TRACKING_NO: self.tracking_no is not None,
            FactName.CARRIER: self.carrier or self.tracking_no,
            FactName.SHIPPING_STATUS: self.shipping_status,
            FactName.SHIPPED_ON: self.asks_shipping_day or self.shipped is False,
            FactName.PACKED_ON: self.asks_packing or self.packed is False,
            FactName.PACKED_AT: self.max_packed_hours,
            FactName.MADE_TO_ORDER: self.made_to_order is not None,
            FactName.ITEM_MARK: self.item_mark,
        }
        return (*(name for name, wanted in asked.items() if wanted), *(self.columns or ()))
