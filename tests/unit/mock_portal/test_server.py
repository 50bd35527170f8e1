"""The mock portal over real HTTP."""

import re
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.server import MockPortal, PortalOptions
from qsm_bot.mock_portal.world import World
from tests.patience import patient
from tests.unit.mock_portal.parts import CLAIM, LOGIN, NO, REFUSAL, ROOT, Client


@pytest.fixture
def portal() -> Iterator[MockPortal]:
    with MockPortal(World.seeded(12)) as portal:
        yield portal


@pytest.fixture(scope="module")
def shared() -> Iterator[MockPortal]:
    """A portal for the tests that change nothing."""
    with MockPortal(World.seeded(12)) as portal:
        yield portal


@pytest.fixture
def visitor(shared: MockPortal) -> Client:
    return Client(shared)


@pytest.fixture
def reader(visitor: Client) -> Client:
    assert visitor.sign_in() == 302
    return visitor


@pytest.fixture
def client(portal: MockPortal) -> Client:
    return Client(portal)


@pytest.fixture
def seller(client: Client) -> Client:
    assert client.sign_in() == 302
    return client


def test_portal_is_ready_when_it_has_started() -> None:
    """The first request is answered, and stopping frees the port."""
    with MockPortal(World.seeded(1)) as portal:
        assert Client(portal).get("/") == 302
        port = portal.port
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_port_in_use_is_a_plain_error(portal: MockPortal) -> None:
    """The message names the port."""
    second = MockPortal(World.seeded(1), port=portal.port)
    with pytest.raises(OSError, match=f"port {portal.port} on 127.0.0.1"):
        second.start()
    second.stop()


@pytest.mark.parametrize("path", ["/", f"{ROOT}/", "/gmkt.inc.gsm.web"])
def test_roots_lead_to_login(visitor: Client, path: str) -> None:
    """The bare address opens the sign-in page."""
    assert visitor.get(path) == 302
    assert visitor.headers["Location"] == LOGIN


@pytest.mark.parametrize(
    "path", [LOGIN, "/gmkt.inc.gsm.web/login.aspx", "/GMKT.INC.GSM.Web/Login.aspx"]
)
def test_login_page_in_any_case(visitor: Client, path: str) -> None:
    """The path is case-insensitive and the page is the one that public programs describe."""
    assert visitor.get(path) == 200
    assert "<title>QSM LOGIN</title>" in visitor.text
    for part in ('id="txtLoginID" name="txtLoginID"', 'id="txtLoginPwd" name="txtLoginPwd"'):
        assert part in visitor.text
    assert '<button class="g-recaptcha"' in visitor.text


def test_signing_in_sets_session_cookies(visitor: Client) -> None:
    """Both cookies end with the browser and are hidden from scripts."""
    assert visitor.sign_in() == 302
    assert f"{ROOT}/Default.aspx" == visitor.headers["Location"]
    assert {"ASP.NET_SessionId", "GiosisGsmJP"} == set(visitor.cookies)
    assert "HttpOnly" in visitor.headers["Set-Cookie"]
    assert "expires" not in visitor.headers["Set-Cookie"].lower()


def test_signing_in_returns_to_the_page_first_asked_for(visitor: Client) -> None:
    """A deep page survives the detour over the sign-in page."""
    deep = "/GMKT.INC.Gsm.Web/claim/claimmanagement.aspx?a=1"
    assert visitor.get(deep) == 302
    assert visitor.headers["Location"].startswith(f"{LOGIN}?ReturnUrl=")
    visitor.sign_in(visitor.headers["Location"])
    assert deep == visitor.headers["Location"]
    assert visitor.get(deep) == 200


@pytest.mark.parametrize("wanted", ["//example.jp/x", "https://example.jp/", "/elsewhere"])
def test_signing_in_never_leads_elsewhere(visitor: Client, wanted: str) -> None:
    """ReturnUrl cannot send the seller to another host."""
    visitor.sign_in(f"{LOGIN}?{urlencode({'ReturnUrl': wanted})}")
    assert f"{ROOT}/Default.aspx" == visitor.headers["Location"]


