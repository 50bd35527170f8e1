"""The counters of the claim page as they are seen: labels and numbers, row by row. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qsm_bot.acceptance.clone.screen import Piece, Screen

Row = Mapping[str, int | None]
"""A row's labels and the number beside each; None while there is none."""


@dataclass(frozen=True, slots=True)
class CounterTable:
    """The rows that were found, by their heads."""

    rows: Mapping[str, Row]

    def labels(self) -> dict[str, tuple[str, ...]]:
        """Return the labels of each row."""
        return {head: tuple(row) for head, row in self.rows.items()}

    def without_number(self) -> tuple[str, ...]:
        """Return the labels beside which no number stands."""
        return tuple(
            label for row in self.rows.values() for label, number in row.items() if number is None
        )


def read_counters(screen: Screen, expected: Mapping[str, Sequence[str]]) -> CounterTable:
    """Find the rows by their heads, and in each the labels that stand beside it.

    A word may stand in several places of a page: of those that could be the head, the one
    beside which labels of counters stand is taken.
    """
    labels = {label for row in expected.values() for label in row}
    rows: dict[str, Row] = {}
    for head in expected:
        found = [_row(screen, piece, labels) for piece in screen.saying(head)]
        if found:
            rows[head] = max(found, key=len)
    return CounterTable(rows)


def _row(screen: Screen, head: Piece, labels: set[str]) -> Row:
    row: dict[str, int | None] = {}
    before = ""
    for piece in screen.beside(head):
        label = next((each for each in labels if piece.says(each)), "")
        if label:
            row[label] = None
        elif before:
            row[before] = piece.number
        before = label
    return row
