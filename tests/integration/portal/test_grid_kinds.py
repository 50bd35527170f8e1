"""The list in other grids: read whole, opened, refused and masked as in the portal's own."""

import re
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.domain.request import RefusalReason
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.grid_names import GridName
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from qsm_bot.portal.selectors.pack import Pack
from tests.integration.portal.parts import alter_static, page_of, permit
from tests.integration.portal.test_pictures import MASK, colours
from tests.patience import patient
from tests.support import OpenPortal, StepLog, shipped_pack

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
OTHERS = ("split", "smart", "paged", "table", "aria")
LEFT_AS = """() => {
    const boxes = [...document.querySelectorAll('.objbox, .list_box')];
    return {
        scrolled: boxes.filter((box) => box.scrollTop || box.scrollLeft).length,
        page: document.querySelector('#search_result_paging_list span')?.textContent ?? '1',
    };
}"""
# Of the cells that name a buyer those that are in view as a whole.
BUYERS = """(names) => [...document.querySelectorAll('td, [role=gridcell], .slick-cell')]
    .filter((cell) => names.includes(cell.textContent))
    .map((cell) => [cell, cell.getBoundingClientRect()])
    .filter(([cell, {left, top, right, bottom}]) =>
        [[left + 1, top + 1], [right - 2, top + 1], [left + 1, bottom - 2], [right - 2, bottom - 2]]
        .every(([x, y]) => document.elementFromPoint(x, y) === cell))
    .map(([, {left, top, width, height}]) => ({left, top, width, height}))"""


def served(grid: GridName, rows: int) -> MockPortal:
    options = PortalOptions(grid=grid, smart_rendering_from=60)
    return MockPortal(World.seeded(rows, seed=3), journal=Journal(), options=options)


def signed_in(open_portal: OpenPortal, server: MockPortal, **options: object) -> QsmPortal:
    portal = open_portal(server, **options)
    portal.sign_in()
    return portal


def with_grid(**ways: str) -> Pack:
    pack = shipped_pack()
    return pack.model_copy(update={"grid": pack.grid.model_copy(update=ways)})


@pytest.mark.parametrize("grid", OTHERS)
@pytest.mark.by_day(3)
def test_every_row_is_read_and_any_is_opened_and_refused(
    grid: GridName, open_portal: OpenPortal, context: BrowserContext
) -> None:
    with served(grid, 130) as server:
        portal, log = signed_in(open_portal, server), StepLog()
        orders = server.world.open_requests()
        page_of(portal).set_viewport_size({"width": 2200, "height": 1500})

        listing = portal.collect()
        left = page_of(portal).evaluate(LEFT_AS)
        wanted = listing.requests[91]
        opened = portal.open(wanted.order_no)
        picture = portal.picture()
        boxes = page_of(portal).evaluate(BUYERS, [order.buyer_name for order in orders])
        portal.choose(RefusalReason.SHIPPED, None)
        pressed = portal.press(permit(order_no=wanted.order_no), log)
        seen = portal.look(wanted.order_no)

        assert [request.order_no for request in listing.requests] == [o.order_no for o in orders]
        assert [r.item_name for r in listing.requests] == [o.item_name for o in orders]
        assert (listing.counted, listing.unreadable) == (130, ())
        assert left == {"scrolled": 0, "page": "1"}
        assert (opened.request, opened.shown_order_no) == (wanted, wanted.order_no)
        assert pressed.completed
        assert (seen.open, seen.refused) == (False, True)
        effects = [(each.kind, each.order, each.reason) for each in server.journal.effects]
        told = [(kind, wanted.order_no, "商品発送完了") for kind in ("refuse", "notice")]
        assert effects == told
        assert portal.fallbacks() == frozenset()
        assert len(boxes) > 5
        assert colours(context, picture, boxes) == [{MASK}] * len(boxes)


