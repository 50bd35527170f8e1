"""Which kept files are old enough to be deleted; the ledger is none of them."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.os_words import os_words
from qsm_bot.base.pictures import OLD_PICTURES, PICTURES

PURGED = "evidence.purged"
"""The ledger's kind of entry for files that are deleted for their age."""

REPORTS = "reports"
_PICTURE_FOLDERS = (PICTURES, OLD_PICTURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """The old files of one run, or of one look at the portal that was no run.

    `pictures` are relative to the folder of the pictures, as the ledger names them,
    `reports` to that of the reports. `size` is in bytes; `newest` is when the youngest of
    them was last changed.
    """

    name: str
    pictures: tuple[str, ...]
    reports: tuple[str, ...]
    size: int
    newest: datetime

    @property
    def count(self) -> int:
        """How many files they are."""
        return len(self.pictures) + len(self.reports)


@dataclass(frozen=True, kw_only=True, slots=True)
class _File:
    run: str
    place: str
    name: str
    size: int
    changed: datetime


class KeptFiles:
    """The pictures and reports in a data folder.

    Args:
        data_dir: the data folder; what else is in it stays.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def old(self, before: datetime, keep: AbstractSet[str] = frozenset()) -> list[Batch]:
        """Return what was last changed before a moment, run by run, oldest first.

        Args:
            before: the moment.
            keep: runs whose files stay, however old.

        Raises:
            EvidenceUnwritable: a folder cannot be read.
        """
        files = [
            file
            for place in (*_PICTURE_FOLDERS, REPORTS)
            for file in self._files(place)
            if file.changed < before and file.run not in keep
        ]
        files.sort(key=lambda file: (file.run, file.name))
        batches = [_batch(run, list(mine)) for run, mine in groupby(files, lambda file: file.run)]
        return sorted(batches, key=lambda batch: (batch.newest, batch.name))

    def delete(self, batch: Batch) -> None:
        """Delete the files of a batch, and the folder that they leave empty.

        Raises:
            EvidenceUnwritable: one cannot be deleted.
        """
        pictures = ((folder, batch.pictures) for folder in _PICTURE_FOLDERS)
        names = (*pictures, (REPORTS, batch.reports))
        for path in (self._data_dir / place / name for place, each in names for name in each):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise EvidenceUnwritable(path=path, detail=os_words(error)) from error
        for folder in _PICTURE_FOLDERS:
            with suppress(OSError):  # something younger is in it, or there was none
                (self._data_dir / folder / batch.name).rmdir()

    def _files(self, place: str) -> Iterator[_File]:
        root = self._data_dir / place
        try:
            # Links are not followed: what they lead to was not kept here.
            for path in root.rglob("*"):
                stat = path.lstat()
                if path.is_symlink() or not path.is_file():
                    continue
                name = path.relative_to(root)
                yield _File(
                    run=name.parts[0] if len(name.parts) > 1 else name.stem,
                    place=place,
                    name=name.as_posix(),
                    size=stat.st_size,
                    changed=datetime.fromtimestamp(stat.st_mtime, JST),
                )
        except OSError as error:
            raise EvidenceUnwritable(path=root, detail=os_words(error)) from error


def _batch(run: str, files: list[_File]) -> Batch:
    return Batch(
        name=run,
        pictures=tuple(file.name for file in files if file.place != REPORTS),
        reports=tuple(file.name for file in files if file.place == REPORTS),
        size=sum(file.size for file in files),
        newest=max(file.changed for file in files),
    )
