"""A process of this program: it ends by itself, is asked to, or is ended if it hangs."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Any

GRACE_SECONDS = 180.0
"""What an order whose button was pressed may still take, once its process was asked to end."""

_LOOK_SECONDS = 0.5
# On Windows the request would be a kill, in the middle of an order.
_CAN_ASK = os.name != "nt"


def _never() -> bool:
    return False


class Child:
    """One process. Ctrl-C at the terminal does not reach it: it is asked by whoever began it.

    Args:
        command: the program and its words.
        out: the file for its output; a pipe would be held open by a browser that outlives it.
        err: the file for its messages; by default they go where this program's go.
        hears_console: whether Ctrl-C does reach it on Windows, where nobody can ask it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        out: IO[bytes],
        err: IO[bytes] | None = None,
        hears_console: bool = False,
    ) -> None:
        self._asked = False
        self._process = subprocess.Popen(  # noqa: S603  # the program itself, or what a test gives
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**os.environ, "PYTHONUTF8": "1"},
            **_group(hears_console=hears_console),
        )

    def ask(self) -> None:
        """Ask it, once, to end between two orders."""
        if _CAN_ASK and not self._asked:
            self._asked = True
            with suppress(OSError):
                self._process.terminate()

    def interrupt(self) -> None:
        """Hand on Ctrl-C."""
        if _CAN_ASK:
            with suppress(OSError):
                self._process.send_signal(signal.SIGINT)

    def wait(
        self,
        seconds: float,
        *,
        grace: float | None = None,
        end_early: Callable[[], bool] = _never,
    ) -> int:
        """Wait for its end, and return its exit code. Ctrl-C asks it to end, and waits anyway.

        Args:
            seconds: after which it is asked to end.
            grace: seconds after that until it is ended, by default `GRACE_SECONDS`.
            end_early: is asked again and again whether it is to end before.
        """
        until = time.monotonic() + seconds
        while True:
            try:
                return self._process.wait(_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                wanted = end_early()
            except KeyboardInterrupt:
                wanted = True
            late = time.monotonic() - until
            if late > (GRACE_SECONDS if grace is None else grace):
                # It hangs. What it left is settled by the next run.
                self._process.kill()
            elif wanted or late > 0:
                self.ask()


def _group(*, hears_console: bool) -> dict[str, Any]:
    if _CAN_ASK:
        return {"start_new_session": True}
    own_group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    return {"creationflags": 0 if hears_console else own_group}
