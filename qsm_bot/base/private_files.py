"""Files for their owner's eyes only, written whole or not at all."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.os_words import os_words
from qsm_bot.base.retry import if_denied_again

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_file(path: Path) -> BinaryIO:
    """Open a file of the owner's alone for writing.

    Raises:
        OSError: it cannot be written.
    """
    return open(path, "wb", opener=_private)


def write_private(path: Path, content: bytes) -> None:
    """Write a file (0600) so that a crash leaves the old one or the new one, never a part.

    Raises:
        EvidenceUnwritable: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with private_file(draft) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if_denied_again(lambda: draft.replace(path))
    except OSError as error:
        raise EvidenceUnwritable(path=path, detail=os_words(error)) from error
    finally:
        with suppress(OSError):
            if_denied_again(lambda: draft.unlink(missing_ok=True))


def is_open_to_others(path: Path) -> bool:
    """Whether others than the owner have a right to the file, where the system knows such rights.

    Raises:
        OSError: it cannot be looked at.
    """
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
