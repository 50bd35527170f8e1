"""Which column holds what: headings as Japanese tools write them, or as the settings say."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from qsm_bot.errors import ExtraColumnMissing, HeadingMissing
from qsm_bot.evidence.config import ColumnNames, TableSettings
from qsm_bot.evidence.sheets import Row, Sheet
from qsm_bot.toml import did_you_mean
from qsm_bot.words import Words

ORDER_NO = "order_no"
_LOOK_AT = 20

# A name of a tool's own number, as 伝票番号 or 受注番号, means another thing in each tool: a
# wrong column is worse than none, so those have to be named in the settings.
KNOWN: Mapping[str, tuple[str, ...]] = {
    ORDER_NO: ("注文番号", "Qoo10注文番号", "注文No", "Order No", "Order Number"),
    "tracking_no": (
        *("送り状番号", "送状番号", "送り状No", "追跡番号", "お荷物番号", "配送伝票番号"),
        *("お問い合わせ番号", "お問合せ番号", "お問合わせ番号", "問い合わせ番号", "問合せ番号"),
        *("お問い合わせ伝票番号", "お問い合わせ送り状No", "Tracking No", "Tracking Number"),
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


def even(text: object) -> str:
    """Return a heading with width, case, blanks and the marks of abbreviation made even."""
    plain = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return re.sub(r"[\s_.:-]+", "", plain).casefold()


def heading_row(sheet: Sheet, names: ColumnNames) -> tuple[int, Row] | None:
    """Return the first row, of the first 20, that holds the heading of the order numbers."""
    wanted = {even(name) for name in names.order_no or KNOWN[ORDER_NO]}
    for number, row in islice(sheet.rows(), _LOOK_AT):
        if any(even(cell) in wanted for cell in row):
            return number, row
    return None


def missing(sheet: Sheet, names: ColumnNames) -> HeadingMissing:
    """Return the error that the order numbers have no heading, with the nearest word."""
    wanted = (names.order_no or list(KNOWN[ORDER_NO]))[0]
    cells = [str(cell) for _, row in islice(sheet.rows(), _LOOK_AT) for cell in row if cell]
    detail = _NONE.filled(wanted=wanted, rows=_LOOK_AT, hint=did_you_mean(wanted, cells))
    return HeadingMissing(place=sheet.at().words, detail=detail, key=ORDER_NO)


def layout_of(sheet: Sheet, number: int, row: Row, settings: TableSettings) -> Layout:
    """Find the columns of the settings, or those with known headings.

    Raises:
        HeadingMissing: a heading of the settings is not there, several fit one key, or none
            but the order number is known. ExtraColumnMissing: one of `extra_columns`.
    """
    columns = _Columns(sheet, number, row)
    found = dict(columns.found(settings.columns))
    extra = {name: columns.beside(name) for name in settings.extra_columns}
    facts = {key: index for key, index in found.items() if key != ORDER_NO}
    if not facts and not extra:
        raise columns.error(
            _NO_FACT, "tracking_no", headings=" ".join(filter(None, columns.headings))
        )
    return Layout(
        row=number, order=found[ORDER_NO], facts=facts, extra=extra, headings=columns.headings
    )


class _Columns:
    """The headings of one sheet."""

    def __init__(self, sheet: Sheet, number: int, row: Row) -> None:
        self._place = sheet.at(number).words
        self.headings = tuple("" if cell is None else " ".join(str(cell).split()) for cell in row)
        self._even = [even(cell) for cell in row]

    def found(self, names: ColumnNames) -> Iterator[tuple[str, int]]:
        for key, known in KNOWN.items():
            given = getattr(names, key)
            if given is not None or self._indexes(known):
                yield key, self.at(key, given or known)

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
