"""What Playwright raises, in the program's words."""

from typing import Any

import pytest
from playwright.sync_api import Error

from qsm_bot.base.errors.outside import PortalUnreachable
from qsm_bot.portal.browser.translate_errors import border


class _Page:
    url = "http://127.0.0.1:9/home"


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (
            "Page.goto: net::ERR_CONNECTION_RESET at http://127.0.0.1:9/home",
            "net::ERR_CONNECTION_RESET",
        ),
        ("Page.reload: net::ERR_ABORTED at http://127.0.0.1:9/\nCall log:", "net::ERR_ABORTED"),
        ("Page.goto: something else at all", "Page.goto: something else at all"),
    ],
)
def test_a_network_error_says_its_address_once(said: str, detail: str) -> None:
    page: Any = _Page()

    with pytest.raises(PortalUnreachable) as caught, border("the page", page):
        raise Error(said)

    assert caught.value.facts["detail"] == detail
    assert caught.value.message.en == f"http://127.0.0.1:9/home cannot be reached: {detail}"
