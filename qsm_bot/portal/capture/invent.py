"""Invented values: the same original always gives the same one, of the same shape."""

import random
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta
from itertools import count, product

from qsm_bot.portal.capture.kinds import DATE, NUMBERS, DataKind, digits_of, even, key_of

_PEOPLE = {
    DataKind.NAME: ("見本 架空 例示 模擬 仮名 空想", "花子 太郎 桃子 次郎 葵 蓮 小春 健太"),
    DataKind.KANA: (
        "ミホン カクウ レイジ モギ カメイ クウソウ",
        "ハナコ タロウ モモコ ジロウ アオイ レン コハル ケンタ",
    ),
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TRIES = 1000
_WEEKS = (52, 156)
_TELLING_DIGITS = 4
_TO_FULL = str.maketrans("0123456789", "０１２３４５６７８９")


class Inventor:
    """Gives each value an invented one and remembers it.

    Args:
        originals: keys of values (see `key_of`) that may not be among the invented ones.
        dice: what the values are drawn from; nobody else may be able to throw it again.
    """

    def __init__(self, originals: Collection[str], dice: random.Random) -> None:
        self._dice = dice
        self._originals = originals
        self._made: dict[tuple[str, str], str] = {}
        self._used: set[str] = set()
        # Whole weeks, so that a Monday stays one.
        self.shift = timedelta(weeks=-dice.randrange(*_WEEKS))

    def invent(self, text: str, kind: DataKind) -> str:
        """Return the invented value for `text`, spelt as `text` is."""
        if kind is DataKind.DATE:
            return self._date(text)
        postal = kind is DataKind.ADDRESS and not re.search(r"[^\W\d]", key_of(text))
        digits = digits_of(text)
        if digits and (kind in NUMBERS or postal):
            head = "000" if postal or kind is DataKind.PHONE else ""
            return _spelt(text, self._digits(digits, head))
        if kind is DataKind.CODE:
            return self._once("code", even(text), lambda: self._codes(even(text)))
        made = self._once(kind, key_of(text), lambda: _candidates(kind, len(key_of(text))))
        return _person(text, made) if kind in _PEOPLE else made

    def _once(self, group: str, key: str, candidates: Callable[[], Iterator[str]]) -> str:
        if (group, key) not in self._made:
            made = next(one for one in candidates() if self._is_free(key_of(one)))
            self._made[group, key] = made
            self._used.add(key_of(made))
        return self._made[group, key]

    def _is_free(self, key: str) -> bool:
        return key not in self._originals and key not in self._used

    def _digits(self, digits: str, head: str) -> str:
        if len(digits) < _TELLING_DIGITS:
            # Too few for one each, and too few to tell anything.
            key = ("digits", digits)
            return self._made.setdefault(key, next(self._draws(digits, "")))
        return self._once("digits", digits, lambda: self._draws(digits, head))

    def _draws(self, digits: str, head: str) -> Iterator[str]:
        head = head if len(digits) >= len(head) + _TELLING_DIGITS else ""
        for extra in count():
            for _ in range(_TRIES):
                first = head or self._dice.choice("0" if digits[0] == "0" else "123456789")
                rest = len(digits) + extra - len(first)
                yield first + "".join(self._dice.choices("0123456789", k=rest))

    def _codes(self, text: str) -> Iterator[str]:
        for extra in count():
            for _ in range(_TRIES):
                yield "".join(map(self._char, text)) + "x" * extra

    def _char(self, char: str) -> str:
        if char.isdigit():
            return self._dice.choice("0123456789")
        if not char.isalpha():
            return char
        return self._dice.choice(_LETTERS.upper() if char.isupper() else _LETTERS)

    def _date(self, text: str) -> str:
        found = DATE.fullmatch(even(text))
        numbers = re.findall(r"\d+", found["date"]) if found else []
        try:
            moved = date(*map(int, numbers)) + self.shift
        except (TypeError, ValueError, OverflowError):
            return _spelt(text, self._digits(digits_of(text), ""))
        parts = iter(
            f"{part:0{len(number)}}"
            for part, number in zip((moved.year, moved.month, moved.day), numbers, strict=True)
        )
        rest = re.sub(r"\d", "0", found["rest"] if found else "")
        made = re.sub(r"\d+", lambda _: next(parts), found["date"] if found else "") + rest
        return made if re.search("[0-9]", text) else made.translate(_TO_FULL)


def _candidates(kind: DataKind, length: int) -> Iterator[str]:
    if kind in _PEOPLE:
        families, given = (words.split() for words in _PEOPLE[kind])
        yield from (f"{family} {name}" for family, name in product(families, given))
    patterns: Mapping[DataKind, str] = {
        DataKind.NAME: "見本 {n}子",
        DataKind.KANA: "ミホン {n}コ",
        DataKind.MAIL: "mihon{n}@example.jp",
        DataKind.ADDRESS: "架空県見本市例町{n}-{n}",
        DataKind.ITEM: "見本商品{n}",
        DataKind.OPTION: "種類:見本{n}",
        DataKind.SHOP: "見本商店{n}",
        DataKind.LOGIN: "mihon{n:03}",
        DataKind.SECRET: "x{n:07}",
    }
    for n in count(1):
        yield (
            patterns.get(kind, "見本の文{n}")
            .format(n=n)
            .ljust(length if kind is DataKind.TEXT else 0, "文")
        )


def _spelt(text: str, digits: str) -> str:
    """Put `digits` where the digits of `text` stand, in their width; more go behind the last."""
    left = list(digits)
    said: list[str] = []
    last = 0
    for char in text:
        plain = unicodedata.normalize("NFKC", char)
        if left and plain.isascii() and plain.isdigit():
            char = left.pop(0) if char == plain else left.pop(0).translate(_TO_FULL)  # noqa: PLW2901
            last = len(said) + 1
        said.append(char)
    return "".join(said[:last]) + "".join(left) + "".join(said[last:])


def _person(text: str, made: str) -> str:
    """Spell an invented name with the white space and the width of `text`."""
    gap = re.search(r"\s+", text.strip())
    spelt = made.replace(" ", gap[0] if gap else "")
    return "".join(map(_half, spelt)) if re.search("[ｦ-ﾟ]", text) else spelt


_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
_MARKS = {"\u3099": "ﾞ", "\u309a": "ﾟ"}


def _half(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    return "".join(_HALF.get(part) or _MARKS.get(part) or part for part in parts)
