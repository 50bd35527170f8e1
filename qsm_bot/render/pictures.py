"""The pictures of a run: each compared with the digest that the ledger has of it."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qsm_bot.base.retention import PURGED
from qsm_bot.base.words import Words
from qsm_bot.ledger import Event

PictureOf = Callable[[str], bytes | None]

_PNG = b"\x89PNG\r\n\x1a\n"
PICTURES = {
    "1-before": Words("1 before the click", "1 クリック前"),
    "2-after-alert": Words("2 after the completion alert", "2 完了表示の後"),
    "3-fresh-list": Words("3 list read afresh", "3 再読込した一覧"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RunPicture:
    """One picture as the ledger names it, and how the file stands to that: its `check`.

    `fits`, `changed`, `missing`, or `deleted` (at `deleted_at`) because it was old enough.
    """

    name: Words
    at: datetime
    path: str
    sha256: str
    found: str
    check: str
    data: str
    deleted_at: datetime | None = None


def deleted_pictures(events: Sequence[Event]) -> dict[str, datetime]:
    """Return each picture that was deleted for its age, and when."""
    purges = [event for event in events if event.kind == PURGED]
    return {path: event.at for event in purges for path in event.body["pictures"]}


def picture_of(event: Event, picture: PictureOf, deleted: Mapping[str, datetime]) -> RunPicture:
    """Return the picture of an entry `attempt.evidence`, compared with its file.

    Args:
        event: the entry.
        picture: gives the bytes of a kept picture, or None if the file is missing.
        deleted: the pictures that were deleted for their age, and when.
    """
    path, sha256 = event.body["path"], event.body["sha256"]
    content = picture(path)
    found = "" if content is None else hashlib.sha256(content).hexdigest()
    gone = "deleted" if path in deleted else "missing"
    return RunPicture(
        name=picture_name(event.body["name"]),
        at=event.at,
        path=path,
        sha256=sha256,
        found=found,
        check=gone if content is None else "fits" if found == sha256 else "changed",
        data=base64.b64encode(content).decode() if content and content.startswith(_PNG) else "",
        deleted_at=deleted.get(path) if content is None else None,
    )


def picture_name(name: str) -> Words:
    """Return what a picture shows, by its name in the ledger."""
    return PICTURES.get(name, Words(name, name))
