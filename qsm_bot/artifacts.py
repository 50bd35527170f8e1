"""Evidence on disk: pictures and reports, for the owner's eyes only."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from qsm_bot.errors import EvidenceUnwritable
from qsm_bot.private_files import private_file


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that was kept: its path relative to the store, and its SHA-256."""

    path: str
    sha256: str


class ArtifactStore:
    """Keeps files in one folder per run; files are 0600, folders 0700."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, run_id: str, name: str, content: bytes) -> Artifact:
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
            raise EvidenceUnwritable(path=path, detail=error.strerror) from error
        relative = path.relative_to(self.root).as_posix()
        return Artifact(relative, hashlib.sha256(content).hexdigest())

    def path(self, artifact_path: str) -> Path:
        """Return the absolute path of a kept file."""
        return self.root / artifact_path
