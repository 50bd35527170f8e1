"""What only the kit's own tests use: its browser, the case, one refusal for all who look at it."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from qsm_bot.acceptance.case import NotJudged, StatementCase
from qsm_bot.acceptance.clone.browser import browser_type_launch_args  # noqa: F401  # a fixture
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.seeding import Seeding
from qsm_bot.acceptance.clone.target import Target
from qsm_bot.acceptance.fixtures import OpenRequest, open_requests, requests_at_least
from qsm_bot.acceptance.manual import OTHER
from qsm_bot.acceptance.pytest_hooks import PytestHooks, hooks_of
from qsm_bot.acceptance.refusal import TEXT, Refusal, refuse
from qsm_bot.acceptance.report.verdicts import Record
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Words
from qsm_bot.portal.browser.launch import VIEWPORT

_NO_SPARE = Words("no further open request", "ほかにキャンセル要請がありません")
_NO_REFUSAL = Words("the refusal did not come about: {why}", "拒否まで進めませんでした: {why}")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Japanese, Japan's time, one size for all pictures."""
    return {
        "locale": "ja-JP",
        "timezone_id": "Asia/Tokyo",
        "viewport": VIEWPORT,
        "service_workers": "block",
        **browser_context_args,
    }


@pytest.fixture
def hooks(pytestconfig: pytest.Config) -> PytestHooks:
    """The kit's hooks in this run."""
    return hooks_of(pytestconfig)


@pytest.fixture
def case(request: pytest.FixtureRequest, hooks: PytestHooks, qsm_target: Target) -> StatementCase:
    """The statement that the test judges."""
    # Each test of the kit has the marker.
    record = cast("Record", hooks.record_of(request.node))
    return StatementCase(record, hooks.run, pictures=qsm_target.pictures)


@pytest.fixture
def two_requests(
    claim_page: ClonePage, request: pytest.FixtureRequest
) -> tuple[OpenRequest, OpenRequest]:
    """Two open requests; their list is shown on `claim_page`."""
    first, second, *_ = requests_at_least(2, claim_page, request)
    return first, second


@pytest.fixture
def spare_order(qsm_seeding: Seeding) -> Callable[[ClonePage], str]:
    """Gives an order to be refused: made for it where the clone does so, else the list's last."""

    def give(clone_page: ClonePage) -> str:
        if "seed" in qsm_seeding.offers:
            (order_no,) = qsm_seeding.seed("cancel_requested")
        else:
            clone_page.open_claims()
            found = [each.order_no for each in open_requests(clone_page)]
            if not found:
                raise NotJudged(_NO_SPARE)
            order_no = found[-1]
        return order_no

    return give


@pytest.fixture(scope="session")
def qsm_refusals(browser_name: str) -> list[Refusal | QsmBotError]:
    """Holds a browser's one refusal, or why it did not come about."""
    _ = browser_name
    return []


@pytest.fixture
def refusal(
    request: pytest.FixtureRequest,
    qsm_refusals: list[Refusal | QsmBotError],
    spare_order: Callable[[ClonePage], str],
) -> Refusal:
    """One refusal of this run, carried out by the first test that looks at it."""
    if not qsm_refusals:
        clone_page: ClonePage = request.getfixturevalue("qsm_clone_page")
        try:
            qsm_refusals.append(refuse(clone_page, spare_order(clone_page), OTHER, TEXT))
        except QsmBotError as error:
            qsm_refusals.append(error)
    (made,) = qsm_refusals
    if isinstance(made, QsmBotError):
        raise NotJudged(_NO_REFUSAL.filled(why=made.message))
    return made
