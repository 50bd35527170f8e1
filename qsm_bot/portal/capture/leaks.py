"""The last check: whether anything that must not be told is in what would be written."""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

from qsm_bot.portal.capture.kinds import DataKind, even, key_of

_SURE = 8
_LEAST = 3


def survivors(
    files: Mapping[str, str], originals: Mapping[str, DataKind]
) -> list[tuple[str, DataKind]]:
    """Return the files in which an original still stands, with its kind.

    Args:
        files: contents by name.
        originals: what must not be told, by its key (see `key_of`).
    """
    wanted = [(key.casefold(), kind) for key, kind in originals.items() if len(key) >= _LEAST]
    found: set[tuple[str, DataKind]] = set()
    for name, content in files.items():
        for spelling in _spellings(content):
            words, squeezed = even(spelling).casefold(), key_of(spelling).casefold()
            found |= {
                (name, kind)
                for key, kind in wanted
                if key in squeezed and (_is_long(key) or _stands_alone(key, words))
            }
    return sorted(found)


def _spellings(content: str) -> set[str]:
    plain = unescape(content)
    return {content, plain, unquote(content), unquote(plain)}


def _is_long(key: str) -> bool:
    return len(key) >= _SURE or not key.isascii()


def _stands_alone(key: str, words: str) -> bool:
    # A short word is part of longer ones by chance.
    return bool(re.search(rf"(?<!\w){re.escape(key)}(?!\w)", words))
