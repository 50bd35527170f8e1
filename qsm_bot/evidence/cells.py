"""What a cell says: a day, a moment, a yes or no, a number of a carrier.

A cell that is empty, or holds what tools write for empty, says nothing. One that cannot
be understood is `Unclear`: its order goes to a person. Times without a zone are JST.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from qsm_bot.base.clock import JST
from qsm_bot.base.plain_text import visible
from qsm_bot.base.words import Words, same
from qsm_bot.domain.carriers import carrier_name, tracking_number
from qsm_bot.domain.evidence import FactName
from qsm_bot.evidence.order_numbers import ROUND, is_exponent, unguarded
from qsm_bot.evidence.sheets import Cell, Odd

_EMPTY = re.compile(r"|[-‐–—―ー]+|0000[-/.]?00[-/.]?00( 00:00(:00)?)?")  # typed for none
_EXCEL_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{8})")
_WEEKDAY = re.compile(r"\([日月火水木金土]\)")
_CLOCK = re.compile(
    r"([T\s]*)(\d{1,2})[:時](\d{2})(?:[:分](\d{2})?(?:\.\d+)?秒?)?(\s?(?:Z|[+-]\d{2}:?\d{2}))?"
)
_WINDOW = re.compile(r"(\d{1,2})([:時](\d{2})?分?)?[-~〜～–ー](\d{1,2}).*|\d{1,2}時?(以降|まで|頃)")
_SEVERAL = re.compile(r"[\n、,;|/・]+")
_WHOLE = re.compile(r"[0-9A-Z]{10,}")
_EXACT = 10**15
_TOTAL = re.compile(r"(?:総|小|合)?計(?:[ :0-9].*)?$|total\b|[※*＊]|以上$|備考", re.IGNORECASE)

_YES = (
    *(
        "1",
        "true",
        "yes",
        "y",
        "はい",
        "有",
        "有り",
        "あり",
        "○",
        "〇",
        "◯",
        "●",
        "◎",
        "✓",
        "✔",
        "レ",
    ),
    *("受注生産", "受注制作", "注文制作", "注文制作商品", "オーダーメイド", "対象"),
)
_NO = ("0", "false", "no", "n", "いいえ", "無", "無し", "なし", "×", "✕", "✗", "x", "対象外")

_NO_DAY = Words(
    "“{seen}” is no date with a year, as 2026-11-23",
    "「{seen}」は年を含む日付ではありません（例: 2026-11-23）",
)
_NO_FLAG = Words("“{seen}” is neither yes nor no", "「{seen}」が「はい」か「いいえ」か分かりません")
_IN_EXPONENT = Words(
    "“{seen}” is in Excel's exponent form; its digits are lost",
    "「{seen}」はExcelの指数表示です（桁が失われています）",
)
_IN_ERROR = Words("the cell shows “{seen}”", "セルが「{seen}」を表示しています")
_NO_VALUE = Words(
    "a formula without a computed value; open the file in Excel and save it",
    "未計算の数式です。Excel で開いて保存し直してください",
)
_IS_WINDOW = Words(
    "“{seen}” is a time window, as for a delivery: not when something was done",
    "「{seen}」は時間帯の指定です（お届け希望の列ではありませんか）。いつ行ったかが分かりません",
)
_FUTURE = Words("“{seen}” is in the future", "「{seen}」は未来の日時です")


class Unclear(Exception):
    """A cell cannot be understood; `why` says so in the seller's words."""

    def __init__(self, why: Words) -> None:
        self.why = why
        super().__init__(why.en)


Found = Mapping[FactName, tuple[Any, ...]]


