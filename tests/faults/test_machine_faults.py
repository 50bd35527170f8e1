"""Rows about the machine: a full disk, a locked or damaged ledger, a folder that is none."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from qsm_bot.base.pictures import KeptPicture, PictureStore
from qsm_bot.ledger import Ledger
from tests.faults.conftest import OpenLab
from tests.faults.lab import Lab
from tests.faults.program import Program
from tests.faults.rows import at_step, full_disk, locked, row

BEFORE_THE_CLICK = ("attempt.armed", "attempt.confirm_open", "attempt.committing")


def steps(lab: Lab) -> list[str]:
    """Return how far the attempts came beyond the filled in form."""
    return [entry.kind for entry in lab.context.ledger.events() if entry.kind in BEFORE_THE_CLICK]


def pictures(lab: Lab) -> list[str]:
    """Return the names of the pictures that the ledger knows."""
    entries = lab.context.ledger.events()
    return [entry.body["name"] for entry in entries if entry.kind == "attempt.evidence"]


def no_space(folder: Path) -> AbstractContextManager[None]:
    """Let the ledger's log of changes not grow any more."""
    return full_disk((folder / "ledger.sqlite3-wal").stat().st_size)


@contextmanager
def no_space_from(step: str, folder: Path) -> Iterator[None]:
    """Let the disk be full from this step to the end of the block."""
    with ExitStack() as disk:

        def fill() -> AbstractContextManager[None]:
            disk.enter_context(no_space(folder))
            return nullcontext()

        with at_step(step, fill):
            yield


@contextmanager
def impatient(lab: Lab, folder: Path) -> Iterator[Lab]:
    """Give the lab a ledger that waits for no other writer."""
    with Ledger.open(f"sqlite:///{folder / 'ledger.sqlite3'}", busy_seconds=0.2) as ledger:
        yield lab.with_(ledger=ledger)


FULL = [
    pytest.param("armed", [], id="F120"),
    pytest.param("confirm_open", ["attempt.armed"], id="F121-confirm"),
    pytest.param("committing", ["attempt.armed", "attempt.confirm_open"], id="F121"),
]


@pytest.mark.by_day(1)
@pytest.mark.parametrize(("step", "recorded"), FULL)
def test_without_space_for_the_step_nothing_is_sent(
    open_lab: OpenLab, tmp_path: Path, step: str, recorded: list[str]
) -> None:
    lab = open_lab()
    order = lab.orders[0]

    with at_step(step, lambda: no_space(tmp_path)), capture_logs() as logs:
        ending = lab.refuse(order)

    # Had a confirm been accepted, the fuse would have held the page's request back.
    assert "request_held_back" not in [each["event"] for each in logs]
    assert ending.outcomes == {order: "not_sent"}
    assert (ending.error, ending.code) == ("EvidenceUnwritable", 80)
    assert (steps(lab), lab.sent()) == (recorded, 0)
    assert lab.refuse(order).outcomes == {order: "refused"}


@pytest.mark.by_day(1)
@pytest.mark.parametrize(("step", "recorded"), FULL)
def test_a_disk_that_stays_full_leaves_an_attempt_that_a_look_settles(
    open_lab: OpenLab, tmp_path: Path, step: str, recorded: list[str]
) -> None:
    lab = open_lab()
    order = lab.orders[0]

    with no_space_from(step, tmp_path):
        ending = lab.refuse(order)

    assert (ending.outcomes, ending.error, ending.code) == ({}, "EvidenceUnwritable", 80)
    assert (steps(lab), lab.sent()) == (recorded, 0)
    assert lab.reconcile().outcomes == {order: "not_sent"}
    assert lab.refuse(order).outcomes == {order: "refused"}


@row("F122")
def test_a_picture_that_cannot_be_kept_after_the_press_is_only_a_gap(open_lab: OpenLab) -> None:
    lab = open_lab()
    order = lab.orders[0]
    keep = PictureStore.keep

    def keep_without_space(store: PictureStore, run: str, name: str, content: bytes) -> KeptPicture:
        if "2-after-alert" not in name:
            return keep(store, run, name, content)
        with full_disk():
            return keep(store, run, name, content)

    with patch.object(PictureStore, "keep", keep_without_space), capture_logs() as logs:
        ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)
    assert pictures(lab) == ["1-before", "3-fresh-list"]
    assert [each["order_no"] for each in logs if each["event"] == "picture_missing"] == [order]


