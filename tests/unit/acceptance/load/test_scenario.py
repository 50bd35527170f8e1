"""What is learned of one refusal, and what of it cannot be sent for another order."""

import json
import time
from typing import Any

import pytest

from qsm_bot.acceptance.load.scenario import LoadScenario, RecordedCall, scenario_of

ORIGIN = "http://127.0.0.1:8808"
SERVICE = f"{ORIGIN}/x.asmx"
MINE = {"選択": "", "注文番号": "762544202", "カート番号": "250040690", "注文日": "2022/08/15"}
OTHER = {"選択": "", "注文番号": "762544391", "カート番号": "250040999", "注文日": "2022/08/16"}
DONE = {"d": {"returnCode": 0, "returnMessage": "キャンセル拒否完了"}}


def call(name: str, body: str | bytes = "", answer: Any = None, **changes: Any) -> RecordedCall:
    fields: dict[str, Any] = {
        "method": "POST",
        "url": name if "://" in name else f"{SERVICE}/{name}",
        "headers": {"content-type": "application/json"},
        "body": body if isinstance(body, bytes) else body.encode(),
        "status": 200,
        "answer": answer if isinstance(answer, bytes) else json.dumps(answer).encode(),
    }
    return RecordedCall(**(fields | changes))


def page(html: str) -> RecordedCall:
    return call(f"{ORIGIN}/Claims.aspx", method="GET", answer=html.encode())


def refusal(
    body: str | bytes = '{"contr_no": "762544202"}',
    name: str = "Refuse",
    answer: Any = DONE,
    **changes: Any,
) -> RecordedCall:
    return call(name, body, answer, acts=True, **changes)


def learned(*calls: RecordedCall) -> LoadScenario:
    return scenario_of(calls, MINE, [OTHER], ORIGIN)


def test_each_step_has_a_name_of_its_own() -> None:
    scenario = learned(page(""), call("GetList"), refusal(), call("GetList"))
    assert [step.name for step in scenario.steps] == [
        "Claims.aspx",
        "GetList",
        "Refuse",
        "GetList 2",
    ]
    assert scenario.trouble is None


def test_the_rows_numbers_are_exchanged_in_address_and_body() -> None:
    scenario = learned(refusal('{"no":"762544202","pack":250040690}', "Refuse?no=762544202&x=1"))
    (step,) = scenario.steps
    url, body = scenario.request(step, OTHER)
    assert url == f"{SERVICE}/Refuse?no=762544391&x=1"
    assert body == b'{"no":"762544391","pack":250040999}'


def test_longer_numbers_dates_and_bytes_that_are_no_text_stay() -> None:
    sent = b'\xff{"no":762544202,"n":1762544202,"day":"2022/08/15","seller":"998877665"}'
    scenario = learned(refusal(sent))
    _, body = scenario.request(scenario.steps[0], OTHER)
    assert body == sent.replace(b'"no":762544202', b'"no":762544391')
    assert scenario.trouble is None


def test_numbers_are_exchanged_for_each_other_and_only_once() -> None:
    """The other order's number may be this one's cart number."""
    scenario = learned(refusal('["762544202", "250040690"]'))
    crossed = OTHER | {"注文番号": "250040690", "カート番号": "762544202"}
    assert scenario.request(scenario.steps[0], crossed)[1] == b'["250040690", "762544202"]'


def test_a_time_in_milliseconds_becomes_the_present_one() -> None:
    before = int(time.time() * 1000)
    scenario = learned(refusal(f'{{"no":"762544202","t":"{before - 5000}","old":1600000000000}}'))
    sent = json.loads(scenario.request(scenario.steps[0], OTHER)[1])
    assert before <= int(sent["t"]) <= int(time.time() * 1000)
    assert sent["old"] == 1600000000000


@pytest.mark.parametrize(
    ("status", "answer", "same"),
    [
        (200, '{"d": {"returnMessage": "キャンセル拒否完了", "returnCode": 0}}', True),
        (500, json.dumps(DONE), False),
        (200, '{"d": {"returnMessage": "権限がありません", "returnCode": -1}}', False),
        (200, "<h1>Error</h1>", False),
    ],
)
def test_an_answer_is_compared_by_what_it_says(status: int, answer: str, *, same: bool) -> None:
    scenario = learned(refusal())
    assert scenario.is_as_learned(scenario.steps[0], OTHER, status, answer.encode()) is same


def test_an_answer_that_names_the_order_must_name_the_other_one() -> None:
    scenario = learned(refusal(answer=b"refused 762544202"))
    (step,) = scenario.steps
    assert scenario.is_as_learned(step, OTHER, 200, b"refused 762544391")
    assert not scenario.is_as_learned(step, OTHER, 200, b"refused 762544202")


def test_requests_to_other_hosts_are_left_out_and_named() -> None:
    scenario = learned(call("https://stats.example.jp/hit"), refusal())
    assert [step.name for step in scenario.steps] == ["Refuse"]
    assert scenario.elsewhere == ("https://stats.example.jp",)


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([call("GetList")], "sent nothing"),
        ([refusal("{}")], "does not name the order"),
        ([refusal('{"no": "A762544202B", "z": "7625442020"}')], ""),
        ([refusal(name="https://other.example.jp/Refuse")], "host: https://other.example.jp"),
        (
            [
                page('<input type="hidden" name="__VIEWSTATE" value="dGVz&amp;dA==">'),
                refusal("no=762544202&__VIEWSTATE=dGVz%26dA%3D%3D"),
            ],
            "hidden field __VIEWSTATE",
        ),
        (
            [
                page("<input value='abcdef123456' name='csrf' type='hidden'>"),
                refusal(headers={"x-csrf": "abcdef123456"}),
            ],
            "hidden field csrf",
        ),
        ([page('<input type="hidden" name="n" value="1">'), refusal()], ""),
        (
            [
                call("GetDetail", answer={"d": {"no": "762544202", "claim_no": "55501234"}}),
                refusal('{"no": "762544202", "claim_no": 55501234}'),
            ],
            "carries 55501234",
        ),
        (
            [
                call(
                    "GetList",
                    answer={
                        "Rows": [
                            {"no": "762544202", "seller": "55501234"},
                            {"no": "762544391", "seller": "55501234"},
                        ]
                    },
                ),
                refusal('{"no": "762544202", "seller": "55501234"}'),
            ],
            "",
        ),
    ],
)
def test_what_belongs_to_one_order_or_page_is_told_not_guessed(
    calls: list[RecordedCall], told: str
) -> None:
    trouble = learned(*calls).trouble
    assert (trouble.en if trouble else "").find(told) >= 0
    assert bool(trouble) == bool(told)
