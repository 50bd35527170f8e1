"""The second trace: kept per user and shop, on disk before the press, small."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import Press, SecondTrace, second_trace

AT = datetime(2026, 1, 5, 10, 0, tzinfo=JST)
SHOP = "https://qsm.example.jp id mihon"


@pytest.fixture
def trace(tmp_path: Path) -> SecondTrace:
    return SecondTrace(tmp_path / "state", SHOP)


def test_a_press_is_kept_and_its_end_beside_it(trace: SecondTrace) -> None:
    assert trace.presses() == []
    trace.begin("762544202", "a1", AT)
    assert trace.presses() == [Press(order_no="762544202", permit="a1", at=AT)]
    trace.begin("762544206", "a2", AT)
    trace.end("a1", OutcomeKind.UNKNOWN)
    assert [press.is_open for press in trace.presses()] == [True, True]
    trace.end("a1", OutcomeKind.REFUSED)
    assert [press.is_open for press in trace.presses()] == [False, True]
    assert trace.path.stat().st_mode & 0o077 == 0


def test_each_shop_has_a_file_of_its_own(trace: SecondTrace) -> None:
    trace.begin("762544202", "a1", AT)
    assert SecondTrace(trace.path.parent, f"{SHOP}-2").presses() == []


def test_what_a_crash_left_of_a_line_spoils_no_other(trace: SecondTrace) -> None:
    trace.begin("762544202", "a1", AT)
    with trace.path.open("ab") as file:
        file.write(b'{"permit": "a2", "order_no": "7')
    trace.end("a0", OutcomeKind.REFUSED)
    trace.begin("762544206", "a3", AT)
    assert [press.permit for press in trace.presses()] == ["a1", "a3"]


def test_it_stays_small(trace: SecondTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old presses that have ended are forgotten; an open one never is."""
    old = AT - timedelta(days=second_trace.KEPT_DAYS + 1)
    trace.begin("762544201", "open", old)
    trace.begin("762544202", "ended", old)
    trace.end("ended", OutcomeKind.REFUSED)
    trace.begin("762544203", "new", AT)
    trace.end("new", OutcomeKind.REFUSED)
    monkeypatch.setattr(second_trace, "_TIDY_BYTES", 1)
    trace.begin("762544204", "newest", AT)
    kept = [(press.permit, press.outcome) for press in trace.presses()]
    assert kept == [("open", None), ("new", OutcomeKind.REFUSED), ("newest", None)]


def test_what_cannot_be_written_or_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the folder's place")
    blocked = SecondTrace(tmp_path / "state", SHOP)
    with pytest.raises(EvidenceUnwritable):
        blocked.begin("762544202", "a1", AT)
    with pytest.raises(EvidenceUnwritable):
        blocked.presses()
