"""Both books, empty."""

from collections.abc import Iterator

import pytest

from qsm_bot.ledger import Ledger
from tests.unit.mock_portal.testing.parts import Books


@pytest.fixture
def books() -> Iterator[Books]:
    """A real ledger in memory and an empty journal."""
    with Ledger.open("sqlite://") as ledger:
        yield Books(ledger)
