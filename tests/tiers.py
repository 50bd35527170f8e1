"""Which rows of a test are run by day, where all of them take long: `--night` runs the rest.

    @pytest.mark.by_day(4)              # four rows, as unlike one another as can be
    @pytest.mark.by_day("full", "K7")   # the rows with these words in their ids

The faults that the tests must find (`tests/mutations.toml`) are found by day; a row of the fault
matrix may be played at night only.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import cast

import pytest

BY_DAY, NIGHT = "by_day", "night"


def of_the_night(items: Sequence[pytest.Item], *, whole: bool = True) -> set[pytest.Item]:
    """Return the tests that are left to the night.

    Args:
        items: the tests that were found.
        whole: whether all rows of a test are among them.

    Raises:
        pytest.UsageError: a marker names a row that there is not.
    """
    rows: dict[str, list[pytest.Function]] = defaultdict(list)
    left = set()
    for item in items:
        if item.get_closest_marker(NIGHT):
            left.add(item)
        elif item.get_closest_marker(BY_DAY) and hasattr(item, "callspec"):
            rows[item.nodeid.partition("[")[0]].append(cast("pytest.Function", item))
    for name, each in rows.items():
        left |= set(each) - set(_by_day(name, each, whole=whole))
    return left


def _by_day(name: str, rows: list[pytest.Function], *, whole: bool = True) -> list[pytest.Function]:
    marker = rows[0].get_closest_marker(BY_DAY)
    words = marker.args if marker else ()
    if len(words) == 1 and isinstance(words[0], int) and words[0] > 0:
        return _unlike(rows, words[0])
    if not words or not all(isinstance(word, str) for word in words):
        raise pytest.UsageError(f"{name}: by_day takes a number, or words")
    chosen = []
    for word in words:
        named = [row for row in rows if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", row.name)]
        if whole and not named:
            raise pytest.UsageError(f"{name}: no row is called {word}")
        chosen += named
    return chosen


def _unlike(rows: list[pytest.Function], count: int) -> list[pytest.Function]:
    """Return rows with as many different values as can be, and else far from one another."""
    chosen: list[int] = []
    seen: set[tuple[str, int]] = set()
    while len(chosen) < min(count, len(rows)):
        rest = (at for at in range(len(rows)) if at not in chosen)
        best = max(
            rest,
            key=lambda at: (
                len(_values(rows[at]) - seen),
                min((abs(at - other) for other in chosen), default=0),
                -at,
            ),
        )
        chosen.append(best)
        seen |= _values(rows[best])
    return [rows[at] for at in sorted(chosen)]


def _values(row: pytest.Function) -> set[tuple[str, int]]:
    return {(name, id(value)) for name, value in row.callspec.params.items()}
