"""What came of a load: which refusals were completed, how long the answers took, what failed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qsm_bot.base.words import Lang, Words

_PERCENTS = (50, 90, 95, 99)


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """How long the answers to one step took, in seconds."""

    name: str
    count: int
    p50: float
    p90: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, name: str, seconds: Sequence[float]) -> "LoadFigures":
        """Sum up at least one answer; a percentile is the nearest rank."""
        ordered = sorted(seconds)
        p50, p90, p95, p99 = (
            ordered[math.ceil(percent / 100 * len(ordered)) - 1] for percent in _PERCENTS
        )
        return cls(name, len(ordered), p50, p90, p95, p99, ordered[-1])


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadResult:
    """What came of many sellers who refused at once.

    Attributes:
        sellers: how many were asked for.
        refusals: how many of each.
        learned: the order that was refused in the browser.
        trouble: why nothing (more) was replayed, if so.
        notes: what else a reader must know.
        begun: orders whose refusal was begun.
        completed: those whose refusal was answered as the learned one was.
        confirmed: those that the clone's journal has as refused; None without a journal.
        twice: those that it has as refused more than once.
        seconds: how long the whole took.
        steps: the latencies.
        errors: how often, by step and kind.
    """

    sellers: int
    refusals: int
    learned: str | None = None
    trouble: Words | None = None
    notes: tuple[Words, ...] = ()
    begun: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    confirmed: tuple[str, ...] | None = None
    twice: tuple[str, ...] = ()
    seconds: float = 0
    steps: tuple[LoadFigures, ...] = ()
    errors: Mapping[str, int] | None = None

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Orders that were answered as refused, and are not so by the clone's journal."""
        if self.confirmed is None:
            return ()
        return tuple(sorted(set(self.completed) - set(self.confirmed)))

    @property
    def is_broken(self) -> bool:
        """Whether a refusal failed, took effect twice, or was answered as done and was not."""
        return bool(self.twice or self.unconfirmed or len(self.completed) < len(self.begun))

    def document(self, lang: Lang) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "sellers": self.sellers,
            "refusals": self.refusals,
            "learned": self.learned,
            "trouble": self.trouble.say(lang) if self.trouble else None,
            "notes": [note.say(lang) for note in self.notes],
            "begun": len(self.begun),
            "completed": len(self.completed),
            "confirmed": None if self.confirmed is None else len(self.confirmed),
            "unconfirmed": None if self.confirmed is None else list(self.unconfirmed),
            "twice": list(self.twice),
            "seconds": round(self.seconds, 3),
            "steps": [
                {"name": each.name, "count": each.count}
                | {key: round(getattr(each, key), 4) for key in ("p50", "p90", "p95", "p99", "max")}
                for each in self.steps
            ],
            "errors": dict(self.errors or {}),
        }
