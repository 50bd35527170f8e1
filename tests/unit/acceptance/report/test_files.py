"""The summary for the terminal."""

from qsm_bot.acceptance.report.files import summary_lines
from tests.unit.acceptance.report.runs import full_run


def test_the_summary_names_what_is_not_held_and_counts_all() -> None:
    lines = list(summary_lines(full_run(), "en"))

    assert lines == [
        "columns: did not hold",
        "cells: not judged (no journal)",
        "1 held, 1 did not hold, 1 not judged",
    ]
