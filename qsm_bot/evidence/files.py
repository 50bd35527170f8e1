"""Which file is read, and its bytes at one moment.

A file is read whole and at once: if its size or time of change is another one afterwards,
a tool is writing it, and it is read again. What a tool wrote only in part and then left
alone cannot be told by this; `sheets.py` notices an end in the middle of a row.
"""

import fnmatch
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from qsm_bot.base.clock import JST, aware
from qsm_bot.base.errors.evidence import (
    EvidenceInvalid,
    EvidenceMissing,
    EvidenceStale,
    EvidenceUnfinished,
)
from qsm_bot.base.retry import read_again
from qsm_bot.base.words import Words
from qsm_bot.base.words import age as told_age
from qsm_bot.evidence.config import SUFFIXES, UNREADABLE, USUAL

# Excel and LibreOffice keep such a file beside one that is open; it is no table.
_LOCK_FILES = ("~$", ".~", ".")
_READINGS = 3
# These may be something else; who means them writes it into the pattern.
_OTHERS = (".txt", ".zip")

_UNREADABLE = Words(
    "the newest file is {suffix}, which is not read; save it in Excel as .xlsx or CSV UTF-8",
    "いちばん新しいこのファイルは {suffix} のため読めません（古いファイルは使いません）。"
    "Excel の「名前を付けて保存」で .xlsx か CSV UTF-8 にしてください",
)

_OPEN_ELSEWHERE = Words(
    "another program holds the file, or its rights forbid reading",
    "他のプログラムが使用中か、読み取り権限がありません",
)
_NO_FILE = Words("there is no such file", "ファイルがありません")
_NO_FOLDER = Words("there is no such folder", "出荷データのフォルダーが見つかりません")
_NO_MATCH = Words(
    "no {suffixes} file fits the pattern “{pattern}”",
    "「{pattern}」に合う {suffixes} ファイルがありません",
)
_CHANGING = Words(
    "the file changed while it was read; another tool is writing it",
    "読み取り中にファイルが変わりました（書き込み中）",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A file's name, its bytes, and when it was last changed (JST)."""

    name: str
    data: bytes
    changed_at: datetime

    @property
    def suffix(self) -> str:
        """The kind of file: `.csv`, `.tsv` or `.xlsx`."""
        return Path(self.name).suffix.casefold()

    def raise_if_older(self, hours: float | None, now: datetime) -> None:
        """Check the file's age.

        Raises:
            EvidenceStale: it was changed last more than so many hours ago.
        """
        age = (aware(now) - self.changed_at) / timedelta(hours=1)
        if hours is not None and age > hours:
            raise EvidenceStale(place=self.name, age=told_age(round(age, 1)), limit=hours)


def snapshot(path: Path) -> Snapshot:
    """Read a file at one moment.

    Raises:
        EvidenceInvalid: it is of a kind that is not read; an older file says nothing of today.
        EvidenceMissing: it is not there, or cannot be opened.
        EvidenceUnfinished: it changes each time that it is read.
    """
    if (suffix := path.suffix.casefold()) in UNREADABLE:
        raise EvidenceInvalid(place=path.name, detail=_UNREADABLE.filled(suffix=suffix))
    return read_again(lambda: _read(path), when=EvidenceUnfinished, times=_READINGS)


def fitting(folder: Path, pattern: str) -> list[Path]:
    """Return the files of the folder that fit the pattern, the one changed last at first.

    Lock files of Excel and LibreOffice, hidden files and other kinds of files are passed
    over; folders within are not looked into. A newest file that cannot be used is an error:
    an older one is no substitute.

    Raises:
        EvidenceMissing: the folder is not there, or no file in it fits.
    """
    try:
        changed = {path: path.stat().st_mtime_ns for path in _tables(folder, pattern)}
    except OSError as error:
        absent = _CHANGING if folder.is_dir() else _NO_FOLDER
        raise EvidenceMissing(place=folder, detail=_why(error, absent)) from error
    if not changed:
        detail = _NO_MATCH.filled(pattern=pattern, suffixes="/".join(USUAL))
        raise EvidenceMissing(place=folder, detail=detail)
    return sorted(changed, key=lambda path: (changed[path], path.name), reverse=True)


def newest(folder: Path, pattern: str) -> Path:
    """Return the first of `fitting`; errors as there."""
    return fitting(folder, pattern)[0]


def age_of(path: Path, now: datetime) -> float:
    """Return how many hours ago a file was last changed.

    Raises:
        EvidenceMissing: it is gone.
    """
    try:
        changed = path.stat().st_mtime
    except OSError as error:
        raise EvidenceMissing(place=path, detail=_why(error, _NO_FILE)) from error
    return (aware(now).timestamp() - changed) / 3600


def _tables(folder: Path, pattern: str) -> Iterator[Path]:
    for path in folder.iterdir():
        suffix = path.suffix.casefold()
        if path.name.startswith(_LOCK_FILES) or suffix not in SUFFIXES + UNREADABLE:
            continue
        if suffix in _OTHERS and suffix not in pattern.casefold():
            continue
        if fnmatch.fnmatchcase(_even(path.name), _even(pattern)) and path.is_file():
            yield path


def _even(name: str) -> str:
    # Macs write か and ゛ apart. Tools write [1] into names, where fnmatch sees a set of letters.
    return unicodedata.normalize("NFC", name).casefold().replace("[", "\0")


def _read(path: Path) -> Snapshot:
    try:
        before = path.stat()
        data = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise EvidenceMissing(place=path, detail=_why(error, _NO_FILE)) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise EvidenceUnfinished(place=path.name, detail=_CHANGING)
    changed_at = datetime.fromtimestamp(after.st_mtime, JST)
    return Snapshot(name=path.name, data=data, changed_at=changed_at)


def _why(error: OSError, absent: Words) -> Words | str:
    if isinstance(error, FileNotFoundError):
        return absent
    return _OPEN_ELSEWHERE if isinstance(error, PermissionError) else error.strerror or repr(error)
