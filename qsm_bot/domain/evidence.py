"""The seller's own facts about one order, each with the place it was read from.

What a buyer is called, where he lives and how he is reached is no fact here:
sources read the columns that are asked for and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from qsm_bot.base.words import Words
from qsm_bot.domain.request import canonical_json, sha256

T = TypeVar("T")


class FactName(StrEnum):
    """The facts that the program understands; a shop's further columns go by their own names."""

    TRACKING_NO = "tracking_no"
    CARRIER = "carrier"
    SHIPPING_STATUS = "shipping_status"
    SHIPPED_ON = "shipped_on"
    PACKED_ON = "packed_on"
    PACKED_AT = "packed_at"
    MADE_TO_ORDER = "made_to_order"
    ITEM_MARK = "item_mark"


FACT_WORDS: Mapping[FactName, Words] = {
    FactName.TRACKING_NO: Words("tracking number", "送り状番号"),
    FactName.CARRIER: Words("carrier", "配送会社"),
    FactName.SHIPPING_STATUS: Words("shipping status", "発送状態"),
    FactName.SHIPPED_ON: Words("shipped on", "発送日"),
    FactName.PACKED_ON: Words("packed on", "梱包日"),
    FactName.PACKED_AT: Words("packed at", "梱包日時"),
    FactName.MADE_TO_ORDER: Words("made to order", "注文制作"),
    FactName.ITEM_MARK: Words("item mark", "商品マーク"),
}

# An order of several items may bear several marks; of all else there is one.
_ALL = tuple(FactName)
_MAY_BE_SEVERAL = (FactName.ITEM_MARK,)

