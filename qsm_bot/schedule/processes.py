"""One process for each shop: what goes wrong in one does not reach another."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import FrameType

from qsm_bot.schedule.child import Child

_LOOK_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopCall:
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


class ShopProcesses:
    """The processes of all shops; they take Ctrl-C and SIGTERM through this one."""

    def __init__(
        self,
        *,
        began: Callable[[str], None],
        ended: Callable[[Ended], None],
        grace: float | None,
    ) -> None:
        self._began = began
        self._ended = ended
        self._grace = grace
        self._running: set[Child] = set()
        self._asked = False

    def run(self, calls: Sequence[ShopCall], jobs: int) -> list[Ended]:
        """Run all calls, `jobs` at the same time, and return how each ended, in their order."""
        with self._heeding_signals(), ThreadPoolExecutor(jobs) as pool:
            futures = [pool.submit(self._run, call) for call in calls]
            pending: set[Future[Ended]] = set(futures)
            while pending:
                # In slices: on Windows a wait without an end would not let Ctrl-C through.
                _, pending = wait(pending, timeout=_LOOK_SECONDS)
            return [future.result() for future in futures]

    def _run(self, call: ShopCall) -> Ended:
        if self._asked:
            return Ended(name=call.name, code=None, out="")
        self._began(call.name)
        with TemporaryFile() as file:
            child = Child(call.command, out=file, hears_console=True)
            self._running.add(child)
            if self._asked:
                child.ask()
            code = child.wait(call.seconds, grace=self._grace)
            self._running.discard(child)
            file.seek(0)
            out = file.read().decode("utf-8", errors="replace")
        done = Ended(name=call.name, code=code, out=out)
        self._ended(done)
        return done

    @contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        def heard(number: int, frame: FrameType | None) -> None:
            del frame
            again = self._asked and number == signal.SIGINT
            self._asked = True
            for child in tuple(self._running):
                if again:
                    child.interrupt()
                else:
                    child.ask()

        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, heard) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def run_each(
    calls: Sequence[ShopCall],
    *,
    jobs: int,
    began: Callable[[str], None] = lambda _name: None,
    ended: Callable[[Ended], None] = lambda _ended: None,
    grace: float | None = None,
) -> list[Ended]:
    """Run each call in a process of its own; only for the main thread.

    Args:
        calls: what to run.
        jobs: how many at the same time.
        began: is told the name of each as it starts.
        ended: is told how each ended.
        grace: seconds between being asked to end and being ended: see `Child.wait`.
    """
    return ShopProcesses(began=began, ended=ended, grace=grace).run(calls, jobs)
