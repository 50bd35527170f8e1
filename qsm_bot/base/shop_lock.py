"""One run per shop on this machine: a file lock that frees itself when its process dies."""

import os
import re
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from qsm_bot.base.errors.outside import EvidenceUnwritable, ShopBusy
from qsm_bot.base.os_words import os_words
from qsm_bot.base.shop_slug import shop_slug, short_digest

_SOMEONE = "?"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the shop: `name` says it to people and other machines.

    `earlier` is the lock of a version that named it otherwise, if that is held as well.
    """

    machine: str
    lock: str
    earlier: str = ""

    @property
    def name(self) -> str:
        """The name of this process in the ledger's lease."""
        return f"{self.machine} pid {os.getpid()} lock {self.lock}"

    def is_dead(self, other: str) -> bool:
        """Whether `other` was a process of this machine that had one of these locks.

        Only for whoever holds the lock: the system takes it from a process that dies, so a
        holder of old cannot be alive any more.
        """
        found = re.fullmatch(r"(.*) pid \d+ lock (\w+)", other)
        own = (self.lock, self.earlier or self.lock)
        return found is not None and found[1] == self.machine and found[2] in own


@contextmanager
def shop_lock(folder: Path, shop: str, *, called: str = "", earlier: str = "") -> Iterator[Holder]:
    """Hold the lock of `shop` in `folder` during the block.

    Args:
        folder: of all shops' locks.
        shop: what tells it from others.
        called: what people call it, if that is another name.
        earlier: what told it from others in an earlier version. Where such a version made its
            lock, this is held as well: a timer may start it while this one runs.

    Raises:
        ShopBusy: another process of this machine holds it.
        EvidenceUnwritable: the lock's file cannot be made.
    """
    # Two machines may share a name and a path; where no network card tells them apart, the
    # lease of a dead run is left to expire.
    path = _path(folder, shop)
    holder = Holder(socket.gethostname(), _id(path))
    with ExitStack() as held:
        held.enter_context(_locked(path, called or shop))
        old = _path(folder, earlier)
        if earlier and old.exists() and _is_mine(held, old, called or shop):
            holder = replace(holder, earlier=_id(old))
            # By this name it is known as held by a version of today.
            _say(old, holder)
        _say(path, holder)
        yield holder


def _path(folder: Path, shop: str) -> Path:
    # Without a stand-in for a name that is not plain: as earlier versions called theirs.
    return folder / f"{shop_slug(shop, unnamed='')}.lock"


def _id(path: Path) -> str:
    return short_digest(f"{path.resolve()} {uuid.getnode()}")


def _is_mine(held: ExitStack, old: Path, called: str) -> bool:
    """Hold the earlier version's lock too; another shop of today may have it by its name."""
    try:
        held.enter_context(_locked(old, called))
    except ShopBusy:
        if _read(_who(old)).endswith(_id(old)):
            raise
        return False
    return True


@contextmanager
def _locked(path: Path, called: str) -> Iterator[None]:
    lock = FileLock(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise ShopBusy(shop=called, holder=_read(_who(path))) from None
    except OSError as error:
        raise EvidenceUnwritable(path=path, detail=os_words(error)) from error
    try:
        yield
    finally:
        lock.release()


def _who(path: Path) -> Path:
    return path.with_suffix(".holder")


def _say(path: Path, holder: Holder) -> None:
    with suppress(OSError):
        # For the message only; the lock itself holds without it.
        _who(path).write_text(holder.name, encoding="utf-8")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return _SOMEONE