_PLACE = Words("{file}{sheet} row {row}", "{file}{sheet} {row}行目")
_SHEET = Words(" “{sheet}”", "「{sheet}」")
_AND_PLACE = Words("“{value}” ({place})", "「{value}」（{place}）")
_DIFFER = Words("{fact}: the sources differ: {values}", "{fact}が食い違います: {values}")
_YES_NO = {True: Words("yes", "はい"), False: Words("no", "いいえ")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a fact stands.

    `file` is the file's name without its folder, or the name of a service; `row` is
    the row as Excel counts it, from 1.
    """

    file: str
    sheet: str = ""
    row: int | None = None

    @property
    def words(self) -> Words:
        """The place for people: 出荷データ.xlsx「出荷」 12行目."""
        sheet = _SHEET.filled(sheet=self.sheet) if self.sheet else ""
        if self.row is None:
            return Words("{file}{sheet}", "{file}{sheet}").filled(file=self.file, sheet=sheet)
        return _PLACE.filled(file=self.file, sheet=sheet, row=self.row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact(Generic[T]):
    """One value as one source has it."""

    value: T
    source: Source

    @property
    def words(self) -> Words:
        """The value and its place, for a plan's reasons."""
        return _AND_PLACE.filled(value=shown(self.value), place=self.source.words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known(Generic[T]):
    """What all sources together say of one thing: nothing, one value, or several."""

    facts: tuple[Fact[T], ...] = ()

    @property
    def values(self) -> tuple[T, ...]:
        """The different values, in the order of the sources."""
        return tuple(dict.fromkeys(fact.value for fact in self.facts))

    @property
    def value(self) -> T | None:
        """The one value that all agree on; None if nothing is known, or not for certain."""
        values = self.values
        return values[0] if len(values) == 1 else None

    @property
    def differs(self) -> bool:
        """Whether sources contradict each other."""
        return len(self.values) > 1

    @property
    def words(self) -> tuple[Words, ...]:
        """Each value with its place."""
        return tuple(fact.words for fact in self.facts)


_TEXTS: Known[str] = Known()
_DAYS: Known[date] = Known()
_MOMENTS: Known[datetime] = Known()
_FLAGS: Known[bool] = Known()


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The seller's own facts about one order.

    Days and moments are JST. `packed_on` is known whenever `packed_at` is; the other way
    round it is not, where a source gives the day only. `columns` holds the further columns
    that the settings name. `problems` says what could not be read and might speak about
    this order: while there is one, the absence of a fact means nothing.
    """

    tracking_no: Known[str] = _TEXTS
    carrier: Known[str] = _TEXTS
    shipping_status: Known[str] = _TEXTS
    shipped_on: Known[date] = _DAYS
    packed_on: Known[date] = _DAYS
    packed_at: Known[datetime] = _MOMENTS
    made_to_order: Known[bool] = _FLAGS
    item_mark: Known[str] = _TEXTS
    columns: Mapping[str, Known[str]] = field(default_factory=dict)
    problems: tuple[Words, ...] = ()

    def known(self, name: FactName | str) -> Known[Any]:
        """Return what is known of a fact, or of a further column by its heading."""
        if isinstance(name, FactName):
            known: Known[Any] = getattr(self, name.value)
            return known
        return self.columns.get(name, _TEXTS)

    @property
    def names(self) -> tuple[FactName | str, ...]:
        """The facts and further columns of which something is known."""
        return tuple(name for name in (*_ALL, *self.columns) if self.known(name).facts)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The places that say anything."""
        known = (self.known(name) for name in self.names)
        return tuple(dict.fromkeys(fact.source for each in known for fact in each.facts))

    @property
    def parcels(self) -> tuple[tuple[Fact[str], str | None], ...]:
        """Each tracking number, with the carrier that its own row names, else the only one."""
        if not self.tracking_no.facts:
            return ()
        of_row = {fact.source: fact.value for fact in self.carrier.facts}
        return tuple(
            (fact, of_row.get(fact.source, self.carrier.value)) for fact in self.tracking_no.facts
        )

    def contradictions(self, *names: FactName | str) -> tuple[Words, ...]:
        """Say where sources contradict each other: about these facts, or without names, any."""
        return tuple(
            _DIFFER.filled(fact=fact_words(name), values=_joined(self.known(name).words))
            for name in names or (*_ALL, *self.columns)
            if len(self.known(name).facts) > 1 and self._differs(name)
        )

    def _differs(self, name: FactName | str) -> bool:
        known = self.known(name)
        if name is not FactName.TRACKING_NO:
            return known.differs and name not in _MAY_BE_SEVERAL
        # Several numbers of one source are several parcels; of two, each must know the other's.
        by_source: dict[tuple[str, str], set[Any]] = {}
        for fact in known.facts:
            by_source.setdefault((fact.source.file, fact.source.sheet), set()).add(fact.value)
        most = max(by_source.values(), key=len, default=set())
        return any(not numbers <= most for numbers in by_source.values())

    def doubts(self, *names: FactName | str) -> tuple[Words, ...]:
        """Say why a rule on these facts must ask a person: contradictions, then problems."""
        return self.contradictions(*names) + self.problems

    def digest_of(self, *names: FactName | str) -> str:
        """Return a SHA-256 over what is said of these facts, wherever it stands; "" of none."""
        said = {str(name): sorted(map(str, self.known(name).values)) for name in names}
        return sha256(canonical_json(said)) if said else ""

    def merged(self, other: "Evidence") -> "Evidence":
        """Return the facts of both, each with its source; contradictions stay visible."""
        columns = dict.fromkeys((*self.columns, *other.columns))
        facts = {name.value: _both(self.known(name), other.known(name)) for name in FactName}
        return Evidence(
            **facts,
            columns={name: _both(self.known(name), other.known(name)) for name in columns},
            problems=tuple(dict.fromkeys(self.problems + other.problems)),
        )


NO_EVIDENCE = Evidence()


def fact_words(name: FactName | str) -> Words:
    """Return what a fact is called; a further column goes by its heading."""
    return FACT_WORDS[name] if isinstance(name, FactName) else Words(name, name)


def shown(value: object) -> Words | str:
    """Return a fact's value for people; moments to the minute, JST."""
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _both(one: Known[T], two: Known[T]) -> Known[T]:
    if not (one.facts and two.facts):
        return one if one.facts else two
    return Known(facts=tuple(dict.fromkeys(one.facts + two.facts)))


def _joined(words: tuple[Words, ...]) -> Words:
    return Words(", ".join(each.en for each in words), "、".join(each.ja for each in words))
