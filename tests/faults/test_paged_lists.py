"""Row F11: the list has pages of twenty rows, which are turned by its own controls."""

from urllib.parse import urlsplit

from playwright.sync_api import Route

from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.world import World
from tests.faults.conftest import OpenLab
from tests.faults.lab import Lab

ROWS = 50
PAGED = PortalOptions(grid="paged")


def paged(open_lab: OpenLab, *faults: str) -> Lab:
    return open_lab(*faults, world=World.seeded(ROWS, seed=1), options=PAGED, settle_seconds=0.5)


def test_f11_an_order_of_the_last_page_is_refused_and_one_that_left_it_is_gone(
    open_lab: OpenLab,
) -> None:
    """Gone is only what is on no page."""
    lab = paged(open_lab)
    orders = lab.orders
    refused, withdrawn = orders[45], orders[-1]
    plan = lab.plan(refused, withdrawn)
    lab.server.world.buyer_withdraws(withdrawn)

    ending = lab.apply(plan)

    assert plan.total == ROWS
    assert (ending.outcomes, ending.code) == ({refused: "refused", withdrawn: "gone"}, 20)
    assert lab.refused() == [refused]
    assert lab.orders == [order for order in orders if order not in (refused, withdrawn)]


def test_f11_without_a_search_both_lists_are_gone_through(open_lab: OpenLab) -> None:
    lab = paged(open_lab, "no-search")
    order = lab.orders[-1]

    ending = lab.refuse(order)

    assert ending.outcomes == {order: "refused"}
    assert "list_absent" in ending.proofs[order]
    assert lab.refused() == [order]


def test_f11_a_row_that_slips_to_a_page_already_read_is_missed_by_the_count(
    open_lab: OpenLab,
) -> None:
    """A buyer withdraws while the pages are turned: all after it move up by one."""
    lab = paged(open_lab)
    orders, withdrawn = lab.orders, lab.orders[0]
    later = []

    def withdraw(route: Route) -> None:
        asked = route.request.post_data_json
        if asked.get("page_no") == 2 and not later:
            later.append(urlsplit(route.request.url).path)
            lab.server.world.buyer_withdraws(withdrawn)
        route.continue_()

    lab.seat.sign_in()
    lab.browser.route("**/GetClaimList", withdraw)
    listing = lab.seat.collect()

    assert len(later) == 1
    assert listing.counted == ROWS - 1
    assert [each.order_no for each in listing.requests] == orders[1:]