@pytest.mark.parametrize("grid", ["split", "aria"])
@pytest.mark.by_day(1)
def test_a_list_of_one_row_is_read_again_when_nothing_has_changed(
    grid: GridName, open_portal: OpenPortal
) -> None:
    """A grid that keeps its rows leaves no trace of the new list."""
    with served(grid, 1) as server:
        portal = signed_in(open_portal, server)

        portal.collect()
        listing = portal.collect()

        assert [each.order_no for each in listing.requests] == [
            each.order_no for each in server.world.open_requests()
        ]


ON_CLICK = "  onClick(event) {\n"
OPENS = ON_CLICK + "    this.onDoubleClick(event);\n"
OPENS_BY_KEY = (
    ON_CLICK
    + "    const open = ({ key }) => key === 'Enter' && this.onDoubleClick(event);\n"
    + "    addEventListener('keydown', open, { once: true });\n"
)


@pytest.mark.parametrize(
    ("way", "act"), [("click", OPENS), ("enter", OPENS_BY_KEY)], ids=["click", "enter"]
)
def test_a_row_is_opened_as_the_pack_says(
    way: str, act: str, server: MockPortal, context: BrowserContext, open_portal: OpenPortal
) -> None:
    alter_static(context, "grid.js", ON_CLICK, act)
    portal = signed_in(open_portal, server, pack=with_grid(open=way))
    order_no = server.world.open_requests()[2].order_no

    assert portal.open(order_no).shown_order_no == order_no
    assert len(server.journal.calls("GetClaimDetail")) == 1


def test_the_pack_of_the_documents_is_short_and_fits_its_clone(
    context: BrowserContext, open_portal: OpenPortal, tmp_path: Path
) -> None:
    """A plain table, another id, another heading, a click in place of two: no code, no guess."""
    text, japanese = (
        re.findall(r"```toml\n(.*?)```", (REFERENCE / name).read_text("utf-8"), re.DOTALL)[0]
        for name in ("selector-pack.md", "selector-pack.ja.md")
    )
    (tmp_path / "clone.toml").write_text(text, encoding="utf-8")
    alter_static(context, "claim.js", '{ label: "注文番号"', '{ label: "受注番号"')
    alter_static(context, "grid.js", ON_CLICK, OPENS)
    plain = 'container.className = "list_plain";'
    alter_static(context, "grids.js", plain, f'{plain} container.id = "claim_rows";')
    with served("table", 3) as server:
        portal = signed_in(open_portal, server, pack=shipped_pack(tmp_path / "clone.toml"))
        orders = [each.order_no for each in server.world.open_requests()]

        assert len(text.splitlines()) <= 20
        assert tomllib.loads(text) == tomllib.loads(japanese.replace("自社の画面", "our own page"))
        assert [each.order_no for each in portal.collect().requests] == orders
        assert portal.open(orders[2]).shown_order_no == orders[2]
        assert portal.fallbacks() == frozenset()


def test_a_kind_that_is_named_is_not_taken_for_another(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    portal = signed_in(open_portal, server, pack=with_grid(kind="jqgrid"))

    with pytest.raises(SelectorDrift, match="built as no known grid"):
        portal.collect()


def test_a_page_that_does_not_turn_stops(context: BrowserContext, open_portal: OpenPortal) -> None:
    alter_static(context, "grids.js", "made.onclick = () => turn(to);", "")
    with served("paged", 30) as server:
        portal = signed_in(open_portal, server, timeout=patient(1))

        with pytest.raises(SelectorDrift, match="page 1 cannot be turned"):
            portal.collect()


def test_halves_that_fall_out_of_step_stop(open_portal: OpenPortal) -> None:
    """Each click moves the rows of the half that was clicked; no row is put together wrongly."""
    options = PortalOptions(grid="split", faults=parse_faults(["shift-on-click"]))
    with MockPortal(World.seeded(5, seed=3), options=options) as server:
        portal = signed_in(open_portal, server, timeout=patient(1.5))

        with pytest.raises(SelectorDrift, match="out of step"):
            portal.open(server.world.open_requests()[2].order_no)
