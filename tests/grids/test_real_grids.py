"""The real dhtmlxGrid, jqGrid and SlickGrid: list, rehearse, refuse, with the journal as judge."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from flows.collect import collect
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Listing, RefusalReason
from qsm_bot.mock_portal.world import World
from tests.faults.lab import Lab, opened
from tests.grids.conftest import UseLibrary
from tests.grids.libraries import LIBRARIES
from tests.integration.portal.test_grid_kinds import BUYERS
from tests.integration.portal.test_pictures import MASK, colours
from tests.support import LONG_TEXT

# The column with the names is the last one.
TO_THE_RIGHT = """() => {
  for (const box of document.querySelectorAll(".objbox, .ui-jqgrid-bdiv, .slick-viewport")) {
    box.scrollLeft = box.scrollWidth;
  }
}"""
every_library = pytest.mark.parametrize("library", sorted({*LIBRARIES} - {"axe"}))


@contextmanager
def shop(
    library: str, rows: int, context: BrowserContext, folder: Path, use: UseLibrary
) -> Iterator[Lab]:
    """Open a shop whose claim page shows its list in the library's grid."""
    use(library)
    world = World.seeded(rows, seed=3)
    with opened(context, folder, world=world, timeout=10, settle_seconds=0.5) as lab:
        lab.seat.sign_in()
        yield lab


def read_as_it_is(lab: Lab) -> Listing:
    """Read the list and compare each row with the portal's own."""
    listing = collect(lab.context)
    orders = lab.server.world.open_requests()
    rows = len(orders)
    assert (listing.counted, len(listing.requests), listing.unreadable) == (rows, rows, ())
    assert [
        (r.order_no, r.cart_no, r.item_code, r.buyer_reason, r.requested_on, r.ordered_on)
        for r in listing.requests
    ] == [
        (o.order_no, o.cart_no, o.item_code, o.buyer_reason, o.requested_on, o.ordered_on)
        for o in orders
    ]
    assert [(r.item_name, r.option, r.quantity, r.amount) for r in listing.requests] == [
        (o.item_name, o.option, o.quantity, o.amount) for o in orders
    ]
    assert lab.seat.fallbacks() == frozenset()
    return listing


@every_library
@pytest.mark.parametrize(
    "rows", [1, *(pytest.param(n, marks=pytest.mark.night) for n in (200, 1000))]
)
def test_every_row_is_read_and_equals_the_portals(
    library: str, rows: int, context: BrowserContext, tmp_path: Path, use_library: UseLibrary
) -> None:
    with shop(library, rows, context, tmp_path, use_library) as lab:
        assert read_as_it_is(lab).counted == rows


@pytest.mark.by_day("dhtmlx")
@every_library
def test_of_forty_orders_one_is_listed_rehearsed_and_refused(
    library: str, context: BrowserContext, tmp_path: Path, use_library: UseLibrary
) -> None:
    """The last one, which is out of view or on another page."""
    with shop(library, 40, context, tmp_path, use_library) as lab:
        *others, last = lab.orders

        read_as_it_is(lab)
        rehearsed = lab.refuse(last, RefusalReason.OTHER, LONG_TEXT, PermitKind.REHEARSAL)
        sent = lab.sent()
        refused = lab.refuse(last, RefusalReason.OTHER, LONG_TEXT)

        assert (rehearsed.outcomes, sent) == ({last: "rehearsed"}, 0)
        assert (refused.outcomes, refused.code) == ({last: "refused"}, 0)
        effects = [(e.kind, e.order, e.reason, e.text) for e in lab.server.journal.effects]
        assert effects == [(kind, last, "その他", LONG_TEXT) for kind in ("refuse", "notice")]
        left = [each.order_no for each in read_as_it_is(lab).requests]
        assert left == others
        assert_buyers_are_covered(lab, context)


def assert_buyers_are_covered(lab: Lab, context: BrowserContext) -> None:
    names = [each.buyer_name for each in lab.server.world.open_requests()]
    lab.page.evaluate(TO_THE_RIGHT)
    lab.page.wait_for_function(f"(names) => ({BUYERS})(names).length > 4", arg=names)
    picture = lab.seat.picture()
    boxes = lab.page.evaluate(BUYERS, names)
    assert len(boxes) > 4
    assert colours(context, picture, boxes) == [{MASK}] * len(boxes)
