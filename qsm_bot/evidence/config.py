"""The `[[evidence]]` tables of qsm-bot.toml: a closed vocabulary, checked when it is read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import model_validator as checked

from qsm_bot.errors import InputInvalid
from qsm_bot.toml import build, did_you_mean

SUFFIXES = (".csv", ".tsv", ".xlsx")
_DAY = 24.0

Text = Annotated[str, StringConstraints(min_length=1)]


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


Headings = Annotated[list[Text], BeforeValidator(_as_list), Field(min_length=1)]
Digits = Annotated[int, Field(ge=1, le=15)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ColumnNames(_Strict):
    """Under which headings the facts stand, where the known ones do not fit.

    Several headings for one fact: exactly one of them must be there.
    """

    order_no: Headings | None = None
    tracking_no: Headings | None = None
    carrier: Headings | None = None
    shipping_status: Headings | None = None
    shipped_on: Headings | None = None
    packed_at: Headings | None = None
    made_to_order: Headings | None = None
    item_mark: Headings | None = None


class SourceSettings(_Strict):
    """What every table says, whatever its kind."""

    name: Text | None = None


class TableSettings(SourceSettings):
    """What a single file and a folder of files have in common.

    `max_age_hours` counts from the file's last change. `order_digits` bounds how many digits
    an order number has: the official manual shows nine; fewer or more are taken for damage.
    """

    path: Annotated[Path, Field(strict=False)]
    sheet: Text | None = None
    max_age_hours: Annotated[float, Field(gt=0, strict=False)] | None = None
    columns: ColumnNames = ColumnNames()
    extra_columns: list[Text] = []
    order_digits: Annotated[tuple[Digits, Digits], Field(strict=False)] = (8, 12)

    @checked(mode="after")
    def _digits_rise(self) -> "TableSettings":
        if self.order_digits[0] > self.order_digits[1]:
            raise ValueError("order_digits: the lower bound first, as in [8, 12]")
        return self

    @property
    def title(self) -> str:
        """The source's name in tables: the given one, else that of its file or folder."""
        return self.name or self.path.name or str(self.path)


class FileSettings(TableSettings):
    """One file, always of the same name. Its age counts only if the settings bound it."""

    kind: Literal["file"]

    @checked(mode="after")
    def _is_a_table(self) -> "FileSettings":
        if self.path.suffix.casefold() not in SUFFIXES:
            raise ValueError(f"path: a file that ends in {', '.join(SUFFIXES)} is expected")
        if self.sheet is not None and self.path.suffix.casefold() != ".xlsx":
            raise ValueError("sheet: only an .xlsx file has sheets")
        return self


class FolderSettings(TableSettings):
    """A folder into which another tool puts files: the newest that fits the pattern counts."""

    kind: Literal["folder"]
    pattern: Text = "*"
    max_age_hours: Annotated[float, Field(gt=0, strict=False)] = _DAY


class QapiSettings(SourceSettings):
    """Qoo10's QAPI: what it knows of orders that were made in the last `days` (JST)."""

    kind: Literal["qapi"]
    days: Annotated[int, Field(ge=1, le=89)] = 30

    @property
    def title(self) -> str:
        """The source's name in tables."""
        return self.name or "QAPI"


KINDS: Mapping[str, type[SourceSettings]] = {
    "file": FileSettings,
    "folder": FolderSettings,
    "qapi": QapiSettings,
}


def evidence_settings(
    tables: object, *, file: Path, where: str, error: type[InputInvalid]
) -> tuple[SourceSettings, ...]:
    """Read the tables of one shop; their paths are relative to the settings file.

    Args:
        tables: what stands under `evidence` in the file.
        file: the settings file.
        where: the key of the tables, for messages: "evidence" or "shops.NAME.evidence".
        error: the error class to raise; its facts are `file` and `detail`.

    Raises:
        InputInvalid: of the given class; file, table, key, expected, and the nearest word.
    """
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise error(file=file, detail=f"{where} must be tables, as in [[{where}]]")
    return tuple(
        _one(table, folder=file.parent, name=f"{file}: {where} {number}", error=error)
        for number, table in enumerate(tables, start=1)
    )


def _one(
    table: dict[str, Any], *, folder: Path, name: str, error: type[InputInvalid]
) -> SourceSettings:
    kind = str(table.get("kind", ""))
    if kind not in KINDS:
        expected = " or ".join(f'"{known}"' for known in KINDS)
        detail = f"kind: {expected} is expected{did_you_mean(kind, KINDS).en}"
        raise error(file=name, detail=detail)
    settings = build(table, KINDS[kind], error, name=name)
    if not isinstance(settings, TableSettings):
        return settings
    return settings.model_copy(update={"path": folder / settings.path.expanduser()})
