"""Can this be a tracking number of that carrier? Pure; nothing is asked anywhere.

What is sure, and from where:

- ヤマト運輸, 佐川急便 and 日本郵便 end their 12 digits with the remainder of the first
  eleven divided by 7 (articles on 7DR check digits; public programs agree on all three).
- 日本郵便's 11 digits of 書留 and 特定記録 do the same with ten (published rows of numbers).
- International mail is S10 of the Universal Postal Union: two letters, eight digits, a
  check digit (weights 8 6 4 2 3 5 9 7, modulo 11), the country.
- Of all others, and of 日本郵便's 13 digits, no rule was found in public: length only, and
  the lengths of 西濃運輸, 福山通運 and other freight carriers are kept wide.
"""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from qsm_bot.words import Words

_S10 = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10_EXCEPTIONS = {10: 0, 11: 5}
_ANY = re.compile(r"[0-9A-Z]{8,20}")
_JOINTS = re.compile(r"[\s\-‐‑‒–—―−ー]+")  # the dashes that people type

_LENGTH = Words(
    "{carrier} has numbers of {lengths} digits, not “{number}”",
    "{carrier}の番号は{lengths}桁です（「{number}」は不可）",
)
_CHECK = Words(
    "“{number}” has a wrong check digit for {carrier}: a digit was mistyped or lost",
    "「{number}」は{carrier}の番号としてチェックデジットが合いません（入力誤りの可能性）",
)
_ODD = Words(
    "“{number}” is no tracking number: 8 to 20 letters and digits are expected",
    "「{number}」は送り状番号の形ではありません（英数字8〜20桁）",
)


@dataclass(frozen=True, slots=True)
class _Carrier:
    """A carrier: lengths of its numbers, those of them with a check digit, its other names."""

    lengths: tuple[int, ...]
    checked: tuple[int, ...]
    aliases: tuple[str, ...]
    s10: bool = False


_CARRIERS: Mapping[str, _Carrier] = {
    "ヤマト運輸": _Carrier(
        (12,),
        (12,),
        (
            "ヤマト",
            "クロネコヤマト",
            "クロネコ",
            "宅急便",
            "ヤマト宅急便",
            "ネコポス",
            "yamato",
            "yamatotransport",
        ),
    ),
    "佐川急便": _Carrier(
        (12,), (12,), ("佐川", "飛脚宅配便", "sagawa", "sagawaexpress", "sagawaexp")
    ),
    "日本郵便": _Carrier(
        (11, 12, 13),
        (11, 12),
        (
            *("郵便局", "日本郵政", "郵便", "ゆうパック", "ゆうパケット", "ゆうメール", "書留"),
            *("簡易書留", "特定記録", "レターパック", "レターパックプラス", "レターパックライト"),
            *("クリックポスト", "ems", "japanpost", "jppost", "jp"),
        ),
        s10=True,
    ),
    "西濃運輸": _Carrier((9, 10, 11, 12), (), ("西濃", "カンガルー便", "seino")),
    "福山通運": _Carrier((9, 10, 11, 12), (), ("福山", "福通", "fukuyama", "fukutsu")),
}


def _key(name: str) -> str:
    return re.sub(r"[\s().株式会社]", "", unicodedata.normalize("NFKC", name)).casefold()


_NAMES = {
    _key(alias): name for name, carrier in _CARRIERS.items() for alias in (name, *carrier.aliases)
}


def carrier_name(text: str) -> str:
    """Return the carrier's one name: ヤマト運輸 for クロネコヤマト or Yamato.

    A name that is not known is returned with its width and blanks made even.
    """
    even = " ".join(unicodedata.normalize("NFKC", text).split())
    return _NAMES.get(_key(text), even)


def known_carriers() -> tuple[str, ...]:
    """Return the carriers' names."""
    return tuple(_CARRIERS)


def is_known_carrier(text: str) -> bool:
    """Tell whether this is a carrier's name, in any spelling."""
    return _key(text) in _NAMES


def nearest_carrier(text: str) -> str | None:
    """Return the name of the carrier that may be meant by an unknown one."""
    near = difflib.get_close_matches(_key(text), _NAMES, n=1)
    return _NAMES[near[0]] if near else None


def tracking_number(text: str) -> str:
    """Return the number as carriers print it without dashes and blanks, in plain capitals."""
    return _JOINTS.sub("", unicodedata.normalize("NFKC", text)).upper()


def why_implausible(number: str, carrier: str | None = None) -> Words | None:
    """Say why `number` cannot be a tracking number of `carrier`, or nothing if it can.

    Args:
        number: in any spelling.
        carrier: in any spelling; None or an unknown one asks for 8 to 20 letters and digits.
    """
    plain = tracking_number(number)
    name = carrier_name(carrier or "")
    known = _CARRIERS.get(name)
    if known is None:
        return None if _ANY.fullmatch(plain) else _ODD.filled(number=number)
    s10 = _S10.fullmatch(plain) if known.s10 else None
    if s10:
        good = int(s10[3]) == _s10_digit(s10[2])
    elif plain.isascii() and plain.isdigit() and len(plain) in known.lengths:
        good = len(plain) not in known.checked or _seven(plain)
    else:
        lengths = "/".join(str(length) for length in known.lengths)
        return _LENGTH.filled(carrier=name, lengths=lengths, number=number)
    return None if good else _CHECK.filled(carrier=name, number=number)


def _s10_digit(digits: str) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _S10_WEIGHTS, strict=True))
    left = 11 - total % 11
    return _S10_EXCEPTIONS.get(left, left)


def _seven(digits: str) -> bool:
    return int(digits[:-1]) % 7 == int(digits[-1])
