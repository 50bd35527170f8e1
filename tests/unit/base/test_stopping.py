"""Asking a run to end: by a signal, a file, or a call."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qsm_bot.base.stopping import STOP_FILE, StopSign

NUMBERS = (signal.SIGINT, signal.SIGTERM)
SAID = "停止します"


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """Whatever a test does, the next one has the handlers of before."""
    before = {number: signal.getsignal(number) for number in NUMBERS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def stop(tmp_path: Path) -> StopSign:
    return StopSign(tmp_path / STOP_FILE)


def test_unasked_it_says_no(stop: StopSign) -> None:
    assert not stop()


def test_a_call_asks_for_good(stop: StopSign) -> None:
    stop.ask()

    assert stop()
    assert stop()


class TestTheFile:
    """A file called STOP in the data folder."""

    def test_it_asks_as_long_as_it_is_there(self, stop: StopSign, tmp_path: Path) -> None:
        file = tmp_path / "STOP"

        file.touch()
        there = stop()
        file.unlink()

        assert (there, stop()) == (True, False)

    def test_it_may_be_anything(self, stop: StopSign, tmp_path: Path) -> None:
        (tmp_path / "STOP").mkdir()

        assert stop()

    def test_a_folder_that_is_not_there_yet_asks_nothing(self, tmp_path: Path) -> None:
        assert not StopSign(tmp_path / "none" / STOP_FILE)()

    @pytest.mark.parametrize("name", ["STOP.txt", "STOPPED", "no-stop"])
    def test_another_name_asks_nothing(self, stop: StopSign, tmp_path: Path, name: str) -> None:
        (tmp_path / name).touch()

        assert not stop()


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends the process there")
class TestSignals:
    """Ctrl-C, and the stop of a service manager."""

    @pytest.mark.parametrize("number", NUMBERS)
    def test_the_first_is_noted_and_answered_on_stderr(
        self, stop: StopSign, number: int, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with stop.heeding_signals(SAID):
            before = stop()
            os.kill(os.getpid(), number)
            asked = stop()

        assert (before, asked) == (False, True)
        assert capfd.readouterr() == ("", f"{SAID}\n")

    def test_it_stays_noted_after_the_block(self, stop: StopSign) -> None:
        with stop.heeding_signals(SAID):
            os.kill(os.getpid(), signal.SIGTERM)

        assert stop()

    @pytest.mark.parametrize("first", NUMBERS)
    def test_ctrl_c_after_it_interrupts_as_ever(self, stop: StopSign, first: int) -> None:
        with stop.heeding_signals(SAID):
            os.kill(os.getpid(), first)
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)

    def test_ctrl_c_after_a_call_interrupts_at_once(self, stop: StopSign) -> None:
        stop.ask()

        with pytest.raises(KeyboardInterrupt), stop.heeding_signals(SAID):
            os.kill(os.getpid(), signal.SIGINT)

    def test_a_service_managers_stop_may_come_twice(self, stop: StopSign) -> None:
        with stop.heeding_signals(SAID):
            for _ in range(2):
                os.kill(os.getpid(), signal.SIGTERM)

        assert stop()

    def test_a_terminal_that_is_gone_does_not_matter(
        self, stop: StopSign, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(_file: int, _line: bytes) -> int:
            raise BrokenPipeError

        monkeypatch.setattr(os, "write", gone)

        with stop.heeding_signals(SAID):
            os.kill(os.getpid(), signal.SIGINT)

        assert stop()

    @pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt])
    def test_the_handlers_of_before_are_back_however_the_block_ends(
        self, stop: StopSign, error: type[BaseException] | None
    ) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        heard: list[int] = []
        own: Callable[[int, object], None] = lambda number, _frame: heard.append(number)  # noqa: E731
        signal.signal(signal.SIGINT, own)

        def work() -> None:
            with stop.heeding_signals(SAID):
                assert signal.getsignal(signal.SIGINT) is not own
                if error is not None:
                    raise error

        if error is None:
            work()
        else:
            with pytest.raises(error):
                work()

        assert signal.getsignal(signal.SIGINT) is own
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
