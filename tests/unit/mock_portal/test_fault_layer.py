"""Each fault of services and pages, over HTTP: what is answered, and what really happened."""

import html
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.mock_portal import answers
from qsm_bot.mock_portal.faults import CATALOGUE, Area, parse_faults
from qsm_bot.mock_portal.orders import ClaimState
from qsm_bot.mock_portal.proxy import Cut, NetworkFault
from qsm_bot.mock_portal.server import MockPortal, PortalOptions, _network_faults
from qsm_bot.mock_portal.world import World
from tests.patience import patient
from tests.unit.mock_portal.parts import CLAIM, LOGIN, NO, REFUSAL, ROOT, Client

HOME = f"{ROOT}/Default.aspx"
LIST = "swe_ClaimBizService.asmx/GetClaimList"


class Seller(Client):
    """A signed-in client, and what happened behind it."""

    @property
    def orders(self) -> list[str]:
        """The open requests, as the world knows them."""
        return [order.order_no for order in self.portal.world.open_requests()]

    @property
    def effects(self) -> list[tuple[str, str]]:
        """Every act that took effect; what the buyer is told goes with each refusal."""
        happened = self.portal.journal.effects
        return [(effect.kind, effect.order) for effect in happened if effect.kind != "notice"]

    def listed(self, stat: str = "S1") -> list[str]:
        """The order numbers of a list."""
        return [row["contr_no"] for row in self.list(stat)]

    def counted(self) -> int:
        """What the portal says キャンセル要請 is."""
        rows = self.call("swe_ClaimBizService.asmx/GetClaimCounts")["d"]["Rows"]
        return {row["name"]: row["cnt"] for row in rows}["キャンセル要請"]

    def detail(self, order_no: str) -> dict[str, str]:
        """The row of 取引情報."""
        answer = self.call("swe_ClaimBizService.asmx/GetClaimDetail", contr_no=order_no)
        return answer["d"]["Rows"][0]

    def search(self, order_no: str) -> list[dict[str, str]]:
        """The rows of a search by number."""
        wanted = {"srch_option": "contr_no", "srch_option_value": order_no}
        return self.call(LIST, claim_type="CN", claim_sol_stat="", **wanted)["d"]["Rows"]

    def state(self, order_no: str = NO) -> ClaimState:
        """How the order really stands."""
        order = self.portal.world.by_number(order_no)
        assert order is not None
        return order.claim_state

    def script_faults(self) -> dict[str, object] | None:
        """What the claim page gives to `faults.js`; None without it."""
        assert self.get(CLAIM) == 200
        found = re.search(r'faults\.js" data-faults="([^"]*)"', self.text)
        return json.loads(html.unescape(found[1])) if found else None