@pytest.mark.parametrize(
    "changes", [{"txtLoginPwd": "wrong"}, {"txtLoginID": ""}, {"g-recaptcha-response": ""}]
)
def test_bad_sign_in_shows_the_form_again(visitor: Client, changes: dict[str, str]) -> None:
    """A wrong password stays on the sign-in page with an alert."""
    assert visitor.sign_in(**changes) == 200
    assert 'id="txtLoginID"' in visitor.text
    assert re.search(r'data-alert="[^"]+"', visitor.text)
    assert "GiosisGsmJP" not in visitor.cookies


@pytest.mark.parametrize("name", ["__VIEWSTATE", "__VIEWSTATEGENERATOR", "__EVENTVALIDATION"])
def test_hidden_fields_are_checked(visitor: Client, name: str) -> None:
    """A form without the page's hidden fields ends on the error page."""
    assert visitor.sign_in(**{name: "x"}) == 302
    assert f"{ROOT}/Notice.aspx?aspxerrorpath={LOGIN}" == visitor.headers["Location"]
    assert visitor.get(visitor.headers["Location"]) == 200


@pytest.mark.parametrize("name", ["Default.aspx", "Claim/ClaimManagement.aspx", "nothing.aspx"])
def test_signed_out_pages_lead_to_login(visitor: Client, name: str) -> None:
    """No page but the sign-in page is shown to strangers."""
    assert visitor.get(f"{ROOT}/{name}") == 302
    assert visitor.headers["Location"].startswith(f"{LOGIN}?ReturnUrl=")


def test_signed_out_services_answer_401(client: Client, portal: MockPortal) -> None:
    """Services do not redirect; they answer as ASP.NET's script services do."""
    answer = client.call(REFUSAL, contr_no=NO, refuse_reason="R1")
    assert client.status == 401
    assert answer["ExceptionType"] == "System.UnauthorizedAccessException"
    assert portal.journal.effects == []


def test_home_shows_shop_and_claim_block(reader: Client) -> None:
    """The home page names the shop and has the manual's block."""
    assert reader.get(f"{ROOT}/Default.aspx") == 200
    for text in ("みほん商店", "ログアウト", "クレーム/お問い合わせ", "キャンセルリクエスト"):
        assert text in reader.text
    assert "gsm_BasicLayer" not in reader.text


def test_claim_page_has_the_words_of_the_manual(reader: Client) -> None:
    """Every visible text that the manual shows stands on the claim page."""
    assert reader.get(CLAIM) == 200
    for text in (
        "キャンセル &amp; 未受取",
        "状態別に照会",
        "選択条件照会",
        "取引情報",
        "お客様へ直接説明をお願い致します。（商品遅延・注文制作遅延）",
        "その他選択の場合、30文字以上入力お願い致します。",
        "キャンセル拒否時、即時でキャンセルお客様が確認する内容になります。",
        ">キャンセル</button>",
        ">キャンセルの撤回要請</button>",
        ">キャンセル拒否</button>",
        "※キャンセル・返品・未受取の受付日から4日が過ぎても完了・確認されていないもので",
    ):
        assert text in reader.text
    options = re.findall(r'<option value="(R\d)">([^<]+)<', reader.text)
    assert [o for _, o in options] == ["商品発送完了", "発送準備完了", "注文制作商品", "その他"]


def test_delivery_page_lists_waiting_orders(seller: Client, portal: MockPortal) -> None:
    """A refused order is back among the orders to ship; while the request is open it is not."""
    assert seller.get(f"{ROOT}/Delivery/DeliveryManagement.aspx") == 200
    assert NO not in seller.text
    portal.world.refuse(NO, "商品発送完了")
    seller.get(f"{ROOT}/Delivery/DeliveryManagement.aspx")
    assert NO in seller.text


