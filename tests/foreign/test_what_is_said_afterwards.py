"""Rows 4, 7, 8, 10 and 15: what may be said of an order once the button was pressed."""

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import RefusalReason
from qsm_bot.mock_portal import answers
from tests.foreign.conftest import OpenLab

NOBODY: list[str] = []


@pytest.mark.parametrize("kind", PermitKind)
@pytest.mark.parametrize("says", ["named", "opaque"])
def test_row_4_a_get_that_says_the_order_or_the_reason_is_held_before_the_confirm(
    says: str, kind: PermitKind, open_lab: OpenLab
) -> None:
    lab = open_lab(f"get-refusal:{says}")
    order = lab.orders[0]

    ending = lab.refuse(order, RefusalReason.SHIPPED, kind=kind)

    assert (lab.sent(), lab.refused()) == (0, NOBODY)
    assert (ending.outcomes, ending.code) == ({order: "not_sent"}, 20)


def test_row_4_what_left_unasked_is_unknown_until_a_look_proves_it(open_lab: OpenLab) -> None:
    lab = open_lab("socket-refusal", settle_seconds=0.5)
    # The page acts without asking; that it is seen is what counts here.
    lab.broken = {"I1", "I2"}
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert lab.refused() == [order]
    assert (ending.outcomes, ending.code) == ({order: "unknown"}, 30)
    assert lab.reconcile().outcomes == {order: "refused"}
    assert lab.refuse(order).outcomes == {order: "already_refused"}
    assert lab.refused() == [order]


def test_row_8_the_answer_of_another_request_turns_nothing_down(open_lab: OpenLab) -> None:
    """What the page posted first was answered; the refusal arrives later, and unanswered."""
    lab = open_lab("post-first", "late-effect:2", settle_seconds=3)
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert ending.outcomes[order] in ("unknown", "refused")
    then = lab.reconcile()
    assert lab.refused() == [order]
    assert then.outcomes == ({order: "refused"} if ending.outcomes[order] == "unknown" else {})


def test_row_10_a_search_without_rows_does_not_make_it_gone(open_lab: OpenLab) -> None:
    lab = open_lab("short-search", "reset-after-effect", settle_seconds=0.5)
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert lab.refused() == [order]
    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)


def test_row_15_done_and_not_among_the_refused_is_not_refused(
    open_lab: OpenLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The portal takes it out of the list at once, and its own job has not done the rest."""
    lab = open_lab()
    order, world = lab.orders[0], lab.server.world
    lab.others = {order}
    monkeypatch.setattr(
        world, "refuse", lambda no, *_: (world.buyer_withdraws(no), answers.REFUSED)[1]
    )

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "unknown"}, 30)
