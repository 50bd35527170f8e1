"""Manual, steps 6 and 8, with nothing let out: what is asked, and what a no leaves untouched."""

import pytest

from qsm_bot.acceptance.case import NOTHING, Case, listed
from qsm_bot.acceptance.desk import Desk
from qsm_bot.acceptance.fixtures import OpenRequest
from qsm_bot.acceptance.manual import CONFIRM, OTHER, OTHER_LEAST, REASONS
from qsm_bot.acceptance.pressing import Press, choose, choose_none, dismiss, press
from qsm_bot.acceptance.refusal import TEXT, row_change, standing
from qsm_bot.words import Words

_FILLED = Words("before the press", "押す前")
_AFTER = Words("after キャンセル in the confirm", "確認でキャンセルを押した後")
_ASKED = Words("asked", "確認の表示")
_SENT = Words("sent, or tried to send", "送信（またはその試み）")
_MESSAGE = Words("message", "メッセージ")
_A_CONFIRM = Words("a confirm", "確認のポップアップ")
_SOME_TEXT = Words("a message", "何らかのメッセージ")


def _nothing_sent(case: Case, pressed: Press) -> None:
    case.expect(_SENT, NOTHING, listed(act.service for act in pressed.acts))


@pytest.mark.statement("reason-required")
def test_without_a_reason_nothing_is_asked_or_sent(
    claim_page: Desk, open_request: OpenRequest, case: Case
) -> None:
    """A message is as good as silence."""
    claim_page.open_order(open_request.order_no)
    choose_none(claim_page)
    case.picture(_FILLED, claim_page, "form")
    pressed = press(claim_page, dismiss)
    case.note_dialogs("details", pressed.texts("alert"))
    case.expect(_ASKED, NOTHING, listed(pressed.asked))
    _nothing_sent(case, pressed)


@pytest.mark.statement("other-too-short")
def test_a_text_of_29_characters_is_not_taken(
    claim_page: Desk, open_request: OpenRequest, case: Case
) -> None:
    """A message says so, in a dialog or on the page."""
    claim_page.open_order(open_request.order_no)
    choose(claim_page, OTHER, TEXT[: OTHER_LEAST - 1])
    case.picture(_FILLED, claim_page, "form")
    before = {each.text for each in claim_page.screen(pane=True).texts}
    pressed = press(claim_page, dismiss)
    new = [each.text for each in claim_page.screen(pane=True).texts if each.text not in before]
    case.note_dialogs("details", pressed.texts("alert"))
    case.expect(_ASKED, NOTHING, listed(pressed.asked))
    _nothing_sent(case, pressed)
    said = [*pressed.texts("alert"), *new]
    case.expect_that(_MESSAGE, _SOME_TEXT, listed(said), held=bool(said))


@pytest.mark.statement("other-enough")
def test_a_text_of_30_characters_leads_to_the_confirm(
    claim_page: Desk, open_request: OpenRequest, case: Case
) -> None:
    """The confirm is answered with キャンセル."""
    claim_page.open_order(open_request.order_no)
    choose(claim_page, OTHER, TEXT[:OTHER_LEAST])
    case.picture(_FILLED, claim_page, "form")
    pressed = press(claim_page, dismiss)
    confirms = pressed.texts("confirm")
    seen = listed(each.text for each in pressed.dialogs)
    case.expect_that(_ASKED, _A_CONFIRM, seen, held=bool(confirms))


@pytest.mark.statement("confirm-text")
def test_the_confirm_is_the_manuals_to_the_letter(
    claim_page: Desk, open_request: OpenRequest, case: Case
) -> None:
    """Only where a line breaks is left to the browser."""
    claim_page.open_order(open_request.order_no)
    choose(claim_page, REASONS[0])
    case.picture(_FILLED, claim_page, "form")
    pressed = press(claim_page, dismiss)
    case.note_dialogs("details", pressed.texts("confirm"))
    seen = ["".join(text.splitlines()).strip() for text in pressed.texts("confirm")]
    case.expect(_ASKED, CONFIRM, listed(seen))


@pytest.mark.statement("confirm-cancel")
def test_a_no_to_the_confirm_changes_nothing(
    claim_page: Desk, open_request: OpenRequest, case: Case
) -> None:
    """Nothing is sent; row and counters stay."""
    before = standing(claim_page)
    claim_page.open_order(open_request.order_no)
    choose(claim_page, REASONS[0])
    pressed = press(claim_page, dismiss)
    _nothing_sent(case, pressed)
    after = standing(claim_page)
    case.picture(_AFTER, claim_page)
    for name, counted, now in (
        ("キャンセル要請", before.requests, after.requests),
        ("キャンセル拒否完了", before.refused, after.refused),
    ):
        case.expect(Words(name, name), str(counted), str(now))
    public = claim_page.target.pack.texts.public_labels
    change = row_change(before, after, open_request.order_no, public)
    case.expect(Words("what has changed in the row", "注文の行の変化"), NOTHING, change)
