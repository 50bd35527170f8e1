"""Texts from outside are text: what no eye can see is shown as a sign.

A buyer, a portal or a file may hold characters that move the cursor of a terminal, turn the
direction of writing, or are not there at all for who reads. They come in through a few doors
(the portal's rows, files, QAPI, a plan file), and each door lets them in through `visible`.
"""

import re
from collections.abc import Mapping
from typing import Any

# All that Unicode calls control or format, separators of lines, and letters without a shape.
# Tabs and line feeds are white space. A joiner inside an emoji is part of the picture.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
    "|\r(?!\n)"
)


def visible(text: str) -> str:
    """Return a text in which characters without a shape are shown as `<U+202E>`."""
    # Nearly every text is without them, and this is asked for each cell of large files.
    return text if text.isprintable() else _UNSEEN.sub(_sign, text)


def visible_in(document: Any) -> Any:
    """Return plain values, as JSON and TOML have them, with every text in them `visible`."""
    if isinstance(document, str):
        return visible(document)
    if isinstance(document, Mapping):
        return {visible_in(key): visible_in(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [visible_in(value) for value in document]
    return document


def _sign(found: re.Match[str]) -> str:
    return f"<U+{ord(found[0]):04X}>"
