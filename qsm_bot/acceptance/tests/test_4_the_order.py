"""Manual, steps 5 to 7: the order that is opened, its reasons, hints and buttons."""

import pytest

from qsm_bot.acceptance.case import NOTHING, StatementCase, listed
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.pressing import choose_reason, offered_reasons
from qsm_bot.acceptance.fixtures import OpenRequest
from qsm_bot.acceptance.manual import (
    BUTTONS,
    BUYER_READS,
    OTHER,
    OTHER_HINTS,
    REASON_LABEL,
    REASONS,
)
from qsm_bot.base.words import Words, same
from qsm_bot.portal.selectors.pack import PortalPage

_ONE_CLICK = Words("after one click", "1回クリックした後")
_DOUBLE = Words("after the double click", "ダブルクリックした後")
_FORM = Words("the section キャンセル拒否", "「キャンセル拒否」の項目")
_SHOWN = Words("注文番号 in 取引情報", "取引情報の注文番号")
_ABOVE = Words("above the buttons", "ボタンの上")
_ELSEWHERE = Words("elsewhere on the page", "別の場所")
# What a page does upon a click it has begun by then.
_AFTER_CLICK = 0.7


@pytest.mark.statement("double-click")
def test_only_a_double_click_opens_the_order(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """A single click leaves 取引情報 empty."""
    claim_page.click_row(open_request.order_no)
    claim_page.settle(_AFTER_CLICK)
    case.picture(_ONE_CLICK, claim_page, "form")
    case.expect(_ONE_CLICK, NOTHING, claim_page.shown() or NOTHING)
    shown = claim_page.open_order(open_request.order_no)
    case.picture(_DOUBLE, claim_page, "form")
    case.expect(_DOUBLE, open_request.order_no, shown or NOTHING)


@pytest.mark.statement("details")
def test_the_details_are_those_of_the_row(
    claim_page: ClonePage, two_requests: tuple[OpenRequest, OpenRequest], case: StatementCase
) -> None:
    """Also after another row was double-clicked."""
    for each in two_requests:
        shown = claim_page.open_order(each.order_no)
        case.picture(_DOUBLE, claim_page, "form")
        case.expect(_SHOWN, each.order_no, shown or NOTHING)


@pytest.mark.statement("reasons")
def test_four_reasons_are_offered_and_none_is_chosen(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """In the manual's order, behind an entry that asks to choose, if there is one."""
    claim_page.open_order(open_request.order_no)
    options = [same(each) for each in offered_reasons(claim_page)]
    case.note(PortalPage.DETAILS, claim_page)
    case.picture(_FORM, claim_page, "form")
    label = claim_page.screen(pane=True).saying(REASON_LABEL)
    case.expect(Words("the label", "項目名"), REASON_LABEL, REASON_LABEL if label else NOTHING)
    wanted = [same(reason) for reason in REASONS]
    if options and options[0] not in wanted:
        options = options[1:]
    case.expect(Words("reasons", "拒否理由"), listed(wanted), listed(options))
    chosen, _ = claim_page.claims.read_back()
    case.expect_that(
        Words("chosen beforehand", "初期状態の選択"),
        NOTHING,
        chosen or NOTHING,
        held=same(chosen) not in wanted,
    )


@pytest.mark.statement("other-hint")
def test_the_hints_for_other_stand_at_its_box(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """Beside the pull-down and the box, above the buttons."""
    claim_page.open_order(open_request.order_no)
    choose_reason(claim_page, OTHER)
    screen = claim_page.screen(*OTHER_HINTS, pane=True)
    case.picture(_FORM, claim_page, "form")
    for hint in OTHER_HINTS:
        seen = hint if screen.places(hint) else NOTHING
        case.expect(Words("hint", "案内"), hint, seen)


@pytest.mark.statement("buyer-reads-note")
def test_it_is_said_that_the_buyer_reads_it(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """Above the buttons."""
    claim_page.open_order(open_request.order_no)
    screen = claim_page.screen(BUYER_READS, pane=True)
    case.picture(_FORM, claim_page, "form")
    tops = [each.box.top for each in screen.controls if each.says(BUTTONS[-1])]
    places = screen.places(BUYER_READS)
    above = any(place.top < top for place in places for top in tops)
    seen = _ABOVE if above else _ELSEWHERE if places else NOTHING
    case.expect(Words(f"“{BUYER_READS}”", f"「{BUYER_READS}」"), _ABOVE, seen)


@pytest.mark.statement("three-buttons")
def test_the_three_buttons_stand_side_by_side(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """Each once, in the manual's order."""
    claim_page.open_order(open_request.order_no)
    case.picture(_FORM, claim_page, "form")
    controls = claim_page.screen(pane=True).controls
    found = [each for each in controls if any(each.says(label) for label in BUTTONS)]
    found.sort(key=lambda each: (each.box.top, each.box.left))
    if found and all(each.box.is_beside(found[0].box) for each in found):
        found.sort(key=lambda each: each.box.left)
    case.expect(Words("buttons", "ボタン"), listed(BUTTONS), listed(each.text for each in found))
