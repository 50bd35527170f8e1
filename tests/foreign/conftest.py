"""The fault lab, for pages that nobody here wrote."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.acceptance.conftest import bare_shop
from tests.faults.lab import Lab, opened

__all__ = ["bare_shop"]  # the program as a whole, for what reaches past one page

OpenLab = Callable[..., Lab]


@pytest.fixture
def open_lab(context: BrowserContext, tmp_path: Path) -> Iterator[OpenLab]:
    """Opens the lab; what it did is judged when the test ends."""
    with ExitStack() as stack:

        def open_(*faults: str, **options: object) -> Lab:
            lab: AbstractContextManager[Lab] = opened(context, tmp_path, faults, **options)  # type: ignore[arg-type]
            return stack.enter_context(lab)

        yield open_
