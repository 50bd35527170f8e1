"""The text for その他, which the buyer reads at once and which cannot be taken back."""

import unicodedata
from collections.abc import Iterable

from qsm_bot.base.errors.inputs import ReasonTextInvalid
from qsm_bot.base.words import Words, same
from qsm_bot.domain.request import RefusalReason

MINIMUM = 30  # characters; official manual, step 4

_NO_TEXT = Words("the reason {reason} takes no text", "理由 {reason} に文は付けられません")
_UNPRINTABLE = Words("it contains {char}, which is no printable text", "{char} は使えない文字です")
_SHORT = Words(
    "{minimum} characters or more are needed, it has {count}",
    "{minimum}文字以上必要です（現在{count}文字）",
)
_PAGE_SHORT = Words(
    "{minimum} characters or more are needed, the page counts {count}",
    "{minimum}文字以上必要です（画面の数え方で{count}文字）",
)
_FORBIDDEN = Words(
    "it contains “{word}”, which the rules forbid", "使わないと決めた語「{word}」が含まれます"
)
_INVISIBLE = ("Z", "C", "Mn", "Me")
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # drawn as nothing, though not called spaces
_UNFIT = ("Cc", "Cf", "Cs", "Co", "Cn")
_FIRST_EMOJI = 0x1F000
_EMOJI_STYLE = "\ufe0f"


def visible_length(text: str) -> int:
    """Count the characters that a reader sees: no spaces, controls or combining marks."""
    composed = unicodedata.normalize("NFC", text)
    return sum(
        char not in _BLANK and not unicodedata.category(char).startswith(_INVISIBLE)
        for char in composed
    )


def page_length(text: str) -> int:
    """Count as the page does: JavaScript's `.length` of the trimmed value, in UTF-16 units."""
    return len(text.strip().encode("utf-16-le", "surrogatepass")) // 2


def has_emoji(text: str) -> bool:
    """Whether a text contains emoji, or the mark that turns a sign into one."""
    return any(map(_is_emoji, text))


def _is_emoji(char: str) -> bool:
    is_picture = ord(char) >= _FIRST_EMOJI and unicodedata.category(char) == "So"
    return is_picture or char == _EMOJI_STYLE


def _is_unfit(char: str, *, emoji: bool) -> bool:
    """Whether a character must not reach the buyer: controls, direction marks, emoji."""
    return not emoji if _is_emoji(char) else unicodedata.category(char) in _UNFIT


def raise_if_unfit(text: str, *, emoji: bool = False, forbidden: Iterable[str] = ()) -> None:
    """Check characters and words of a text, or of a part of one.

    Raises:
        ReasonTextInvalid: controls or emoji in it, or a word that the shop forbids.
    """
    bad = [char for char in text if _is_unfit(char, emoji=emoji)]
    if bad:
        raise ReasonTextInvalid(detail=_UNPRINTABLE.filled(char=f"U+{ord(bad[0]):04X}"))
    plain = same(text).casefold()
    for word in forbidden:
        if same(word).casefold() in plain:
            raise ReasonTextInvalid(detail=_FORBIDDEN.filled(word=word))


def checked_text(
    reason: RefusalReason,
    text: str | None,
    *,
    emoji: bool = False,
    forbidden: Iterable[str] = (),
) -> str | None:
    """Return the text as it will be entered: NFC, without space around it.

    Args:
        reason: the reason that it goes with.
        text: as the seller wrote it.
        emoji: whether emoji may stand in it.
        forbidden: words that may not; width, blanks and case do not count.

    Raises:
        ReasonTextInvalid: missing or too short for その他, controls, emoji or a forbidden
            word in it, or a text beside one of the other reasons, which have none.
    """
    given = unicodedata.normalize("NFC", text or "").strip()
    if reason is not RefusalReason.OTHER:
        if given:
            raise ReasonTextInvalid(detail=_NO_TEXT.filled(reason=reason.value))
        return None
    raise_if_unfit(given, emoji=emoji, forbidden=forbidden)
    for words, count in ((_SHORT, visible_length(given)), (_PAGE_SHORT, page_length(given))):
        if count < MINIMUM:
            raise ReasonTextInvalid(detail=words.filled(minimum=MINIMUM, count=count))
    return given