def test_unknown_page_is_404(reader: Client) -> None:
    """A seller who is signed in gets an error page."""
    assert reader.get(f"{ROOT}/Order/ClaimList.aspx") == 404


@pytest.mark.parametrize("name", ["grid.js", "portal.css", "item_chk0.gif"])
def test_static_files_are_served(visitor: Client, name: str) -> None:
    """Scripts, style and pictures need no sign-in."""
    assert visitor.get(f"{ROOT}/Static/{name}") == 200
    assert visitor.get(f"{ROOT}/static/../{name}.txt".replace("../", "")) == 404


def test_list_has_the_open_requests(seller: Client, portal: MockPortal) -> None:
    """The list is the world's, with dates as the portal writes them."""
    rows = seller.list()
    assert [o.order_no for o in portal.world.open_requests()] == [r["contr_no"] for r in rows]
    assert rows[0]["claim_stat_nm"] == "キャンセル・処理要請"
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", rows[0]["claim_req_dt"])


def test_counts_and_detail_and_seller(seller: Client, portal: MockPortal) -> None:
    """The other reading services answer from the same world."""
    counts = seller.call("swe_ClaimBizService.asmx/GetClaimCounts")["d"]["Rows"]
    assert portal.world.counters() == {row["name"]: row["cnt"] for row in counts}
    detail = seller.call("swe_ClaimBizService.asmx/GetClaimDetail", contr_no=NO)["d"]["Rows"][0]
    assert portal.world.by_number(NO).buyer_phone == detail["cust_tel"]
    who = seller.call("swe_SellerBizService.asmx/GetSellerConfirmInfo")["d"]["Rows"][0]
    assert who["login_id"] == "mihon_shop"


def test_refusal_over_the_service(seller: Client, portal: MockPortal) -> None:
    """One refusal: documented text, one effect, one call, other list."""
    answer = seller.call(REFUSAL, contr_no=NO, refuse_reason="R1", refuse_text="")
    assert answer == {"d": {"returnCode": 0, "returnMessage": "キャンセル拒否完了"}}
    assert [(e.kind, e.order, e.reason) for e in portal.journal.effects] == [
        ("refuse", NO, "商品発送完了"),
        ("notice", NO, "商品発送完了"),
    ]
    assert NO not in [row["contr_no"] for row in seller.list()]
    assert NO in [row["contr_no"] for row in seller.list("S8")]


def test_second_refusal_is_answered_but_has_no_effect(seller: Client, portal: MockPortal) -> None:
    """A repeated call is seen as a request, not as an effect."""
    for _ in range(2):
        answer = seller.call(REFUSAL, contr_no=NO, refuse_reason="R1")
    assert answer["d"]["returnCode"] != 0
    assert len(portal.journal.calls("SetCancelRefusal", NO)) == 2
    assert len(portal.journal.effects_of("refuse", NO)) == 1


@pytest.mark.parametrize(
    ("service", "kind"), [("SetCancelConfirm", "cancel"), ("SetClaimRetraction", "retraction")]
)
def test_neighbour_services_really_act(
    seller: Client, portal: MockPortal, service: str, kind: str
) -> None:
    """The buttons beside the refusal do what they say."""
    answer = seller.call(f"swe_ClaimBizService.asmx/{service}", contr_no=NO)
    assert answer["d"]["returnCode"] == 0
    assert [kind] == [effect.kind for effect in portal.journal.effects]


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [("contr_no", NO, 1), ("contr_no", "1", 0), ("pack_no", "250040690", 1), ("", "", 15)],
)
def test_search_looks_at_every_claim(
    reader: Client, option: str, value: str, expected: int
) -> None:
    """選択条件照会 finds claims in any state."""
    answer = reader.call(
        "swe_ClaimBizService.asmx/GetClaimList",
        claim_type="CN",
        claim_sol_stat="",
        srch_option=option,
        srch_option_value=value,
    )
    assert expected == len(answer["d"]["Rows"])


