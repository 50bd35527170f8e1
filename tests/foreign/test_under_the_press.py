"""Rows 1, 2, 5 to 7, 9 and 14: what changes or leaves between the last look and the end."""

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import RefusalReason
from tests.foreign.conftest import OpenLab

NOBODY: list[str] = []


@pytest.mark.parametrize("when", ["hover", "down", "timer", "hidden"])
@pytest.mark.by_day(2)
def test_row_1_another_order_under_the_click_is_not_refused(when: str, open_lab: OpenLab) -> None:
    lab = open_lab(f"pane-moves:{when}")
    order = lab.orders[0]

    ending = lab.apply(lab.plan(order, lab.orders[1], lab.orders[2]))

    assert lab.refused() == NOBODY
    assert (ending.outcomes, ending.code) == ({order: "not_sent"}, 90)
    assert ending.error == "ClickStopped"
    assert lab.sent() == 0


def test_row_1_another_order_that_only_the_script_knows_never_leaves(open_lab: OpenLab) -> None:
    """Nothing on the page tells, so the confirm is accepted; the request itself does tell."""
    lab = open_lab("hidden-order", settle_seconds=0.5)
    order, other = lab.orders[:2]

    ending = lab.apply(lab.plan(order, other))

    assert lab.refused() == NOBODY
    assert (ending.outcomes, ending.code) == ({order: "unknown"}, 90)
    assert (ending.error, ending.facts["named"]) == ("AnotherOrderNamed", other)
    assert lab.sent() == 0
    assert lab.reconcile().outcomes == {order: "not_sent"}


def test_row_2_a_reason_that_jumps_is_stopped_at_the_click(open_lab: OpenLab) -> None:
    lab = open_lab("reason-jumps")
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert lab.server.journal.effects == []
    assert (ending.outcomes, ending.code) == ({order: "not_sent"}, 90)
    assert ending.error == "ClickStopped"
    assert "発送準備完了" in ending.facts["what"].ja


def test_row_5_what_the_page_posts_first_is_not_taken_for_the_refusal(open_lab: OpenLab) -> None:
    """The refusal's answer is lost, and the page's script sends it a second time."""
    lab = open_lab("post-first", "reset-after-effect")
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert lab.refused() == [order]
    assert lab.sent() == 1
    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)


def test_row_5_and_is_let_out_where_nothing_goes_wrong(open_lab: OpenLab) -> None:
    lab = open_lab("post-first")
    orders = lab.orders[:2]

    ending = lab.apply(lab.plan(*orders))

    assert lab.refused() == orders
    assert (ending.outcomes, ending.code) == (dict.fromkeys(orders, "refused"), 0)


def test_row_6_a_refusal_that_is_sent_on_goes_no_further(open_lab: OpenLab) -> None:
    lab = open_lab("redirect-307", settle_seconds=0.5)
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert (lab.sent(), lab.refused()) == (1, NOBODY)
    assert (ending.outcomes, ending.code) == ({order: "unknown"}, 30)
    assert lab.reconcile().outcomes == {order: "not_sent"}


def test_row_9_a_timer_at_the_same_address_is_not_the_refusal(open_lab: OpenLab) -> None:
    lab = open_lab("timer-same-path:0.2")
    # The judge takes every request to this address for a refusal; the timer's name no order.
    lab.broken = {"I1", "I2"}
    orders = lab.orders[:2]

    ending = lab.apply(lab.plan(*orders))

    assert (ending.error, lab.refused()) == (None, orders)
    assert [len(lab.server.journal.calls("SetCancelRefusal", order)) for order in orders] == [1, 1]
    assert (ending.outcomes, ending.code) == (dict.fromkeys(orders, "refused"), 0)


@pytest.mark.parametrize("kind", PermitKind)
@pytest.mark.by_day(1)
def test_row_14_what_is_held_before_the_confirm_is_named(
    kind: PermitKind, open_lab: OpenLab
) -> None:
    lab = open_lab("no-confirm")
    order = lab.orders[0]

    ending = lab.refuse(order, RefusalReason.SHIPPED, kind=kind)

    assert lab.sent() == 0
    assert (ending.outcomes, ending.code) == ({order: "not_sent"}, 20)
    assert "held before the confirm: POST " in "".join(words.en for words in lab.said)
