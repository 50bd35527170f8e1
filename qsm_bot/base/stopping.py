"""Ask a run to end: by Ctrl-C, by a signal, or by a file called STOP in the data folder."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

STOP_FILE = "STOP"
_STDERR = 2


class StopSign:
    """Says whether the run was asked to end; calling it asks anew.

    A run looks at it between its steps and finishes an order whose button was pressed.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._asked = False

    def __call__(self) -> bool:
        """Whether someone has asked."""
        return self._asked or self._file.exists()

    def ask(self) -> None:
        """Ask."""
        self._asked = True

    @contextmanager
    def heeding_signals(self, said: str | Callable[[], str]) -> Iterator[None]:
        """Take SIGINT and SIGTERM as the wish to end while the block runs.

        The first is noted, and `said`, or what it gives then, written to stderr. A SIGINT after
        either is Ctrl-C as ever: KeyboardInterrupt. Only for the main thread, where Python lets
        signals be handled.
        """

        def heard(number: int, frame: FrameType | None) -> None:
            if self._asked and number == signal.SIGINT:
                signal.default_int_handler(number, frame)
            self._asked = True
            # Not by print: the signal may have come during one.
            with suppress(OSError):
                line = said if isinstance(said, str) else said()
                os.write(_STDERR, f"{line}\n".encode())

        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, heard) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
