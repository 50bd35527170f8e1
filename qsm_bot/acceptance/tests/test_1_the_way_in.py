"""Manual, steps 1 and 2: signing in, and the two ways to the claim page."""

import pytest

from qsm_bot.acceptance.case import NOTHING, NotJudged, StatementCase, listed
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.screen import Piece
from qsm_bot.acceptance.clone.sign_in import SignedIn
from qsm_bot.acceptance.clone.target import Target
from qsm_bot.acceptance.manual import (
    HOME_BLOCK,
    HOME_COUNTER,
    MENU_ENTRY,
    MENU_GROUP,
    SIGN_OUT,
)
from qsm_bot.base.words import Words, same
from qsm_bot.portal.selectors.pack import PortalPage

_LOGIN_PAGE = Words("Login.aspx", "ログイン画面")
_BEHIND = Words("the page behind it", "ログイン後の画面")
_HOME = Words("the home page", "トップ")
_CLAIMS = Words("the claim page", "クレーム画面")
_NO_NAME = Words(
    "which shop signs in is not known: QSM_SHOP_NAME", "ショップ名が不明です: QSM_SHOP_NAME"
)
_A_NUMBER = Words("a number", "数字")


@pytest.mark.statement("sign-in")
def test_the_right_id_and_password_lead_home(
    qsm_signed_in: SignedIn, qsm_target: Target, case: StatementCase
) -> None:
    """ログアウト and the shop's name stand on the page behind Login.aspx."""
    seen, paths, shop = qsm_signed_in, qsm_target.pack.paths, qsm_target.seller.shop_name
    for caption, picture in zip((_LOGIN_PAGE, _BEHIND), seen.pictures, strict=False):
        case.keep_picture(caption, picture)
    case.expect(Words("boxes", "入力欄"), "ID | password", listed(seen.asked))
    case.expect_that(
        Words("the page behind it", "ログイン後の画面"),
        paths.home,
        seen.path,
        held=seen.path.casefold() == paths.home.casefold(),
    )
    case.expect(
        Words("it shows ログアウト", "ログアウトの表示"),
        SIGN_OUT,
        SIGN_OUT if seen.sign_out else NOTHING,
    )
    if seen.shop is None:
        raise NotJudged(_NO_NAME)
    case.expect_that(
        Words("the shop's name", "ショップ名"),
        shop or Words("a name", "何らかの名前"),
        seen.shop or NOTHING,
        held=bool(seen.shop) and same(shop) in ("", same(seen.shop)),
    )


@pytest.mark.statement("home-counter")
def test_the_home_block_counts_requests_and_leads_to_the_claim_page(
    qsm_clone_page: ClonePage, case: StatementCase
) -> None:
    """The number of キャンセルリクエスト stands in クレーム/お問い合わせ, and is clicked."""
    qsm_clone_page.open_home()
    number: Piece | None = None

    def has_come() -> bool:
        nonlocal number
        screen = qsm_clone_page.screen()
        blocks = screen.saying(HOME_BLOCK)
        labels = [each for each in screen.saying(HOME_COUNTER) if blocks]
        number = next(filter(None, map(screen.number_after, labels)), None)
        return number is not None

    qsm_clone_page.until(has_come)
    case.note(PortalPage.HOME, qsm_clone_page)
    case.picture(_HOME, qsm_clone_page)
    case.expect_that(
        Words("beside キャンセルリクエスト", "キャンセルリクエストの件数"),
        _A_NUMBER,
        number.text if number else NOTHING,
        held=number is not None,
    )
    if number:
        has_come()
        qsm_clone_page.element(number).click()
    _expect_claims(qsm_clone_page, case)


@pytest.mark.statement("menu-way")
def test_the_menu_leads_to_the_claim_page(qsm_clone_page: ClonePage, case: StatementCase) -> None:
    """配送/キャンセル/未受取 > キャンセル/返品/未受取."""
    qsm_clone_page.open_home()
    entry = qsm_clone_page.screen().entry_of(MENU_GROUP, MENU_ENTRY)
    if entry is None:
        # Some menus open under the mouse.
        for group in qsm_clone_page.screen().saying(MENU_GROUP)[:1]:
            qsm_clone_page.element(group).hover()
            qsm_clone_page.settle(0.3)
        entry = qsm_clone_page.screen().entry_of(MENU_GROUP, MENU_ENTRY)
    case.picture(_HOME, qsm_clone_page)
    case.expect_that(
        Words("the menu 配送/キャンセル/未受取", "メニュー「配送/キャンセル/未受取」"),
        MENU_ENTRY,
        MENU_ENTRY if entry else NOTHING,
        held=entry is not None,
    )
    entry = qsm_clone_page.screen().entry_of(MENU_GROUP, MENU_ENTRY)
    if entry:
        qsm_clone_page.element(entry).click()
    _expect_claims(qsm_clone_page, case)


def _expect_claims(clone_page: ClonePage, case: StatementCase) -> None:
    wanted = clone_page.target.pack.paths.claims
    came = clone_page.wait_for_path(wanted)
    case.picture(_CLAIMS, clone_page)
    case.expect_that(
        Words("the click opens", "クリックで開く画面"), wanted, clone_page.path, held=came
    )
