"""Small files of an invented shop's tools, and sources that read them."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.evidence import EvidenceInvalid
from qsm_bot.base.words import Words
from qsm_bot.evidence.config import FileSettings, FolderSettings
from qsm_bot.evidence.protocol import EvidenceSet
from qsm_bot.evidence.tables import TableSource

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=JST)
ORDER = "762544202"
OTHER = "762544206"
HEADINGS = ("注文番号", "送り状番号")
TRACKING = "123456789013"

Rows = Sequence[Sequence[Any]]


def write_csv(path: Path, *rows: Sequence[str], encoding: str = "utf-8") -> Path:
    """Write rows as plain CSV, with the line ends of Windows."""
    text = "".join(",".join(row) + "\r\n" for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(path: Path, hidden: Sequence[str] = (), **sheets: Rows) -> Path:
    """Write an Excel file with these sheets."""
    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def touched(path: Path, at: datetime) -> Path:
    """Set when a file was last changed."""
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def source(path: Path, **settings: Any) -> TableSource:
    """Return the source of a file."""
    return TableSource(settings=FileSettings(kind="file", path=path, **settings))


def folder(path: Path, **settings: Any) -> TableSource:
    """Return the source of a folder."""
    return TableSource(settings=FolderSettings(kind="folder", path=path, **settings))


def loaded(path: Path, **settings: Any) -> EvidenceSet:
    """Read a file at the moment of the tests."""
    return source(path, **settings).load(NOW)


def told(read: TableSource, error: type[EvidenceInvalid]) -> Words:
    """Return what is said of a source that is in exactly this error."""
    with pytest.raises(error) as caught:
        read.load(NOW)
    assert type(caught.value) is error
    assert caught.value.exit_code == 60
    return caught.value.message
