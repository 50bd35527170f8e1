"""The `[[evidence]]` tables of qsm-bot.toml: a closed vocabulary, checked when it is read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic import model_validator as checked

from qsm_bot.base.errors.inputs import InputInvalid
from qsm_bot.base.toml import build, did_you_mean
from qsm_bot.base.words import ModelObjection, Words
from qsm_bot.domain.carriers import (
    carrier_name,
    is_known_carrier,
    known_carriers,
    nearest_carrier,
)

SUFFIXES = (".csv", ".tsv", ".xlsx", ".xlsm", ".txt")
USUAL = SUFFIXES[:3]
EXCEL = (".xlsx", ".xlsm")
UNREADABLE = (".xls", ".xlsb", ".ods", ".numbers", ".zip")
"""Tables that are not read, but never passed over in silence either."""
_DAY = 24.0

_NO_CARRIER = Words(
    "“{carrier}” is no carrier that is known; known are {known}{hint}",
    "「{carrier}」は使えません。使える配送会社: {known}{hint}",
)
_ONE_WAY = Words(
    "either all columns by heading, or order_no and all others by number",
    "列は、すべて見出しか、order_no を含むすべてを番号で指定してください",
)
_NO_HEADINGS = Words(
    "extra_columns and only go by heading; with columns by number there is none",
    "extra_columns と only は見出しで指定します。列を番号で指定したときは使えません",
)
_DIGITS_RISE = Words(
    "order_digits: the lower bound first, as in [8, 12]",
    "order_digits は小さい方から [8, 12] のように書いてください",
)
_NO_TABLE = Words(
    "path: a file that ends in {suffixes} is expected",
    "path: 末尾が {suffixes} のファイルを指定してください",
)
_OLD = Words(
    "path: a file that ends in {suffixes} is expected; {suffix} is not read: save it in Excel "
    "as .xlsx or CSV UTF-8",
    "path: {suffix} は読めません。Excel の「名前を付けて保存」で .xlsx か CSV UTF-8 にしてください",
)
_NO_TABLES = Words(
    "{where} must be tables, as in [[{where}]]", "{where} は [[{where}]] の形で書いてください"
)
_NO_KIND = Words("kind: {expected} is expected{hint}", "kind: {expected} のどれかが必要です{hint}")
_NO_SHEETS = Words("sheet: only an .xlsx file has sheets", "sheet は Excel ファイルでだけ使えます")

Text = Annotated[str, StringConstraints(min_length=1)]


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


Headings = Annotated[list[Text], BeforeValidator(_as_list), Field(min_length=1)]
Column = Headings | Annotated[int, Field(ge=1)]
"""Headings, or a column by its place from 1, in a file without headings."""
Digits = Annotated[int, Field(ge=1, le=15)]


def _known_carrier(given: str) -> str:
    if not is_known_carrier(given):
        near = did_you_mean(nearest_carrier(given) or "", known_carriers())
        known = " ".join(known_carriers())
        raise ModelObjection(_NO_CARRIER.filled(carrier=given, known=known, hint=near))
    return carrier_name(given)


CarrierName = Annotated[Text, AfterValidator(_known_carrier)]
Patterns = Annotated[list[Text], BeforeValidator(_as_list), Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ColumnNames(_Strict):
    """Under which headings the facts stand, where the known ones do not fit.

    Several headings for one fact: exactly one of them must be there. Numbers in place of
    headings are columns of a file without headings, the first is 1.
    """

    order_no: Column | None = None
    tracking_no: Column | None = None
    carrier: Column | None = None
    shipping_status: Column | None = None
    shipped_on: Column | None = None
    packed_at: Column | None = None
    made_to_order: Column | None = None
    item_mark: Column | None = None

    @property
    def places(self) -> dict[str, int]:
        """The columns that are given by their place, from 0; none, if headings count."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: at - 1 for name, at in given.items() if isinstance(at, int)}

    @checked(mode="after")
    def _one_way(self) -> "ColumnNames":
        places = self.places
        if places and ("order_no" not in places or len(places) != len(self.model_fields_set)):
            raise ModelObjection(_ONE_WAY)
        return self


class SourceSettings(_Strict):
    """What every table says, whatever its kind."""

    name: Text | None = None


class TableSettings(SourceSettings):
    """What a single file and a folder of files have in common.

    `max_age_hours` counts from the file's last change. `order_digits` bounds how many digits
    an order number has: the official manual shows nine; fewer or more are taken for damage.
    `carrier` is whose numbers all of them are, where no column says so; `carriers` says which
    carrier a word or a code of the file means. `only` passes over rows whose column, by its
    heading, fits none of the patterns: those of other malls.
    """

    path: Annotated[Path, Field(strict=False)]
    sheet: Text | None = None
    max_age_hours: Annotated[float, Field(gt=0, strict=False)] | None = None
    columns: ColumnNames = ColumnNames()
    extra_columns: list[Text] = []
    carrier: CarrierName | None = None
    carriers: Mapping[Text, CarrierName] = {}
    only: Mapping[Text, Patterns] = {}
    order_digits: Annotated[tuple[Digits, Digits], Field(strict=False)] = (8, 12)

    @checked(mode="after")
    def _digits_rise(self) -> "TableSettings":
        if self.order_digits[0] > self.order_digits[1]:
            raise ModelObjection(_DIGITS_RISE)
        return self

    @checked(mode="after")
    def _places_need_no_headings(self) -> "TableSettings":
        if self.columns.places and (self.extra_columns or self.only):
            raise ModelObjection(_NO_HEADINGS)
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
        suffix = self.path.suffix.casefold()
        if suffix in UNREADABLE:
            raise ModelObjection(_OLD.filled(suffix=suffix, suffixes=", ".join(USUAL)))
        if suffix not in SUFFIXES:
            raise ModelObjection(_NO_TABLE.filled(suffixes=", ".join(USUAL)))
        if self.sheet is not None and suffix not in EXCEL:
            raise ModelObjection(_NO_SHEETS)
        return self


class FolderSettings(TableSettings):
    """A folder into which another tool puts files: the newest that fits the pattern counts.

    With `read = "all"` they are parts of one export: each that is not too old counts.
    """

    kind: Literal["folder"]
    pattern: Text = "*"
    read: Literal["newest", "all"] = "newest"
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
        raise error(file=file, detail=_NO_TABLES.filled(where=where))
    return tuple(
        _one(table, folder=file.parent, name=f"{file}: {where} {number}", error=error)
        for number, table in enumerate(tables, start=1)
    )


def _one(
    table: dict[str, Any], *, folder: Path, name: str, error: type[InputInvalid]
) -> SourceSettings:
    kind = str(table.get("kind", ""))
    if kind not in KINDS:
        quoted = [f'"{known}"' for known in KINDS]
        expected = Words(" or ".join(quoted), "・".join(quoted))
        detail = _NO_KIND.filled(expected=expected, hint=did_you_mean(kind, KINDS))
        raise error(file=name, detail=detail)
    settings = build(table, KINDS[kind], error, name=name)
    if not isinstance(settings, TableSettings):
        return settings
    return settings.model_copy(update={"path": folder / settings.path.expanduser()})
