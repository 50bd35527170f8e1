"""A run that is asked to stop, held up, or not alone; the real browser each time."""

import os
import signal
from pathlib import Path

import pytest

from qsm_bot.base.stopping import STOP_FILE, StopSign
from qsm_bot.ledger import Act
from tests.faults.conftest import OpenLab
from tests.faults.doomed import LEASE_SECONDS
from tests.faults.program import Program

COMMAND = ("--reason", "shipped", "--yes", "--json")


def test_f145_the_stop_file_ends_the_run_after_the_order_at_hand(
    open_lab: OpenLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It appears while the second of three orders stands at its confirm."""
    lab = open_lab()
    orders = lab.orders[:3]
    plan = lab.plan(*orders)
    sign = tmp_path / STOP_FILE
    confirm_open, confirms = Act.confirm_open, []

    def confirm(act: Act, text: str) -> None:
        confirms.append(text)
        if len(confirms) == 2:
            sign.touch()
        confirm_open(act, text)

    monkeypatch.setattr(Act, "confirm_open", confirm)

    first = lab.with_(stopping=StopSign(sign)).apply(plan)
    refused = lab.refused()
    opened = [seen.order for seen in lab.server.journal.calls("GetClaimDetail")]
    while_it_is_there = lab.with_(stopping=StopSign(sign)).apply(plan)
    sign.unlink()
    rest = lab.with_(stopping=StopSign(sign)).apply(plan)

    assert (first.code, first.error) == (20, "RunStopped")
    assert first.outcomes == dict.fromkeys(orders[:2], "refused")
    assert refused == orders[:2]
    assert orders[2] not in opened
    assert (while_it_is_there.outcomes, while_it_is_there.error) == ({}, "RunStopped")
    assert rest.outcomes == dict.fromkeys(orders[:2], "already_refused") | {orders[2]: "refused"}


@pytest.mark.by_day(1)
@pytest.mark.parametrize("fate", ["SIGINT", "SIGINT-to-all", "SIGTERM"])
def test_f145_a_signal_in_the_confirm_lets_the_order_be_finished(
    fate: str, open_lab: OpenLab, tmp_path: Path
) -> None:
    """Also Ctrl-C, which goes to all processes of the terminal: the browser must live on."""
    lab = open_lab()
    order = lab.orders[0]

    said = Program(lab, tmp_path).refuse(order, "confirm", fate)

    assert (said.code, said.outcomes) == (0, {order: "refused"})
    assert "asked to stop" in said.err
    assert lab.refused() == [order]


@pytest.mark.by_day(1)
@pytest.mark.parametrize("fate", ["SIGINT-to-all", "SIGTERM"])
def test_f145_a_signal_before_the_press_leaves_the_order_alone(
    fate: str, open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()
    order = lab.orders[0]
    program = Program(lab, tmp_path)

    said = program.refuse(order, "chosen", fate)
    sent = lab.sent()
    again = lab.refuse(order)

    assert (said.code, said.error) == (20, "RunStopped")
    assert said.outcomes == {order: "not_sent"}
    assert sent == 0
    assert again.outcomes == {order: "refused"}


@pytest.mark.by_day(2)
@pytest.mark.parametrize(
    ("point", "outcome", "sent", "settles"),
    [
        ("chosen", "not_sent", 0, ""),
        ("confirm", "unknown", 0, "not_sent"),
        ("fetched", "unknown", 1, "refused"),
    ],
)
def test_f145_a_service_manager_that_ends_all_processes_at_once(
    point: str, outcome: str, sent: int, settles: str, open_lab: OpenLab, tmp_path: Path
) -> None:
    """SIGTERM takes Playwright's driver and with it the browser; the run still ends in words."""
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]

    said = Program(lab, tmp_path).refuse(order, point, "SIGTERM-to-all")
    arrived = lab.sent()
    then = lab.reconcile()

    assert said.outcomes == {order: outcome}
    assert arrived == sent
    assert then.outcomes.get(order, "") == settles


def test_f109_the_second_run_on_one_machine_is_turned_away(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()
    order, other = lab.orders[:2]
    program = Program(lab, tmp_path)

    with program.begun("refuse", order, *COMMAND, point="confirm", fate="suspended") as first:
        first.wait_until_suspended()
        same = program.refuse(order)
        another = program.refuse(other)
        looking = program.run("list", "--json")
        first.process.send_signal(signal.SIGCONT)
        ended = first.end()

    for second in (same, another):
        assert (second.code, second.error) == (70, "ShopBusy")
        assert f"pid {first.process.pid}" in second.json["error"]["message"]
    assert looking.code == 0
    assert (ended.code, ended.outcomes) == (0, {order: "refused"})
    assert lab.refused() == [order]


def test_f110_the_second_run_on_another_machine_is_turned_away_by_the_lease(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    """Two data folders have two file locks; what they share is the ledger."""
    lab = open_lab()
    order = lab.orders[0]
    ledger = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    here = Program(lab, tmp_path)
    there = Program(lab, tmp_path / "there", QSM_LEDGER_URL=ledger)

    with here.begun("refuse", order, *COMMAND, point="confirm", fate="suspended") as first:
        first.wait_until_suspended()
        second = there.refuse(order)
        first.process.send_signal(signal.SIGCONT)
        ended = first.end()

    assert (second.code, second.error) == (70, "ShopBusy")
    assert f"{os.uname().nodename} pid {first.process.pid}" in second.json["error"]["message"]
    assert (ended.code, ended.outcomes) == (0, {order: "refused"})
    assert lab.refused() == [order]


@pytest.mark.by_day(2)
@pytest.mark.parametrize("point", ["chosen", "confirm", "accept", "fetch", "fetched", "alert"])
def test_f136_a_run_that_sleeps_and_wakes_goes_on(
    point: str, open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()
    order = lab.orders[0]
    command = ("refuse", order, *COMMAND)

    with Program(lab, tmp_path).begun(*command, point=point, fate="suspended") as running:
        running.wait_until_suspended()
        # Asleep for a while, as when a lid is closed; how long decides nothing.
        lab.page.wait_for_timeout(1000)
        running.process.send_signal(signal.SIGCONT)
        ended = running.end()

    assert (ended.code, ended.outcomes) == (0, {order: "refused"})
    assert lab.refused() == [order]


@pytest.mark.by_day(1)
@pytest.mark.parametrize("point", ["chosen", "confirm"])
def test_f136_a_run_that_overslept_its_lease_sends_nothing_more(
    point: str, open_lab: OpenLab, tmp_path: Path
) -> None:
    """Meanwhile another machine took the shop over, settled the order, and refused it."""
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    program = Program(lab, tmp_path, **{LEASE_SECONDS: "2"})

    with program.begun("refuse", order, *COMMAND, point=point, fate="suspended") as running:
        running.wait_until_suspended()
        # Longer than its lease of 2 seconds: others may look then.
        lab.page.wait_for_timeout(2500)
        settled = lab.reconcile()
        refused = lab.refuse(order)
        running.process.send_signal(signal.SIGCONT)
        late = running.end()

    assert settled.outcomes == {order: "not_sent"}
    assert refused.outcomes == {order: "refused"}
    assert late.code != 0
    assert lab.sent() == 1
    assert lab.refused() == [order]
