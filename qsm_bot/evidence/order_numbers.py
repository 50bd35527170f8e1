"""An order number as it stands in a cell, or why it cannot be one.

A number that lost digits is another order's number. So whatever Excel may have done to it
is turned down: nothing is restored and nothing is guessed.
"""

import re
import unicodedata

from qsm_bot.evidence.sheets import Cell, Odd
from qsm_bot.words import Words

ROUND = "000"
"""How numbers end that Excel has shortened to six digits or less."""

_EXPONENT = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?E[+-]?[0-9]+", re.IGNORECASE)
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
# Tools write ="762544202" or '762544202 so that Excel keeps the digits.
_GUARDED = re.compile(r'="([^"]*)"|\'(.*)')
_EXACT = 10**15

_IS_EXPONENT = Words(
    "order number “{seen}” is in Excel's exponent form; its digits are lost",
    "注文番号「{seen}」はExcelの指数表示です（桁が失われています）",
)
_HAS_DECIMALS = Words(
    "order number “{seen}” has decimals", "注文番号「{seen}」に小数が付いています"
)
_TOO_LONG = Words(
    "order number “{seen}” has more digits than Excel can keep",
    "注文番号「{seen}」はExcelが保持できる桁数を超えています",
)
_LEADS_WITH_ZERO = Words(
    "order number “{seen}” begins with 0; the portal's do not",
    "注文番号「{seen}」が 0 で始まっています（ポータルの番号と合いません）",
)
_OTHER_LENGTH = Words(
    "order number “{seen}” has {count} digits; {low} to {high} are expected, some may be lost",
    "注文番号「{seen}」は{count}桁です（{low}〜{high}桁のはず。桁落ちの可能性）",
)
_NO_NUMBER = Words("“{seen}” is no order number", "「{seen}」は注文番号ではありません")
_NO_VALUE = Words(
    "the order number is a formula without a computed value; open the file in Excel and save it",
    "注文番号が未計算の数式です。Excel で開いて保存し直してください",
)


def unguarded(text: str) -> str:
    """Return a text with width made even, and without what protects it from Excel."""
    plain = unicodedata.normalize("NFKC", text).strip()
    guarded = _GUARDED.fullmatch(plain)
    return plain if guarded is None else (guarded[1] or guarded[2] or "").strip()


def is_exponent(text: str) -> bool:
    """Tell whether a text is a number in Excel's exponent form, as 7.62544E+08."""
    return _EXPONENT.fullmatch(text) is not None


def order_number(cell: Cell, bounds: tuple[int, int]) -> str | Words:
    """Return the order number, "" for an empty cell, or the reason why it is none.

    Args:
        cell: what stands in the cell.
        bounds: the least and the greatest number of digits.
    """
    if cell is None:
        return ""
    if cell is Odd.UNCALCULATED:
        return _NO_VALUE
    if isinstance(cell, str):
        return _of_text(unguarded(cell), bounds)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_number(cell, bounds)
    return _NO_NUMBER.filled(seen=cell)


def _of_number(number: float, bounds: tuple[int, int]) -> str | Words:
    if abs(number) >= _EXACT:
        return _TOO_LONG.filled(seen=f"{number:g}")
    if not float(number).is_integer():
        return _HAS_DECIMALS.filled(seen=number)
    if not isinstance(number, int) and str(int(number)).endswith(ROUND):
        # Excel stores a whole number with its digits; an exponent came from a text.
        return _IS_EXPONENT.filled(seen=f"{number:G}")
    return _of_text(str(int(number)), bounds)


def _of_text(text: str, bounds: tuple[int, int]) -> str | Words:
    low, high = bounds
    digits = text.isascii() and text.isdigit()
    damages = (
        (is_exponent(text), _IS_EXPONENT),
        (_DECIMAL.fullmatch(text) is not None, _HAS_DECIMALS),
        (not digits, _NO_NUMBER),
        (text.startswith("0"), _LEADS_WITH_ZERO),
        (not low <= len(text) <= high, _OTHER_LENGTH),
    )
    why = next((words for is_so, words in damages if text and is_so), None)
    if why is None:
        return text
    return why.filled(seen=text[:40], count=len(text), low=low, high=high)
