"""TOML files written by people, read into pydantic models with errors they can act on."""

import difflib
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from qsm_bot.errors import InputInvalid

M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path, error: type[InputInvalid]) -> dict[str, Any]:
    """Read a TOML file, with or without the BOM that Windows editors write.

    Args:
        path: the file.
        error: the error class to raise; its facts are `file` and `detail`.

    Raises:
        InputInvalid: of the given class; the file is missing, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise error(file=path, detail=problem.strerror) from problem
    except UnicodeDecodeError as problem:
        detail = f"not UTF-8 at byte {problem.start}; save the file as UTF-8"
        raise error(file=path, detail=detail) from problem
    except tomllib.TOMLDecodeError as problem:
        raise error(file=path, detail=str(problem)) from problem


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
        lines = [_line(item, model) for item in problem.errors(include_url=False)]
        raise error(file=name, detail="; ".join(lines)) from problem


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` (did you mean "x"?)` for the nearest known word, or ""."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _line(item: Any, model: type[BaseModel]) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in item["loc"])
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] != "extra_forbidden":
        return f"{where}: {message}" if where else message
    hint = did_you_mean(str(item["loc"][-1]), _fields_at(model, item["loc"][:-1]))
    return f"{where}: unknown key{hint}"


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
