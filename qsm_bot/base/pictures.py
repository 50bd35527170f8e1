"""The pictures of the runs on disk, for the owner's eyes only."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.os_words import os_words
from qsm_bot.base.private_files import private_file

PICTURES = "pictures"
OLD_PICTURES = "evidence"
"""The folder's name before version 0.2; what lies there is still found, and purged."""


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A file that was kept: its path relative to the store, and its SHA-256."""

    path: str
    sha256: str


class PictureStore:
    """Keeps pictures in a data folder, in one folder per run; files are 0600, folders 0700."""

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir / PICTURES
        self._older = data_dir / OLD_PICTURES

    def keep(self, run_id: str, name: str, content: bytes) -> KeptPicture:
        """Write one file and return where it is and its digest.

        Raises:
            EvidenceUnwritable: no space, no right.
        """
        path = self.root / run_id / re.sub(r"[^\w.-]", "_", name)
        try:
            # One by one: `parents` would give the folders above the last one other rights.
            for folder in (self.root, path.parent):
                folder.mkdir(exist_ok=True, mode=0o700)
            with private_file(path) as file:
                file.write(content)
        except OSError as error:
            raise EvidenceUnwritable(path=path, detail=os_words(error)) from error
        relative = path.relative_to(self.root).as_posix()
        return KeptPicture(relative, hashlib.sha256(content).hexdigest())

    def path(self, name: str) -> Path:
        """Return the absolute path of a kept picture, by its name in the ledger."""
        path, older = self.root / name, self._older / name
        return older if older.exists() and not path.exists() else path
