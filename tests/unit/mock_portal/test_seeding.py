"""The invented shop."""

from datetime import date, timedelta

from qsm_bot.mock_portal.world import ClaimState, OrderState, World


def test_same_seed_gives_the_same_shop(today: date) -> None:
    """Two worlds of one seed are equal; another seed differs."""
    first, second = World.seeded(20, seed=3, today=today), World.seeded(20, seed=3, today=today)
    assert first.orders() == second.orders()
    assert first.orders() != World.seeded(20, seed=4, today=today).orders()


def test_first_request_is_the_sample_of_the_manual(today: date) -> None:
    """The manual's screenshot can be found in the shop."""
    order = World.seeded(1, today=today).open_requests()[0]
    assert (
        order.order_no,
        order.cart_no,
        order.item_code,
        order.buyer_reason,
    ) == ("762544202", "250040690", "931204118", "注文キャンセル")
    assert (today, today) == (order.ordered_on, order.requested_on)


def test_thousand_requests_are_distinct_and_plausible(today: date) -> None:
    """Order numbers are unique, carts are shared now and then, dates are in order."""
    orders = World.seeded(1000, today=today).open_requests()
    assert 1000 == len(orders) == len({order.order_no for order in orders})
    assert all(len(order.order_no) == len(order.cart_no) == 9 for order in orders)
    assert 1 < len({order.cart_no for order in orders}) < 1000
    assert all(order.ordered_on <= order.requested_on <= today <= order.ship_by for order in orders)
    assert any(today - order.requested_on > timedelta(days=4) for order in orders)


def test_orders_of_one_cart_were_bought_together(today: date) -> None:
    """One cart has one buyer and one order date."""
    orders = World.seeded(200, today=today).orders()
    checkouts = {(order.cart_no, order.buyer_email, order.ordered_on) for order in orders}
    assert len(checkouts) == len({order.cart_no for order in orders}) < len(orders)


def test_shop_has_orders_in_every_state(today: date) -> None:
    """Beside open requests there are new, delayed, shipped, refused and cancelled orders."""
    world = World.seeded(0, today=today)
    assert world.open_requests() == []
    assert set(OrderState) == {order.order_state for order in world.orders()}
    assert (len(world.refused()), len(world.with_claim(ClaimState.CANCELLED))) == (2, 1)
    assert all(order.refusal_reason for order in world.refused())


def test_people_are_invented(today: date) -> None:
    """No phone number or address could belong to somebody."""
    for order in World.seeded(50, today=today).orders():
        assert order.buyer_phone.startswith("000-")
        assert order.buyer_email.endswith("@example.jp")
