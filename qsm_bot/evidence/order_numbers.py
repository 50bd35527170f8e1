"""An order number as it stands in a cell, or why it cannot be one.

A number that lost digits is another order's number. So whatever Excel may have done to it
is turned down: nothing is restored and nothing is guessed.
"""

import re
import unicodedata

from qsm_bot.base.words import Words
from qsm_bot.evidence.sheets import Cell, Odd

ROUND = "000"
"""How numbers end that Excel has shortened to six digits or less."""

_EXPONENT = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?E[+-]?[0-9]+", re.IGNORECASE)
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
# Tools write ="762544202" or '762544202 so that Excel keeps the digits.
_GUARDED = re.compile(r'="([^"]*)"|\'(.*)')
_EXACT = 10**15
_RUN = re.compile(r"[0-9]+")
_BETWEEN = re.compile(r"[\s,、，;|/・]+")
# 楽天, Amazon, Yahoo! and shops of one's own write their numbers in these forms.
_OTHER_MALLS = re.compile(
    r"[0-9]{4,7}-[0-9]{8}-[0-9]{4,12}|[0-9]{3}-[0-9]{7}-[0-9]{7}|[a-z][a-z0-9-]*-[0-9]{6,12}"
    r"|#[0-9]+",
    re.IGNORECASE,
)

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
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    if not plain.startswith(("=", "'")):
        return plain
    guarded = _GUARDED.fullmatch(plain)
    return plain if guarded is None else (guarded[1] or guarded[2] or "").strip()


def is_exponent(text: str) -> bool:
    """Tell whether a text is a number in Excel's exponent form, as 7.62544E+08."""
    return _EXPONENT.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Tell whether a text is a number and nothing else, whole or damaged, or Excel's error."""
    plain = unguarded(text)
    if (plain.startswith("#") and plain[1:2].isalpha()) or plain.replace("-", "").isdigit():
        return True
    return is_exponent(plain) or bool(_DECIMAL.fullmatch(plain)) or plain.isdigit()


def is_of_other(cell: Cell, bounds: tuple[int, int]) -> bool:
    """Tell whether a cell names no order of this portal at all: another mall's, or a note.

    What Excel does to a number makes another number of it, or a damaged one: no text. So a text
    in which no order number could stand is nothing to be afraid of.
    """
    if not isinstance(cell, str):
        return False
    text = unguarded(cell)
    if _OTHER_MALLS.fullmatch(text):
        return True
    return bool(text) and not is_number(text) and not order_numbers_in(text, bounds)


def order_numbers_in(text: str, bounds: tuple[int, int]) -> tuple[str, ...]:
    """Return the runs of digits in a text that could be order numbers."""
    low, high = bounds
    return tuple(run for run in _RUN.findall(unguarded(text)) if low <= len(run) <= high)


def several(cell: Cell, bounds: tuple[int, int]) -> tuple[str, ...]:
    """Return the order numbers of a cell that holds two or more whole ones (同梱), else ()."""
    if not isinstance(cell, str):
        return ()
    parts = [part for part in _BETWEEN.split(unguarded(cell)) if part]
    numbers = [_of_text(part, bounds) for part in parts]
    whole = [each for each in numbers if isinstance(each, str)]
    return tuple(dict.fromkeys(whole)) if len(whole) == len(parts) > 1 else ()


def order_number(cell: Cell, bounds: tuple[int, int]) -> str | Words:
    """Return the order number, "" for an empty cell, or the reason why it is none.

    Args:
        cell: what stands in the cell.
        bounds: the least and the greatest number of digits.
    """
    if cell is None:
        return ""
    low, high = bounds
    if type(cell) is str and cell.isdigit() and cell.isascii() and low <= len(cell) <= high:
        return cell if cell[0] != "0" else _of_text(cell, bounds)
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
