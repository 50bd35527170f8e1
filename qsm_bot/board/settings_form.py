"""Settings written by the board: a person's comments stay; checked before they count."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.private_files import write_private
from qsm_bot.base.words import Words
from qsm_bot.config.settings_file import load_settings

Value = str | bool | Sequence[str] | None
"""What a field says; None or "" takes the key away."""

_UNREADABLE = Words("{file} cannot be read", "{file} を読めません")
_HEAD = "qsm-bot: settings, written on the board / 窓口で保存した設定"
_BEFORE = ".before"


def save_settings(file: Path, shop: str | None, values: Mapping[str, Value]) -> None:
    """Write values into a settings file; the file before is kept beside it.

    Args:
        file: the settings file, made if need be.
        shop: the `[shops.NAME]` that they belong to, or None for the top of the file.
        values: by key; what is not named stays.

    Raises:
        SettingsInvalid: with these values the file would not be valid; nothing was changed.
        EvidenceUnwritable: it cannot be written; the file before is whole.
    """
    document, table, before = _opened(file, shop)
    if not before:
        document.add(tomlkit.comment(_HEAD))
    for key, value in values.items():
        if value in (None, "") or value == []:
            table.pop(key, None)
        else:
            table[key] = value
    _replace(file, tomlkit.dumps(document).encode(), before, shop)


def add_source(file: Path, shop: str | None, path: Path) -> None:
    """Let a file be read as the shop's own data, if the settings do not name it yet.

    Raises:
        SettingsInvalid, EvidenceUnwritable: see `save_settings`.
    """
    document, table, before = _opened(file, shop)
    sources = table.get("evidence")
    if sources is None:
        sources = tomlkit.aot()
        table["evidence"] = sources
    if any(str(each.get("path")) == path.name for each in sources):
        return
    source = tomlkit.table()
    source["kind"] = "file"
    source["path"] = path.name
    sources.append(source)
    _replace(file, tomlkit.dumps(document).encode(), before, shop)


def _opened(file: Path, shop: str | None) -> tuple[tomlkit.TOMLDocument, Any, bytes]:
    """Return the file's document, the table of the shop in it, and the file as it is."""
    before = b""
    with suppress(FileNotFoundError):
        before = file.read_bytes()
    try:
        document = tomlkit.parse(before.decode("utf-8-sig"))
        table: Any = document
        for key in () if shop is None else ("shops", shop):
            table = table[key]
    except (TOMLKitError, UnicodeDecodeError, KeyError) as error:
        raise SettingsInvalid(detail=_UNREADABLE.filled(file=file)) from error
    return document, table, before


def _replace(file: Path, text: bytes, before: bytes, shop: str | None) -> None:
    draft = file.with_name(f".{file.name}.draft")
    try:
        write_private(draft, text)
        try:
            load_settings(draft, shop)
        except SettingsInvalid as error:
            said = error.message
            shown = Words(*(each.replace(draft.name, file.name) for each in (said.en, said.ja)))
            raise SettingsInvalid(detail=shown) from error
        if before:
            write_private(file.with_name(f"{file.name}{_BEFORE}"), before)
        write_private(file, text)
    finally:
        draft.unlink(missing_ok=True)
