"""Manual, notes: what the buyer can no longer do, and what cannot be refused."""

import pytest

from qsm_bot.acceptance.case import StatementCase
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.seeding import Seeding, Stage
from qsm_bot.acceptance.refusal import Refusal, claim_list_state
from qsm_bot.base.words import Words

_LIST = Words("the list of キャンセル要請", "キャンセル要請の一覧")
_ANSWER = Words("the answer to the buyer", "お客様への応答")
_ORDER = Words("the order", "注文")
_LISTED = Words("in the list", "一覧にある")
_NOT_LISTED = Words("not in the list", "一覧にない")


def _expect_not_listed(clone_page: ClonePage, order_no: str, case: StatementCase) -> None:
    rows = claim_list_state(clone_page).rows
    case.picture(_LIST, clone_page)
    case.expect(_ORDER, _NOT_LISTED, _LISTED if order_no in rows else _NOT_LISTED)


@pytest.mark.statement("not-again")
def test_a_refused_order_cannot_be_asked_about_again(
    refusal: Refusal, portal_seeds: Seeding, qsm_clone_page: ClonePage, case: StatementCase
) -> None:
    """The buyer's next request is turned down, and the order does not come back."""
    answer = portal_seeds.buyer(refusal.order_no, "request_cancel")
    case.expect(_ANSWER, "turned_down", answer)
    _expect_not_listed(qsm_clone_page, refusal.order_no, case)


@pytest.mark.statement("new-order")
def test_a_new_order_is_cancelled_at_once(
    portal_seeds: Seeding, qsm_clone_page: ClonePage, case: StatementCase
) -> None:
    """新規注文: the seller is not asked."""
    _expect_cancelled_at_once("new_order", portal_seeds, qsm_clone_page, case)


@pytest.mark.statement("late-order")
def test_a_late_order_is_cancelled_at_once(
    portal_seeds: Seeding, qsm_clone_page: ClonePage, case: StatementCase
) -> None:
    """配送遅延: the seller is not asked."""
    _expect_cancelled_at_once("late", portal_seeds, qsm_clone_page, case)


def _expect_cancelled_at_once(
    stage: Stage, seeds: Seeding, clone_page: ClonePage, case: StatementCase
) -> None:
    (order_no,) = seeds.seed(stage)
    case.expect(_ANSWER, "cancelled", seeds.buyer(order_no, "request_cancel"))
    _expect_not_listed(clone_page, order_no, case)
