"""What a cell may hold under which key, and how values stand in cells."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from qsm_bot.base.plain_text import visible
from qsm_bot.base.words import same

_YES = ("true", "yes", "はい", "○", "〇", "◯", "●", "◎", "✓", "✔", "レ", "1", "有", "あり")
_NO = ("false", "no", "いいえ", "×", "✕", "✗", "0")
_COUNTED = re.compile(r"([0-9][0-9,]*)\s*(?:日|件|円|時間)?")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the rules file, as a column or a row: its place there, and what it holds."""

    path: tuple[str, ...]
    kind: str

    @property
    def name(self) -> str:
        """The key as headings show it: `when.item_name`."""
        return ".".join(self.path)


def keys_of(model: type[BaseModel]) -> list[Key]:
    """Return the keys of one table of the rules file."""
    return [Key((name,), _kind(field.annotation)) for name, field in model.model_fields.items()]


def _kind(annotation: Any) -> str:
    """Return what a cell under this key holds."""
    for each in _inner(annotation):
        if get_origin(each) is list:
            return "list"
        if get_origin(each) is not None and issubclass(get_origin(each), Mapping):
            return "columns"
        if each in (bool, int, float, date):
            return str(each.__name__)
    return "text"


def _inner(annotation: Any) -> Iterator[Any]:
    """Yield a type, or what stands in its unions and annotations."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _inner(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for each in get_args(annotation):
            yield from _inner(each)
    else:
        yield annotation


def value_of(kind: str, cell: object) -> Any:
    """Return a cell's value as TOML would have it; ValueError if it cannot be."""
    text = _text(cell)
    if kind == "list":
        return [line for line in text.split("\n") if line.strip()]
    if kind == "columns":
        return _columns(text)
    if kind == "bool":
        word = text.strip().casefold()
        if word not in _YES + _NO:
            raise ValueError(text)
        return word in _YES
    if kind == "date":
        return cell.date() if isinstance(cell, datetime) else date.fromisoformat(text.strip())
    return _number(kind, text) if kind in ("int", "float") else text


def _number(kind: str, text: str) -> float:
    counted = _COUNTED.fullmatch(same(text))
    if kind == "int":
        return int(counted[1].replace(",", "") if counted else text)
    return float(text)


def _columns(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in filter(str.strip, text.split("\n")):
        heading, equals, pattern = line.partition(" = ")
        if not equals:
            raise ValueError(line)
        found.setdefault(heading, []).append(pattern)
    return found


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return visible(str(cell).replace("\r\n", "\n").replace("_x000D_", ""))


def shown_in_cell(value: object) -> str:
    """Return a value as people see it in its cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "\n".join(
            f"{name} = {each}" for name, patterns in value.items() for each in patterns
        )
    if isinstance(value, list):
        return "\n".join(str(each).replace("\n", " ") for each in value)
    return str(value)


def is_blank(cell: object) -> bool:
    """Tell whether a cell says nothing."""
    return cell is None or not str(cell).strip()
