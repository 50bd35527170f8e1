"""The program is killed with SIGKILL wherever it can be; the next start must find the truth.

Each time the real command runs in a process of its own and is killed at one point. Then, on
the same data folder, the next start reconciles and refuses the order again: at most one
effect, nothing sent twice, and the ledger says what the portal's journal says.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import OpenLab
from tests.faults.lab import Lab
from tests.faults.program import (
    Program,
    judge_halfway,
    refusal,
    same_machine,
    transactions,
)
from tests.patience import patient

KILLED = -9
SETTLE = 0.5

# What each transaction of one refusal writes last; the renewal of the lease writes no entry.
STEPS = {
    1: "shop.known",
    2: "lease.taken",
    3: "plan.recorded",
    4: "plan.approved",
    5: "run.begun",
    6: "attempt.leased",
    7: "attempt.opened",
    8: "",
    9: "attempt.evidence",
    10: "attempt.armed",
    11: "attempt.confirm_open",
    12: "attempt.committing",
    13: "attempt.answered",
    14: "attempt.alerted",
    15: "attempt.evidence",
    16: "attempt.settled",
    17: "run.ended",
    18: "lease.released",
}
LEASED, ANSWERED, SETTLED = 6, 13, 16
ROWS = {
    4: "K1",
    6: "K2",
    7: "K3",
    9: "K4",
    10: "K5",
    11: "K6",
    12: "K7",
    13: "K10",
    15: "K12",
    16: "K13",
}


def next_start(lab: Lab, folder: Path, order: str) -> tuple[str, str]:
    """Reconcile and refuse again, and return both outcomes; in between the books must agree."""
    judge_halfway(lab)
    with same_machine(lab, folder) as machine:
        then = machine.reconcile()
        done = order in lab.refused()
        again = machine.refuse(order)
    seen = then.outcomes.get(order, "")
    assert seen in ("", "refused" if done else "not_sent")
    assert again.outcomes == {order: "already_refused" if done else "refused"}
    assert lab.refused() == [order]
    assert lab.sent() == 1
    return seen, again.outcomes[order]


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + patient(30)
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it does not come true")
        # Seen only by asking: what another process has done sends no event. The deadline bounds it.
        time.sleep(0.01)


def test_a_refusal_is_written_in_these_transactions(open_lab: OpenLab, tmp_path: Path) -> None:
    """Else the points below are not all that there are."""
    lab = open_lab()

    said = Program(lab, tmp_path).spawn(*refusal(lab.orders[0]))

    written = [kinds[-1] if kinds else "" for kinds in transactions(said)]
    assert (said.code, written) == (0, list(STEPS.values()))


@pytest.mark.by_day("K3", "K7", "K10")
@pytest.mark.parametrize(
    "number", STEPS, ids=lambda number: f"{ROWS.get(number, 'K')}-after-{number:02}-{STEPS[number]}"
)
def test_killed_after_a_transaction(number: int, open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab(settle_seconds=SETTLE)
    order = lab.orders[0]

    said = Program(lab, tmp_path).refuse(order, f"after:{number}")
    sent = lab.sent()

    assert said.code == KILLED
    assert sent == (number >= ANSWERED)
    settles = "" if number < LEASED or number >= SETTLED else "refused" if sent else "not_sent"
    assert next_start(lab, tmp_path, order)[0] == settles


@pytest.mark.by_day("K8", "K9-answer-not-yet-recorded")
@pytest.mark.parametrize(
    ("point", "sent", "settles"),
    [
        pytest.param("accepted", (0, 1), ("not_sent", "refused"), id="K8-just-after-accept"),
        pytest.param("fetch", (0,), ("not_sent",), id="K9-before-the-fuse-sends"),
        pytest.param("fetched", (1,), ("refused",), id="K9-answer-not-yet-recorded"),
        pytest.param("alert", (1,), ("refused",), id="K11-in-the-completion-alert"),
        pytest.param("within:3", (0,), ("",), id="K15-while-the-plan-is-written"),
        pytest.param("within:12", (0,), ("not_sent",), id="K7-while-the-commit-is-written"),
        pytest.param("within:16", (1,), ("refused",), id="K13-while-the-end-is-written"),
    ],
)
def test_killed_between_two_transactions(
    point: str, sent: tuple[int], settles: tuple[str], open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab(settle_seconds=SETTLE)
    order = lab.orders[0]

    said = Program(lab, tmp_path).refuse(order, point)

    assert (said.code, lab.sent() in sent) == (KILLED, True)
    assert next_start(lab, tmp_path, order)[0] in settles


def test_k9_killed_while_the_answer_is_under_way(open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab("hang:30", settle_seconds=SETTLE)
    order = lab.orders[0]

    with Program(lab, tmp_path).begun(
        "refuse", order, "--reason", "shipped", "--yes", "--json"
    ) as running:
        wait_until(lab.refused)
        running.process.kill()
        assert running.end().code == KILLED

    assert next_start(lab, tmp_path, order) == ("refused", "already_refused")


def test_k9_killed_while_the_request_is_under_way(open_lab: OpenLab, tmp_path: Path) -> None:
    """It takes effect only after the first look, which finds the order open and must not tell."""
    late = patient(4)
    lab = open_lab(f"late-effect:{late}", settle_seconds=late + 8)
    order = lab.orders[0]
    proxy = lab.server._proxy
    assert proxy is not None

    with Program(lab, tmp_path, QSM_ALERT_TIMEOUT=str(patient(30))).begun(
        "refuse", order, "--reason", "shipped", "--yes", "--json"
    ) as running:
        wait_until(lambda: any("SetCancelRefusal" in path for _, path in proxy.seen))
        running.process.kill()
        assert running.end().code == KILLED

    with same_machine(lab, tmp_path) as machine:
        early = machine.reconcile(wait=False)
        at_first = lab.refused()
        then = machine.reconcile()
        again = machine.refuse(order)

    assert (early.outcomes, at_first) == ({order: "unknown"}, [])
    assert then.outcomes == {order: "refused"}
    assert again.outcomes == {order: "already_refused"}
    assert lab.refused() == [order]


def test_k14_killed_during_reconcile(open_lab: OpenLab, tmp_path: Path) -> None:
    """It may be killed as often as one likes: what is not settled stays to be looked at."""
    lab = open_lab(settle_seconds=SETTLE)
    order = lab.orders[0]
    program = Program(lab, tmp_path)
    program.refuse(order, "fetched")

    # The fourth leaves it unknown, so that the last has one transaction less before it.
    for point in ("after:2", "look", "after:4", "within:6", "within:5"):
        said = program.run("reconcile", "--json", point=point)
        assert (point, said.code) == (point, KILLED)
        judge_halfway(lab)

    assert next_start(lab, tmp_path, order) == ("refused", "already_refused")


def test_k14_killed_once_it_is_settled(open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab(settle_seconds=SETTLE)
    order = lab.orders[0]
    program = Program(lab, tmp_path)
    program.refuse(order, "fetched")

    said = program.run("reconcile", "--json", point="after:6")

    assert said.code == KILLED
    assert next_start(lab, tmp_path, order) == ("", "already_refused")


def test_k17_killed_and_started_again_at_once(open_lab: OpenLab, tmp_path: Path) -> None:
    """Neither the file lock nor the lease of the dead run, good for 300 s, is in the way."""
    lab = open_lab(settle_seconds=SETTLE)
    order = lab.orders[0]
    program = Program(lab, tmp_path)

    killed = program.refuse(order, "after:12")
    second = program.refuse(order)

    assert (killed.code, second.code) == (KILLED, 0)
    assert second.outcomes == {order: "refused"}
    assert lab.refused() == [order]
    newest_first = [run.command for run in lab.context.ledger.runs()]
    assert newest_first == ["refuse", "reconcile", "refuse"]
    taken = [e.body for e in lab.context.ledger.events() if e.kind == "lease.taken"]
    assert taken[1]["taken_over_from"] == taken[0]["holder"]