def test_search_keeps_to_its_dates(reader: Client) -> None:
    """Without an order number the period counts."""
    answer = reader.call(
        "swe_ClaimBizService.asmx/GetClaimList", claim_type="CN", eday="2001/01/01"
    )
    assert answer["d"]["Rows"] == []


def test_bad_calls_are_service_errors(reader: Client) -> None:
    """An unknown method, a GET and broken JSON are errors of the service, status 500."""
    reader.call("swe_ClaimBizService.asmx/Nothing")
    assert reader.status == 500
    assert reader.get(f"{ROOT}/{REFUSAL}") == 500
    assert reader.send("POST", f"{ROOT}/{REFUSAL}", "[", "application/json") == 500
    assert reader.send("POST", f"{ROOT}/{REFUSAL}", "[1]", "application/json") == 500


def test_a_list_may_have_a_thousand_rows() -> None:
    """No row is left out of a long list."""
    with MockPortal(World.seeded(1000)) as portal:
        seller = Client(portal)
        seller.sign_in()
        assert len(seller.list()) == 1000


def test_signing_out_ends_the_session(reader: Client) -> None:
    """ログアウト leads to the sign-in page and the ticket is void."""
    ticket = reader.cookies["GiosisGsmJP"]
    assert reader.get(f"{ROOT}/Logout.aspx") == 302
    reader.cookies["GiosisGsmJP"] = ticket
    assert reader.get(CLAIM) == 302


def test_sessions_can_expire(seller: Client, portal: MockPortal) -> None:
    """The portal may end every session."""
    assert seller.get(CLAIM) == 200
    portal.expire_sessions()
    assert seller.get(CLAIM) == 302


def test_sessions_expire_after_some_requests() -> None:
    """The option counts the requests of one sign-in."""
    with MockPortal(World.seeded(1), options=PortalOptions(session_expired_after=2)) as portal:
        seller = Client(portal)
        seller.sign_in()
        assert [seller.get(CLAIM) for _ in range(3)] == [200, 200, 302]


def test_captcha_blocks_until_a_person_solves_it() -> None:
    """With a challenge, a token is not enough."""
    with MockPortal(World.seeded(1), options=PortalOptions(captcha=True, notice=True)) as portal:
        client = Client(portal)
        assert client.sign_in() == 200
        assert client.get(f"{ROOT}/recaptcha/bframe.aspx") == 200
        assert client.send("POST", f"{ROOT}/recaptcha/bframe.aspx") == 204
        assert client.sign_in() == 302
        client.get(f"{ROOT}/Default.aspx")
        assert "gsm_BasicLayer" in client.text


def test_latency_delays_services_only() -> None:
    """Pages come at once, services after the latency."""
    with MockPortal(World.seeded(1), latency=patient(0.5)) as portal:
        seller = Client(portal)
        started = time.monotonic()
        seller.sign_in()
        assert time.monotonic() - started < patient(0.5)
        seller.list()
        assert time.monotonic() - started >= patient(0.5)


def test_journal_is_wired_once() -> None:
    """A journal given to both the world and the portal notes each effect once."""
    journal = Journal()
    with MockPortal(World.seeded(1, record=journal.note), journal=journal) as portal:
        portal.world.refuse(NO, "商品発送完了")
    assert len(journal.effects_of("refuse")) == 1


@pytest.mark.parametrize(("page", "rows"), [(1, slice(0, 5)), (3, slice(10, 12)), (4, slice(0, 0))])
def test_a_list_can_be_asked_for_by_pages(reader: Client, page: int, rows: slice) -> None:
    """With a page the answer says how many rows the whole list has."""
    whole = [row["contr_no"] for row in reader.list()]

    answer = reader.call(
        "swe_ClaimBizService.asmx/GetClaimList",
        claim_type="CN",
        claim_sol_stat="S1",
        page_no=page,
        page_size=5,
    )["d"]

    assert [row["contr_no"] for row in answer["Rows"]] == whole[rows]
    assert answer["Total"] == 12
