"""What happens in a run, told while it happens: to people as lines, to programs as JSON lines."""

import json
import os
import select
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from qsm_bot.base.clock import JST
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words

SCHEMA = 1

_MOST_DESCRIPTORS = 2**31 - 1
_PATIENCE_MS = 1000
"""How long a run waits for a reader who has let the pipe fill up."""
_log = get_logger(__name__)


class EventKind(StrEnum):
    """What an event is about."""

    STEP = "step"
    """A line of progress."""
    ORDER = "order"
    """An order is begun: `order_no`, `reason`, `rehearsal`."""
    DIALOG = "dialog"
    """The portal asked or told something: `order_no`, `dialog` (confirm or alert), `shown`."""
    OUTCOME = "outcome"
    """An order came to its end: `order_no`, `outcome`, `proofs`."""
    DONE = "done"
    """The command ends: `exit_code`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunEvent:
    """One event.

    Attributes:
        kind: what it is about.
        words: the line of progress that people see, if it is worth one.
        facts: its values for programs, fit for JSON.
    """

    kind: EventKind
    words: Words | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def to_dict(self, at: datetime, shop: str | None) -> dict[str, object]:
        """Return the event's JSON document; `at` is in Japan's time."""
        document: dict[str, object] = {
            "schema": SCHEMA,
            "at": at.astimezone(JST).isoformat(timespec="milliseconds"),
            "kind": self.kind.value,
            "shop": shop,
            **self.facts,
        }
        return document | {"text": self.words.to_dict()} if self.words else document


Report = Callable[[RunEvent], None]


def is_descriptor(target: str) -> bool:
    """Whether the words name an open file by its number."""
    return target.removeprefix("-").isdigit() and target.isascii()


class EventFile:
    """Writes events as JSON lines; a reader that goes away or stalls does not disturb the run.

    Args:
        descriptor: the open file to write to.
        clock: tells the time.
        ours: whether the file is closed at the end.
    """

    def __init__(self, descriptor: int, clock: Callable[[], datetime], *, ours: bool) -> None:
        self._descriptor: int | None = descriptor
        self._clock = clock
        self._ours = ours

    @classmethod
    def opened(cls, target: str, clock: Callable[[], datetime]) -> "EventFile":
        """Open a file by its path, to append, or by the number of an open file descriptor.

        Raises:
            OSError: it cannot be written.
        """
        if is_descriptor(target):
            number = min(int(target), _MOST_DESCRIPTORS)
            # Nothing at all can be written only where something can.
            os.write(number, b"")
            return cls(number, clock, ours=False)
        # A pipe in the file system that nobody reads would hold the program up for ever.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        if sys.platform == "win32":
            return cls(os.open(target, flags, 0o600), clock, ours=True)
        descriptor = os.open(target, flags | os.O_NONBLOCK, 0o600)
        os.set_blocking(descriptor, True)
        return cls(descriptor, clock, ours=True)

    def write(self, event: RunEvent, shop: str | None) -> None:
        """Write one line, whole, so that several processes can share a file.

        After the first failure nothing more is tried.
        """
        if self._descriptor is None:
            return
        line = json.dumps(event.to_dict(self._clock(), shop), ensure_ascii=False)
        try:
            _write(self._descriptor, f"{line}\n".encode())
        except OSError as error:
            _log.warning("events_ended", error=type(error).__name__)
            self.close()

    def close(self) -> None:
        """Write no more, and close the file if it is ours."""
        if self._descriptor is not None and self._ours:
            os.close(self._descriptor)
        self._descriptor = None


def _write(descriptor: int, line: bytes) -> None:
    """Write a line, unless its reader reads no more.

    Raises:
        OSError: it cannot be written; TimeoutError: nobody reads.
    """
    if sys.platform == "win32":  # it tells of no pipe whether it is full
        os.write(descriptor, line)
        return
    room = select.poll()
    room.register(descriptor, select.POLLOUT)
    # A pipe that has room takes so much at once.
    for start in range(0, len(line), select.PIPE_BUF):
        if not room.poll(_PATIENCE_MS):
            raise TimeoutError
        os.write(descriptor, line[start : start + select.PIPE_BUF])
