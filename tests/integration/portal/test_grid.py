"""The claim grid: read whole, by its headings, and never guessed at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.base.errors.orders import RowDuplicate
from qsm_bot.base.errors.safety import CountMismatch, SelectorDrift
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.orders import ClaimState, Order
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from tests.integration.portal.parts import alter_static, page_of
from tests.support import OpenPortal

FIRST_COLUMN = '{ label: "選択", width: 50, type: "ch" },'
LAST_COLUMN = '{ label: "購入者名", width: 100, field: "cust_nm" },'
CELL_IS_ADDED = "else td.textContent = row.values[column.field];\n      tr.append(td);"


@pytest.fixture(scope="module")
def big_server() -> Iterator[MockPortal]:
    """A shop with a thousand open requests; its grid draws only what is in view."""
    with MockPortal(World.seeded(1000, seed=3), journal=Journal()) as running:
        yield running


@pytest.fixture
def signed_in(server: MockPortal, open_portal: OpenPortal) -> QsmPortal:
    portal = open_portal(server)
    portal.sign_in()
    return portal


def numbers(server: MockPortal) -> list[str]:
    return [order.order_no for order in server.world.open_requests()]


def opened_orders(server: MockPortal) -> list[str | None]:
    return [call.order for call in server.journal.calls("GetClaimDetail")]


def test_a_thousand_rows_are_read_in_order_each_once_and_the_grid_is_left_as_it_was(
    big_server: MockPortal, open_portal: OpenPortal
) -> None:
    portal = open_portal(big_server)
    portal.sign_in()

    listing = portal.collect()

    assert [request.order_no for request in listing.requests] == numbers(big_server)
    assert (listing.counted, listing.unreadable) == (1000, ())
    box = page_of(portal).locator(".objbox")
    assert box.evaluate("e => [e.style.height, e.scrollTop]") == ["", 0]
    assert box.locator("tr").count() < 100


@pytest.mark.parametrize("collected", [True, False])
@pytest.mark.by_day(1)
def test_the_700th_of_a_thousand_rows_is_opened_by_a_double_click(
    big_server: MockPortal, open_portal: OpenPortal, *, collected: bool
) -> None:
    """Whether or not a reading before told where it stands."""
    order_no = numbers(big_server)[699]
    before = len(opened_orders(big_server))
    portal = open_portal(big_server)
    portal.sign_in()
    if collected:
        portal.collect()

    opened = portal.open(order_no)

    assert (opened.shown_order_no, opened.request.order_no) == (order_no, order_no)
    assert opened_orders(big_server)[before:] == [order_no]


def test_an_order_of_a_list_that_has_shrunk_is_found_at_its_new_place(
    signed_in: QsmPortal, server: MockPortal
) -> None:
    signed_in.collect()
    last = numbers(server)[-1]
    for order_no in numbers(server)[:6]:
        server.world.buyer_withdraws(order_no)
    signed_in.look(last)

    assert signed_in.open(last).shown_order_no == last


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LAST_COLUMN, '{ label: "メモ", width: 90, field: "nr_why_nm" }, ' + LAST_COLUMN),
        (FIRST_COLUMN, FIRST_COLUMN + ' { label: "新しい列", width: 90, field: "pack_no" },'),
        ("const byId =", "COLUMNS.splice(1, 16, ...COLUMNS.slice(1).reverse());\nconst byId ="),
    ],
    ids=["column added near the end", "column added at the front", "columns in another order"],
)
@pytest.mark.by_day(2)
def test_columns_are_found_by_their_headings(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal, old: str, new: str
) -> None:
    alter_static(context, "claim.js", old, new)
    portal = open_portal(server)
    portal.sign_in()

    requests = portal.collect().requests
    opened = portal.open(requests[3].order_no)

    orders = server.world.open_requests()
    assert [(r.order_no, r.cart_no, r.item_name, r.buyer_reason) for r in requests] == [
        (o.order_no, o.cart_no, o.item_name, o.buyer_reason) for o in orders
    ]
    assert opened.request == requests[3]
    assert opened_orders(server) == [orders[3].order_no]


@pytest.mark.parametrize("heading", ["注文番号", "キャンセル/返品要請日"])
def test_a_renamed_heading_stops_and_is_named(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal, heading: str
) -> None:
    alter_static(context, "claim.js", f'{{ label: "{heading}"', '{ label: "改名"')
    portal = open_portal(server)
    portal.sign_in()

    with pytest.raises(SelectorDrift) as caught:
        portal.collect()

    assert caught.value.facts["element"] == heading


def test_a_heading_that_stands_there_twice_stops(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal
) -> None:
    twice = LAST_COLUMN + ' { label: "注文番号", width: 90, field: "pack_no" },'
    alter_static(context, "claim.js", LAST_COLUMN, twice)
    portal = open_portal(server)
    portal.sign_in()

    with pytest.raises(SelectorDrift) as caught:
        portal.collect()

    assert caught.value.facts["element"] == "注文番号"


def test_a_row_that_lacks_a_cell_is_told_as_unreadable_and_counted(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal
) -> None:
    odd = numbers(server)[4]
    lacking = (
        "else td.textContent = row.values[column.field];\n"
        f'      if (row.idd === "{odd}" && index === 2) return;\n'
        "      tr.append(td);"
    )
    alter_static(context, "grid.js", CELL_IS_ADDED, lacking)
    portal = open_portal(server)
    portal.sign_in()

    listing = portal.collect()

    assert listing.counted == 12
    assert [request.order_no for request in listing.requests] == [
        order_no for order_no in numbers(server) if order_no != odd
    ]
    (row,) = listing.unreadable
    assert (row.position, len(row.cells)) == (5, 16)
    assert "16" in row.why.en


def test_an_order_number_in_two_rows_is_opened_in_neither(
    signed_in: QsmPortal, server: MockPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = server.world.with_claim

    def doubled(*states: ClaimState) -> list[Order]:
        orders = real(*states)
        return [*orders, orders[2]]

    monkeypatch.setattr(server.world, "with_claim", doubled)

    with pytest.raises(RowDuplicate) as caught:
        signed_in.open(numbers(server)[2])

    assert caught.value.facts["count"] == 2
    assert opened_orders(server) == []


def miscount(server: MockPortal, monkeypatch: pytest.MonkeyPatch, *, times: int) -> None:
    """Let the counter show one too many, that many times."""
    real, left = server.world.counters, [times]

    def counters() -> dict[str, int]:
        counted = real()
        if left[0]:
            left[0] -= 1
            counted["キャンセル要請"] += 1
        return counted

    monkeypatch.setattr(server.world, "counters", counters)


def test_a_counter_that_disagrees_with_the_list_three_times_stops(
    signed_in: QsmPortal, server: MockPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in.collect()
    before = len(server.journal.calls("GetClaimList"))
    miscount(server, monkeypatch, times=99)

    with pytest.raises(CountMismatch) as caught:
        signed_in.collect()

    assert caught.value.facts == {"counted": 13, "listed": 12}
    assert len(server.journal.calls("GetClaimList")) - before == 3


def test_a_counter_that_disagrees_once_is_read_again(
    signed_in: QsmPortal, server: MockPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in.collect()
    before = len(server.journal.calls("GetClaimList"))
    miscount(server, monkeypatch, times=1)

    listing = signed_in.collect()

    assert (listing.counted, len(listing.requests)) == (12, 12)
    assert len(server.journal.calls("GetClaimList")) - before == 2


def test_a_shop_without_requests_gives_an_empty_list(open_portal: OpenPortal) -> None:
    with MockPortal(World.seeded(0), journal=Journal()) as server:
        portal = open_portal(server)
        portal.sign_in()

        listing = portal.collect()

        assert (listing.counted, listing.requests, listing.unreadable) == (0, (), ())
        assert len(server.journal.calls("GetClaimList")) == 1


def test_a_list_that_answers_late_is_waited_for(open_portal: OpenPortal) -> None:
    """The grid still shows the list before it while the new one is under way."""
    with MockPortal(World.seeded(3), journal=Journal(), latency=0.15) as server:
        portal = open_portal(server)
        portal.sign_in()
        portal.collect()
        refused = server.world.refused()[0].order_no
        portal.look(refused)

        listing = portal.collect()

        assert [request.order_no for request in listing.requests] == numbers(server)


def test_a_grid_built_in_two_halves_stops(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal
) -> None:
    """Frozen columns stand in a second table; half of each row would be lost."""
    half = "    container.replaceChildren(this.xhdr, this.objbox);\n"
    alter_static(
        context,
        "grid.js",
        half,
        half + "    container.append(this.xhdr.cloneNode(true), this.objbox.cloneNode(true));\n",
    )
    portal = open_portal(server)
    portal.sign_in()

    with pytest.raises(SelectorDrift) as caught:
        portal.collect()

    assert caught.value.facts["element"] == "grid"
    assert "2 bodies, 2 heads" in caught.value.message.en
