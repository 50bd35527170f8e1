"""The claim page in a real grid library; without the libraries nothing here is collected."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.grids.libraries import missing, parts

ADAPTERS = Path(__file__).parent / "adapters"
UseLibrary = Callable[[str], None]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the tests out where the libraries are not to be had: the run's header says so."""
    return True if collection_path.name == "test_real_grids.py" and missing() else None


@pytest.fixture
def use_library(context: BrowserContext) -> UseLibrary:
    """Lets the mock portal's claim page show its list in a library's grid."""

    def use(library: str) -> None:
        adapter = (ADAPTERS / f"{library}.js").read_text(encoding="utf-8")
        script = ";\n".join([*parts(library, ".js"), adapter])
        sheet = "\n".join(parts(library, ".css"))

        def serve(route: Route) -> None:
            is_script = route.request.url.endswith(".js")
            kind = "text/javascript" if is_script else "text/css"
            body = script if is_script else sheet
            route.fulfill(body=body, content_type=f"{kind}; charset=utf-8")

        context.route("**/static/grid.js", serve)
        context.route("**/static/grid.css", serve)

    return use
