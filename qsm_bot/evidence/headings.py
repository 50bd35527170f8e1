"""Which column holds what: headings as Japanese tools write them, or as the settings say."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from qsm_bot.base.errors.evidence import ExtraColumnMissing, HeadingMissing
from qsm_bot.base.plain_text import visible
from qsm_bot.base.toml import did_you_mean
from qsm_bot.base.words import Words, some_of
from qsm_bot.domain.evidence import FactName, fact_words
from qsm_bot.evidence.config import ColumnNames, TableSettings
from qsm_bot.evidence.sheets import Row, Sheet

ORDER_NO = "order_no"
_LOOK_AT = 20

# A tool's own number, as 伝票番号, means another thing in each tool: a wrong column is worse
# than none, so those have to be named in the settings. 受注番号 is the order's where no column
# is called 注文番号; what it holds is checked like any order number.
KNOWN: Mapping[str, tuple[str, ...]] = {
    ORDER_NO: ("注文番号", "Qoo10注文番号", "注文No", "Order No", "Order Number"),
    "tracking_no": (
        *("送り状番号", "送状番号", "送り状No", "追跡番号", "お荷物番号", "配送伝票番号"),
        *("お問い合わせ番号", "お問合せ番号", "お問合わせ番号", "問い合わせ番号", "問合せ番号"),
        *("お問い合わせ伝票番号", "お問い合わせ送り状No", "Tracking No", "Tracking Number"),
        *("お問い合せ送り状No", "お問い合せ番号", "お問い合わせNo", "お問い合せNo"),
        *("お荷物伝票番号", "発送伝票番号", "出荷伝票番号", "送り状伝票番号", "荷物伝票番号"),
        *("配送番号", "お問い合わせ送り状番号", "お問合せ送り状番号", "お問合せ伝票番号"),
    ),
    "carrier": ("配送会社", "運送会社", "配送業者", "運送業者", "配送会社名", "Carrier"),
    "shipping_status": (
        *("配送状態", "発送状態", "出荷状態", "発送ステータス", "出荷ステータス"),
        *("配送ステータス", "Shipping Status"),
    ),
    "shipped_on": ("発送日", "出荷日", "発送完了日", "出荷完了日", "発送日時", "出荷日時"),
    "packed_at": ("梱包日時", "梱包日", "梱包完了日時", "梱包完了日", "梱包完了日付", "Packed At"),
    "made_to_order": ("受注生産", "注文制作", "注文制作商品", "受注制作", "オーダーメイド"),
    "item_mark": ("商品マーク", "商品区分", "Item Mark"),
}

_SECOND = {ORDER_NO: ("受注番号", "受注No", "モール注文番号", "モール受注番号", "店舗受注番号")}
"""Names that count where no column bears one of the first."""

# Too vague to be taken for it unasked: the settings may name them.
_PERHAPS = {"carrier": ("配送方法", "発送方法", "配送便", "配送サービス")}

_FACTS = {name.value: name for name in FactName}
_ORDER = Words("order number", "注文番号")
_TAKEN = Words("{heading} → {key}", "{heading} → {key}")
_UNUSED = Words("{heading} → not read{hint}", "{heading} → 使っていません{hint}")
_FILTER = Words("{heading} → which rows count", "{heading} → 使う行の絞り込み")
_OTHERS = Words("not read: {headings}", "使っていない列: {headings}")
_RESEMBLES = Words(
    ' (the {fact}? columns = {{ {key} = "{heading}" }})',
    '（{fact}のことですか？ columns = {{ {key} = "{heading}" }}）',
)
_NO_HEADINGS: tuple[int, Row] = (0, ())
_NONE = Words(
    "no heading “{wanted}” in the first {rows} rows{hint}",
    "先頭の{rows}行に見出し「{wanted}」がありません{hint}",
)
_GONE = Words("no heading “{wanted}”{hint}", "見出し「{wanted}」がありません{hint}")
_SEVERAL = Words(
    "several columns could be meant: {headings}",
    "該当する列が複数あります: {headings}",
)
_NO_FACT = Words(
    "neither this nor any other known fact has a column; the headings are: {headings}",
    "この列も、ほかに利用できる列もありません。見出し: {headings}",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Where things stand in a sheet: columns from 0, the row of the headings from 1.

    `facts` goes by the settings' keys, `extra` by heading; `headings` are the cells as written.
    """

    row: int
    order: int
    facts: Mapping[str, int]
    extra: Mapping[str, int]
    headings: tuple[str, ...]
    only: Mapping[int, Sequence[str]]

    @property
    def used(self) -> tuple[Words, ...]:
        """What each column is taken for; of one that is not read, what it resembles."""
        names = {self.order: ORDER_NO, **{at: key for key, at in self.facts.items()}}
        names |= {at: heading for heading, at in self.extra.items()}
        lines, others = [], []
        for at, heading in enumerate(self.headings):
            if at in names:
                lines.append(_TAKEN.filled(heading=heading, key=column_words(names[at])))
            elif at in self.only:
                lines.append(_FILTER.filled(heading=heading))
            elif hint := _resembled(heading):
                lines.append(_UNUSED.filled(heading=heading, hint=hint))
            elif heading:
                others.append(heading)
        rest = (_OTHERS.filled(headings=some_of(others)),) if others else ()
        return (*lines, *rest)


