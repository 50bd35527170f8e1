"""A ledger that was copied back, deleted or doubled is noticed before a second press."""

from pathlib import Path

import pytest

from flows._parts import forgotten as parts
from flows._parts.forgotten import PRESSED_ELSEWHERE, accept, forgotten
from flows.reconcile import reconcile
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.errors.safety import LedgerForgot
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import Ledger, SecondTrace
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import losing_requests, outcomes, refuse

REAL = "https://qsm.example.jp"


@pytest.fixture
def traced(scene: Scene, tmp_path: Path) -> Scene:
    trace = SecondTrace(tmp_path / "state", "a shop")
    return scene.with_(trace=trace, portal_url=REAL)


def with_another_ledger(scene: Scene) -> Scene:
    """Return the shop as it stands with an empty ledger."""
    ledger = Ledger.open("sqlite://", clock=scene.watch)
    scene.stack.enter_context(ledger)
    other = scene.with_(ledger=ledger)
    other.ledger = ledger
    return other


def trace_of(scene: Scene) -> SecondTrace:
    assert scene.context.trace is not None
    return scene.context.trace


def test_a_press_and_its_end_are_traced(traced: Scene) -> None:
    first = traced.open[0]
    refuse(traced, first)
    (press,) = trace_of(traced).presses()
    assert (press.order_no, press.outcome) == (first, OutcomeKind.REFUSED)


def test_an_order_that_was_not_pressed_leaves_no_trace(traced: Scene) -> None:
    first = traced.open[0]
    traced.portal.before_call = lambda call: fail() if call == "open" else None
    assert refuse(traced, first).error is not None
    assert trace_of(traced).presses() == []


def fail() -> None:
    raise EvidenceUnwritable(path="x", detail="full")


def test_a_trace_that_cannot_be_written_stops_before_the_press(
    traced: Scene, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    blocked = traced.with_(trace=_Unwritable(tmp_path / "file", "a shop"))
    first = traced.open[0]
    result = refuse(blocked, first)
    assert isinstance(result.error, EvidenceUnwritable)
    assert (outcomes(result), traced.refused) == ({first: "not_sent"}, [])


class _Unwritable(SecondTrace):
    def presses(self) -> list[parts.Press]:
        return []


@pytest.mark.parametrize("portal", [REAL, "http://127.0.0.1:1"])
def test_a_ledger_that_has_lost_an_unknown_attempt_stops(traced: Scene, portal: str) -> None:
    here = traced.with_(portal_url=portal)
    first, second = here.open[:2]
    assert outcomes(losing_requests(here, first)) == {first: "unknown"}
    other = with_another_ledger(here)
    for order in (first, second):
        result = refuse(other, order)
        assert isinstance(result.error, LedgerForgot)
        assert result.error.facts == {"count": 1, "orders": first}
        assert result.exit_code == 90
    assert traced.refused == []


def test_on_a_real_portal_a_lost_refusal_stops_too(traced: Scene) -> None:
    first, second = traced.open[:2]
    refuse(traced, first)
    assert isinstance(refuse(with_another_ledger(traced), second).error, LedgerForgot)


def test_on_this_machine_a_portal_may_have_begun_anew(traced: Scene) -> None:
    here = traced.with_(portal_url="http://127.0.0.1:1")
    first, second = here.open[:2]
    refuse(here, first)
    assert outcomes(refuse(with_another_ledger(here), second)) == {second: "refused"}


def test_what_was_not_sent_need_not_be_known(traced: Scene) -> None:
    first, second = traced.open[:2]
    trace_of(traced).begin(first, "elsewhere", traced.watch())
    trace_of(traced).end("elsewhere", OutcomeKind.NOT_SENT)
    assert outcomes(refuse(traced, second)) == {second: "refused"}


def test_a_person_looks_and_the_order_itself_is_never_pressed_again(traced: Scene) -> None:
    first, second = traced.open[:2]
    losing_requests(traced, first)
    other = with_another_ledger(traced)
    lost = forgotten(other.ledger, trace_of(other), REAL)
    accept(other.ledger, other.context.shop, lost, "Sato")
    result = refuse(other, first, second)
    assert outcomes(result) == {first: "needs_person", second: "refused"}
    assert result.receipts[0].outcome.detail == PRESSED_ELSEWHERE


def test_a_look_that_settles_an_attempt_is_traced(traced: Scene) -> None:
    losing_requests(traced, traced.open[0])
    reconcile(traced.context)
    (press,) = trace_of(traced).presses()
    assert press.outcome is OutcomeKind.NOT_SENT


def test_an_end_that_cannot_be_traced_changes_nothing(traced: Scene, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    first = traced.open[0]
    blocked = traced.with_(trace=_EndsNowhere(tmp_path / "state", "a shop"))
    assert outcomes(refuse(blocked, first)) == {first: "refused"}


class _EndsNowhere(SecondTrace):
    def end(self, permit: str, outcome: OutcomeKind) -> None:
        del permit, outcome
        fail()
