"""The claim pages that the server draws, over real HTTP."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.postback.view import PREFIX
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from tests.unit.mock_portal.parts import CLAIM, NO, ROOT, Client

FORM = "application/x-www-form-urlencoded"
ORDER = f"{ROOT}/Popup/Claim/pop_ClaimDetail.aspx"
ROWS = 45


class Visitor(Client):
    """Posts a page back as its script does."""

    def post(self, target: str, argument: str = "", *, path: str = CLAIM, **fields: str) -> int:
        hidden = re.findall(r'name="(__\w+)" id="\w+" value="([^"]*)"', self.text)
        form = dict(hidden) | {f"{PREFIX}{name}": value for name, value in fields.items()}
        form |= {
            "__EVENTTARGET": f"{PREFIX}{target}" if target else "",
            "__EVENTARGUMENT": argument,
        }
        return self.send("POST", path, urlencode(form), FORM)

    @property
    def numbers(self) -> list[str]:
        return re.findall(r"openOrder\('(\d+)'", self.text)


@pytest.fixture
def visitor(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    options = PortalOptions(style=getattr(request, "param", "full"))
    with MockPortal(World.seeded(ROWS, seed=1), options=options) as portal:
        visitor = Visitor(portal)
        assert visitor.sign_in() == 302
        assert visitor.get(CLAIM) == 200
        yield visitor


def test_a_list_comes_by_post_and_has_pages_of_twenty(visitor: Visitor) -> None:
    visitor.post("cancel_request")
    first = visitor.numbers
    visitor.post("gv_claim", "Page$3")

    orders = [order.order_no for order in visitor.portal.world.open_requests()]
    assert (first, visitor.numbers) == (orders[:20], orders[40:])


def test_a_state_is_good_for_one_post(visitor: Visitor) -> None:
    page = visitor.text
    assert visitor.post("cancel_request") == 200
    visitor.text = page

    assert visitor.post("cancel_request") == 302
    assert "aspxerrorpath" in (visitor.headers["Location"] or "")


def test_the_box_of_other_comes_with_the_choice(visitor: Visitor) -> None:
    visitor.post("gv_claim", f"Select${NO}")
    before = "txt_refuse_reason" in visitor.text
    visitor.post("ddl_refuse_reason", ddl_refuse_reason="R4")

    assert (before, "txt_refuse_reason" in visitor.text) == (False, True)


def test_a_refusal_is_posted_to_the_pages_own_address(visitor: Visitor) -> None:
    visitor.post("gv_claim", f"Select${NO}")
    visitor.post("", ddl_refuse_reason="R1", btn_cancel_refuse="キャンセル拒否")

    journal = visitor.portal.journal
    assert [(e.kind, e.order, e.reason) for e in journal.effects_of("refuse")] == [
        ("refuse", NO, "商品発送完了")
    ]
    assert len(journal.calls("SetCancelRefusal", NO)) == 1
    assert 'data-say="キャンセル拒否完了"' in visitor.text


def test_what_the_server_objects_to_is_said_and_changes_nothing(visitor: Visitor) -> None:
    visitor.post("gv_claim", f"Select${NO}")
    visitor.post("", ddl_refuse_reason="", btn_cancel_refuse="キャンセル拒否")

    assert 'data-say="キャンセル拒否理由を選択してください。"' in visitor.text
    assert visitor.portal.journal.effects == []


@pytest.mark.parametrize("visitor", ["partial"], indirect=True)
def test_a_partial_post_is_answered_by_a_panel_and_new_hidden_fields(visitor: Visitor) -> None:
    visitor.post("cancel_request", x="")
    assert "<html" in visitor.text
    hidden = dict(re.findall(r'name="(__\w+)" id="\w+" value="([^"]*)"', visitor.text))
    form = hidden | {"__EVENTTARGET": f"{PREFIX}tab_search", "__ASYNCPOST": "true"}
    visitor.send("POST", CLAIM, urlencode(form), FORM)

    length, kind, name, rest = visitor.text.split("|", 3)
    assert (kind, name) == ("updatePanel", "up_main")
    assert rest[int(length) :].startswith(f"|{len(hidden['__VIEWSTATE'])}|hiddenField|__VIEWSTATE|")
    assert "<html" not in visitor.text


@pytest.mark.parametrize("visitor", ["mixed"], indirect=True)
def test_two_lists_with_equal_headings_stand_below_their_labels(visitor: Visitor) -> None:
    visitor.post("cancel_request")

    titles = re.findall(r'<div class="sub_tit">(キャンセル\S+)</div>', visitor.text)
    assert titles[:2] == ["キャンセル要請", "キャンセル拒否完了"]
    assert visitor.text.count('<th scope="col">注文番号</th>') == 2


@pytest.mark.parametrize("visitor", ["frames"], indirect=True)
def test_menu_and_page_are_frames_and_the_window_closes_itself(visitor: Visitor) -> None:
    shell = visitor.text
    visitor.get(f"{ORDER}?contr_no={NO}")
    visitor.post("", path=ORDER, ddl_refuse_reason="R1", btn_cancel_refuse="キャンセル拒否")

    assert shell.count("<frame ") == 2
    assert 'data-done="on" data-closes="on"' in visitor.text
    assert [effect.order for effect in visitor.portal.journal.effects_of("refuse")] == [NO]


def test_the_services_of_the_other_style_are_not_there(visitor: Visitor) -> None:
    assert visitor.send("POST", f"{ROOT}/swe_ClaimBizService.asmx/GetClaimList", "{}") == 404