def column_words(key: str) -> Words:
    """Return what a column is taken for, in people's words."""
    return _ORDER if key == ORDER_NO else fact_words(_FACTS.get(key, key))


def _resembled(heading: str) -> Words | None:
    plain = even(heading)
    for key, known in KNOWN.items():
        names = [even(name) for name in (*known, *_PERHAPS.get(key, ()))]
        near = difflib.get_close_matches(plain, names, n=1, cutoff=0.75)
        if near or any(name in plain for name in names):
            return _RESEMBLES.filled(key=key, fact=column_words(key), heading=heading)
    return None


def even(text: object) -> str:
    """Return a heading with width, case, blanks and the marks of abbreviation made even."""
    plain = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return re.sub(r"[\s_.:-]+", "", plain).casefold()


def heading_row(sheet: Sheet, names: ColumnNames) -> tuple[int, Row] | None:
    """Return the first row, of the first 20, that holds the heading of the order numbers."""
    if names.places:
        return _NO_HEADINGS
    given = names.order_no if isinstance(names.order_no, list) else None
    for each in (given,) if given else (KNOWN[ORDER_NO], _SECOND[ORDER_NO]):
        wanted = {even(name) for name in each}
        for number, row in islice(sheet.rows(), _LOOK_AT):
            if any(even(cell) in wanted for cell in row):
                return number, row
    return None


def missing(sheet: Sheet, names: ColumnNames) -> HeadingMissing:
    """Return the error that the order numbers have no heading, with the nearest word."""
    given = names.order_no if isinstance(names.order_no, list) else KNOWN[ORDER_NO]
    wanted = given[0]
    cells = [str(cell) for _, row in islice(sheet.rows(), _LOOK_AT) for cell in row if cell]
    detail = _NONE.filled(wanted=wanted, rows=_LOOK_AT, hint=did_you_mean(wanted, cells))
    return HeadingMissing(place=sheet.at().words, detail=detail, key=ORDER_NO)


def layout_of(sheet: Sheet, number: int, row: Row, settings: TableSettings) -> Layout:
    """Find the columns of the settings, or those with known headings.

    Raises:
        HeadingMissing: a heading of the settings is not there, several fit one key, or none
            but the order number is known. ExtraColumnMissing: one of `extra_columns`.
    """
    if settings.columns.places:
        return _by_place(settings)
    columns = _Columns(sheet, number, row)
    found = dict(columns.found(settings.columns))
    extra = {name: columns.beside(name) for name in settings.extra_columns}
    facts = {key: index for key, index in found.items() if key != ORDER_NO}
    if not facts and not extra:
        raise columns.error(
            _NO_FACT, "tracking_no", headings=" ".join(filter(None, columns.headings))
        )
    only = {columns.beside(name): patterns for name, patterns in settings.only.items()}
    return Layout(
        row=number,
        order=found[ORDER_NO],
        facts=facts,
        extra=extra,
        headings=columns.headings,
        only=only,
    )


def _by_place(settings: TableSettings) -> Layout:
    """Return the layout of a file without headings, as the settings give it."""
    places = settings.columns.places
    return Layout(
        row=0,
        order=places[ORDER_NO],
        facts={key: index for key, index in places.items() if key != ORDER_NO},
        extra={},
        headings=(),
        only={},
    )


class _Columns:
    """The headings of one sheet."""

    def __init__(self, sheet: Sheet, number: int, row: Row) -> None:
        self._place = sheet.at(number).words
        self.headings = tuple(
            "" if cell is None else " ".join(visible(str(cell)).split()) for cell in row
        )
        self._even = [even(cell) for cell in row]

    def found(self, names: ColumnNames) -> Iterator[tuple[str, int]]:
        for key, known in KNOWN.items():
            given = getattr(names, key)
            first = known if self._indexes(known) else _SECOND.get(key, ())
            if given is not None or self._indexes(first):
                yield key, self.at(key, given or first)

    def at(self, key: str, wanted: Sequence[str]) -> int:
        found = self._only(wanted)
        if isinstance(found, Words):
            raise HeadingMissing(place=self._place, detail=found, key=key)
        return found

    def beside(self, name: str) -> int:
        found = self._only([name])
        if isinstance(found, Words):
            raise ExtraColumnMissing(place=self._place, detail=found)
        return found

    def error(self, words: Words, key: str, **facts: object) -> HeadingMissing:
        return HeadingMissing(place=self._place, detail=words.filled(**facts), key=key)

    def _only(self, wanted: Sequence[str]) -> int | Words:
        indexes = self._indexes(wanted)
        if not indexes:
            hint = did_you_mean(wanted[0], filter(None, self.headings))
            return _GONE.filled(wanted=wanted[0], hint=hint)
        if len(indexes) > 1:
            named = " ".join(self.headings[index] for index in indexes)
            return _SEVERAL.filled(headings=named)
        return indexes[0]

    def _indexes(self, wanted: Sequence[str]) -> list[int]:
        names = {even(name) for name in wanted}
        return [index for index, each in enumerate(self._even) if each in names]
