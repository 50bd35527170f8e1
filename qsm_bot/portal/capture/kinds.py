"""What kind of value a text of the portal is, by its label and by its shape."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum


class DataKind(StrEnum):
    """A kind of value that is replaced by an invented one."""

    ORDER_NO = "order_no"
    CART_NO = "cart_no"
    ITEM_CODE = "item_code"
    TRACKING = "tracking"
    AMOUNT = "amount"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    KANA = "kana"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    ITEM = "item"
    OPTION = "option"
    SHOP = "shop"
    LOGIN = "login"
    CODE = "code"
    TEXT = "text"
    SECRET = "secret"  # noqa: S105  # a kind's name, no password


NUMBERS = frozenset(
    {
        DataKind.ORDER_NO,
        DataKind.CART_NO,
        DataKind.ITEM_CODE,
        DataKind.TRACKING,
        DataKind.AMOUNT,
        DataKind.NUMBER,
        DataKind.PHONE,
    }
)
"""Kinds whose invented value is found digit by digit."""

# Tried in this order: フリガナ stands beside 購入者名, 商品番号 beside 商品名.
_BY_LABEL: tuple[tuple[DataKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (DataKind.KANA, "フリガナ|ふりがな|カナ"),
        (DataKind.MAIL, "メール|mail"),
        (DataKind.PHONE, "電話|携帯|tel|fax"),
        (DataKind.ADDRESS, "住所|届け先|届先|郵便"),
        (DataKind.ORDER_NO, "注文番号"),
        (DataKind.CART_NO, "カート番号"),
        (DataKind.ITEM_CODE, "商品番号|商品コード"),
        (DataKind.TRACKING, "送り状|追跡|伝票"),
        (DataKind.SHOP, "ショップ名|店舗名"),
        (DataKind.ITEM, "商品名"),
        (DataKind.OPTION, "オプション"),
        (DataKind.NAME, "購入者|受取人|注文者|担当者|氏名|名前|お客様名"),
        (DataKind.LOGIN, r"\bID$|ログイン"),
        (DataKind.AMOUNT, "価格|金額|代金|料$"),
    )
)

DATE = re.compile(
    r"(?P<date>\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)"
    r"(?P<rest>( ?\([月火水木金土日]\))?( ?\d{1,2}:\d{2}(:\d{2})?)?)"
)
"""A day, maybe with its name and a time."""

_PHONE = re.compile(r"(\+81[- ]?\d{1,4}|\(?0\d{1,4}\)?)[- ]?\(?\d{1,4}\)?[- ]?\d{3,4}")
_POSTAL = re.compile(r"〒? ?\d{3}-\d{4}")
_NUMBER = re.compile(r"(?=.*\d)[\d,.\-/ ¥\\()+#*:%~]*(円|件|個|点|回|枚|本|%)?\)?")
_COUNT = re.compile(r"\(?\d{1,3}\)?(件|個|点|回|枚)?")
_PERSON = re.compile(r"[一-龠々ぁ-んァ-ヶーA-Za-z]{1,8} [一-龠々ぁ-んァ-ヶーA-Za-z]{1,8}")
_CERTAIN = (
    (DataKind.MAIL, re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")),
    (DataKind.DATE, DATE),
    (DataKind.ADDRESS, re.compile(r".*(〒|[都道府県].{1,8}[市区町村郡]|[市区町村].*\d).*")),
)
_LIKELY = (
    (DataKind.CODE, re.compile(r"[\x20-\x7e]+")),
    (DataKind.KANA, re.compile(r"[ァ-ヶー]{1,10} [ァ-ヶー]{1,10}")),
    (DataKind.NAME, _PERSON),
)
_LONGEST_LABEL = 40
_COUNTED = 3
_SIGNS = re.compile(r"[\W_]*")


def even(text: str) -> str:
    """Return `text` with width and white space made even."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def key_of(text: str) -> str:
    """Return what two spellings of one value have in common: no width, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def digits_of(text: str) -> str:
    """Return the digits of `text`, in half width."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))


def kind_by_label(label: str, headings: Mapping[str, DataKind]) -> DataKind | None:
    """Return what stands beside or under a label: the pack's word counts before our own."""
    text = even(label)
    if text in headings:
        return headings[text]
    return next((kind for kind, pattern in _BY_LABEL if pattern.search(text)), None)


def kind_of(text: str, hint: DataKind | None) -> DataKind | None:
    """Return the kind of a value, or None if there is nothing in it that could be anybody's.

    Args:
        text: the value as the page shows it.
        hint: what its label says that it is.
    """
    plain = even(text)
    if _SIGNS.fullmatch(plain):
        return None
    if _NUMBER.fullmatch(plain) and not DATE.fullmatch(plain):
        return _number_kind(plain, hint)
    # A name in Latin letters keeps the look of one.
    latin = plain.isascii() and hint is not DataKind.LOGIN
    named = None if latin or hint in NUMBERS or hint is DataKind.DATE else hint
    return _shaped(_CERTAIN, plain) or named or _shaped(_LIKELY, plain) or DataKind.TEXT


def _shaped(shapes: Iterable[tuple[DataKind, re.Pattern[str]]], plain: str) -> DataKind | None:
    return next((kind for kind, pattern in shapes if pattern.fullmatch(plain)), None)


def _number_kind(plain: str, hint: DataKind | None) -> DataKind | None:
    named = hint if hint in NUMBERS else None
    if named is DataKind.AMOUNT or (named and len(digits_of(plain)) > _COUNTED):
        return named
    if _COUNT.fullmatch(plain):
        return None
    shapes = ((DataKind.ADDRESS, _POSTAL), (DataKind.PHONE, _PHONE))
    return _shaped(shapes, plain) or DataKind.NUMBER


def is_telling(label: str) -> bool:
    """Whether a text at a label's place looks as if it held somebody's data anyway."""
    plain = even(label)
    return bool(
        re.search(r"\d{4}|@|://|\d{2}[-/]\d", plain)
        or re.search("(様|さま|さん|殿|御中)", plain.replace("お客様", ""))
        or _PERSON.fullmatch(plain)
        or len(plain) > _LONGEST_LABEL
    )
