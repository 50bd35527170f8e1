"""The text for その他, which the buyer reads at once and which cannot be taken back."""

import unicodedata

from qsm_bot.errors import ReasonTextInvalid
from qsm_bot.model import RefusalReason
from qsm_bot.words import Words

MINIMUM = 30  # characters; official manual, step 4

_NO_TEXT = Words("the reason {reason} takes no text", "理由 {reason} に文は付けられません")
_UNPRINTABLE = Words("it contains {char}, which is no printable text", "{char} は使えない文字です")
_SHORT = Words(
    "{minimum} characters or more are needed, it has {count}",
    "{minimum}文字以上必要です（現在{count}文字）",
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


def _is_unfit(char: str) -> bool:
    """Whether a character must not reach the buyer: controls, direction marks, emoji."""
    is_emoji = ord(char) >= _FIRST_EMOJI and unicodedata.category(char) == "So"
    return is_emoji or char == _EMOJI_STYLE or unicodedata.category(char) in _UNFIT


def checked_text(reason: RefusalReason, text: str | None) -> str | None:
    """Return the text as it will be entered: NFC, without space around it.

    Raises:
        ReasonTextInvalid: missing or too short for その他, controls or emoji in
            it, or a text beside one of the other reasons, which have none.
    """
    given = unicodedata.normalize("NFC", text or "").strip()
    if reason is not RefusalReason.OTHER:
        if given:
            raise ReasonTextInvalid(detail=_NO_TEXT.filled(reason=reason.value))
        return None
    bad = [char for char in given if _is_unfit(char)]
    if bad:
        raise ReasonTextInvalid(detail=_UNPRINTABLE.filled(char=f"U+{ord(bad[0]):04X}"))
    count = visible_length(given)
    if count < MINIMUM:
        raise ReasonTextInvalid(detail=_SHORT.filled(minimum=MINIMUM, count=count))
    return given
