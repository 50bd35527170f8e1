"""The lab as a fixture."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.faults.lab import Lab, opened
from tests.faults.nursery import Nursery, open_nursery

# A row that fails says what it compared.
pytest.register_assert_rewrite("tests.faults.plays")

OpenLab = Callable[..., Lab]


@pytest.fixture(autouse=True)
def under_a_fault(uncovered: None) -> None:
    """Under a fault no branch counts as tested."""


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where programs that something happens to are begun."""
    with open_nursery() as opened_:
        yield opened_


@pytest.fixture
def open_lab(
    context: BrowserContext, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[OpenLab]:
    """Opens the lab; what it did is judged when the test ends."""
    with ExitStack() as stack:

        def open_(*faults: str, **options: object) -> Lab:
            lab: AbstractContextManager[Lab] = opened(  # type: ignore[arg-type]
                context, tmp_path, faults, fixture=request.getfixturevalue, **options
            )
            return stack.enter_context(lab)

        yield open_
