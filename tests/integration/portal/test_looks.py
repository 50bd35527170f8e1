"""Opening an order, and looking at one: what is not seen for certain is not told for certain."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from qsm_bot.base.errors.orders import NotEligible, RowGone
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.qsm import QsmPortal
from tests.patience import patient
from tests.support import OpenPortal, shipped_pack

Open = Callable[..., tuple[QsmPortal, World]]


@pytest.fixture
def seat(open_portal: OpenPortal) -> Iterator[Open]:
    """Opens a seat at a portal with these faults, and signs in there."""
    with ExitStack() as stack:

        def seat(*faults: str, look: str = "search") -> tuple[QsmPortal, World]:
            world = World.seeded(4, seed=1)
            made = MockPortal(world, options=PortalOptions(faults=parse_faults(faults)))
            pack = shipped_pack().model_copy(update={"look": look})
            portal = open_portal(stack.enter_context(made), pack=pack, timeout=patient(5))
            portal.sign_in()
            return portal, world

        yield seat


def numbers(world: World) -> list[str]:
    return [order.order_no for order in world.open_requests()]


class TestOpening:
    """Only an order whose state is the open request's may be refused."""

    def test_an_order_in_another_state_is_not_eligible(self, seat: Open) -> None:
        portal, world = seat("ineligible-row")
        first = numbers(world)[0]

        with pytest.raises(NotEligible) as caught:
            portal.open(first)

        assert caught.value.facts == {"order": first, "status": "新規注文"}
        assert caught.value.outcome == "needs_person"

    def test_its_neighbours_are(self, seat: Open) -> None:
        portal, world = seat("ineligible-row")
        second = numbers(world)[1]

        assert portal.open(second).shown_order_no == second

    def test_it_is_listed_with_its_state_all_the_same(self, seat: Open) -> None:
        portal, _ = seat("ineligible-row")

        states = [request.status for request in portal.collect().requests]

        assert states == ["新規注文"] + ["キャンセル・処理要請"] * 3

    def test_a_row_that_cannot_be_read_is_as_good_as_gone(self, seat: Open) -> None:
        portal, world = seat("broken-row")

        with pytest.raises(RowGone):
            portal.open(numbers(world)[0])


class TestLookingByLists:
    """A row that cannot be read may be the one that is looked for."""

    def test_an_order_in_a_readable_row_is_seen(self, seat: Open) -> None:
        portal, world = seat("broken-row", look="lists")

        assert portal.look(numbers(world)[1]).open is True

    def test_one_that_is_in_no_readable_row_cannot_be_told(self, seat: Open) -> None:
        portal, world = seat("broken-row", look="lists")

        hidden, nobodys = portal.look(numbers(world)[0]), portal.look("999999999")

        assert (hidden.open, hidden.refused) == (None, None)
        assert (nobodys.open, nobodys.refused) == (None, None)

    def test_with_every_row_readable_it_is_told(self, seat: Open) -> None:
        portal, world = seat(look="lists")
        refused = world.refused()[0].order_no

        looks = [portal.look(number) for number in (numbers(world)[0], refused, "999999999")]

        seen = [(look.open, look.refused) for look in looks]
        assert seen == [(True, False), (False, True), (False, False)]

    def test_where_there_is_no_search_the_lists_are_looked_at(self, seat: Open) -> None:
        portal, world = seat("no-search")

        assert portal.look(numbers(world)[0]).open is True


def test_rest_lets_time_pass_and_leaves_the_page_as_it_is(seat: Open) -> None:
    portal, world = seat()
    first = numbers(world)[0]
    portal.open(first)
    portal.rest(0.2)

    assert portal.open(first).shown_order_no == first
