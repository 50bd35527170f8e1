"""The mock portal's API: Qoo10's path, headers and codes, over the portal's own orders."""

import json
from datetime import timedelta
from typing import Any

import pytest

from qsm_bot.base.errors.qapi import QapiKeyInvalid, QapiSilent
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.qapi import KEY_HEADER, Qapi
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import ClaimState, OrderState, World
from qsm_bot.qapi import QapiClient
from tests.unit.mock_portal.conftest import TODAY, build_order

KEY = "invented"
CLAIMS, ORDER, SHIPMENTS, SEND = (
    f"ShippingBasic.{name}"
    for name in (
        "GetClaimInfo_V3",
        "GetShippingAndClaimInfoByOrderNo_V2",
        "GetShippingInfo_v3",
        "SetSendingInfo",
    )
)
NO = "762544202"
PERIOD = {"search_Sdate": "20220801", "search_Edate": "20220831"}


def world(**changes: Any) -> World:
    return World([build_order(requested_on=TODAY, **changes)], today=TODAY)


def asked(api: Qapi, method: str, key: str = KEY, **form: str) -> Any:
    answer = api.answer(method, {KEY_HEADER: key}, form)
    assert answer.status_code == 200
    return json.loads(bytes(answer.body))


class TestCodes:
    """HTTP is 200 whatever went wrong; the code is in the body."""

    @pytest.mark.parametrize("key", ["", "another"])
    def test_a_wrong_key_is_an_api_that_does_not_exist(self, key: str) -> None:
        told = asked(Qapi(world(), KEY), ORDER, key=key, OrderNo=NO)
        assert told == {"ErrorCode": -90001, "ErrorMsg": "存在しないAPIです。"}

    def test_an_unknown_method_is_named(self) -> None:
        told = asked(Qapi(world(), KEY), "Claim.Nothing")
        assert told["ErrorMsg"] == "Can't find method Info Claim.Nothing"

    def test_the_case_of_a_method_does_not_matter(self) -> None:
        assert asked(Qapi(world(), KEY), ORDER.upper(), OrderNo=NO)["ResultCode"] == 0

    @pytest.mark.parametrize(
        ("first", "last", "code"),
        [
            ("", "20220831", -10002),
            ("2022-08-01", "20220831", -10002),
            ("20220601", "20220830", -10003),
            ("20220602", "20220830", 0),
            ("20220602000000", "20220830235959", 0),
        ],
    )
    @pytest.mark.parametrize(
        ("method", "names"),
        [
            (CLAIMS, ("search_Sdate", "search_Edate")),
            (SHIPMENTS, ("SearchStartDate", "SearchEndDate")),
        ],
    )
    def test_a_period_is_of_days_and_90_at_most(
        self, method: str, names: tuple[str, str], first: str, last: str, code: int
    ) -> None:
        form = dict(zip(names, (first, last), strict=True))
        assert asked(Qapi(world(), KEY), method, **form)["ResultCode"] == code

    def test_nothing_found_is_no_error(self) -> None:
        told = asked(Qapi(world(), KEY), ORDER, OrderNo="1")
        assert told == {"ResultCode": 0, "ResultMsg": "SUCCESS", "ResultObject": []}


