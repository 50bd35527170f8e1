"""What is wrong with a TOML file, as its writer sees it: the line itself, and the usual cause."""

import re
import tomllib
from difflib import get_close_matches

from qsm_bot.base.plain_text import visible
from qsm_bot.base.words import Words

_PLACE = re.compile(r"at line (\d+), column \d+")
_SHOWN = 60  # characters of a line that are repeated

_AT = Words("at line {line}: “{text}”: {why}", "{line}行目「{text}」: {why}")
_WIDE = Words(
    "the sign “{sign}” is full-width; write it half-width: {plain}",
    "全角の「{sign}」があります。半角の {plain} にしてください",
)
_QUOTES = Words(
    'the quotes are curly “ ”; write straight ones: "',
    '引用符が “ ” になっています。半角の " にしてください',
)
_OPEN = Words('a closing quote " is missing', '閉じる引用符 " がありません')
_BACKSLASH = Words(
    "a backslash in \"…\" means something else; write C:/Users/… or put it in '…'",
    "\"…\" の中の \\ は使えません。C:/Users/… のように / で書くか、'…' で囲んでください",
)
_BOOL = Words("write true or false, in small letters", "true か false を、小文字で書いてください")
_UNQUOTED = Words('a text must stand in quotes: "…"', '文字は引用符で囲んでください（例: "…"）')
_TWICE = Words("a key or table stands there twice", "同じキーまたは表が2回書かれています")
_OTHER = Words(
    "not as TOML is written ({said})",
    "TOML の書き方になっていません（= の左右、引用符、かっこを確認してください）",
)

_WIDE_SIGNS = dict(zip("＝［］｛｝，＂＇＃．", "=[]{},\"'#.", strict=True))
_CURLY = "“”‘’„‟"
_STRINGS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_VALUE = re.compile(r"^[^=]*=\s*(.*?)\s*(#.*)?$")

# A line break inside "…" is what an unclosed quote comes to.
_IN_STRING = ("Illegal character", "Unterminated string", "Expected '\"'")
_AGAIN = ("Cannot overwrite", "Cannot declare", "Cannot mutate")
_ESCAPES = ("Unescaped '\\'", "Invalid hex value", "Invalid escape")


def toml_fault(text: str, error: tomllib.TOMLDecodeError) -> Words:
    """Return where a file stops being TOML, and why that is."""
    said = str(error)
    lines = text.splitlines() or [""]
    found = _PLACE.search(said)
    number = min(int(found[1]) if found else len(lines), len(lines))
    line = lines[number - 1]
    why = _cause(line, said)
    shown = visible(line.strip())[:_SHOWN]
    return _AT.filled(line=number, text=shown, why=why)


def _cause(line: str, said: str) -> Words:
    bare = _STRINGS.sub('""', line)
    wide = next((sign for sign in _WIDE_SIGNS if sign in bare), "")
    value = found[1] if (found := _VALUE.match(line)) else ""
    causes = (
        (any(sign in bare for sign in _CURLY), _QUOTES),
        (bool(wide), _WIDE),
        (said.startswith(_ESCAPES), _BACKSLASH),
        (said.startswith(_IN_STRING) or bare.count('"') % 2 == 1, _OPEN),
        (said.startswith(_AGAIN), _TWICE),
        (bool(get_close_matches(value.casefold(), ("true", "false"), cutoff=0.7)), _BOOL),
        (bool(value) and said.startswith("Invalid value"), _UNQUOTED),
    )
    why = next((words for fits, words in causes if fits), _OTHER)
    return why.filled(sign=wide, plain=_WIDE_SIGNS.get(wide, ""), said=said)
