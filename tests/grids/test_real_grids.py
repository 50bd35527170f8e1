"""The real dhtmlxGrid, jqGrid and SlickGrid: list, rehearse, refuse, with the journal as judge."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from flows.collect import collect
from qsm_bot.mock_portal.world import World
from qsm_bot.model import RefusalReason
from qsm_bot.plan import PermitKind
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
every_library = pytest.mark.parametrize("library", LIBRARIES)


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


@every_library
@pytest.mark.parametrize("rows", [1, 40, 1000])
def test_every_row_is_read_and_equals_the_portals(
    library: str, rows: int, context: BrowserContext, tmp_path: Path, use_library: UseLibrary
) -> None:
    with shop(library, rows, context, tmp_path, use_library) as lab:
        listing = collect(lab.context)

        orders = lab.server.world.open_requests()
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


@every_library
def test_orders_are_listed_rehearsed_and_refused(
    library: str, context: BrowserContext, tmp_path: Path, use_library: UseLibrary
) -> None:
    """The first row, and the last, which is out of view or on another page."""
    with shop(library, 40, context, tmp_path, use_library) as lab:
        orders = lab.orders
        first, last = orders[0], orders[-1]

        listed = [each.order_no for each in collect(lab.context).requests]
        rehearsed = lab.refuse(last, RefusalReason.OTHER, LONG_TEXT, PermitKind.REHEARSAL)
        sent = lab.sent()
        refused = [lab.refuse(last, RefusalReason.OTHER, LONG_TEXT), lab.refuse(first)]
        left = [each.order_no for each in collect(lab.context).requests]

        assert listed == orders
        assert (rehearsed.outcomes, sent) == ({last: "rehearsed"}, 0)
        assert [each.outcomes for each in refused] == [{last: "refused"}, {first: "refused"}]
        effects = [(e.kind, e.order, e.reason, e.text) for e in lab.server.journal.effects]
        assert effects == [
            ("refuse", last, "その他", LONG_TEXT),
            ("refuse", first, "商品発送完了", None),
        ]
        assert left == orders[1:-1]


@every_library
def test_the_buyers_are_covered_in_pictures(
    library: str, context: BrowserContext, tmp_path: Path, use_library: UseLibrary
) -> None:
    with shop(library, 3, context, tmp_path, use_library) as lab:
        lab.page.set_viewport_size({"width": 1280, "height": 1500})
        names = [each.buyer_name for each in lab.server.world.open_requests()]
        lab.seat.open(lab.orders[0])
        lab.page.evaluate(TO_THE_RIGHT)
        lab.page.wait_for_function(f"(names) => ({BUYERS})(names).length > names.length", arg=names)

        picture = lab.seat.picture()
        boxes = lab.page.evaluate(BUYERS, names)
        seen = colours(context, picture, boxes)

        assert len(boxes) > len(names)
        assert seen == [{MASK}] * len(boxes)
