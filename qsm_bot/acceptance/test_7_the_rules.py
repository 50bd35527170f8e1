"""Manual, notes: what the buyer can no longer do, and what cannot be refused."""

import pytest

from qsm_bot.acceptance.case import Case
from qsm_bot.acceptance.desk import Desk
from qsm_bot.acceptance.refusal import Refusal, standing
from qsm_bot.acceptance.seeding import Seeding, Stage
from qsm_bot.words import Words

_LIST = Words("the list of キャンセル要請", "キャンセル要請の一覧")
_ANSWER = Words("the answer to the buyer", "お客様への応答")
_ORDER = Words("the order", "注文")
_LISTED = Words("in the list", "一覧にある")
_NOT_LISTED = Words("not in the list", "一覧にない")


def _expect_not_listed(desk: Desk, order_no: str, case: Case) -> None:
    rows = standing(desk).rows
    case.picture(_LIST, desk)
    case.expect(_ORDER, _NOT_LISTED, _LISTED if order_no in rows else _NOT_LISTED)


@pytest.mark.statement("not-again")
def test_a_refused_order_cannot_be_asked_about_again(
    refusal: Refusal, portal_seeds: Seeding, qsm_desk: Desk, case: Case
) -> None:
    """The buyer's next request is turned down, and the order does not come back."""
    answer = portal_seeds.buyer(refusal.order_no, "request_cancel")
    case.expect(_ANSWER, "turned_down", answer)
    _expect_not_listed(qsm_desk, refusal.order_no, case)


@pytest.mark.statement("new-order")
def test_a_new_order_is_cancelled_at_once(
    portal_seeds: Seeding, qsm_desk: Desk, case: Case
) -> None:
    """新規注文: the seller is not asked."""
    _expect_cancelled_at_once("new_order", portal_seeds, qsm_desk, case)


@pytest.mark.statement("late-order")
def test_a_late_order_is_cancelled_at_once(
    portal_seeds: Seeding, qsm_desk: Desk, case: Case
) -> None:
    """配送遅延: the seller is not asked."""
    _expect_cancelled_at_once("late", portal_seeds, qsm_desk, case)


def _expect_cancelled_at_once(stage: Stage, seeds: Seeding, desk: Desk, case: Case) -> None:
    (order_no,) = seeds.seed(stage)
    case.expect(_ANSWER, "cancelled", seeds.buyer(order_no, "request_cancel"))
    _expect_not_listed(desk, order_no, case)
