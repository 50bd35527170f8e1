"""The lab as a fixture."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.faults.lab import Lab, opened

# A row that fails says what it compared.
pytest.register_assert_rewrite("tests.faults.plays")

OpenLab = Callable[..., Lab]


@pytest.fixture(autouse=True)
def uncovered() -> Iterator[None]:
    """A branch counts as tested where a test names what it wants of it, not under a fault."""
    # pytest-cov's own `no_cover` does not hold in xdist's workers, which measure twice.
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.fixture
def open_lab(context: BrowserContext, tmp_path: Path) -> Iterator[OpenLab]:
    """Opens the lab; what it did is judged when the test ends."""
    with ExitStack() as stack:

        def open_(*faults: str, **options: object) -> Lab:
            lab: AbstractContextManager[Lab] = opened(context, tmp_path, faults, **options)  # type: ignore[arg-type]
            return stack.enter_context(lab)

        yield open_
