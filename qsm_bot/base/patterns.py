"""Patterns that sellers write: a whole text, in which `*` stands for any part of it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from qsm_bot.base.words import same


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
