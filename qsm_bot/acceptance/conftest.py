"""What only the kit's own tests use: its browser, the case, one refusal for all who look at it."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from qsm_bot.acceptance.browser import browser_type_launch_args  # noqa: F401  # a fixture
from qsm_bot.acceptance.case import Case, NotJudged
from qsm_bot.acceptance.desk import Desk
from qsm_bot.acceptance.fixtures import OpenRequest, open_requests, requests_at_least
from qsm_bot.acceptance.judge import Judge
from qsm_bot.acceptance.manual import OTHER
from qsm_bot.acceptance.plugin import judge_of
from qsm_bot.acceptance.refusal import TEXT, Refusal, refuse
from qsm_bot.acceptance.seeding import Seeding
from qsm_bot.acceptance.target import Target
from qsm_bot.acceptance.verdicts import Record
from qsm_bot.browser import VIEWPORT
from qsm_bot.errors import QsmBotError
from qsm_bot.words import Words

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
def judge(pytestconfig: pytest.Config) -> Judge:
    """The run's judge."""
    return judge_of(pytestconfig)


@pytest.fixture
def case(request: pytest.FixtureRequest, judge: Judge, qsm_target: Target) -> Case:
    """The statement that the test judges."""
    # Each test of the kit has the marker.
    record = cast("Record", judge.record_of(request.node))
    return Case(record, judge.run, pictures=qsm_target.pictures)


@pytest.fixture
def two_requests(
    claim_page: Desk, request: pytest.FixtureRequest
) -> tuple[OpenRequest, OpenRequest]:
    """Two open requests; their list is shown on `claim_page`."""
    first, second, *_ = requests_at_least(2, claim_page, request)
    return first, second


@pytest.fixture
def spare_order(qsm_seeding: Seeding) -> Callable[[Desk], str]:
    """Gives an order to be refused: made for it where the clone does so, else the list's last."""

    def give(desk: Desk) -> str:
        if "seed" in qsm_seeding.offers:
            (order_no,) = qsm_seeding.seed("cancel_requested")
        else:
            desk.open_claims()
            found = [each.order_no for each in open_requests(desk)]
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
    spare_order: Callable[[Desk], str],
) -> Refusal:
    """One refusal of this run, carried out by the first test that looks at it."""
    if not qsm_refusals:
        desk: Desk = request.getfixturevalue("qsm_desk")
        try:
            qsm_refusals.append(refuse(desk, spare_order(desk), OTHER, TEXT))
        except QsmBotError as error:
            qsm_refusals.append(error)
    (made,) = qsm_refusals
    if isinstance(made, QsmBotError):
        raise NotJudged(_NO_REFUSAL.filled(why=made.message))
    return made
