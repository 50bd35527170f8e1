"""Rows about orders, people and the sign-in that need more than one fault of the catalogue."""

import pytest
from structlog.testing import capture_logs

from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.orders import REASONS
from qsm_bot.mock_portal.sessions import TICKET_COOKIE
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.act.press import ConfirmDialog
from qsm_bot.portal.protocol import Opened
from tests.faults.conftest import OpenLab
from tests.faults.lab import Lab
from tests.faults.rows import row
from tests.support import shipped_pack

NOWHERE = "799999999"
# The grid draws in the frame after a scroll.
SCROLLED_UP = """async () => {
  for (const box of document.querySelectorAll(".objbox")) {
    box.scrollTop = 0;
    box.dispatchEvent(new Event("scroll"));
  }
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""


def sign_ins(lab: Lab) -> int:
    """Return how often a password was sent."""
    login = shipped_pack().paths.login.lower()
    seen = lab.server.journal.requests
    return sum(each.method == "POST" and each.path.lower() == login for each in seen)


@row("F01")
def test_without_requests_there_is_nothing_to_do(open_lab: OpenLab) -> None:
    lab = open_lab(world=World.seeded(0))
    plan = lab.plan(NOWHERE)

    ending = lab.apply(plan)

    assert (plan.total, plan.refuse, plan.leave, plan.ask) == (0, (), (), ())
    assert (ending.outcomes, ending.error, ending.code) == ({}, None, 10)
    assert lab.sent() == 0


@row("F02")
def test_a_request_withdrawn_after_the_plan_is_gone(open_lab: OpenLab) -> None:
    lab = open_lab()
    order = lab.orders[0]
    plan = lab.plan(order)
    lab.server.world.buyer_withdraws(order)

    ending = lab.apply(plan)

    assert (ending.outcomes, ending.code) == ({order: "gone"}, 20)
    assert lab.sent() == 0


@row("F04")
def test_what_a_person_refused_after_the_plan_is_not_refused_again(open_lab: OpenLab) -> None:
    lab = open_lab()
    order = lab.orders[0]
    lab.others = {order}
    plan = lab.plan(order)
    lab.server.world.refuse(order, REASONS[0])

    ending = lab.apply(plan)

    assert (ending.outcomes, ending.code) == ({order: "already_refused"}, 20)
    assert lab.sent() == 0
    assert "拒否した当日中の発送が必要です" in lab.said[-1].ja


@row("F09")
def test_two_orders_of_one_cart_are_two_orders(open_lab: OpenLab) -> None:
    lab = open_lab("same-cart")
    first, second, *rest = lab.orders
    plan = lab.plan(first, second)

    ending = lab.apply(plan)

    assert [each.order_no for each in plan.refuse] == [first, second]
    assert len({each.cart_no for each in plan.refuse}) == 1
    assert (ending.outcomes, ending.code) == ({first: "refused", second: "refused"}, 0)
    assert (lab.refused(), lab.sent(), lab.orders) == ([first, second], 2, rest)


@row("F12")
def test_a_row_that_the_grid_draws_only_when_scrolled_to_is_found(open_lab: OpenLab) -> None:
    lab = open_lab(world=World.seeded(150, seed=1))
    *_, order = lab.orders
    plan = lab.plan(order)
    drawn: list[int] = []
    open_ = lab.seat.open

    def open_scrolled_away(order_no: str) -> Opened:
        lab.page.evaluate(SCROLLED_UP)
        drawn.append(lab.page.get_by_text(order_no, exact=True).count())
        return open_(order_no)

    lab.seat.open = open_scrolled_away  # type: ignore[method-assign]
    ending = lab.apply(plan)

    assert drawn == [0]
    assert (plan.total, ending.outcomes, ending.code) == (150, {order: "refused"}, 0)
    assert lab.refused() == [order]


@row("F32")
def test_a_notice_over_the_home_page_is_not_in_the_way(open_lab: OpenLab) -> None:
    lab = open_lab(options=PortalOptions(notice=True))
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)


@row("F36")
def test_after_a_refusal_that_was_turned_down_no_other_is_begun(open_lab: OpenLab) -> None:
    lab = open_lab("no-permission")
    first, second, *_ = lab.orders

    ending = lab.apply(lab.plan(first, second))

    assert (ending.outcomes, ending.error, ending.code) == ({first: "rejected"}, "TurnedDown", 90)
    assert ending.facts == {"order": first}
    assert (lab.sent(), lab.refused()) == (1, [])
    assert [each.order_no for each in lab.context.ledger.attempts()] == [first]


@row("F55")
def test_an_error_in_our_own_dialog_handler_dismisses(
    open_lab: OpenLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_lab()
    order = lab.orders[0]

    def broken(_talk: ConfirmDialog, kind: str, _text: str) -> bool:
        raise RuntimeError(f"a bug at the {kind}")

    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(ConfirmDialog, "_before", broken)
        # No error of ours: the command line tells it as an internal one, exit code 80.
        with pytest.raises(RuntimeError, match="a bug at the confirm"):
            lab.refuse(order)

    # Had the dialog been accepted, the fuse would have held the page's request back.
    assert "request_held_back" not in [each["event"] for each in logs]
    assert lab.sent() == 0
    assert lab.reconcile().outcomes == {order: "not_sent"}
    assert lab.refuse(order).outcomes == {order: "refused"}


@row("F100")
def test_a_captcha_is_left_to_a_person(open_lab: OpenLab) -> None:
    lab = open_lab(options=PortalOptions(captcha=True))

    ending = lab.refuse(lab.orders[0])

    assert (ending.outcomes, ending.error, ending.code) == ({}, "SignInNeedsPerson", 40)
    assert (lab.sent(), lab.refused()) == (0, [])


@row("F102")
def test_a_wrong_password_is_tried_once(open_lab: OpenLab) -> None:
    lab = open_lab()
    lab.server._app.sign_in.credentials = (lab.server.login_id, "changed since")

    ending = lab.refuse(lab.orders[0])

    assert (ending.outcomes, ending.error, ending.code) == ({}, "SignInFailed", 40)
    assert (sign_ins(lab), lab.sent()) == (1, 0)


@row("F106")
def test_a_session_that_ended_after_the_plan_is_begun_anew(open_lab: OpenLab) -> None:
    lab = open_lab()
    order = lab.orders[0]
    plan = lab.plan(order)
    lab.server.expire_sessions()

    ending = lab.apply(plan)

    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)
    assert sign_ins(lab) == 2


@row("F106")
def test_a_cookie_that_the_portal_no_longer_knows_is_no_session(open_lab: OpenLab) -> None:
    lab = open_lab()
    order = lab.orders[0]
    stale = {"name": TICKET_COOKIE, "value": "0" * 64, "url": lab.server.url}
    lab.browser.add_cookies([stale])  # type: ignore[list-item]

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)
    assert sign_ins(lab) == 1
