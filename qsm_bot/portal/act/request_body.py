"""What the body of a request says, whichever way it is written: form, JSON, XML or plain."""

import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_OPAQUE = ("__VIEWSTATE", "__EVENTVALIDATION", "__VIEWSTATEGENERATOR")

Field = tuple[str, str]


def fields_of(content: str, body: str) -> list[Field]:
    """Return names and values; a value without a name has the name "".

    Args:
        content: the Content-Type, or "".
        body: the body, or "".
    """
    if not body:
        return []
    if "multipart/" in content:
        return _multipart(content, body)
    if "x-www-form-urlencoded" in content:
        return _unopened(parse_qsl(body, keep_blank_values=True))
    try:
        return list(_flat("", _json(body)))
    except (ValueError, RecursionError):
        markup = _Markup.of(body)
    if markup.fields:
        return markup.fields
    pairs = parse_qsl(body, keep_blank_values=True) if "=" in body else []
    return pairs or [("", body)]


def outline_of(body: str) -> list[str]:
    """Return what wraps the fields up, and is none: the ways to the leaves of JSON, and tags."""
    try:
        return list(_ways("", _json(body))) if body else []
    except (ValueError, RecursionError):
        return [f"<{name}" for name in _Markup.of(body).tags]


def is_markup(body: str) -> bool:
    """Return whether it is XML, or something like it, that says anything."""
    return bool(_Markup.of(body).fields)


class _Markup(HTMLParser):
    """The tags of a text, and what stands in them: as their text, and as their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fields: list[Field] = []

    @classmethod
    def of(cls, text: str) -> "_Markup":
        found = cls()
        if "<" in text:
            found.feed(_CDATA.sub(lambda part: escape(part[1]), text))
            found.close()
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fields += [(name, value) for name, value in attrs if value]

    def handle_data(self, data: str) -> None:
        if self.tags and data.strip():
            self.fields.append((self.tags[-1], data.strip()))


class _Pairs(tuple[tuple[str, Any], ...]):
    """A JSON object as it is written: of a key that stands twice, services read either."""

    __slots__ = ()


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_Pairs)


def _unopened(pairs: list[Field]) -> list[Field]:
    """Leave out what a WebForms page keeps for itself; open what is JSON inside a field."""
    found: list[Field] = []
    for name, value in pairs:
        if name in _OPAQUE:
            continue
        found.append((name, value))
        if value[:1] in "{[" and value:
            try:
                found += _flat(name, _json(value))
            except (ValueError, RecursionError):
                continue
    return found


def _multipart(content: str, body: str) -> list[Field]:
    head = f"Content-Type: {content}\r\n\r\n"
    parts = message_from_bytes((head + body).encode()).get_payload()
    found: list[Field] = []
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, str):
            continue
        name = part.get_param("name", "", "content-disposition")
        value = part.get_payload(decode=True)
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
        found.append((str(name), text))
    return _unopened(found)


def _flat(name: str, value: Any) -> Iterator[Field]:
    """Give the leaves of a JSON document; a pair of Name and Value is one leaf."""
    if isinstance(value, _Pairs):
        named = {key.casefold(): inner for key, inner in value}
        if named.keys() == {"name", "value"} and len(value) == len(named):
            yield from _flat(str(named["name"]), named["value"])
            return
        for key, inner in value:
            # An order's number may be the key itself.
            yield from [("", key)] if key.isdigit() else []
            yield from _flat(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(name, inner)
    elif value is not None:
        yield name, str(value)


def _ways(way: str, value: Any) -> Iterator[str]:
    if isinstance(value, _Pairs):
        for key, inner in value:
            yield from _ways(f"{way}/{key}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ways(way, inner)
    else:
        yield way