Start = Callable[..., Seller]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a portal with these faults and signs in there."""
    with ExitStack() as stack:

        def start(*faults: str, signed_in: bool = True) -> Seller:
            options = PortalOptions(faults=parse_faults(faults))
            portal = MockPortal(World.seeded(5, seed=1), options=options)
            seller = Seller(stack.enter_context(portal))
            if signed_in:
                assert seller.sign_in() == 302
            return seller

        yield start


def test_without_faults_nothing_is_changed(start: Start) -> None:
    seller = start()
    orders = seller.orders
    assert seller.listed() == orders
    assert (seller.counted(), seller.script_faults()) == (5, None)
    assert seller.refuse()["d"]["returnCode"] == 0
    assert seller.listed() == orders[1:]


class TestOtherPeople:
    """They act once, in the moment that the fault says."""

    @pytest.mark.parametrize(
        ("fault", "kind", "state"),
        [
            ("withdraw-on-open", "withdraw", ClaimState.WITHDRAWN),
            ("refused-on-open", "refuse", ClaimState.REFUSED),
        ],
    )
    def test_as_an_order_is_opened(
        self, start: Start, fault: str, kind: str, state: ClaimState
    ) -> None:
        seller = start(fault)
        _, other = seller.orders[:2]
        seller.listed()

        seller.detail(NO)
        seller.detail(other)

        assert seller.effects == [(kind, NO)]
        assert (seller.state(NO), seller.state(other)) == (state, ClaimState.REQUESTED)

    @pytest.mark.parametrize(
        ("fault", "kind", "state"),
        [
            ("withdraw-on-refusal", "withdraw", ClaimState.WITHDRAWN),
            ("refused-by-other", "refuse", ClaimState.REFUSED),
            ("cancelled-by-other", "cancel", ClaimState.CANCELLED),
        ],
    )
    def test_just_before_the_refusal_arrives_which_then_has_no_effect(
        self, start: Start, fault: str, kind: str, state: ClaimState
    ) -> None:
        seller = start(fault)
        _, other = seller.orders[:2]
        seller.detail(NO)

        answer, second = seller.refuse()["d"], seller.refuse(other)["d"]

        turned_down = answers.NOT_OPEN[state]
        assert answer == {"returnCode": turned_down.code, "returnMessage": turned_down.message}
        assert second["returnCode"] == 0
        assert seller.effects == [(kind, NO), ("refuse", other)]


class TestRows:
    """Rows that are not as the rules expect them, alike in list, search and 取引情報."""

    def test_the_first_order_stands_in_two_rows_and_is_counted_twice(self, start: Start) -> None:
        seller = start("duplicate-row")
        assert seller.listed() == [NO, *seller.orders]
        assert seller.counted() == 6
        assert len(seller.search(NO)) == 1
        assert len(seller.listed("S8")) == 2

    def test_the_first_row_has_another_state(self, start: Start) -> None:
        seller = start("ineligible-row")
        other = seller.orders[1]
        states = [row["claim_stat_nm"] for row in seller.list()]
        assert states == ["新規注文"] + ["キャンセル・処理要請"] * 4
        assert seller.search(NO)[0]["claim_stat_nm"] == "新規注文"
        assert seller.detail(NO)["claim_stat_nm"] == "新規注文"
        assert seller.detail(other)["claim_stat_nm"] == "キャンセル・処理要請"

    def test_the_first_two_orders_share_a_cart(self, start: Start) -> None:
        seller = start("same-cart")
        first, second, third, *_ = seller.list()
        assert first["pack_no"] == second["pack_no"] != third["pack_no"]
        assert seller.detail(second["contr_no"])["pack_no"] == first["pack_no"]

    @pytest.mark.parametrize(("fault", "days"), [("old-request", 9), ("old-request:30", 30)])
    def test_the_first_request_is_old(self, start: Start, fault: str, days: int) -> None:
        seller = start(fault)
        day = seller.portal.world.today - timedelta(days=days)
        first, second, *_ = seller.list()
        assert first["claim_req_dt"] == f"{day:%Y/%m/%d}" == seller.detail(NO)["claim_req_dt"]
        assert second["claim_req_dt"] != first["claim_req_dt"]

    @pytest.mark.parametrize("fault", ["ineligible-row", "same-cart", "old-request"])
    def test_refused_orders_and_the_world_are_untouched(self, start: Start, fault: str) -> None:
        seller, plain = start(fault), start()
        assert seller.list("S8") == plain.list("S8")
        assert seller.refuse()["d"]["returnCode"] == 0


class TestCounters:
    """Numbers that do not agree with the list."""

    @pytest.mark.parametrize(("fault", "counted"), [("wrong-counter", 6), ("wrong-counter:-2", 3)])
    def test_a_wrong_number_stays_wrong(self, start: Start, fault: str, counted: int) -> None:
        seller = start(fault)
        assert [seller.counted() for _ in range(3)] == [counted] * 3
        assert len(seller.listed()) == 5

    @pytest.mark.parametrize(
        ("fault", "counts"), [("list-changes", [6, 6, 5, 5]), ("list-changes:1", [6, 5, 5, 5])]
    )
    def test_a_list_in_motion_comes_to_rest(
        self, start: Start, fault: str, counts: list[int]
    ) -> None:
        seller = start(fault)
        assert [seller.counted() for _ in range(4)] == counts

    def test_only_the_number_of_open_requests_is_wrong(self, start: Start) -> None:
        seller, plain = start("wrong-counter:3"), start()
        name = "swe_ClaimBizService.asmx/GetClaimCounts"
        rows, right = seller.call(name)["d"]["Rows"], plain.call(name)["d"]["Rows"]
        wrong = [row["name"] for row, other in zip(rows, right, strict=True) if row != other]
        assert wrong == ["キャンセル要請"]


class TestLists:
    """Lists that come late, old or not at all."""

    def test_a_slow_list_takes_its_seconds(self, start: Start) -> None:
        seller = start(f"slow-list:{patient(0.2)}")
        began = time.monotonic()
        seller.counted()
        quick = time.monotonic()
        seller.listed()
        assert quick - began < patient(0.2)
        assert time.monotonic() - quick >= patient(0.2)

    @pytest.mark.parametrize(("fault", "times"), [("stale-list", 1), ("stale-list:3", 3)])
    def test_an_old_list_is_the_one_of_before_the_refusal(
        self, start: Start, fault: str, times: int
    ) -> None:
        seller = start(fault)
        before = seller.listed()
        seller.refuse()
        assert [seller.listed() for _ in range(times)] == [before] * times
        assert seller.listed() == before[1:]

    def test_an_old_search_too_and_only_of_that_order(self, start: Start) -> None:
        seller = start("stale-list:1")
        seller.listed()
        seller.refuse()
        old, new = seller.search(NO), seller.search(NO)
        assert [row["claim_stat_nm"] for row in old] == ["キャンセル・処理要請"]
        assert [row["claim_stat_nm"] for row in new] == ["キャンセル・キャンセル拒否"]

    def test_the_list_of_just_before_the_refusal_is_the_old_one(self, start: Start) -> None:
        seller = start("stale-list")
        seller.listed()
        seller.portal.world.buyer_withdraws(seller.orders[1])
        before = seller.listed()
        seller.refuse()
        assert seller.listed() == before

    def test_before_a_refusal_no_list_is_old(self, start: Start) -> None:
        seller = start("stale-list")
        seller.listed()
        seller.portal.world.buyer_withdraws(NO)
        assert NO not in seller.listed()

    def test_without_a_list_before_there_is_no_old_one(self, start: Start) -> None:
        seller = start("stale-list")
        seller.refuse()
        assert NO not in seller.listed()

    @pytest.mark.parametrize(
        ("fault", "status"),
        [("list-down:2", [500, 500, 200, 200]), ("list-down", [500, 500, 500, 500])],
    )
    def test_after_a_refusal_lists_fail(self, start: Start, fault: str, status: list[int]) -> None:
        seller = start(fault)
        body = json.dumps({"claim_type": "CN", "claim_sol_stat": "S1"})

        def list_status() -> int:
            return seller.send("POST", f"{ROOT}/{LIST}", body, "application/json")

        assert list_status() == 200
        seller.refuse()
        assert [list_status() for _ in range(4)] == status


class TestTheRefusal:
    """What the portal answers, and whether the refusal took effect."""

    @pytest.mark.parametrize(
        ("fault", "word"), [("no-permission", "権限"), ("error-text", "エラー")]
    )
    def test_it_is_turned_down_in_words_once(self, start: Start, fault: str, word: str) -> None:
        seller = start(fault)
        answer = seller.refuse()["d"]
        assert (seller.status, answer["returnCode"]) == (200, -1)
        assert word in answer["returnMessage"]
        assert seller.effects == []
        assert seller.refuse()["d"]["returnCode"] == 0

    def test_it_is_done_and_called_handled_already(self, start: Start) -> None:
        seller = start("already-after-effect")
        answer = seller.refuse()["d"]
        assert (seller.status, answer["returnCode"]) == (200, -1)
        assert "既に処理" in answer["returnMessage"]
        assert seller.effects == [("refuse", NO)]

    @pytest.mark.parametrize(
        ("fault", "effects"),
        [("error-before-effect", []), ("error-after-effect", [("refuse", NO)])],
    )
    def test_an_error_of_the_server_says_nothing_about_the_effect(
        self, start: Start, fault: str, effects: list[tuple[str, str]]
    ) -> None:
        seller = start(fault)
        answer = seller.refuse()
        assert (seller.status, "d" in answer) == (500, False)
        assert seller.effects == effects

    def test_it_is_done_and_sent_to_the_sign_in_page(self, start: Start) -> None:
        seller = start("redirect-after-effect")
        body = json.dumps({"contr_no": NO, "refuse_reason": "R1"})
        assert seller.send("POST", f"{ROOT}/{REFUSAL}", body, "application/json") == 302
        assert seller.headers["Location"] == LOGIN
        assert seller.effects == [("refuse", NO)]
        assert seller.get(CLAIM) == 302
        seller.sign_in()
        assert seller.get(CLAIM) == 200

    def test_each_request_is_seen_whatever_becomes_of_it(self, start: Start) -> None:
        for fault in ("no-permission", "error-before-effect", "expire-on-refusal"):
            seller = start(fault)
            seller.refuse()
            assert len(seller.portal.journal.calls("SetCancelRefusal", NO)) == 1

    def test_a_page_may_post_it_as_a_form(self, start: Start) -> None:
        """As the fault `form-post` does."""
        seller = start()
        form = urlencode({"contr_no": NO, "refuse_reason": "R1", "refuse_text": ""})
        seller.send("POST", f"{ROOT}/{REFUSAL}", form, "application/x-www-form-urlencoded")
        assert json.loads(seller.text)["d"]["returnCode"] == 0
        assert seller.effects == [("refuse", NO)]
        assert len(seller.portal.journal.calls("SetCancelRefusal", NO)) == 1

    @pytest.mark.parametrize("kind", ["", "text/plain;charset=UTF-8"])
    def test_a_page_may_leave_out_what_it_posts(self, start: Start, kind: str) -> None:
        """As `sync-xhr` and `resend` do."""
        seller = start()
        body = json.dumps({"contr_no": NO, "refuse_reason": "R1"})
        assert seller.send("POST", f"{ROOT}/{REFUSAL}", body, kind) == 200
        assert seller.effects == [("refuse", NO)]

    @pytest.mark.parametrize("body", ["[", "[1]", "nonsense", "1", '"a=1"'])
    def test_what_is_neither_json_nor_a_form_is_an_error(self, start: Start, body: str) -> None:
        seller = start()
        assert seller.send("POST", f"{ROOT}/{REFUSAL}", body, "application/json") == 500
        assert seller.effects == []


class TestSession:
    """Sign-ins that end, and a portal that is another one."""

    def test_it_ends_just_before_the_refusal_which_has_no_effect(self, start: Start) -> None:
        seller = start("expire-on-refusal")
        seller.refuse()
        assert (seller.status, seller.effects) == (401, [])
        seller.sign_in()
        assert seller.refuse()["d"]["returnCode"] == 0

    def test_it_ends_once_an_order_is_open(self, start: Start) -> None:
        seller = start("expire-on-open")
        assert seller.detail(NO)["contr_no"] == NO
        seller.refuse()
        assert (seller.status, seller.effects) == (401, [])
        seller.sign_in()
        seller.detail(NO)
        assert seller.refuse()["d"]["returnCode"] == 0

    @pytest.mark.parametrize(("fault", "times"), [("expire-on-list", 1), ("expire-on-list:2", 2)])
    def test_it_ends_at_the_first_lists(self, start: Start, fault: str, times: int) -> None:
        seller = start(fault)
        for _ in range(times):
            seller.call(LIST, claim_type="CN", claim_sol_stat="S1")
            assert seller.status == 401
            seller.sign_in()
        assert len(seller.listed()) == 5

    @pytest.mark.parametrize(
        ("fault", "name"), [("other-shop", "べつの商店"), ("other-shop:A&B", "A&amp;B")]
    )
    def test_the_header_names_another_shop(self, start: Start, fault: str, name: str) -> None:
        seller = start(fault)
        for page in (HOME, CLAIM):
            seller.get(page)
            assert name in seller.text
            assert "みほん商店" not in seller.text

    @pytest.mark.parametrize(("fault", "minutes"), [("clock-off", 30), ("clock-off:-90", -90)])
    def test_the_clock_is_wrong_on_its_pages(
        self, start: Start, fault: str, minutes: float
    ) -> None:
        seller = start(fault)
        for page in (HOME, CLAIM):
            seller.get(page)
            (told,) = seller.headers.get_all("Date", [])
            off = parsedate_to_datetime(told) - datetime.now(JST)
            assert abs(off - timedelta(minutes=minutes)) < timedelta(minutes=1)

    def test_a_clock_that_is_off_is_never_told_right_beside_it(self, start: Start) -> None:
        seller = start("clock-off", signed_in=False)
        for path in (LOGIN, f"{ROOT}/static/grid.js", CLAIM):
            seller.get(path)
            assert seller.headers.get_all("Date", []) == []

    def test_without_that_fault_the_clock_is_this_machines(self, start: Start) -> None:
        seller = start("other-shop")
        seller.get(HOME)
        (told,) = seller.headers.get_all("Date", [])
        assert abs(parsedate_to_datetime(told) - datetime.now(JST)) < timedelta(minutes=1)


class TestPages:
    """Pages that stand in the claim page's place."""

    @pytest.mark.parametrize(
        ("fault", "status"),
        [
            ("error-page", [302, 200, 200]),
            ("error-page:2", [302, 302, 200]),
        ],
    )
    def test_the_claim_page_is_an_error_page_at_first(
        self, start: Start, fault: str, status: list[int]
    ) -> None:
        seller = start(fault)
        assert seller.get(HOME) == 200
        assert [seller.get(CLAIM) for _ in status] == status

    def test_the_error_page_says_where_it_happened(self, start: Start) -> None:
        seller = start("error-page")
        seller.get(CLAIM.lower())
        assert seller.headers["Location"] == f"{ROOT}/Notice.aspx?aspxerrorpath={CLAIM}"

    @pytest.mark.parametrize(
        ("fault", "status", "text"),
        [
            ("maintenance", 200, "定期メンテナンス中です。"),
            ("blocked", 403, "アクセスが制限されています。"),
        ],
    )
    def test_every_page_says_so_and_nothing_is_done(
        self, start: Start, fault: str, status: int, text: str
    ) -> None:
        seller = start(fault, signed_in=False)
        for path in ("/", LOGIN, HOME, CLAIM, f"{ROOT}/{REFUSAL}"):
            assert (seller.get(path), text in seller.text) == (status, True)
        assert seller.send("POST", f"{ROOT}/{REFUSAL}", "{}", "application/json") == status
        assert seller.effects == []


