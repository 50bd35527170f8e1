"""One run per shop on this machine: a file lock that frees itself when its process dies."""

import hashlib
import os
import re
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from qsm_bot.errors import EvidenceUnwritable, ShopBusy

_SOMEONE = "?"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the shop: `name` says it to people and other machines."""

    machine: str
    lock: str

    @property
    def name(self) -> str:
        """The name of this process in the ledger's lease."""
        return f"{self.machine} pid {os.getpid()} lock {self.lock}"

    def is_dead(self, other: str) -> bool:
        """Whether `other` was a process of this machine that had this same lock.

        Only for whoever holds the lock: the system takes it from a process that dies, so a
        holder of old cannot be alive any more.
        """
        found = re.fullmatch(r"(.*) pid \d+ lock (\w+)", other)
        return found is not None and (found[1], found[2]) == (self.machine, self.lock)


@contextmanager
def shop_lock(folder: Path, shop: str) -> Iterator[Holder]:
    """Hold the lock of `shop` in `folder` during the block.

    Raises:
        ShopBusy: another process of this machine holds it.
        EvidenceUnwritable: the lock's file cannot be made.
    """
    path = _path(folder, shop)
    who = path.with_suffix(".holder")
    lock = FileLock(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise ShopBusy(shop=shop, holder=_read(who)) from None
    except OSError as error:
        raise EvidenceUnwritable(path=path, detail=error.strerror or repr(error)) from error
    # Two machines may share a name and a path; where no network card tells them apart, the
    # lease of a dead run is left to expire.
    holder = Holder(socket.gethostname(), _digest(f"{path.resolve()} {uuid.getnode()}"))
    try:
        with suppress(OSError):
            # For the message only; the lock itself holds without it.
            who.write_text(holder.name, encoding="utf-8")
        yield holder
    finally:
        lock.release()


def _path(folder: Path, shop: str) -> Path:
    plain = re.sub(r"[^A-Za-z0-9]+", "-", shop).strip("-")
    return folder / f"{plain}-{_digest(shop)}.lock"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return _SOMEONE
