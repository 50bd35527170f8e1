"""Going to an address: what the server answered counts, with a page or without one."""

from http import HTTPStatus
from typing import Literal

from playwright.sync_api import Error, Page, Response

_NO_CONTENT = "ERR_HTTP_RESPONSE_CODE_FAILURE"


def visit(
    page: Page, url: str, *, wait_until: Literal["domcontentloaded", "load"] = "load"
) -> Response | None:
    """Go to `url`, and return the last answer (None if the page is there already).

    Raises:
        playwright.sync_api.Error: no answer came, or none in time.
    """
    answers: list[Response] = []

    def note(response: Response) -> None:
        if response.request.is_navigation_request():
            answers.append(response)

    page.on("response", note)
    try:
        return page.goto(url, wait_until=wait_until)
    except Error as error:
        # Chromium has no page for an error that comes without content, and calls it none at all.
        answered = answers and answers[-1].status >= HTTPStatus.BAD_REQUEST
        if not answered or _NO_CONTENT not in error.message:
            raise
        return answers[-1]
    finally:
        page.remove_listener("response", note)
