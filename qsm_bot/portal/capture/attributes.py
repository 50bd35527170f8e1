"""Which attributes of an element may stay: an allow-list."""

import re
from collections.abc import Callable, Collection

from qsm_bot.portal.capture.spots import NO_TEXT
from qsm_bot.portal.capture.tree import Node, names

TAGS = names(
    "html head body title div span p a b strong i em u s small big font center nobr br hr img "
    "table caption colgroup col thead tbody tfoot tr th td dl dt dd ul ol li form fieldset "
    "legend label input select optgroup option textarea button iframe h1 h2 h3 h4 h5 h6 nav "
    "header footer main section article aside pre sub sup blockquote map area wbr address "
    "time data mark"
)
"""Elements that keep their name; any other becomes a `span`."""

_FLAGS = names("checked selected disabled readonly multiple hidden nowrap required")
_PLAIN = names(
    "type colspan rowspan rows cols size maxlength align valign width height border cellspacing "
    "cellpadding tabindex role lang dir method scope autocomplete"
)
_NAMES = names("id class name for")
_TEXTS = names("title alt placeholder aria-label")
_PLAIN_VALUE = re.compile(r"[\w%#.-]{0,20}", re.ASCII)
_STYLE = re.compile(
    r"(display|visibility|position|top|left|right|bottom|float|clear|overflow(-[xy])?|z-index"
    r"|((min|max)-)?(width|height)|table-layout|white-space|text-align)\s*:\s*[a-z0-9%. -]{1,20}",
    re.IGNORECASE,
)
_NO_PATH = re.compile(r"^[a-z]+://[^/]*|[?#].*", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"(/[A-Za-z]+(\.[A-Za-z]+)*)+\.aspx")
_CHOICE = re.compile(r"[A-Za-z]{0,3}\d{0,3}|[a-z]+(_[a-z]+)+")
# ContentPlaceHolder1 is none.
_TOKEN = re.compile(r"(?=(?:[A-Za-z+/=]*\d){3})(?=\d*[A-Za-z])[A-Za-z0-9+/=]{12,}")
_NUMBER = re.compile(r"\d{4,}")


class Attributes:
    """Cleans one element's attributes.

    Args:
        knows: whether the portal itself says a text.
        originals: values that may not stand in an id or a class.
        number: gives the invented number for one in an id or class.
    """

    def __init__(
        self,
        *,
        knows: Callable[[str], bool],
        originals: Collection[str],
        number: Callable[[str], str],
    ) -> None:
        self._knows = knows
        # Digits have a way of their own, and what is not ASCII never stays.
        self._names = [
            re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE)
            for name in sorted(originals, key=len, reverse=True)
            if name.isascii() and not name.isdigit()
        ]
        self._number = number
        self._seen: dict[str, str] = {}

    def clean(self, node: Node) -> None:
        """Take out whatever is not on the list."""
        if node.tag not in TAGS:
            node.tag = "span"
        kept = {name: self._value(node, name, text) for name, text in node.attrs.items()}
        node.attrs = {name: value for name, value in kept.items() if value is not None}

    def _value(self, node: Node, name: str, text: str) -> str | None:
        if name in _FLAGS or re.fullmatch(r"on[a-z]+", name):
            # That a page listens may matter; what it does then is code.
            return ""
        if name in _TEXTS or re.fullmatch(r"(data|aria)-[a-z-]+", name):
            return text if self._knows(text) else ""
        if name in _PLAIN:
            return text if _PLAIN_VALUE.fullmatch(text) and not _NUMBER.search(text) else ""
        if name in _NAMES:
            return self._name(text)
        if name in ("href", "action"):
            return self._address(text)
        return self._form_value(node, text) if name == "value" else _style(name, text)

    def _form_value(self, node: Node, text: str) -> str:
        kind = node.attrs.get("type", "text").lower()
        if node.tag == "option" or kind in ("checkbox", "radio"):
            return self._name(text) if _CHOICE.fullmatch(text) else ""
        # A text has its place among the texts of the page.
        return text if node.tag == "input" and kind not in NO_TEXT else ""

    def _address(self, text: str) -> str:
        """Return a page's path if it is one of the portal's own, without what is asked of it."""
        if text.strip().casefold().startswith("javascript:"):
            return "javascript:"
        path = _NO_PATH.sub("", text.strip())
        return path if _ADDRESS.fullmatch(path) and self._name(path) == path else "#"

    def _name(self, text: str) -> str:
        if text not in self._seen:
            words = [self._word(word) for word in text.split() if word.isascii()]
            self._seen[text] = " ".join(words)
        return self._seen[text]

    def _word(self, word: str) -> str:
        for pattern in self._names:
            word = pattern.sub("x", word)
        return _NUMBER.sub(lambda n: self._number(n[0]), _TOKEN.sub("x", word))


def _style(name: str, text: str) -> str | None:
    if name != "style":
        return None
    parts = (part.strip() for part in text.split(";"))
    return "; ".join(part for part in parts if _STYLE.fullmatch(part))
