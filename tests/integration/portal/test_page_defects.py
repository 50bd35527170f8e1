"""The claim page's own defects, and the same page without them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator

from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from tests.unit.mock_portal.parts import CLAIM, Client

QUESTION = "キャンセル不可状態の場合のみキャンセル拒否処理をしてください。キャンセル拒否しますか？"
NO_REASON = "キャンセル拒否理由を選択してください。"
TOO_SHORT = "その他選択の場合、30文字以上入力お願い致します。"
DONE = "キャンセル拒否完了"
REFUSAL = "SetCancelRefusal"


class Seat:
    """A claim page that shows the open requests, and all that was said and sent there."""

    def __init__(self, portal: MockPortal, context: BrowserContext) -> None:
        seller = Client(portal)
        seller.sign_in()
        context.add_cookies(
            [{"name": n, "value": v, "url": portal.url} for n, v in seller.cookies.items()]
        )
        self.portal = portal
        self.orders = [order.order_no for order in portal.world.open_requests()]
        self.said: list[str] = []
        self.accepts = False
        self.page = context.new_page()
        self.page.on("dialog", self._answer)
        self.page.goto(portal.url + CLAIM)
        with self.page.expect_response("**/GetClaimList"):
            self.page.locator("[data-stat=S1]").click()
        self.cell(self.orders[0]).wait_for()

    def _answer(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        if self.accepts:
            dialog.accept()
        else:
            dialog.dismiss()

    def cell(self, text: str) -> Locator:
        return self.page.locator(".objbox td").get_by_text(text, exact=True)

    def shows(self, order_no: str) -> bool:
        """Double-click the order; say whether 取引情報 shows it once its answer has come."""
        with self.page.expect_response("**/GetClaimDetail"):
            self.cell(order_no).dblclick()
        self.page.locator("#loading_layer").wait_for(state="hidden")
        return self.page.locator("#div_trade_info").get_by_text(order_no, exact=True).count() == 1

    def press(self, reason: str = "", text: str = "", *, last: str, times: int = 1) -> list[str]:
        """Fill in the form and press キャンセル拒否; return what the page said, up to `last`."""
        self.said.clear()
        self.page.locator("#sel_refuse_reason").select_option(label=reason or "選択してください")
        if text:
            self.page.locator("#txt_refuse_reason").fill(text)
        button = self.page.locator("#btn_cancel_refuse")
        with self.page.expect_event("dialog", lambda dialog: dialog.message == last):
            button.evaluate("(button, times) => { while (times--) button.click(); }", times)
        return self.said

    @property
    def headings(self) -> list[str]:
        return self.page.locator(".xhdr .hdrcell").all_inner_texts()

    @property
    def opened(self) -> list[str | None]:
        return [seen.order for seen in self.portal.journal.calls("GetClaimDetail")]

    @property
    def sent(self) -> int:
        return len(self.portal.journal.calls(REFUSAL))


Open = Callable[..., Seat]


@pytest.fixture
def open_page(context: BrowserContext) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_page(*defects: str) -> Seat:
            options = PortalOptions(defects=frozenset(defects))
            portal = stack.enter_context(MockPortal(World.seeded(3), options=options))
            return Seat(portal, context)

        yield open_page


def test_the_page_is_as_the_manual_says(open_page: Open) -> None:
    seat = open_page()
    first, second, _ = seat.orders

    assert seat.headings[4:7] == ["未受取理由", "キャンセル/返品要請日", "返品回収方法"]
    seat.cell(second).click()
    assert [seat.shows(first), seat.shows(second)] == [True, True]
    assert seat.opened == [first, second]

    assert seat.press(last=NO_REASON) == [NO_REASON]
    assert seat.press("その他", "あ" * 29, last=TOO_SHORT) == [TOO_SHORT]
    assert seat.press("その他", "あ" * 30, last=QUESTION) == [QUESTION]
    assert seat.sent == 0

    seat.accepts = True
    assert seat.press("商品発送完了", last=DONE, times=2) == [QUESTION, DONE]
    assert seat.sent == 1


def test_six_defects_of_list_form_and_request(open_page: Open) -> None:
    names = ("columns", "details", "reason-required", "other-too-short", "confirm-text")
    seat = open_page(*names, "sent-once")
    first, second, _ = seat.orders

    assert seat.headings[4:7] == ["返品回収方法", "キャンセル/返品要請日", "未受取理由"]
    assert [seat.shows(first), seat.shows(second)] == [True, False]

    asked = QUESTION.replace("？", "?")
    assert seat.press(last=asked) == [asked]
    assert seat.press("その他", "あ" * 29, last=asked) == [asked]
    assert seat.sent == 0

    seat.accepts = True
    assert seat.press(last=DONE) == [asked, DONE]
    assert seat.sent == 2
    assert [e.order for e in seat.portal.journal.effects_of("refuse")] == [first]


def test_three_more_of_the_click_the_length_and_the_dismissal(open_page: Open) -> None:
    seat = open_page("double-click", "other-enough", "confirm-cancel")
    first, second, _ = seat.orders

    with seat.page.expect_response("**/GetClaimDetail"):
        seat.cell(second).click()
    assert seat.shows(first)
    assert seat.opened == [second, first]

    assert seat.press("その他", "あ" * 30, last=TOO_SHORT) == [TOO_SHORT]
    assert seat.sent == 0
    with seat.page.expect_response(f"**/{REFUSAL}"):
        assert seat.press("その他", "あ" * 31, last=QUESTION) == [QUESTION]
    assert seat.sent == 1
    assert seat.portal.journal.effects == []
