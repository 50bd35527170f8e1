"""One condition, looked at: it fits, it fails, or a person must look."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from qsm_bot.words import Words, same


class Mark(StrEnum):
    """How a condition stands; the values are shown before its line."""

    FITS = "✓"
    FAILS = "✗"
    UNSURE = "?"


class Check(NamedTuple):
    """One condition with its sentence, which is filled in only if it is shown.

    Without `facts` the sentence is ready: it may hold a shop's own braces. `missing` says
    that it fails for want of a fact, not because a fact says otherwise.
    """

    mark: Mark
    words: Words
    facts: Mapping[str, object] | None = None
    missing: bool = False

    @property
    def said(self) -> Words:
        """The sentence alone."""
        return self.words if self.facts is None else self.words.filled(**self.facts)

    @property
    def line(self) -> Words:
        """The sentence with its mark, as plans show it."""
        return marked(self.mark.value, self.said)


def marked(mark: str, words: Words) -> Words:
    """Return a sentence with a mark before it."""
    return Words(f"{mark} {words.en}", f"{mark} {words.ja}")


def mark(*, fits: bool) -> Mark:
    """Return the mark of something certain."""
    return Mark.FITS if fits else Mark.FAILS


def fits_any(even: str, patterns: Sequence[str]) -> bool:
    """Compare a text made even by `same` with whole patterns; `*` is the only wildcard."""
    return _compiled(tuple(patterns)).fullmatch(even) is not None


@lru_cache(maxsize=4096)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = (
        ".*".join(re.escape(part) for part in re.split(r"\*+", same(pattern)))
        for pattern in patterns
    )
    return re.compile("|".join(f"(?:{each})" for each in alternatives), re.DOTALL)


def joined(lines: Sequence[Words]) -> Words:
    """Return several sentences as one."""
    return Words("; ".join(each.en for each in lines), "、".join(each.ja for each in lines))
