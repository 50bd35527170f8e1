"""What became of the rounds of one shop: a page that is written anew after each look.

The ledger tells what was done. This tells what was not: a round that was missed leaves
nothing there. It also says up to when rounds were judged, so that none is judged twice.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from qsm_bot.clock import aware
from qsm_bot.log import get_logger
from qsm_bot.model import sha256
from qsm_bot.private_files import write_private
from qsm_bot.schedule import Busy, Fate, Slot
from qsm_bot.words import Words

_log = get_logger(__name__)

SCHEMA = 1
_KEPT = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a round ended: its exit code, and what its document told."""

    exit_code: int
    run_id: str | None = None
    error: str | None = None
    outcomes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One round, or several in a row that were not run for the same reason.

    `began`, `ended` and `ending` are those of a round that was run; one that was killed has no
    end.
    """

    first: datetime
    last: datetime
    count: int = 1
    fate: Fate
    why: Words | None = None
    began: datetime | None = None
    ended: datetime | None = None
    ending: Ending | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The newest lines, oldest first, and up to when rounds were judged (None: never)."""

    seen: datetime | None = None
    lines: tuple[Line, ...] = ()

    @property
    def busy(self) -> Busy | None:
        """When the last round ran, if it came to an end."""
        for line in reversed(self.lines):
            if line.began is not None:
                return Busy(began=line.began, ended=line.ended) if line.ended else None
        return None

    def told(self, lines: Iterable[Line], seen: datetime) -> "Page":
        """Return the page with more lines, judged up to `seen`; the oldest make room."""
        all_lines = list(self.lines)
        for line in lines:
            if all_lines and _alike(all_lines[-1], line):
                before = all_lines.pop()
                both = before.count + line.count
                all_lines.append(replace(before, last=line.last, count=both))
            else:
                all_lines.append(line)
        return Page(seen=seen, lines=tuple(all_lines[-_KEPT:]))

    def ended(self, line: Line) -> "Page":
        """Return the page with its last line replaced by one that has an end."""
        return replace(self, lines=(*self.lines[:-1], line))


def lines_of(slots: Iterable[Slot]) -> tuple[Line, ...]:
    """Return the slots as lines; those in a row with the same fate and reason are one."""
    groups = groupby(slots, key=lambda slot: (slot.fate, slot.why))
    return tuple(_line(list(group), fate, why) for (fate, why), group in groups)


def _alike(one: Line, other: Line) -> bool:
    was_run = one.began is not None or other.began is not None
    return not was_run and (one.fate, one.why) == (other.fate, other.why)


def _line(slots: list[Slot], fate: Fate, why: Words | None) -> Line:
    return Line(first=slots[0].at, last=slots[-1].at, count=len(slots), fate=fate, why=why)


class RoundBook:
    """Keeps the page of one shop.

    Args:
        folder: of all shops' pages.
        shop: the shop's name.
    """

    def __init__(self, folder: Path, shop: str) -> None:
        plain = re.sub(r"[^A-Za-z0-9]+", "-", shop).strip("-") or "shop"
        self.path = folder / f"{plain}-{sha256(shop)[:10]}.json"

    @property
    def log(self) -> Path:
        """Where the last round's own messages stand."""
        return self.path.with_suffix(".log")

    def read(self) -> Page:
        """Return the page; an empty one if there is none, or none that can be read."""
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
            return _page(document)
        except FileNotFoundError:
            return Page()
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            # It only says what was missed; what was done is in the ledger.
            _log.warning("rounds_unreadable", file=str(self.path), error=repr(error))
            return Page()

    def write(self, page: Page) -> None:
        """Keep the page (0600).

        Raises:
            EvidenceUnwritable: it cannot be written.
        """
        document = {
            "schema": SCHEMA,
            "seen": page.seen.isoformat() if page.seen else None,
            "lines": [dict(_pairs(line)) for line in page.lines],
        }
        write_private(self.path, json.dumps(document, ensure_ascii=False, indent=1).encode())


def _pairs(line: Line) -> Iterator[tuple[str, Any]]:
    yield from (("first", line.first.isoformat()), ("last", line.last.isoformat()))
    yield from (("count", line.count), ("fate", line.fate.value))
    yield "why", line.why.to_dict() if line.why else None
    for name, moment in (("began", line.began), ("ended", line.ended)):
        yield name, moment.isoformat() if moment else None
    ending = line.ending
    yield (
        "ending",
        ending
        and {
            "exit_code": ending.exit_code,
            "run_id": ending.run_id,
            "error": ending.error,
            "outcomes": dict(ending.outcomes),
        },
    )


def _page(document: Any) -> Page:
    return Page(seen=_moment(document["seen"]), lines=tuple(map(_read, document["lines"])))


def _read(kept: Any) -> Line:
    return Line(
        first=aware(datetime.fromisoformat(kept["first"])),
        last=aware(datetime.fromisoformat(kept["last"])),
        count=int(kept["count"]),
        fate=Fate(kept["fate"]),
        why=Words.from_dict(kept["why"]) if kept["why"] else None,
        began=_moment(kept["began"]),
        ended=_moment(kept["ended"]),
        ending=Ending(**kept["ending"]) if kept["ending"] else None,
    )


def _moment(text: str | None) -> datetime | None:
    return aware(datetime.fromisoformat(text)) if text else None
