"""A rules file that is written anew keeps the comments of the one before."""

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

_NAMED = "name"


def with_comments_of(before: str, text: str) -> str:
    """Return the TOML of `text`, written into the file `before` as far as the two agree.

    Tables in a list belong together if their `name` is the same. Where the old file is none, or
    no way leads from it to the new values, the new text is returned as it is.
    """
    wanted = tomllib.loads(text)
    try:
        document: Any = tomlkit.parse(before.removeprefix("\ufeff"))
        _bring_to(document, wanted)
        kept = tomlkit.dumps(document)
        return kept if tomllib.loads(kept) == wanted else text
    except (TOMLKitError, tomllib.TOMLDecodeError, ValueError, KeyError, TypeError):
        return text


def _bring_to(table: Any, wanted: Mapping[str, Any]) -> None:
    for key in [key for key in table if key not in wanted]:
        del table[key]
    for key, value in wanted.items():
        there = table.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            _bring_to(there, value)
        elif _is_list_of_tables(value) and isinstance(there, tomlkit.items.AoT):
            _bring_list_to(table, key, value)
        elif there is None or tomlkit.item(there).unwrap() != value:
            table[key] = value


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _bring_list_to(table: Any, key: str, wanted: list[dict[str, Any]]) -> None:
    names = [each.get(_NAMED) for each in wanted]
    if names != [each.get(_NAMED) for each in table[key]]:
        old = {each.get(_NAMED): each for each in table[key]}
        tables = tomlkit.aot()
        for name in names:
            tables.append(old.pop(name, None) or tomlkit.table())
        table[key] = tables
    for there, value in zip(table[key], wanted, strict=True):
        _bring_to(there, value)
