"""What the body of a request says, whichever way it is written: form, JSON, XML or plain."""

import json
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from qsm_bot.portal.act.markup import Markup

_BLANKS = "\ufeff \t\r\n"
_DEEPEST = 3
LONGEST = 4096
"""Characters from which on a value is a state of the page's own, and no order's number."""
_OPAQUE = ("__VIEWSTATE", "__EVENTVALIDATION", "__VIEWSTATEGENERATOR")

Field = tuple[str, str]


def fields_of(content: str, body: str) -> list[Field]:
    """Return names and values; a value without a name has the name "".

    Args:
        content: the Content-Type, or "".
        body: the body, or "".
    """
    try:
        return _opened(_read(content, body)) if body else []
    except (ValueError, RecursionError, OverflowError):
        return [("", body)]


def _read(content: str, body: str) -> list[Field]:
    if "multipart/" in content:
        return _multipart(content, body)
    if "x-www-form-urlencoded" in content and not is_wrapped(body):
        return _pairs(body)
    try:
        return list(_flat("", _json(body)))
    except (ValueError, RecursionError):
        markup = Markup.of(body).fields
    plain = [] if _begins(body, "<") else _pairs(body)
    return [*plain, *markup] or [("", body)]


def outline_of(body: str) -> list[str]:
    """Return what wraps the fields up, and is none: the ways to the leaves of JSON, and tags."""
    try:
        return list(_ways("", _json(body))) if body else []
    except (ValueError, RecursionError):
        return [f"<{name}" for name in Markup.of(body).tags]


def is_markup(body: str) -> bool:
    """Return whether it is XML, or something like it, that says anything."""
    return _begins(body, "<") and bool(Markup.of(body).fields)


def is_wrapped(body: str) -> bool:
    """Return whether it is JSON or markup, whatever it is called."""
    if not _begins(body, "{", "["):
        return is_markup(body)
    try:
        _json(body)
    except (ValueError, RecursionError):
        return False
    return True


def _begins(body: str, *signs: str) -> bool:
    return body.lstrip(_BLANKS)[:1] in signs


def _pairs(body: str) -> list[Field]:
    pairs = parse_qsl(body, keep_blank_values=True) if "=" in body else []
    return [pair for pair in pairs if pair[0] not in _OPAQUE]


class _Pairs(tuple[tuple[str, Any], ...]):
    """A JSON object as it is written: of a key that stands twice, services read either."""

    __slots__ = ()


def _json(text: str) -> Any:
    return json.loads(text.lstrip(_BLANKS), object_pairs_hook=_Pairs)


def _opened(fields: list[Field], depth: int = _DEEPEST) -> list[Field]:
    """Add what is JSON, or markup, inside a value."""
    found: list[Field] = []
    for name, value in fields:
        found.append((name, value))
        if depth and len(value) <= LONGEST:
            found += _opened(_inside(value), depth - 1)
    return found


def _inside(value: str) -> list[Field]:
    if _begins(value, "<"):
        return Markup.of(value).fields
    try:
        return list(_flat("", _json(value))) if _begins(value, "{", "[") else []
    except (ValueError, RecursionError):
        return []


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
    return [field for field in found if field[0] not in _OPAQUE]


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
