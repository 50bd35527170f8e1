"""One run per shop on this machine."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qsm_bot.base.errors.outside import EvidenceUnwritable, ShopBusy
from qsm_bot.base.shop_lock import Holder, shop_lock

SHOP = "みほん商店"
_HOLD = """
import subprocess, sys
from pathlib import Path
from qsm_bot.base.shop_lock import shop_lock
with shop_lock(Path(sys.argv[1]), sys.argv[2]) as holder:
    # As a run has a browser, which outlives it when it is killed.
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=0)
    print(holder.name, flush=True)
    sys.stdin.read()
child.wait()
"""


@contextmanager
def another_process(folder: Path, shop: str = SHOP) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a process that holds the shop until its input ends; yield it and its holder's name."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder), shop],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()


def test_the_holder_is_named_by_machine_process_and_lock(tmp_path: Path) -> None:
    with shop_lock(tmp_path, SHOP) as holder:
        assert holder.machine == socket.gethostname()
        assert re.fullmatch(
            rf"{re.escape(holder.machine)} pid {os.getpid()} lock [0-9a-f]{{10}}", holder.name
        )


def test_a_second_process_is_kept_out_and_told_by_whom(tmp_path: Path) -> None:
    with (
        another_process(tmp_path) as (process, name),
        pytest.raises(ShopBusy) as caught,
        shop_lock(tmp_path, SHOP),
    ):
        pytest.fail("two holders")
    assert caught.value.facts == {"shop": SHOP, "holder": name}
    assert f"pid {process.pid} " in name


def test_it_is_free_again_once_the_other_process_is_through(tmp_path: Path) -> None:
    with another_process(tmp_path) as (_, name):
        pass
    with shop_lock(tmp_path, SHOP) as holder:
        assert (holder.name == name, holder.is_dead(name)) == (False, True)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_process_lets_go_at_once_though_its_browser_lives_on(tmp_path: Path) -> None:
    with another_process(tmp_path) as (process, name):
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        with shop_lock(tmp_path, SHOP) as holder:
            assert holder.is_dead(name)


def test_a_second_run_in_this_process_is_kept_out_too(tmp_path: Path) -> None:
    with (
        shop_lock(tmp_path, SHOP) as first,
        pytest.raises(ShopBusy) as caught,
        shop_lock(tmp_path, SHOP),
    ):
        pytest.fail("two holders")
    assert caught.value.facts["holder"] == first.name


def test_it_is_let_go_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), shop_lock(tmp_path, SHOP):
        raise RuntimeError
    with shop_lock(tmp_path, SHOP):
        pass


@pytest.mark.parametrize(
    ("one", "other"),
    [("みほん商店", "見本商店"), ("a/b", "a-b"), ("shop", "Shop"), ("", " "), ("a", "../a")],
)
def test_every_shop_has_a_lock_of_its_own_in_the_folder(
    tmp_path: Path, one: str, other: str
) -> None:
    """Also where two names look alike once they are made fit for a file."""
    folder = tmp_path / "locks"
    with shop_lock(folder, one), shop_lock(folder, other):
        locks = list(folder.glob("*.lock"))
    assert len(locks) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["locks"]


def test_the_same_shop_in_another_folder_is_another_lock(tmp_path: Path) -> None:
    with shop_lock(tmp_path / "a", SHOP) as first, shop_lock(tmp_path / "b", SHOP) as second:
        assert first.lock != second.lock
        assert not second.is_dead(first.name)


def test_a_folder_reached_by_two_paths_is_the_same_lock(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with shop_lock(tmp_path / "real", SHOP) as first:
        pass
    with shop_lock(tmp_path / "link", SHOP) as second:
        assert second.lock == first.lock


@pytest.mark.skipif(os.name == "nt", reason="no such modes")
def test_the_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    with shop_lock(tmp_path / "locks", SHOP):
        assert (tmp_path / "locks").stat().st_mode & 0o777 == 0o700


def test_a_lock_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "locks").touch()

    with pytest.raises(EvidenceUnwritable) as caught, shop_lock(tmp_path / "locks", SHOP):
        pytest.fail("no lock, and yet a holder")

    assert str(caught.value.facts["path"]).startswith(str(tmp_path / "locks"))


@pytest.mark.parametrize("how", ["missing", "a folder"])
def test_a_holder_that_left_no_name_is_someone(tmp_path: Path, how: str) -> None:
    with shop_lock(tmp_path, SHOP):
        (who,) = tmp_path.glob("*.holder")
        who.unlink()
        if how == "a folder":
            who.mkdir()
        with pytest.raises(ShopBusy) as caught, shop_lock(tmp_path, SHOP):
            pytest.fail("two holders")
    assert caught.value.facts["holder"] == "?"


def test_without_a_place_for_its_name_it_holds_all_the_same(tmp_path: Path) -> None:
    with shop_lock(tmp_path, SHOP):
        (who,) = tmp_path.glob("*.holder")
    who.unlink()
    who.mkdir()

    with shop_lock(tmp_path, SHOP), pytest.raises(ShopBusy), shop_lock(tmp_path, SHOP):
        pytest.fail("two holders")


class TestWhoIsDead:
    """Only a process that had this very lock can be known as dead."""

    @pytest.mark.parametrize(
        ("name", "dead"),
        [
            ("pc-1 pid 1 lock 0123456789", True),
            ("pc-1 pid 99999999 lock 0123456789", True),
            ("pc-2 pid 1 lock 0123456789", False),
            ("pc-1 pid 1 lock 9876543210", False),
            ("pc-1 pid 1", False),
            ("pc-1 pid x lock 0123456789", False),
            ("pc-1 pid 1 lock 0123456789 ", False),
            ("a pc-1 pid 1 lock 0123456789", False),
            ("pc-1 pid 1 lock 0123456789\n", False),
            ("", False),
            ("?", False),
        ],
    )
    def test_machine_and_lock_must_be_the_same(self, name: str, *, dead: bool) -> None:
        assert Holder("pc-1", "0123456789").is_dead(name) is dead

    def test_a_machine_may_be_called_anything(self) -> None:
        odd = Holder("pc (1) pid 2 lock 3", "0123456789")
        assert odd.is_dead(odd.name)
        assert not Holder("pc (1)", "3").is_dead(odd.name)


KEY = "http://127.0.0.1:1 id mihon"


def test_a_program_of_before_is_kept_out_where_there_was_one(tmp_path: Path) -> None:
    """It locks by the shown name, and may be started by a timer that nobody has changed."""
    with another_process(tmp_path):
        pass

    with (
        shop_lock(tmp_path, KEY, earlier=SHOP),
        pytest.raises(ShopBusy),
        shop_lock(tmp_path, SHOP),
    ):
        pytest.fail("two holders")


def test_a_program_of_before_keeps_this_one_out(tmp_path: Path) -> None:
    with (
        another_process(tmp_path) as (_, name),
        pytest.raises(ShopBusy) as caught,
        shop_lock(tmp_path, KEY, called=SHOP, earlier=SHOP),
    ):
        pytest.fail("two holders")
    assert caught.value.facts == {"shop": SHOP, "holder": name}


def test_the_hold_of_a_dead_program_of_before_ends_with_the_next_start(tmp_path: Path) -> None:
    with another_process(tmp_path) as (_, name):
        pass
    with shop_lock(tmp_path, KEY, earlier=SHOP) as holder:
        assert holder.is_dead(name)


def test_two_shops_of_one_shown_name_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with another_process(tmp_path):
        pass
    with (
        shop_lock(tmp_path, KEY, earlier=SHOP),
        shop_lock(tmp_path, f"{KEY}2", earlier=SHOP) as other,
    ):
        assert other.earlier == ""


def test_without_a_program_of_before_there_is_one_lock(tmp_path: Path) -> None:
    with shop_lock(tmp_path, KEY, earlier=SHOP):
        assert len(list(tmp_path.glob("*.lock"))) == 1
