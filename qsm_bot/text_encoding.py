"""Which encoding a seller's text file is in: UTF-8 or cp932, without guessing."""

import codecs

from qsm_bot.words import Words

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_IN_UTF_16 = Words("the file is UTF-16, not UTF-8 or cp932", "文字コードが UTF-16 です")
_NOT_TEXT = Words(
    "neither UTF-8 nor cp932 (Shift_JIS of Windows)",
    "文字コードが UTF-8 でも cp932（Windows の Shift_JIS）でもありません",
)


class NoEncoding(ValueError):
    """The bytes are in neither; `line` is the first that is not, if one can be named."""

    def __init__(self, words: Words, line: int | None = None) -> None:
        self.words = words
        self.line = line
        super().__init__(words.en)


def encoding_of(data: bytes) -> str:
    """Return the encoding of a text: UTF-8 with or without BOM, else cp932.

    Never shift_jis, which lacks letters that Windows writes, such as 髙 and ①.

    Raises:
        NoEncoding: it is neither.
    """
    if data.startswith(_UTF_16):
        raise NoEncoding(_IN_UTF_16)
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8-sig"
    try:
        data.decode("cp932")
    except UnicodeDecodeError as error:
        raise NoEncoding(_NOT_TEXT, data.count(b"\n", 0, error.start) + 1) from error
    return "cp932"
