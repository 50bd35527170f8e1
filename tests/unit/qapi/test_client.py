"""The client: what leaves, what is tried again, and what each trouble is called."""

import re
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import qsm_bot
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.errors.outside import PortalError
from qsm_bot.base.errors.qapi import (
    QapiAnswerUnknown,
    QapiKeyExpired,
    QapiKeyInvalid,
    QapiNotPermitted,
    QapiSilent,
    QapiTurnedDown,
    QapiUnreachable,
)
from qsm_bot.base.log import redactor
from qsm_bot.mock_portal.world import OrderState, World
from qsm_bot.qapi import Method, QapiClient
from tests.unit.qapi.parts import KEY, NO, TODAY, URL, api_of, client, says

NOTHING = '{"ResultCode": 0, "ResultMsg": "SUCCESS", "ResultObject": []}'
Call = Callable[[QapiClient], Any]
READS: dict[str, Call] = {
    "claims": lambda api: api.open_requests(TODAY),
    "order": lambda api: api.order(NO),
    "shipments": lambda api: api.shipments("3", TODAY, TODAY),
}
CALLS = READS | {"send": lambda api: api.send(NO, "ヤマト宅急便", "0000-1111-2222")}
LOST = [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut"), httpx.WriteError("broken")]
NEVER_LEFT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")]


@pytest.fixture
def world() -> World:
    return World.seeded(6, seed=1, today=TODAY)


class TestClosedList:
    """The program cannot answer a claim by the API, because it does not know how to."""

    def test_four_methods_and_no_other(self) -> None:
        assert set(Method) == {
            "ShippingBasic.GetClaimInfo_V3",
            "ShippingBasic.GetShippingAndClaimInfoByOrderNo_V2",
            "ShippingBasic.GetShippingInfo_v3",
            "ShippingBasic.SetSendingInfo",
        }

    def test_no_file_of_the_program_names_a_call_that_answers_a_claim(self) -> None:
        names = re.compile(r"SetCancelProcess|SetClaimAccept|SetClaimRedelivery", re.IGNORECASE)
        files = [
            file
            for folder in (
                Path(qsm_bot.__file__).parent,
                Path(qsm_bot.__file__).parents[1] / "flows",
            )
            for file in folder.rglob("*")
            if file.suffix in (".py", ".toml", ".js", ".html")
        ]
        assert len(files) > 100
        assert [str(f) for f in files if names.search(f.read_text(encoding="utf-8"))] == []

    @pytest.mark.parametrize("name", CALLS)
    def test_each_call_goes_to_its_own_method(self, name: str) -> None:
        handler, calls = says(NOTHING)
        with client(handler) as api:
            CALLS[name](api)
        (request,) = calls
        assert request.method == "POST"
        assert str(request.url).startswith(f"{URL}/GMKT.INC.Front.QAPIService/ebayjapan.qapi/")
        assert request.url.path.rpartition("/")[2] in set(Method)


class TestWhatLeaves:
    """The key stands in a header, and the form in the body."""

    @pytest.mark.parametrize("name", CALLS)
    def test_the_key_is_in_its_header_only(self, name: str) -> None:
        handler, calls = says(NOTHING)
        with client(handler) as api:
            CALLS[name](api)
        (request,) = calls
        assert request.headers["GiosisCertificationKey"] == KEY
        assert request.headers["QAPIVersion"] == "1.0"
        assert KEY not in str(request.url)
        assert KEY.encode() not in request.content
        assert b"returnType=application%2Fjson" in request.content

    def test_open_requests_are_asked_for_over_90_days(self) -> None:
        handler, calls = says(NOTHING)
        with client(handler) as api:
            api.open_requests(TODAY)
        form = calls[0].content.decode()
        assert "ClaimStat=1&search_Sdate=20251008&search_Edate=20260105" in form
        assert "search_condition=2" in form

    @pytest.mark.parametrize("key", ["", "two words", "new\nline", "キー", "tab\there"])
    def test_what_cannot_be_a_key_is_told_without_repeating_it(self, key: str) -> None:
        handler, _ = says(NOTHING)
        with pytest.raises(SettingsInvalid) as caught:
            client(handler, key=key)
        assert not key or key not in caught.value.message.en

    def test_the_key_is_taken_out_of_logs(self) -> None:
        handler, _ = says(NOTHING)
        client(handler, key="invented-key-for-the-log")
        told = redactor(None, "info", {"event": "sent invented-key-for-the-log"})
        assert told == {"event": "sent ***"}

    def test_calls_are_at_least_the_interval_apart(self) -> None:
        rested: list[float] = []
        handler, _ = says(NOTHING)
        with client(handler, interval=60, rest=rested.append) as api:
            api.order(NO)
            assert rested == []
            api.order(NO)
            api.send(NO, "ヤマト宅急便", "0000-1111-2222")
        assert len(rested) == 2
        assert all(50 < seconds <= 60 for seconds in rested)


class TestReading:
    """Against the mock portal's API."""

    def test_open_requests_are_those_of_the_portal(self, world: World) -> None:
        with client(api_of(world)) as api:
            rows = api.open_requests(TODAY)
        assert [row.order_no for row in rows] == [o.order_no for o in world.open_requests()]
        order, row = world.open_requests()[0], rows[0]
        assert (row.cart_no, row.item_code) == (order.cart_no, order.item_code)
        assert (row.requested_on, row.ordered_on) == (order.requested_on, order.ordered_on)
        assert (row.claim, row.reason, row.quantity) == ("1", order.buyer_reason, order.quantity)

    def test_nothing_of_a_buyer_is_read(self, world: World) -> None:
        with client(api_of(world)) as api:
            read = repr((api.open_requests(TODAY), api.order(NO)))
        order = world.by_number(NO)
        assert order is not None
        for secret in (order.buyer_name, order.buyer_phone, order.buyer_address, order.buyer_email):
            assert secret not in read

    def test_an_order_shows_both_statuses(self, world: World) -> None:
        with client(api_of(world)) as api:
            before = api.order(NO)
            world.refuse(NO, "商品発送完了")
            after = api.order(NO)
            nobody = api.order("1")
        assert before is not None
        assert after is not None
        assert (before.claim, before.shipping) == ("1", "配送準備(3)")
        assert (after.claim, after.shipping) == ("", "配送準備(3)")
        assert nobody is None

    def test_shipments_by_their_state(self, world: World) -> None:
        sent = [o.order_no for o in world.orders() if o.order_state is OrderState.IN_TRANSIT]
        with client(api_of(world)) as api:
            rows = api.shipments("4", TODAY - timedelta(days=30), TODAY)
        assert [row.order_no for row in rows] == sent
        assert all(row.carrier == "ヤマト宅急便" and row.tracking for row in rows)

    def test_a_shipment_is_reported(self, world: World) -> None:
        world.refuse(NO, "商品発送完了")
        with client(api_of(world)) as api:
            told = api.send(NO, "ヤマト宅急便", "0000-1111-2222")
            order = api.order(NO)
        assert (told.ok, told.text) == (True, "SUCCESS")
        assert order is not None
        assert (order.shipping, order.tracking) == ("配送中(4)", "0000-1111-2222")

    def test_another_order_than_the_one_asked_for_is_no_answer(self) -> None:
        row = '{"orderNo": 1, "shippingStatus": "3", "claimStatus": ""}'
        for rows in (row, f"{row}, {row}"):
            handler, _ = says(f'{{"ResultCode": 0, "ResultObject": [{rows}]}}')
            with client(handler) as api, pytest.raises(QapiAnswerUnknown, match="not the one"):
                api.order(NO)


class TestTroubles:
    """Each has a name and an exit code of the contract; only readings are tried again."""

    @pytest.mark.parametrize("name", READS)
    @pytest.mark.parametrize("trouble", [*LOST, *NEVER_LEFT, 503], ids=repr)
    def test_a_reading_is_tried_three_times(self, name: str, trouble: Exception | int) -> None:
        handler, calls = says(trouble, trouble, NOTHING)
        with client(handler) as api:
            READS[name](api)
        assert len(calls) == 3

    @pytest.mark.parametrize("name", READS)
    @pytest.mark.parametrize(
        ("trouble", "error"),
        [
            (LOST[0], QapiSilent),
            (502, QapiSilent),
            (NEVER_LEFT[0], QapiUnreachable),
            (302, QapiAnswerUnknown),
            (404, QapiAnswerUnknown),
            ("<html>", QapiAnswerUnknown),
            ('{"ResultCode": -10002, "ResultMsg": "Search Date Error"}', QapiTurnedDown),
            ('{"ErrorCode": "-7", "ErrorMsg": null}', QapiTurnedDown),
        ],
        ids=str,
    )
    def test_what_does_not_come_is_an_outage(
        self, name: str, trouble: Any, error: type[QsmBotError]
    ) -> None:
        handler, calls = says(trouble)
        with client(handler) as api, pytest.raises(error) as caught:
            READS[name](api)
        assert isinstance(caught.value, PortalError)
        assert caught.value.exit_code == 50
        assert len(calls) == (3 if error in (QapiSilent, QapiUnreachable) else 1)

    @pytest.mark.parametrize("name", CALLS)
    @pytest.mark.parametrize(
        "body",
        [
            '{"ErrorCode": -90001, "ErrorMsg": "存在しないAPIです。"}',
            '{"ResultCode": -10000, "ResultMsg": "key"}',
        ],
    )
    def test_a_key_that_is_not_taken_is_for_a_person(self, name: str, body: str) -> None:
        handler, calls = says(body)
        with client(handler) as api, pytest.raises(QapiKeyInvalid) as caught:
            CALLS[name](api)
        assert (caught.value.exit_code, len(calls)) == (60, 1)

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            *((-90002, QapiNotPermitted), (-90003, QapiNotPermitted)),
            *((-90004, QapiKeyExpired), (-90005, QapiKeyExpired)),
        ],
    )
    def test_what_is_wrong_with_a_key_has_its_own_next_step(
        self, code: int, error: type[QapiKeyInvalid]
    ) -> None:
        handler, _ = says(f'{{"ErrorCode": {code}, "ErrorMsg": "x"}}')
        with client(handler) as api, pytest.raises(error) as caught:
            api.open_requests(TODAY)
        assert caught.value.next_words != QapiKeyInvalid(code=code, text="x").next_words

    @pytest.mark.parametrize(
        ("trouble", "error"),
        [
            *((lost, QapiSilent) for lost in LOST),
            *((kept, QapiUnreachable) for kept in NEVER_LEFT),
            (500, QapiSilent),
            (302, QapiAnswerUnknown),
            ("", QapiAnswerUnknown),
            ("[]", QapiAnswerUnknown),
        ],
        ids=repr,
    )
    def test_a_shipment_is_sent_once_whatever_comes_back(
        self, trouble: Any, error: type[QsmBotError]
    ) -> None:
        handler, calls = says(trouble, NOTHING)
        with client(handler) as api, pytest.raises(error):
            CALLS["send"](api)
        assert len(calls) == 1

    def test_a_no_to_a_shipment_is_an_answer(self) -> None:
        handler, _ = says('{"ResultCode": -130, "ResultMsg": "配送会社が正しくありません。"}')
        with client(handler) as api:
            told = CALLS["send"](api)
        assert (told.ok, told.code, told.text) == (False, -130, "配送会社が正しくありません。")

    @pytest.mark.parametrize(
        "body",
        [
            f'{{"ResultCode": -5, "ResultMsg": "bad key {KEY}"}}',
            f'{{"ErrorCode": -90001, "ErrorMsg": "{KEY}"}}',
            f"<html>{KEY}",
            f'{{"ResultCode": "{KEY}"}}',
            httpx.ReadError(f"while sending {KEY}"),
            httpx.ConnectError(KEY),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("name", CALLS)
    def test_the_key_is_in_no_error_even_if_the_api_repeats_it(self, name: str, body: Any) -> None:
        handler, _ = says(body)
        told = ""
        with client(handler) as api, suppress(QsmBotError):
            try:
                answer = CALLS[name](api)
                told = f"{answer.text} {answer.body}"
            except QsmBotError as error:
                told = "".join(traceback.format_exception(error)) + f"{error.message} {error.facts}"
                raise
        assert told
        assert KEY not in told

    def test_an_answer_without_an_end_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("qsm_bot.qapi.client._MOST_BYTES", 100)
        handler, calls = says(" " * 200 + NOTHING)
        with client(handler) as api, pytest.raises(QapiSilent, match="no end"):
            api.order(NO)
        assert len(calls) == 3
