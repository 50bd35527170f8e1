"""Each broken promise that pages, files and people from elsewhere showed has its test."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROWS = 20


def test_each_row_is_played_by_a_test_that_bears_its_number() -> None:
    texts = [file.read_text(encoding="utf-8") for file in TESTS.rglob("test_*.py")]
    named = {int(row) for text in texts for row in re.findall(r"def test_row_(\d+)_", text)}

    assert named == set(range(1, ROWS + 1))