def text_of(cell: Cell) -> str:
    """Return a cell as text, without what protects it from Excel; "" if it says nothing.

    Raises:
        Unclear: it shows one of Excel's errors, or a formula that was never computed.
    """
    if cell is Odd.UNCALCULATED:
        raise Unclear(_NO_VALUE)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if type(cell) is str and cell.isdigit() and cell.isascii():
        return cell
    text = visible(unguarded("" if cell is None else str(cell)))
    if _EXCEL_ERRORS.fullmatch(text):
        raise Unclear(_IN_ERROR.filled(seen=text))
    return "" if _EMPTY.fullmatch(text) else text


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing; a box that is not ticked is filled in by tools."""
    return cell is None or cell is False or (isinstance(cell, str) and not cell.strip())


def is_total(row: Iterable[Cell]) -> bool:
    """Tell whether a row sums up the others, or is a remark below them."""
    return any(isinstance(cell, str) and _TOTAL.match(same(cell)) for cell in row)


def facts_in(key: str, cell: Cell, now: datetime) -> Found:
    """Return the facts that a cell under this key of the settings holds.

    Args:
        key: as `packed_at`; it gives the day, and the moment if there is a time.
        cell: what stands in the cell.
        now: a day or moment after this cannot have happened.

    Raises:
        Unclear: it cannot be understood.
    """
    text = text_of(cell)
    return _READERS[key](cell, text, now) if text else {}


def _tracking_no(cell: Cell, text: str, _: datetime) -> Found:
    # A whole number is stored with its digits; a float that ends in zeros had an exponent.
    shortened = isinstance(cell, float) and text.endswith(ROUND)
    too_long = isinstance(cell, int | float) and abs(cell) >= _EXACT
    if is_exponent(text) or shortened or too_long:
        raise Unclear(_IN_EXPONENT.filled(seen=text))
    return {FactName.TRACKING_NO: tuple(dict.fromkeys(_numbers(text)))}


def _numbers(text: str) -> Iterator[str]:
    """Yield the numbers of a cell: 複数口 stand side by side in one."""
    for part in _SEVERAL.split(text):
        pieces = part.split()
        # A blank inside a number is written by some tools; two whole numbers are two parcels.
        whole = len(pieces) > 1 and all(_WHOLE.fullmatch(tracking_number(each)) for each in pieces)
        yield from map(tracking_number, pieces if whole else filter(None, [part.strip()]))


def _carrier(_cell: Cell, text: str, _: datetime) -> Found:
    return {FactName.CARRIER: (carrier_name(text),)}


def _status(_cell: Cell, text: str, _: datetime) -> Found:
    return {FactName.SHIPPING_STATUS: (same(text),)}


def _shipped_on(cell: Cell, text: str, now: datetime) -> Found:
    day, _ = _moment(cell, text, now)
    return {FactName.SHIPPED_ON: (day,)}


def _packed_at(cell: Cell, text: str, now: datetime) -> Found:
    day, at = _moment(cell, text, now)
    found: Found = {FactName.PACKED_ON: (day,)}
    return found if at is None else {**found, FactName.PACKED_AT: (at,)}


def _made_to_order(_cell: Cell, text: str, _: datetime) -> Found:
    word = same(text).casefold()
    if word not in _YES + _NO:
        raise Unclear(_NO_FLAG.filled(seen=text))
    return {FactName.MADE_TO_ORDER: (word in _YES,)}


def _item_mark(_cell: Cell, text: str, _: datetime) -> Found:
    marks = (same(part) for part in _SEVERAL.split(text))
    return {FactName.ITEM_MARK: tuple(mark for mark in marks if mark)}


_READERS: Mapping[str, Callable[[Cell, str, datetime], Found]] = {
    "tracking_no": _tracking_no,
    "carrier": _carrier,
    "shipping_status": _status,
    "shipped_on": _shipped_on,
    "packed_at": _packed_at,
    "made_to_order": _made_to_order,
    "item_mark": _item_mark,
}


def _moment(cell: Cell, text: str, now: datetime) -> tuple[date, datetime | None]:
    """Return the day and, if the cell has one, the moment; midnight is how tools write no time."""
    at = _written(cell, text)
    if at is None:
        raise Unclear(_NO_DAY.filled(seen=text))
    has_time = at.timetz().replace(tzinfo=None) != time(0)
    if at > now or at.date() > now.astimezone(JST).date():
        raise Unclear(_FUTURE.filled(seen=text))
    return at.date(), at if has_time else None


def _written(cell: Cell, text: str) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=JST)
    if isinstance(cell, date):
        return datetime.combine(cell, time(0), JST)
    plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text)).strip()
    day = _DAY.match(plain)
    if day is None:
        return None
    rest = plain[day.end() :]
    clock = _CLOCK.fullmatch(rest)
    # 09:00-12:00 is a window: a zone west of Greenwich is believed in its full form only.
    west = clock is not None and "-" in (clock[5] or "") and not (clock[1] == "T" and clock[4])
    if west or _WINDOW.fullmatch(rest.strip()):
        raise Unclear(_IS_WINDOW.filled(seen=text))
    if rest.strip() and clock is None:
        return None
    digits = day[8] or "{:0>4}{:0>2}{:0>2}".format(*filter(str.isdigit, filter(None, day.groups())))
    zone = (clock[5] or "").strip() if clock else ""
    clocked = f"{clock[2]:0>2}{clock[3]}{clock[4] or '00'}" if clock else "000000"
    try:
        at = datetime.fromisoformat(f"{digits}T{clocked}{zone}")
    except ValueError:
        return None
    return at.astimezone(JST) if zone else at.replace(tzinfo=JST)