class TestThePagesOwnFaults:
    """The claim page is given what `faults.js` does, and loads it only then."""

    def test_they_are_given_with_their_values(self, start: Start) -> None:
        seller = start("late-alert:2.5", "no-search", "renamed-heading", "no-permission")
        assert seller.script_faults() == {
            "late-alert": 2.5,
            "no-search": None,
            "renamed-heading": "受注番号",
        }

    def test_a_value_of_any_letters_arrives_whole(self, start: Start) -> None:
        value = "\"'<&>}} 拒否:\\"
        assert start(f"renamed-heading:{value}").script_faults() == {"renamed-heading": value}

    def test_the_servers_own_faults_load_no_script(self, start: Start) -> None:
        areas = (Area.ORDERS, Area.SERVICE, Area.SESSION)
        # No claim page to look at.
        shut = {"captcha", "sub-id", "password-change", "half-dead", "login-elsewhere"}
        mine = {name for name, kind in CATALOGUE.items() if kind.area in areas}
        assert shut < mine
        assert start(*(mine - shut)).script_faults() is None

    def test_the_script_is_served(self, start: Start) -> None:
        assert start("prompt").get(f"{ROOT}/static/faults.js") == 200


class TestTheNetwork:
    """Network faults are the proxy's: each is one cut of its own, with its seconds."""

    @pytest.mark.parametrize(
        ("fault", "cut", "seconds"),
        [
            ("reset-before-effect", Cut.RESET_BEFORE, 0),
            ("reset-after-effect", Cut.RESET_AFTER, 0),
            ("half-answer", Cut.HALF, 0),
            ("hang:7", Cut.HANG, 7),
            ("late-effect", Cut.LATE, 3),
            ("black-hole", Cut.BLACK_HOLE, 0),
            ("slow-answer:0.5", Cut.SLOW, 0.5),
            ("offline:4", Cut.DOWN, 4),
        ],
    )
    def test_a_fault_of_the_refusal_meets_the_refusal_once(
        self, fault: str, cut: Cut, seconds: float
    ) -> None:
        (made,) = _network_faults(parse_faults([fault]), drawn=False)
        assert made == NetworkFault(cut=cut, path="/setcancelrefusal", seconds=seconds)
        assert made.times == 1

    @pytest.mark.parametrize(
        ("fault", "cut", "times"), [("down", Cut.DOWN, 1), ("close-idle", Cut.CLOSE_IDLE, 0)]
    )
    def test_a_fault_of_the_whole_network_meets_every_request(
        self, fault: str, cut: Cut, times: int
    ) -> None:
        (made,) = _network_faults(parse_faults([fault]), drawn=False)
        assert (made.cut, made.path, made.method, made.times) == (cut, "", "", times)

    def test_every_network_fault_is_one_and_no_other_is(self) -> None:
        network = [name for name, kind in CATALOGUE.items() if kind.area is Area.NETWORK]
        assert len(_network_faults(parse_faults(network), drawn=False)) == len(network)
        assert _network_faults(parse_faults(set(CATALOGUE) - set(network)), drawn=False) == []

    def test_the_portals_address_is_the_proxys(self, start: Start) -> None:
        seller = start("reset-before-effect")
        with pytest.raises(ConnectionError):
            seller.refuse()
        assert seller.effects == []
        assert seller.portal.journal.calls("SetCancelRefusal") == []
        assert seller.refuse()["d"]["returnCode"] == 0


