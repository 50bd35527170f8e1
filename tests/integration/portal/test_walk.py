"""The walk past everything that the selector pack names: it reads, and sends nothing."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from qsm_bot.portal.walk import Place
from tests.integration.portal.parts import page_of
from tests.support import OpenPortal


class Serve:
    """Serves mock portals with faults until the test is over."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, *faults: str, requests: int = 12) -> MockPortal:
        options = PortalOptions(faults=parse_faults(faults))
        world = World.seeded(requests, seed=1)
        return self._stack.enter_context(MockPortal(world, options=options, journal=Journal()))


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield Serve(stack)


def troubles(portal: QsmPortal) -> dict[Place, str | None]:
    portal.sign_in()
    return {visit.place: visit.trouble and visit.trouble.code for visit in portal.walk()}


def test_each_place_stands_open_when_it_is_visited_and_nothing_is_sent(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    portal = open_portal(server)
    portal.sign_in()
    page, seen = page_of(portal), {}

    for visit in portal.walk():
        shown = {
            "path": page.url.rpartition("/")[2],
            "search": page.locator("#btn_search").is_visible(),
            "rows": page.locator(".objbox tr td").count() > 12,
            "order": page.locator("#div_trade_info td").first.inner_text()
            if page.locator("#div_trade_info").count()
            else "",
        }
        seen[visit.place] = (visit.trouble, *shown.values())

    claims = "ClaimManagement.aspx"
    assert seen == {
        Place.HOME: (None, "Default.aspx", False, False, ""),
        Place.CLAIMS: (None, claims, False, False, ""),
        Place.LIST: (None, claims, False, True, ""),
        Place.SEARCH: (None, claims, True, True, ""),
        Place.DETAILS: (None, claims, False, True, server.world.open_requests()[0].order_no),
    }
    assert server.journal.effects == []


def test_it_goes_on_past_a_place_that_is_not_there(serve: Serve, open_portal: OpenPortal) -> None:
    """Neither a missing tab nor an empty list is in the way of the other places."""
    empty = serve("no-search", requests=0)

    assert troubles(open_portal(empty, timeout=2.0)) == {
        Place.HOME: None,
        Place.CLAIMS: None,
        Place.LIST: None,
        Place.SEARCH: "SelectorDrift",
        Place.DETAILS: "NothingToOpen",
    }


def test_without_a_known_heading_no_order_is_opened(serve: Serve, open_portal: OpenPortal) -> None:
    told = troubles(open_portal(serve("renamed-heading")))

    assert (told[Place.LIST], told[Place.DETAILS]) == (None, "SelectorDrift")
