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


def visible_length(text: str) -> int:
    """Count the characters that a reader sees: no spaces, controls or combining marks."""
    composed = unicodedata.normalize("NFC", text)
    return sum(not unicodedata.category(char).startswith(_INVISIBLE) for char in composed)


def checked_text(reason: RefusalReason, text: str | None) -> str | None:
    """Return the text as it will be entered: NFC, without space around it.

    Raises:
        ReasonTextInvalid: missing or too short for その他, unprintable characters in
            it, or a text beside one of the other reasons, which have none.
    """
    given = unicodedata.normalize("NFC", text or "").strip()
    if reason is not RefusalReason.OTHER:
        if given:
            raise ReasonTextInvalid(
                detail=f"the reason {reason} takes no text / 文は付けられません"
            )
        return None
    bad = [char for char in given if unicodedata.category(char) in ("Cc", "Cs", "Co")]
    if bad:
        raise ReasonTextInvalid(detail=_UNPRINTABLE.filled(char=f"U+{ord(bad[0]):04X}"))
    count = visible_length(given)
    if count < MINIMUM:
        raise ReasonTextInvalid(detail=_SHORT.filled(minimum=MINIMUM, count=count))
    return given
