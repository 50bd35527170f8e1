"""Does a text tell who the buyer is? Pure; a guess on the safe side.

The program does not read buyers' names. So it looks for what names, numbers and addresses
look like, and for what the shop's own files hold in columns about the buyer.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import Evidence
from qsm_bot.domain.request import CancelRequest

FOUND = Words(
    "it contains personal data ({what}): “{seen}”", "個人情報が含まれます（{what}）: 「{seen}」"
)

_PHONE = Words("a phone number", "電話番号")
_MAIL = Words("a mail address", "メールアドレス")
_POSTAL = Words("a postal code", "郵便番号")
_ADDRESS = Words("an address", "住所")
_NAME = Words("a name", "氏名")
_OWN_WORDS = Words("the buyer's own words", "お客様が指定した文字")
_COLUMN = Words("column {name}", "{name} 列")

_PATTERNS = (
    (_MAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (_PHONE, re.compile(r"(?<![\d-])(?:\+81[- ]?\d|0\d)(?:[- ()]{0,2}\d){8,9}(?!\d)")),
    (_POSTAL, re.compile(r"〒\s*\d{3}-?\d{4}|(?<![\d-])\d{3}-\d{4}(?![\d-])")),
    (_ADDRESS, re.compile(r"\d+丁目|\d+番地|[市区町村郡]\S{0,8}?\d+-\d+")),
)
_CALLED = re.compile(r"([一-龯々〆ヶァ-ヴーぁ-んA-Za-z]+)\s?(?:様|さま)(.?)")
# 様 after these is no person's name: お客様, 仕様, and the like.
_NO_NAMES = re.compile(
    r"(?:客|皆|みな|者|受取人|受け取り人|家族|ご本人|担当|仕|同|模|多|一|異|有|貴社|ユーザー"
    r"|各位|奥|何|神|ショップ|店舗)$"
)
_LIKE = "になでだ々子式"  # 〜の様に: 様 stands for よう
_HIRAGANA = re.compile(r"[ぁ-ん]$")
_ABOUT_BUYER = re.compile(
    r"氏名|名前|購入者|注文者|受取人|受け取り|届け先|送り先|配送先|宛名|宛先|カナ|電話|住所"
    r"|メール|e-?mail|phone|\btel\b|address|recipient|customer|buyer",
    re.IGNORECASE,
)
_ENGRAVED = re.compile(
    r"刻印|名入れ|名前|氏名|ネーム|イニシャル|メッセージ|文字|name|initial", re.IGNORECASE
)
_TELLING = 2  # characters; one alone stands in any text


def personal_data(
    text: str,
    *,
    request: CancelRequest | None = None,
    evidence: Evidence | None = None,
    allowed: Iterable[str] = (),
) -> Words | None:
    """Say what in `text` would tell who the buyer is, or nothing.

    Args:
        text: what the buyer would read.
        request: the order's row; what he had engraved is his.
        evidence: the shop's facts; columns about the buyer count, the order's own
            numbers do not.
        allowed: what may stand there although it looks so, as the shop's own phone.
    """
    own = (request.order_no, request.cart_no) if request else ()
    numbers = evidence.tracking_no.values if evidence else ()
    left = _without(unicodedata.normalize("NFKC", text), (*allowed, *own, *numbers))
    for what, pattern in _PATTERNS:
        if seen := pattern.search(left):
            return FOUND.filled(what=what, seen=seen[0])
    if name := _name_in(left):
        return FOUND.filled(what=_NAME, seen=name)
    packed = _packed(left)
    for what, value in _known(request, evidence):
        if len(value) >= _TELLING and value in packed:
            return FOUND.filled(what=what, seen=value)
    return None


def _without(text: str, allowed: Iterable[str]) -> str:
    for each in sorted(filter(None, allowed), key=len, reverse=True):
        text = text.replace(unicodedata.normalize("NFKC", each), "・")
    return text


def _name_in(text: str) -> str | None:
    for found in _CALLED.finditer(text):
        before, after = found[1], found[2]
        is_like = bool(_HIRAGANA.search(before)) and after != "" and after in _LIKE
        if not (_NO_NAMES.search(before) or is_like):
            return found[0].removesuffix(after)
    return None


def _known(request: CancelRequest | None, evidence: Evidence | None) -> Iterator[tuple[Words, str]]:
    """Yield what is known of the buyer, without blanks: each value, and its parts."""
    for name in evidence.columns if evidence else ():
        if _ABOUT_BUYER.search(name) and evidence is not None:
            for value in evidence.columns[name].values:
                what = _COLUMN.filled(name=name)
                yield from ((what, _packed(part)) for part in (value, *value.split()))
    for part in re.split(r"[/／、,\n]", request.option if request else ""):
        key, _, value = unicodedata.normalize("NFKC", part).partition(":")
        if value and _ENGRAVED.search(key):
            yield _OWN_WORDS, _packed(value)


def _packed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
