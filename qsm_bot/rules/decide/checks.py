"""One condition, looked at: it fits, it fails, or a person must look."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from qsm_bot.base.words import Words


class Mark(StrEnum):
    """How a condition stands; the values are shown before its line."""

    FITS = "✓"
    FAILS = "✗"
    UNSURE = "?"


class ConditionCheck(NamedTuple):
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
