"""This computer's clock beside the portal's, compared before anything is begun."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Route

from qsm_bot.base.clock import now
from qsm_bot.base.errors.safety import ClockSkew
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.pages import CLAIM
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from tests.support import OpenPortal

Open = Callable[..., QsmPortal]


def ahead(minutes: float) -> Callable[[], datetime]:
    """A clock that is so far ahead of this machine's."""
    return lambda: now() + timedelta(minutes=minutes)


@pytest.fixture
def off_by(open_portal: OpenPortal) -> Iterator[Open]:
    """Opens a seat at a portal whose clock is so many minutes ahead."""
    with ExitStack() as stack:

        def off_by(minutes: float) -> QsmPortal:
            options = PortalOptions(faults=parse_faults([f"clock-off:{minutes}"]))
            return open_portal(stack.enter_context(MockPortal(World.seeded(3), options=options)))

        yield off_by


@pytest.mark.parametrize("minutes", [30, -30, 7])
@pytest.mark.by_day(2)
def test_a_clock_that_differs_stops_before_the_first_list(off_by: Open, minutes: float) -> None:
    with pytest.raises(ClockSkew) as caught:
        off_by(minutes).sign_in()

    assert caught.value.facts["minutes"] == pytest.approx(abs(minutes), abs=1)
    assert caught.value.exit_code == 90


@pytest.mark.parametrize("minutes", [3, -3])
@pytest.mark.by_day(1)
def test_a_few_minutes_do_not_matter(off_by: Open, minutes: float) -> None:
    assert off_by(minutes).sign_in() == "みほん商店"


@pytest.mark.parametrize("minutes", [6, -6])
def test_our_own_clock_may_be_the_wrong_one_which_the_first_page_tells(
    server: MockPortal, open_portal: OpenPortal, minutes: float
) -> None:
    with pytest.raises(ClockSkew):
        open_portal(server, clock=ahead(minutes)).sign_in()

    posts = [seen.path for seen in server.journal.requests if seen.method == "POST"]
    assert posts == []


def test_in_a_seat_that_is_proven_it_is_not_compared_again(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    """A portal's slow hour, or a lagging server behind it, is no reason to stop midway."""
    off = [0.0]
    portal = open_portal(server, clock=lambda: now() + timedelta(minutes=off[0]))
    portal.sign_in()
    off[0] = 60

    assert portal.sign_in() == "みほん商店"
    assert len(portal.collect().requests) == 12


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        "yesterday",
        "Mon, 32 Jan 2026 01:00:00 GMT",
        "Mon, 05 Jan 2026 01:00:00 -0000",
        "Mon, 05 Jan 2026 01:00:00",
    ],
)
@pytest.mark.by_day(3)
def test_a_portal_that_tells_no_time_is_believed(
    server: MockPortal, open_portal: OpenPortal, context: BrowserContext, told: str | None
) -> None:
    def serve(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        if told is not None:
            headers["date"] = told
        route.fulfill(response=answer, headers=headers)

    context.route(f"**{CLAIM}", serve)

    assert open_portal(server).sign_in() == "みほん商店"
