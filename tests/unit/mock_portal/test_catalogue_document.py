"""The reference of the mock portal lists every fault and defect, as it is."""

from pathlib import Path
from typing import get_args

import pytest

from qsm_bot.base.words import Lang
from qsm_bot.mock_portal.grid_names import GRIDS
from tests.unit.mock_portal.catalogue import defects, faults

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
PAGES = {"en": "mock-portal.md", "ja": "mock-portal.ja.md"}


@pytest.mark.parametrize("lang", get_args(Lang))
def test_the_page_lists_every_fault_and_defect_as_it_is(lang: Lang) -> None:
    """If not: `uv run python -m tests.unit.mock_portal.catalogue en` (or ja) prints the tables."""
    page = (REFERENCE / PAGES[lang]).read_text("utf-8")

    assert faults(lang) in page
    assert defects(lang) in page
    assert all(f"`{grid}`" in page for grid in GRIDS)
