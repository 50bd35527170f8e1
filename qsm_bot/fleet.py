"""One process for each shop: what goes wrong in one does not reach another."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import FrameType

_LOOK_SECONDS = 0.5
_HANDS_ON = os.name != "nt"
"""Whether a signal is handed on. On Windows Ctrl-C reaches all by itself, and ours would kill."""
_GRACE_SECONDS = 180.0
"""What an order whose button was pressed may still take, once its process was asked to end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What to start for one shop, and after how many seconds it is asked to end."""

    name: str
    command: Sequence[str]
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How one shop's process ended: its exit code (None: it was not started) and its output."""

    name: str
    code: int | None
    out: str


class Fleet:
    """The processes of all shops; they take Ctrl-C and SIGTERM through this one."""

    def __init__(
        self, *, began: Callable[[str], None], ended: Callable[[Ended], None], grace: float
    ) -> None:
        self._began = began
        self._ended = ended
        self._grace = grace
        self._running: set[subprocess.Popen[bytes]] = set()
        self._asked = False

    def run(self, calls: Sequence[Call], jobs: int) -> list[Ended]:
        """Run all calls, `jobs` at the same time, and return how each ended, in their order."""
        with self._heeding_signals(), ThreadPoolExecutor(jobs) as pool:
            futures = [pool.submit(self._run, call) for call in calls]
            pending: set[Future[Ended]] = set(futures)
            while pending:
                # In slices: on Windows a wait without an end would not let Ctrl-C through.
                _, pending = wait(pending, timeout=_LOOK_SECONDS)
            return [future.result() for future in futures]

    def _run(self, call: Call) -> Ended:
        if self._asked:
            return Ended(name=call.name, code=None, out="")
        self._began(call.name)
        # A file, because a pipe would be held open by a browser that outlives its process.
        with TemporaryFile() as file:
            process = subprocess.Popen(  # noqa: S603  # this program itself
                list(call.command),
                stdin=subprocess.DEVNULL,
                stdout=file,
                # Ctrl-C reaches this process only, and is handed on once.
                start_new_session=_HANDS_ON,
            )
            self._running.add(process)
            if self._asked and _HANDS_ON:
                process.terminate()
            _wait(process, call.seconds, self._grace)
            self._running.discard(process)
            file.seek(0)
            out = file.read().decode("utf-8", errors="replace")
        done = Ended(name=call.name, code=process.returncode, out=out)
        self._ended(done)
        return done

    @contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        def heard(number: int, frame: FrameType | None) -> None:
            del frame
            again = self._asked and number == signal.SIGINT
            self._asked = True
            for process in tuple(self._running) if _HANDS_ON else ():
                with suppress(OSError):
                    process.send_signal(signal.SIGINT if again else signal.SIGTERM)

        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, heard) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def run_each(
    calls: Sequence[Call],
    *,
    jobs: int,
    began: Callable[[str], None] = lambda _name: None,
    ended: Callable[[Ended], None] = lambda _ended: None,
    grace: float = _GRACE_SECONDS,
) -> list[Ended]:
    """Run each call in a process of its own; only for the main thread.

    Args:
        calls: what to run.
        jobs: how many at the same time.
        began: is told the name of each as it starts.
        ended: is told how each ended.
        grace: seconds between being asked to end and being ended.
    """
    return Fleet(began=began, ended=ended, grace=grace).run(calls, jobs)


def _wait(process: subprocess.Popen[bytes], seconds: float, grace: float) -> None:
    """Wait until the process ends: by itself, asked to, or by force."""
    for limit, deed in ((seconds, process.terminate), (grace, process.kill)):
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            deed()
        else:
            return
    process.wait()
