"""The walk past everything that the selector pack names: it reads, and sends nothing."""

from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.portal.survey.walk import PortalPage, PortalWalk
from tests.integration.portal.parts import page_of
from tests.support import OpenPortal


def test_each_place_stands_open_when_it_is_visited_and_nothing_is_sent(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    portal = open_portal(server)
    portal.sign_in()
    page, seen = page_of(portal), {}

    for visit in PortalWalk(portal.session, portal.open).visits():
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
        PortalPage.HOME: (None, "Default.aspx", False, False, ""),
        PortalPage.CLAIMS: (None, claims, False, False, ""),
        PortalPage.LIST: (None, claims, False, True, ""),
        PortalPage.SEARCH: (None, claims, True, True, ""),
        PortalPage.DETAILS: (None, claims, False, True, server.world.open_requests()[0].order_no),
    }
    assert server.journal.effects == []
