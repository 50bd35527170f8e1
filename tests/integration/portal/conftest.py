"""A tiny site beside the mock portal."""

from collections.abc import Iterator

import pytest

from tests.integration.portal.parts import TinySite, tiny_site


@pytest.fixture
def site() -> Iterator[TinySite]:
    """A site with no pages yet; it notes the POSTs that arrive."""
    with tiny_site() as running:
        yield running
