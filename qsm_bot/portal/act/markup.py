"""What stands in XML, or in something like it, well formed or not: a request may hold anything."""

import re
from collections import Counter
from collections.abc import Callable
from html import escape, unescape
from itertools import pairwise

# Possessive, so that no text takes longer than its length.
_TOKEN = re.compile(r"<(/?)([^\W\d][\w:.-]*+)([^<>]*?)(/?)>|([^<]++|<)")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_EMPTY = ("br", "hr")
_OF_THE_SCHEMA = ("xsi:", "xmlns")


class Markup:
    """The tags of a text, and what stands in them: as their text, and as their attributes.

    Attributes:
        tags: the names of the elements, in small letters, as they begin.
        fields: names, without a namespace's prefix, and values. A pair of Name and Value, as
            attributes or as elements, is one field more.
    """

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.fields: list[tuple[str, str]] = []
        self._open: list[tuple[str, list[str]]] = []
        self._names: Counter[str] = Counter()

    @classmethod
    def of(cls, text: str) -> "Markup":
        """Read a text; what is no markup has neither tags nor fields."""
        found = cls()
        if "<" in text:
            text = _replaced(text, "<![CDATA[", "]]>", escape)
            found._read(_replaced(text, "<!--", "-->", lambda _: ""))
        return found

    def _read(self, text: str) -> None:
        for close, name, attributes, single, data in _TOKEN.findall(text):
            if data and self._open:
                self._open[-1][1].append(data)
            elif close and self._names[name]:
                while self._end() != name:
                    pass
            elif name and not close:
                self._begin(name, attributes, alone=bool(single) or name.casefold() in _EMPTY)
        while self._open:
            self._end()
        self.fields += [
            (one[1], other[1])
            for one, other in pairwise(tuple(self.fields))
            if (one[0].casefold(), other[0].casefold()) == ("name", "value")
        ]

    def _begin(self, name: str, attributes: str, *, alone: bool) -> None:
        self.tags.append(name.casefold())
        for key, one, other in _ATTRIBUTE.findall(attributes):
            if not key.startswith(_OF_THE_SCHEMA):
                self.fields.append((_local(key), plain(one or other)))
        if not alone:
            self._open.append((name, []))
            self._names[name] += 1

    def _end(self) -> str:
        name, said = self._open.pop()
        self._names[name] -= 1
        text = plain(" ".join(filter(None, map(str.strip, said))))
        if text:
            self.fields.append((_local(name), text))
        return name


def plain(text: str) -> str:
    """Return a text without entities; one that names a character of no such number stays."""
    try:
        return unescape(text)
    except ValueError:
        return text


def _replaced(text: str, start: str, end: str, by: Callable[[str], str]) -> str:
    parts, at = [], 0
    while (begin := text.find(start, at)) >= 0 and (stop := text.find(end, begin)) >= 0:
        parts += [text[at:begin], by(text[begin + len(start) : stop])]
        at = stop + len(end)
    return "".join([*parts, text[at:]])


def _local(name: str) -> str:
    return name.rpartition(":")[2]
