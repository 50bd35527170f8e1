"""Every row of the matrix is played, or says why not; the document shows it as it is."""

from pathlib import Path

from tests.faults.matrix import NOT_PLAYED, played, rows, table

DOCUMENT = Path(__file__).parents[2] / "docs" / "explanation" / "reliability.md"


def test_every_row_is_played_or_says_why_not() -> None:
    assert set(played()) | set(NOT_PLAYED) == set(rows())
    assert not set(played()) & set(NOT_PLAYED)


def test_there_are_138_rows_and_most_are_played() -> None:
    assert len(rows()) == 138
    assert len(played()) >= 110


def test_the_document_shows_the_matrix_as_it_is() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8")
