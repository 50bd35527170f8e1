"""What became of the rounds of one shop: a page that is written anew after each look.

The ledger tells what was done. This tells what was not: a round that was missed leaves
nothing there. It also says up to when rounds were judged, so that none is judged twice.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from qsm_bot.base.clock import aware
from qsm_bot.base.exit_code import GOOD, ExitCode
from qsm_bot.base.log import get_logger
from qsm_bot.base.private_files import write_private
from qsm_bot.base.shop_slug import shop_slug
from qsm_bot.base.words import Words
from qsm_bot.domain.schedule import Busy, Fate, Slot

_log = get_logger(__name__)

SCHEMA = 1
_KEPT = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a round ended: its exit code, and what its document told.

    `shops` has, of a round of all shops, each one's exit code and the name of its error.
    """

    exit_code: int
    run_id: str | None = None
    error: str | None = None
    outcomes: Mapping[str, int] = field(default_factory=dict)
    shops: Mapping[str, str] = field(default_factory=dict)

    @property
    def troubles(self) -> Mapping[str, str]:
        """What went wrong, by shop in a round of all shops, else under ""; empty if nothing did."""
        if self.shops:
            return {name: told for name, told in self.shops.items() if not _is_good(told)}
        told = f"{self.exit_code} {self.error or ''}".strip()
        return {} if _is_good(told) else {"": told}


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

    def since(self, shop: str, told: str) -> datetime | None:
        """Return when the rounds began to end with this exit code, if the last one did."""
        found: datetime | None = None
        code = told.partition(" ")[0]
        for line in reversed(self.lines):
            before = line.ending.troubles.get(shop, "") if line.ending else told
            if before.partition(" ")[0] != code:
                break
            found = line.began or found
        return found

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


def _is_good(told: str) -> bool:
    code = int(told.partition(" ")[0])
    # A round that leaves something to a person has told so by a message and in the inbox.
    return code in GOOD or told == str(int(ExitCode.PERSON_NEEDED))


class RoundHistory:
    """Keeps the page of one shop.

    Args:
        folder: of all shops' pages.
        shop: the shop's name.
    """

    def __init__(self, folder: Path, shop: str) -> None:
        self.path = folder / f"{shop_slug(shop)}.json"

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
            "shops": dict(ending.shops),
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