@row("F122")
def test_a_disk_that_fills_up_after_the_press_leaves_it_to_a_look(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()
    order = lab.orders[0]

    with no_space_from("verified", tmp_path):
        ending = lab.refuse(order)

    assert (ending.outcomes, ending.error, ending.code) == ({}, "EvidenceUnwritable", 80)
    assert (lab.sent(), lab.refused()) == (1, [order])
    assert lab.reconcile().outcomes == {order: "refused"}


@row("F123")
@pytest.mark.parametrize(
    ("step", "recorded"),
    [("armed", []), ("committing", ["attempt.armed", "attempt.confirm_open"])],
)
@pytest.mark.by_day(1)
def test_a_ledger_that_another_holds_stops_before_the_commit(
    open_lab: OpenLab, tmp_path: Path, step: str, recorded: list[str]
) -> None:
    lab = open_lab()
    order = lab.orders[0]

    with (
        impatient(lab, tmp_path) as hurried,
        at_step(step, lambda: locked(tmp_path / "ledger.sqlite3")),
    ):
        ending = hurried.refuse(order)

    assert ending.outcomes == {order: "not_sent"}
    assert (ending.error, ending.code) == ("LedgerBusy", 70)
    assert (steps(lab), lab.sent()) == (recorded, 0)
    assert lab.refuse(order).outcomes == {order: "refused"}


@row("F123")
def test_a_ledger_that_another_holds_from_the_start_lets_nothing_begin(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()

    with impatient(lab, tmp_path) as hurried, locked(tmp_path / "ledger.sqlite3"):
        ending = hurried.refuse(lab.orders[0])

    assert (ending.outcomes, ending.error, ending.code) == ({}, "LedgerBusy", 70)
    assert lab.server.journal.requests == []


@row("F123")
def test_a_ledger_that_another_holds_after_the_press_is_only_a_doubt(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()
    order = lab.orders[0]

    with (
        impatient(lab, tmp_path) as hurried,
        at_step("alerted", lambda: locked(tmp_path / "ledger.sqlite3")),
    ):
        ending = hurried.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "refused"}, 0)
    assert "alert" not in ending.proofs[order]


@row("F124")
@pytest.mark.parametrize("bit", [0x01, 0x80], ids=["another-letter", "no-letter"])
@pytest.mark.by_day(1)
def test_a_changed_byte_is_found_and_nothing_is_begun(
    open_lab: OpenLab, tmp_path: Path, bit: int
) -> None:
    lab = open_lab()
    first, second, *_ = lab.orders
    lab.refuse(first)
    (label,) = [e for e in lab.context.ledger.events() if e.kind == "attempt.ready"]
    lab.context.ledger.close()
    file = tmp_path / "ledger.sqlite3"
    whole = file.read_bytes()
    place = whole.index(b'"label":"') + len(b'"label":"')
    damaged = bytearray(whole)
    damaged[place] ^= bit
    file.write_bytes(damaged)
    program = Program(lab, tmp_path)

    verified = program.run("ledger", "verify", "--json")
    refused = program.refuse(second)

    assert (verified.code, verified.error) == (80, "LedgerCorrupt")
    assert f"entry {label.seq}:" in verified.json["error"]["message"]
    assert (refused.code, refused.error) == (80, "LedgerCorrupt")
    assert lab.sent() == 1
    file.write_bytes(whole)
    for beside in tmp_path.glob("ledger.sqlite3-*"):
        beside.unlink()


@row("F125")
def test_with_a_new_ledger_the_portal_still_tells_what_was_refused(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()
    order = lab.orders[0]
    lab.refuse(order)

    with Ledger.open(f"sqlite:///{tmp_path / 'new.sqlite3'}") as ledger:
        ending = lab.with_(ledger=ledger).refuse(order)
        listed = lab.with_(ledger=ledger).plan(order)

    assert (ending.outcomes, ending.code) == ({order: "already_refused"}, 20)
    assert listed.refuse == ()
    assert lab.sent() == 1


@row("F126")
def test_a_ledger_of_a_newer_program_is_left_alone(open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab()
    file = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(file)) as other, other:
        (known,) = other.execute("SELECT version_num FROM alembic_version").fetchone()
        other.execute("UPDATE alembic_version SET version_num = '9999_later'")

    said = Program(lab, tmp_path).refuse(lab.orders[0])

    assert (said.code, said.error) == (60, "LedgerTooNew")
    assert lab.server.journal.requests == []
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE alembic_version SET version_num = ?", (known,))


@row("F140")
def test_a_file_where_the_evidence_should_be_stops_before_the_click(
    open_lab: OpenLab, tmp_path: Path
) -> None:
    lab = open_lab()
    order = lab.orders[0]
    (tmp_path / "blocked").touch()

    ending = lab.with_(pictures=PictureStore(tmp_path / "blocked")).refuse(order)

    assert ending.outcomes == {order: "not_sent"}
    assert (ending.error, ending.code) == ("EvidenceUnwritable", 80)
    assert (steps(lab), lab.sent()) == ([], 0)
    assert lab.refuse(order).outcomes == {order: "refused"}
