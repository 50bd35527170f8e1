"""Manual, steps 6 and 8, with every act blocked: what is asked, and what a no leaves untouched."""

from collections.abc import Callable

import pytest

from qsm_bot.acceptance.case import NOTHING, NotJudged, StatementCase, listed
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.pressing import (
    PressResult,
    choose_reason,
    clear_reason,
    dismiss,
    dry_press,
    press_and_accept,
)
from qsm_bot.acceptance.fixtures import OpenRequest
from qsm_bot.acceptance.manual import CONFIRM, OTHER, OTHER_LEAST, REASONS
from qsm_bot.acceptance.refusal import TEXT, claim_list_state, row_change
from qsm_bot.base.words import Words

_FILLED = Words("before the press", "押す前")
_AFTER = Words("after キャンセル in the confirm", "確認でキャンセルを押した後")
_ASKED = Words("asked", "確認の表示")
_SENT = Words("sent, or tried to send", "送信（またはその試み）")
_A_CONFIRM = Words("a confirm", "確認のポップアップ")
_REFUSED_ALL_THE_SAME = Words("refused all the same", "それでも拒否された注文")
_ASKS_FIRST = Words(
    "the portal asks first, so only a real press tells: --clone-confirmed",
    "先に確認が出るため、実際に押さないと判定できません（--clone-confirmed が必要です）",
)


def _not_refused(
    case: StatementCase, claim_page: ClonePage, order_no: str, choose: Callable[[], None]
) -> PressResult:
    """Press, and see that the order is not refused; return what was said.

    A portal may ask first and object afterwards: then only OK tells, which acts.
    """
    choose()
    case.picture(_FILLED, claim_page, "form")
    pressed = dry_press(claim_page, dismiss)
    before = claim_list_state(claim_page).refused
    if pressed.asked or pressed.acts:
        if not claim_page.target.confirmed:
            raise NotJudged(_ASKS_FIRST)
        claim_page.open_order(order_no)
        choose()
        pressed = press_and_accept(claim_page)
    after = claim_list_state(claim_page)
    # A clone may leave the row where it was, and count the refusal.
    untouched = order_no in after.rows and after.refused == before
    case.expect(_REFUSED_ALL_THE_SAME, NOTHING, NOTHING if untouched else order_no)
    return pressed


def _nothing_sent(case: StatementCase, pressed: PressResult) -> None:
    case.expect(_SENT, NOTHING, listed(act.service for act in pressed.acts))


@pytest.mark.statement("reason-required")
def test_without_a_reason_nothing_is_refused(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """A message is as good as silence."""
    claim_page.open_order(open_request.order_no)
    pressed = _not_refused(
        case, claim_page, open_request.order_no, lambda: clear_reason(claim_page)
    )
    case.note_dialogs("details", pressed.texts("alert"))


@pytest.mark.statement("other-too-short")
def test_a_text_of_29_characters_is_not_taken(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """The portal may say so before it asks, or after."""
    claim_page.open_order(open_request.order_no)
    pressed = _not_refused(
        case,
        claim_page,
        open_request.order_no,
        lambda: choose_reason(claim_page, OTHER, TEXT[: OTHER_LEAST - 1]),
    )
    case.note_dialogs("details", pressed.texts("alert"))


@pytest.mark.statement("other-enough")
def test_a_text_of_30_characters_leads_to_the_confirm(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """The confirm is answered with キャンセル."""
    claim_page.open_order(open_request.order_no)
    choose_reason(claim_page, OTHER, TEXT[:OTHER_LEAST])
    case.picture(_FILLED, claim_page, "form")
    pressed = dry_press(claim_page, dismiss)
    confirms = pressed.texts("confirm")
    seen = listed(each.text for each in pressed.dialogs)
    case.expect_that(_ASKED, _A_CONFIRM, seen, held=bool(confirms))


@pytest.mark.statement("confirm-text")
def test_the_confirm_is_the_manuals_to_the_letter(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """Only where a line breaks is left to the browser."""
    claim_page.open_order(open_request.order_no)
    choose_reason(claim_page, REASONS[0])
    case.picture(_FILLED, claim_page, "form")
    pressed = dry_press(claim_page, dismiss)
    case.note_dialogs("details", pressed.texts("confirm"))
    seen = ["".join(text.splitlines()).strip() for text in pressed.texts("confirm")]
    case.expect(_ASKED, CONFIRM, listed(seen))


@pytest.mark.statement("confirm-cancel")
def test_a_no_to_the_confirm_changes_nothing(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """Nothing is sent; row and counters stay."""
    before = claim_list_state(claim_page)
    claim_page.open_order(open_request.order_no)
    choose_reason(claim_page, REASONS[0])
    pressed = dry_press(claim_page, dismiss)
    _nothing_sent(case, pressed)
    after = claim_list_state(claim_page)
    case.picture(_AFTER, claim_page)
    for name, counted, now in (
        ("キャンセル要請", before.requests, after.requests),
        ("キャンセル拒否完了", before.refused, after.refused),
    ):
        case.expect(Words(name, name), str(counted), str(now))
    public = claim_page.target.pack.texts.public_labels
    change = row_change(before, after, open_request.order_no, public)
    case.expect(Words("what has changed in the row", "注文の行の変化"), NOTHING, change)
