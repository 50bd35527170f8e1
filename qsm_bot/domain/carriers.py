"""Can this be a tracking number of that carrier? Pure; nothing is asked anywhere.

What is sure, and from where:

- ヤマト運輸, 佐川急便 and 日本郵便 end their 12 digits with the remainder of the first
  eleven divided by 7 (articles on 7DR check digits; public programs agree on all three).
- 日本郵便's 11 digits of 書留 and 特定記録 do the same with ten (published rows of numbers).
- International mail is S10 of the Universal Postal Union: two letters, eight digits, a
  check digit (weights 8 6 4 2 3 5 9 7, modulo 11), the country.
- Of all others, and of 日本郵便's 13 digits, no rule was found in public: length only, and
  the lengths of 西濃運輸 and 福山通運 are kept wide.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from qsm_bot.base.words import Words

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
# Landlines and mobiles of Japan, plain or with the country before them.
_PHONE = re.compile(r"0[1-9][0-9]{8}|0[5-9]0[0-9]{8}|0800[0-9]{7}|81[1-9][0-9]{8}|81[5-9]0[0-9]{8}")
_DIGITS = "1234567890" * 2
_COUNTED = tuple(_DIGITS[:count] for count in range(8, 20)) + tuple(
    f"0{_DIGITS[:count]}" for count in range(8, 20)
)
_OWN = Words(
    "“{number}” is the order's or cart's own number, no tracking number",
    "「{number}」は注文番号・カート番号であり、送り状番号ではありません",
)
_FILLER = Words(
    "“{number}” looks like a filler, no tracking number",
    "「{number}」は仮の番号のようです（送り状番号ではありません）",
)
_IS_PHONE = Words(
    "“{number}” has the form of a phone number",
    "「{number}」は電話番号の形です（送り状番号ではありません）",
)
_UNKNOWN = Words(
    "“{carrier}” is no carrier that is known, so “{number}” cannot be checked; name it under "
    "carriers in [[evidence]]",
    "「{carrier}」という配送会社を知らないため、送り状番号「{number}」を確認できません"
    "（[[evidence]] の carriers で指定できます）",
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
            *("ヤマト", "クロネコヤマト", "クロネコ", "宅急便", "ヤマト宅急便", "クール宅急便"),
            *("ネコポス", "宅急便コンパクト", "宅急便タイムサービス", "往復宅急便", "ヤマト便"),
            *("クロネコゆうパケット", "クロネコゆうメール", "クロネコdm便", "dm便", "eazy"),
            *("yamato", "yamatotransport", "kuroneko", "nekopos", "takkyubin", "taqbin"),
        ),
    ),
    "佐川急便": _Carrier(
        (12,),
        (12,),
        (
            *("佐川", "飛脚宅配便", "飛脚メール便", "飛脚航空便", "飛脚クール便", "飛脚"),
            *("飛脚ラージサイズ宅配便", "飛脚特定信書便", "e飛伝", "eコレクト"),
            *("sagawa", "sagawaexpress", "sagawaexp"),
        ),
    ),
    "日本郵便": _Carrier(
        (11, 12, 13),
        (11, 12),
        (
            *("郵便局", "日本郵政", "郵便", "ゆうパック", "ゆうパケット", "ゆうメール", "書留"),
            *("ゆうパケットポスト", "ゆうパケットパフ", "簡易書留", "特定記録", "特定記録郵便"),
            *("レターパック", "レターパックプラス", "レターパックライト", "クリックポスト"),
            *("eパケット", "国際eパケット", "ems", "japanpost", "jppost", "jp"),
            *("yupack", "yupacket", "clickpost", "letterpack"),
        ),
        s10=True,
    ),
    # Nine digits are what an order number has: no carrier's number is believed in that shape.
    "西濃運輸": _Carrier((10, 11, 12), (), ("西濃", "カンガルー便", "カンガルーミニ便", "seino")),
    "福山通運": _Carrier((10, 11, 12), (), ("福山", "福通", "fukuyama", "fukutsu")),
}

# What stands beside a carrier's name without changing whose parcel it is.
_BESIDE = (
    *("元払い", "元払", "発払い", "発払", "着払い", "着払", "代金引換", "代引き", "代引"),
    "コレクト",
    *("クール", "冷蔵", "冷凍", "常温", "速達", "宅配便", "メール便", "小口", "便", "通常", "普通"),
    *("日時指定", "時間指定", "日付指定", "指定", "複数口", "プラス", "ライト", "株", "株式会社"),
    *("cool", "express"),
)
_PUNCTUATION = re.compile(r"[\s()\[\]{}<>【】「」〔〕・/:;,.、。_|+&-]+|株式会社")


def _key(name: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", name).casefold())


_NAMES = {
    _key(alias): name for name, carrier in _CARRIERS.items() for alias in (name, *carrier.aliases)
}
_PARTS = re.compile("|".join(sorted({*_NAMES, *map(_key, _BESIDE)} - {""}, key=len, reverse=True)))


@lru_cache(maxsize=1024)
def _carrier_of(text: str) -> str | None:
    """Return the one carrier that a text names, with nothing left that is not understood."""
    key = _key(text)
    if key in _NAMES:
        return _NAMES[key]
    named = {_NAMES[part] for part in _PARTS.findall(key) if part in _NAMES}
    return named.pop() if len(named) == 1 and not _PARTS.sub("", key) else None


def carrier_name(text: str) -> str:
    """Return the carrier's one name: ヤマト運輸 for クロネコヤマト, Yamato or ヤマト（ネコポス）.

    A name that is not known is returned with its width and blanks made even.
    """
    return _carrier_of(text) or " ".join(unicodedata.normalize("NFKC", text).split())


def known_carriers() -> tuple[str, ...]:
    """Return the carriers' names."""
    return tuple(_CARRIERS)


def is_known_carrier(text: str) -> bool:
    """Tell whether this is a carrier's name, in any spelling."""
    return _carrier_of(text) is not None


def nearest_carrier(text: str) -> str | None:
    """Return the name of the carrier that may be meant by an unknown one."""
    near = difflib.get_close_matches(_key(text), _NAMES, n=1)
    return _NAMES[near[0]] if near else None


def tracking_number(text: str) -> str:
    """Return the number as carriers print it without dashes and blanks, in plain capitals."""
    if text.isdigit() and text.isascii():
        return text
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


def why_no_proof(number: str, carrier: str | None, own: Iterable[str] = ()) -> Words | None:
    """Say why `number` proves no shipment, or nothing if it does.

    Args:
        number: in any spelling.
        carrier: in any spelling; None if nobody names one, which is the caller's to judge.
        own: the order's and the cart's number, which tools put where no other is known.
    """
    plain = tracking_number(number)
    if any(each and each in plain for each in own):
        return _OWN.filled(number=number)
    if _PHONE.fullmatch(plain):
        return _IS_PHONE.filled(number=number)
    if why := why_implausible(number, carrier):
        return why
    if len(set(plain)) == 1 or plain in _COUNTED:
        return _FILLER.filled(number=number)
    is_odd = carrier is not None and not is_known_carrier(carrier)
    return _UNKNOWN.filled(carrier=carrier, number=number) if is_odd else None


def _s10_digit(digits: str) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _S10_WEIGHTS, strict=True))
    left = 11 - total % 11
    return _S10_EXCEPTIONS.get(left, left)


def _seven(digits: str) -> bool:
    return int(digits[:-1]) % 7 == int(digits[-1])
