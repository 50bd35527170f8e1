"""The inspection in a browser: what of the pack is on the pages, and which names they show."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.domain.page_fingerprint import PageFingerprint, compare
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.selectors.findings import MatchState, PageFindings
from qsm_bot.portal.selectors.pack import PortalPage
from tests.integration.portal.parts import TinySite, seat_at
from tests.patience import patient
from tests.support import OpenPortal, shipped_pack

Serve = Callable[..., MockPortal]

PNG = b"\x89PNG\r\n\x1a\n"
ABSENT = {"challenge", "sub_id", "sub_id_confirm", "new_password", "consent", "notice_close"}
ONE_PAGE = {"next_page", "first_page"}


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves mock portals with faults until the test is over."""
    with ExitStack() as stack:

        def serve(*faults: str, requests: int = 12) -> MockPortal:
            options = PortalOptions(faults=parse_faults(faults))
            world = World.seeded(requests, seed=1)
            return stack.enter_context(MockPortal(world, options=options, journal=Journal()))

        yield serve


def inspected(open_portal: OpenPortal, server: MockPortal) -> dict[PortalPage, PageFindings]:
    """Sign in and inspect; whatever is found, nothing is done to an order."""
    portal = open_portal(server, timeout=patient(2))
    portal.sign_in()
    stands = {stand.place: stand for stand in portal.inspect()}
    assert server.journal.effects == []
    assert list(stands) == list(PortalPage)
    return stands


def states(stands: dict[PortalPage, PageFindings]) -> dict[str, MatchState]:
    return {each.key: each.state for stand in stands.values() for each in stand.findings}


def contract(stands: dict[PortalPage, PageFindings]) -> PageFingerprint:
    return PageFingerprint({s.place.value: s.names for s in stands.values() if s.names is not None})


def test_what_is_not_as_known_is_named_and_stands_beside_what_was(
    server: MockPortal, serve: Serve, open_portal: OpenPortal
) -> None:
    known = inspected(open_portal, server)
    everything_is_found(known)
    no_value_is_read(known, server)

    stands = inspected(
        open_portal, serve("button-twice", "reason-missing:その他", "no-search", "moved-columns")
    )

    wrong = {key: state for key, state in states(stands).items() if state is not MatchState.FOUND}
    assert {key: state for key, state in wrong.items() if key not in ABSENT | ONE_PAGE} == {
        "by_search_tab": MatchState.MISSING,
        "search_by": MatchState.NOT_VISITED,
        "search_text": MatchState.NOT_VISITED,
        "search_button": MatchState.NOT_VISITED,
        "refuse_button": MatchState.AMBIGUOUS,
        "texts.refuse_button": MatchState.AMBIGUOUS,
        "texts.reasons.other": MatchState.MISSING,
    }
    changes = compare(contract(known), contract(stands))
    assert [(each.kind, each.old, each.new) for each in changes if not each.moved] == [
        ("options", "その他", None),
        ("tabs", "選択条件照会", None),
    ]
    assert [each.kind for each in changes if each.moved] == ["headings"]


def everything_is_found(stands: dict[PortalPage, PageFindings]) -> None:
    seen = states(stands)
    assert set(seen) >= set(shipped_pack().elements)
    assert {
        key for key, state in seen.items() if state is MatchState.NOT_SHOWN
    } == ABSENT | ONE_PAGE
    found = {state for key, state in seen.items() if key not in ABSENT | ONE_PAGE}
    assert found == {MatchState.FOUND}
    pictures = [stand.picture for place, stand in stands.items() if place is not PortalPage.SIGN_IN]
    assert all(picture and picture.startswith(PNG) for picture in pictures)


def no_value_is_read(stands: dict[PortalPage, PageFindings], server: MockPortal) -> None:
    details = stands[PortalPage.DETAILS].names
    assert details is not None
    assert details["buttons"][-3:] == ("キャンセル", "キャンセルの撤回要請", "キャンセル拒否")
    assert "商品発送完了" in details["options"]
    assert "swe_ClaimBizService.asmx/GetClaimDetail" in details["services"]
    text = contract(stands).to_text()
    for order in server.world.open_requests():
        for value in (order.order_no, order.cart_no, order.item_name, order.buyer_name):
            assert value not in text


def test_without_a_request_the_order_is_not_judged(serve: Serve, open_portal: OpenPortal) -> None:
    stands = inspected(open_portal, serve(requests=0))

    trouble = stands[PortalPage.DETAILS].trouble
    assert trouble is not None
    assert trouble.code == "NothingToOpen"
    assert {each.state for each in stands[PortalPage.DETAILS].findings} == {MatchState.NOT_VISITED}
    assert {
        stand.trouble for place, stand in stands.items() if place is not PortalPage.DETAILS
    } == {None}


def test_a_renamed_heading_is_missing_and_no_order_is_opened(
    serve: Serve, open_portal: OpenPortal
) -> None:
    stands = inspected(open_portal, serve("renamed-heading"))

    assert stands[PortalPage.LIST].trouble is None
    assert states(stands)["columns.order_no"] is MatchState.MISSING
    assert {each.state for each in stands[PortalPage.DETAILS].findings} == {MatchState.NOT_VISITED}


def test_values_are_no_names_however_a_page_shows_them(
    context: BrowserContext, site: TinySite
) -> None:
    site.pages["/"] = """<!doctype html><meta charset="utf-8">
    <h2>取引情報 3件</h2>
    <table><tr><th>購入者名</th><td><label>見本 花子</label></td></tr>
    <tr><th>連絡先 000-1234-5678</th><td class="tit">名入れ革キーケース</td></tr>
    <tr><th><label for="memo">メモ</label></th><td><input id="memo" value="秘密"></td></tr></table>
    <select><option>宅配便</option><option>hanako@example.jp</option></select>
    <a href="#">見本の品</a> <a href="javascript:void 0">キャンセル拒否</a>
    <input type="button" value="照会" onclick="1"> <button hidden>削除</button>"""

    names = seat_at(context, site.url).names(PortalPage.DETAILS)

    assert names == {
        "headings": (),
        "sections": ("取引情報 #件",),
        "labels": ("購入者名", "メモ"),
        "options": ("宅配便",),
        "buttons": ("キャンセル拒否 (onclick)", "照会 (onclick)"),
        "tabs": (),
    }