class TestSignIn:
    """What the portal asks of a person before it lets anyone work."""

    def test_a_captcha_keeps_out_whoever_has_not_solved_it(self, start: Start) -> None:
        seller = start("captcha", signed_in=False)

        assert seller.sign_in() == 200
        assert "自動入力防止" in seller.text

    def test_a_sub_id_is_asked_for(self, start: Start) -> None:
        seller = start("sub-id", signed_in=False)

        assert seller.sign_in() == 200
        assert 'data-alert="サブIDを入力してください。"' in seller.text
        assert 'id="subIdSection"' in seller.text
        assert seller.sign_in(ep_id="staff1") == 302

    @pytest.mark.parametrize("path", [HOME, CLAIM])
    def test_a_new_password_comes_before_every_page(self, start: Start, path: str) -> None:
        seller = start("password-change")

        assert seller.get(path) == 302
        assert seller.get(seller.headers["Location"]) == 200
        assert seller.text.count('type="password"') == 3

    def test_consent_is_asked_for_over_the_home_page(self, start: Start) -> None:
        seller, usual = start("terms"), start()

        assert (seller.get(HOME), usual.get(HOME)) == (200, 200)
        assert ("同意する" in seller.text, "同意する" in usual.text) == (True, False)

    def test_another_language_has_another_word_for_signing_out(self, start: Start) -> None:
        seller = start("language:로그아웃")

        assert seller.get(HOME) == 200
        assert (">로그아웃</a>" in seller.text, ">ログアウト</a>" in seller.text) == (True, False)

    def test_a_half_dead_session_shows_home_and_no_claims(self, start: Start) -> None:
        seller = start("half-dead")

        assert (seller.get(HOME), seller.get(CLAIM)) == (200, 302)
        assert seller.headers["Location"] == LOGIN
