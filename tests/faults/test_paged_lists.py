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


def pages_asked(lab: Lab) -> int:
    return len(lab.server.journal.calls("GetClaimList"))


def test_f11_orders_on_every_page_are_refused(open_lab: OpenLab) -> None:
    """From the last page to the first: each refusal lets the list begin anew."""
    lab = paged(open_lab)
    orders = lab.orders
    chosen = [orders[45], orders[25], orders[3]]
    plan = lab.plan(*chosen)

    ending = lab.apply(plan)

    assert plan.total == ROWS
    assert (ending.outcomes, ending.code) == (dict.fromkeys(chosen, "refused"), 0)
    assert sorted(lab.refused()) == sorted(chosen)
    assert lab.orders == [order for order in orders if order not in chosen]


def test_f11_an_order_that_left_the_last_page_is_gone_only_once_all_were_seen(
    open_lab: OpenLab,
) -> None:
    lab = paged(open_lab)
    order = lab.orders[-1]
    plan = lab.plan(order)
    lab.server.world.buyer_withdraws(order)
    before = pages_asked(lab)

    ending = lab.apply(plan)

    assert (ending.outcomes, ending.code) == ({order: "gone"}, 20)
    assert pages_asked(lab) - before >= 3
    assert lab.sent() == 0


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
