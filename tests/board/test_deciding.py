"""Deciding: exactly what was seen, by a named person, once."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import flows.approve
from qsm_bot.base.clock import now
from qsm_bot.domain.plan import Plan
from qsm_bot.mock_portal.testing.builders import planned
from tests.board.conftest import ROOM, SEEN, Board, rest
from tests.patience import patient

A, B, C = "762544001", "762544002", "762544003"


def given(plan: Plan, **changes: Any) -> dict[str, Any]:
    """Return the form that the page of this plan sends."""
    said = {"seen": plan.digest, "count": len(plan.refuse), "who": "佐藤 花", "vouched": "yes"}
    return said | changes


def started(board: Board) -> list[list[list[str]]]:
    """Return what was begun, once the worker has taken it."""
    for _ in range(int(patient(10) * 50)):
        if board.started or not board.shops.jobs("~practice").alive():
            break
        # The worker is a thread that sends no event; what ends the loop is what is seen.
        time.sleep(0.02)
    return board.started


def test_what_was_seen_is_approved_by_name_and_carried_out(board: Board) -> None:
    csrf, made = board.come_in(), board.record(A, B)

    answer = board.post(f"plans/{made.digest}/decide", csrf, **given(made))

    assert answer.status_code == 303
    assert started(board) == [
        [["approve", made.digest, "--by=佐藤 花"], ["apply", made.digest]],
    ]


def test_an_order_that_was_left_out_makes_another_plan(board: Board) -> None:
    csrf, made = board.come_in(), board.record(A, B)
    less = made.without([A])
    page = board.client.get(f"{ROOM}/plans/{made.digest}", params={"without": A}).text

    assert less.digest in page
    assert "1件を拒否する" in page
    board.post(f"plans/{made.digest}/decide", csrf, **given(less, without=A))

    assert started(board) == [
        [
            ["approve", made.digest, "--by=佐藤 花", f"--without={A}"],
            ["apply", less.digest],
        ]
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seen": "b" * 64}, "内容が変わりました"),
        ({"count": 3}, "内容が変わりました"),
        ({"without": A}, "内容が変わりました"),
        ({"who": "  "}, "お名前"),
        ({"vouched": ""}, "チェックを入れて"),
    ],
)
def test_what_was_not_seen_named_or_vouched_for_decides_nothing(
    board: Board, changes: dict[str, Any], said: str
) -> None:
    csrf, made = board.come_in(), board.record(A, B)

    answer = board.post(f"plans/{made.digest}/decide", csrf, **given(made, **changes))

    assert answer.status_code == 409
    assert said in answer.text
    assert board.shops.jobs("~practice").alive() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"created_at": now() - timedelta(hours=2), "expires_at": now() - timedelta(hours=1)},
        {"shop": "別の商店"},
        {"refuse": ()},
    ],
    ids=["too old", "another shop's", "empty"],
)
def test_what_cannot_be_decided_has_no_button_and_no_effect(
    board: Board, changes: dict[str, Any]
) -> None:
    csrf, made = board.come_in(), board.record(A, **changes)

    assert "を拒否する</button>" not in board.client.get(f"{ROOM}/plans/{made.digest}").text
    assert board.post(f"plans/{made.digest}/decide", csrf, **given(made)).status_code == 409
    assert board.shops.jobs("~practice").alive() == []


def test_a_double_click_and_a_second_tab_find_the_same_job(board: Board) -> None:
    csrf, made = board.come_in(), board.record(A, B)

    answers = [board.post(f"plans/{made.digest}/decide", csrf, **given(made)) for _ in range(3)]

    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(started(board)) == 1


def test_a_plan_that_was_decided_says_by_whom_and_is_not_decided_again(board: Board) -> None:
    csrf, made = board.come_in(), board.record(A, B)
    with board.ledger() as ledger:
        flows.approve.approve(ledger, made, who="鈴木", now=now())

    answer = board.post(f"plans/{made.digest}/decide", csrf, **given(made))

    assert answer.headers["location"].endswith(f"/plans/{made.digest}")
    page = board.client.get(answer.headers["location"]).text
    assert "鈴木 さんが" in page
    assert "件を拒否する</button>" not in page
    assert board.shops.jobs("~practice").alive() == []


def test_a_decision_whose_doing_broke_off_can_be_gone_on_with(board: Board) -> None:
    csrf, made = board.come_in(), board.record(A, B)
    with board.ledger() as ledger:
        flows.approve.approve(ledger, made, who="鈴木", now=now())

    assert "続きを実行する" in board.client.get(f"{ROOM}/plans/{made.digest}").text
    board.post(f"plans/{made.digest}/carry-out", csrf)

    assert started(board) == [[["apply", made.digest]]]


def test_looking_decides_nothing(board: Board) -> None:
    board.come_in()
    made = board.record(A, B)
    with board.ledger() as ledger:
        before = [event.kind for event in ledger.events()]

    for path in ("", f"plans/{made.digest}", "duty", "records", "start", f"orders/{A}"):
        board.client.get(f"{ROOM}/{path}", headers={"sec-purpose": "prefetch"})
        board.client.head(f"{ROOM}/{path}")

    with board.ledger() as ledger:
        assert ledger.approval(made.digest) is None
        assert [event.kind for event in ledger.events()] == before
    assert board.shops.jobs("~practice").alive() == []


def test_all_that_decides_is_on_the_page_of_each_order(board: Board) -> None:
    board.come_in()
    made = board.record(
        refuse=(planned(order_no=A, seen=SEEN, text="刺繍を開始しています。" * 3),),
        leave=(rest(B),),
        ask=(rest(C, "送り状番号の打ち間違い？"),),
    )
    page = board.client.get(f"{ROOM}/plans/{made.digest}").text

    told = ("タンブラー", "1,280円", "色違い", "刺繍を開始しています。", "打ち間違い")
    for said in (A, B, C, *told):
        assert said in page


def test_texts_of_others_cannot_act_or_hide(board: Board) -> None:
    board.come_in()
    bad = replace(SEEN, buyer_reason="<script>alert(1)</script>", item_name="a\u202eb\u0007c")
    made = board.record(refuse=(planned(order_no=A, seen=bad, text="<img src=x onerror=y>"),))

    for path in ("", f"plans/{made.digest}", "duty"):
        page = board.client.get(f"{ROOM}/{path}").text
        assert not re.search(r"<script>alert|<img src=x|\u202e|\u0007", page)
    assert "&lt;U+202E&gt;" in board.client.get(f"{ROOM}/plans/{made.digest}").text


def test_what_somebody_else_dealt_with_is_not_listed_as_waiting(board: Board) -> None:
    board.come_in()
    made = board.record(A)
    assert f"/plans/{made.digest}" in board.client.get(f"{ROOM}/").text
    with board.ledger() as ledger:
        flows.approve.approve(ledger, made, who="鈴木", now=now())

    assert "内容を見て承認する" not in board.client.get(f"{ROOM}/").text
