"""TOML files written by people, read into pydantic models with errors they can act on."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from qsm_bot.base.errors.inputs import InputInvalid
from qsm_bot.base.os_words import os_words
from qsm_bot.base.plain_text import visible_in
from qsm_bot.base.toml_faults import toml_fault
from qsm_bot.base.words import ModelObjection, Words

M = TypeVar("M", bound=BaseModel)

_NOT_UTF8 = Words(
    "not UTF-8 at byte {byte}; save the file as UTF-8 (line {line})",
    "文字コードが UTF-8 ではありません（{line}行目）。メモ帳の「名前を付けて保存」で"
    "文字コードを「UTF-8」にして保存し直してください",
)
_MEANT = Words(' (did you mean "{word}"?)', '（"{word}" のことですか）')
_IN_JAPANESE: Mapping[str, str] = {
    "missing": "必須です",
    "enum": "{expected} のどれかが必要です",
    "literal_error": "{expected} が必要です",
    "string_type": '文字列（"…"）が必要です',
    "string_too_short": "空にはできません",
    "string_pattern_mismatch": "形式 {pattern} に合いません",
    "int_type": "整数が必要です",
    "int_from_float": "整数が必要です",
    "float_type": "数が必要です",
    "bool_type": "true か false が必要です",
    "bool_parsing": "true か false が必要です",
    "int_parsing": "整数が必要です",
    "float_parsing": "数が必要です",
    "date_parsing": "日付（例 2026-11-23）が必要です",
    "date_from_datetime_parsing": "日付（例 2026-11-23）が必要です",
    "tuple_type": "リスト（[…]）が必要です",
    "list_parsing": "リスト（[…]）が必要です",
    "path_type": "ファイルの場所が必要です",
    "union_tag_invalid": "{expected_tags} のどれかが必要です",
    "date_type": "日付（例 2026-11-23）が必要です",
    "list_type": "リスト（[…]）が必要です",
    "too_short": "1つ以上必要です",
    "dict_type": "表が必要です",
    "model_type": "表が必要です",
    "greater_than_equal": "{ge} 以上が必要です",
    "greater_than": "{gt} より大きい値が必要です",
    "less_than_equal": "{le} 以下が必要です",
}


def read_toml(path: Path, error: type[InputInvalid]) -> dict[str, Any]:
    """Read a TOML file, with or without the BOM that Windows editors write.

    Args:
        path: the file.
        error: the error class to raise; its facts are `file` and `detail`.

    Raises:
        InputInvalid: of the given class; the file is missing, not UTF-8 or not TOML.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        document: dict[str, Any] = visible_in(tomllib.loads(text))
    except OSError as problem:
        raise error(file=path, detail=os_words(problem)) from problem
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise error(file=path, detail=_NOT_UTF8.filled(byte=problem.start, line=line)) from problem
    except tomllib.TOMLDecodeError as problem:
        raise error(file=path, detail=toml_fault(text, problem)) from problem
    return document


def hidden_ending(path: Path) -> str | None:
    """Return the name under which Windows editors may have saved a file that is not there."""
    names = (f"{path.name}.txt", f"{path.stem}.txt")
    return next((name for name in names if path.with_name(name).exists()), None)


def load_toml(path: Path, model: type[M], error: type[InputInvalid]) -> M:
    """Read `path` into `model`; parameters and errors as for `read_toml`."""
    return build(read_toml(path, error), model, error, name=path)


def build(
    document: dict[str, Any], model: type[M], error: type[InputInvalid], *, name: object
) -> M:
    """Build `model` from parsed TOML; `name` of the file stands in the error.

    Raises:
        InputInvalid: of the given class, with every problem and the nearest known word.
    """
    try:
        return model.model_validate(document)
    except ValidationError as problem:
        lines = [each.line for each in problems_in(problem, model, document)]
        detail = Words("; ".join(each.en for each in lines), "; ".join(each.ja for each in lines))
        raise error(file=name, detail=detail) from problem


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place; `named` is the name of the table that it is in, or ""."""

    loc: tuple[str | int, ...]
    said: Words
    named: str

    @property
    def line(self) -> Words:
        """The problem with its place, as messages show it."""
        parts = (str(part + 1) if isinstance(part, int) else part for part in self.loc)
        place = ".".join(parts) + ": " if self.loc else ""
        en, ja = (f" [“{self.named}”]", f"［{self.named}］") if self.named else ("", "")
        return Words(f"{place}{self.said.en}{en}", f"{place}{self.said.ja}{ja}")


def problems_in(
    error: ValidationError, model: type[BaseModel], document: dict[str, Any]
) -> list[Problem]:
    """Return every problem that pydantic found, in both languages."""
    return [
        Problem(item["loc"], _said(item, model), _name_at(document, item["loc"]))
        for item in error.errors(include_url=False)
    ]


def did_you_mean(word: str, known: Iterable[str]) -> Words:
    """Return ` (did you mean "x"?)` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return _MEANT.filled(word=near[0]) if near else Words("", "")


def _said(item: Any, model: type[BaseModel]) -> Words:
    """Return what is wrong with one value, and the nearest known word if there is a list."""
    kind, context = item["type"], item.get("ctx", {})
    if kind == "extra_forbidden":
        hint = did_you_mean(str(item["loc"][-1]), _fields_at(model, item["loc"][:-1]))
        return Words(f"unknown key{hint.en}", f"このキーはありません{hint.ja}")
    told = context.get("error")
    if isinstance(told, ModelObjection):
        return told.words
    message = str(item["msg"]).removeprefix("Value error, ")
    expected = str(context.get("expected", ""))
    known = [each.strip("'") for each in re.split(", | or ", expected)]
    listed = known if kind in ("enum", "literal_error") else ()
    hint = did_you_mean(str(item["input"]), listed)
    translated = _IN_JAPANESE.get(kind)
    in_japanese = translated.format(**context) if translated else message
    return Words(f"{message}{hint.en}", f"{in_japanese}{hint.ja}")


def _name_at(document: object, loc: Sequence[str | int]) -> str:
    """Return the name that the innermost named table at `loc` gives itself, or ""."""
    name = ""
    for part in loc:
        if isinstance(document, dict) and isinstance(part, str):
            document = document.get(part)
        elif isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
        else:
            break
        if isinstance(document, dict) and isinstance(document.get("name"), str):
            name = document["name"]
    return name


def _fields_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Return the keys allowed at `loc`, following models through lists and tables."""
    for part in loc:
        if isinstance(part, str):
            field = next((f for n, f in model.model_fields.items() if part in (n, f.alias)), None)
            if field is None:
                continue  # the free key of a table of tables
            inner = _model_in(field.annotation)
            if inner is None:
                return []
            model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found:
            return found
    return None