class TestOrders:
    @pytest.mark.parametrize(
        ("state", "claim"),
        [
            (ClaimState.NONE, ""),
            (ClaimState.REQUESTED, "1"),
            (ClaimState.RETRACTION_ASKED, "1"),
            (ClaimState.CANCELLED, "3"),
            (ClaimState.REFUSED, ""),
            (ClaimState.WITHDRAWN, ""),
        ],
    )
    def test_claim_states(self, state: ClaimState, claim: str) -> None:
        api = Qapi(world(claim_state=state), KEY)
        row = asked(api, ORDER, OrderNo=NO)["ResultObject"][0]
        listed = asked(api, CLAIMS, ClaimStat=claim, **PERIOD)["ResultObject"]
        assert (row["claimStatus"], row["orderNo"]) == (claim, 762544202)
        assert [each["claimStatus"] for each in listed] == [claim] * bool(claim)

    @pytest.mark.parametrize(
        ("state", "shipping", "code"),
        [
            (OrderState.NEW, "配送要請(2)", "2"),
            (OrderState.SCHEDULED, "配送準備(3)", "3"),
            (OrderState.DELAYED, "配送準備(3)", "0"),
            (OrderState.IN_TRANSIT, "配送中(4)", "4"),
        ],
    )
    def test_shipping_states(self, state: OrderState, shipping: str, code: str) -> None:
        api = Qapi(world(order_state=state), KEY)
        days = {"SearchStartDate": "20220801", "SearchEndDate": "20220831"}
        told = asked(api, SHIPMENTS, ShippingStatus=code, **days)
        assert [row["shippingStatus"] for row in told["ResultObject"]] == [shipping]
        assert asked(api, SHIPMENTS, ShippingStatus="5", **days)["ResultObject"] == []

    def test_claims_are_found_by_the_day_that_is_asked_for(self) -> None:
        day = TODAY - timedelta(days=40)
        api = Qapi(world(claim_state=ClaimState.REQUESTED, ordered_on=day), KEY)
        by = {c: asked(api, CLAIMS, search_condition=c, **PERIOD)["ResultObject"] for c in "12"}
        assert (len(by["1"]), len(by["2"])) == (0, 1)

    def test_a_shipment_takes_effect_or_says_why_not(self) -> None:
        here = world()
        api = Qapi(here, KEY)
        sent = {"OrderNo": NO, "ShippingCorp": "ヤマト宅急便", "TrackingNo": "0000-1111-2222"}
        codes = [
            asked(api, SEND, **(sent | change))["ResultCode"]
            for change in ({"ShippingCorp": "見本便"}, {"TrackingNo": "1"}, {}, {})
        ]
        order = here.by_number(NO)
        assert codes == [-130, -22, 0, -10042]
        assert order is not None
        assert order.order_state is OrderState.IN_TRANSIT


class TestOverHttp:
    """At the portal's own address; what befalls its pages does not befall the API."""

    def test_the_client_and_the_journal_agree(self) -> None:
        options = PortalOptions(faults=parse_faults(["maintenance"]))
        with MockPortal(World.seeded(4, seed=1), options=options) as portal:
            journal, here = portal.journal, portal.world
            here.refuse(NO, "商品発送完了")
            with QapiClient(url=portal.qapi_url, key=portal.qapi_key, interval=0, timeout=5) as api:
                rows = api.open_requests(here.today)
                told = api.send(NO, "ヤマト宅急便", "0000-1111-2222")
            with (
                QapiClient(url=portal.qapi_url, key="wrong", interval=0, timeout=5) as api,
                pytest.raises(QapiKeyInvalid),
            ):
                api.order(NO)
        assert [row.order_no for row in rows] == [o.order_no for o in here.open_requests()]
        assert told.ok
        assert [(e.order, e.reason, e.text) for e in journal.effects_of("ship")] == [
            (NO, "ヤマト宅急便", "0000-1111-2222")
        ]
        assert [seen.order for seen in journal.calls(SEND)] == [NO]
        assert portal.qapi_key not in repr(journal.requests)

    def test_a_connection_that_breaks_after_the_effect_sends_nothing_twice(self) -> None:
        options = PortalOptions(faults=parse_faults(["qapi-ship-lost", "close-idle"]))
        with MockPortal(World.seeded(4, seed=1), options=options) as portal:
            portal.world.refuse(NO, "商品発送完了")
            with QapiClient(url=portal.qapi_url, key=portal.qapi_key, interval=0, timeout=5) as api:
                api.order(NO)
                with pytest.raises(QapiSilent, match="502"):
                    api.send(NO, "ヤマト宅急便", "0000-1111-2222")
        assert len(portal.journal.calls(SEND)) == len(portal.journal.effects_of("ship")) == 1
