"""The standard streams, so that nothing at their other ends can stop or fail a run.

What is told on stderr may get lost. A reader of stdout who has gone (`| head`) wanted no more.
An stdout that cannot be written, as on a full disk, is told once the run is whole.
"""

import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

if TYPE_CHECKING:
    from qsm_bot.base.errors.base import QsmBotError

_STANDARD = 3


def person_is_there() -> bool:
    """Whether a person sits at the keyboard; a stdin that was closed has nobody."""
    # Python gives no stream at all for one that was closed before it started.
    return sys.stdin is not None and sys.stdin.isatty()


def person_reads_and_types() -> bool:
    """Whether a person at the keyboard also sees what is printed."""
    return person_is_there() and sys.stdout is not None and sys.stdout.isatty()


class Outputs:
    """Standard output and standard error, guarded."""

    def __init__(self, stdout: "_Guard | None") -> None:
        self._stdout = stdout

    @classmethod
    def guarded(cls) -> Self:
        """Guard the streams of this process, for all that is written from now on."""
        _open_what_is_closed()
        sys.stderr, _ = _guarded(sys.stderr)
        sys.stdout, guard = _guarded(sys.stdout)
        return cls(guard)

    def exit_code(self, code: int) -> int:
        """Write what is left, and return the exit code: the command's own, or a higher one.

        If stdout could not be written, one line on stderr says so.
        """
        sys.stdout.flush()
        failure = self._stdout.failure if self._stdout else None
        if failure is None or _is_reader_gone(failure):
            return code
        import typer

        from qsm_bot.base.errors.outside import OutputUnwritable
        from qsm_bot.cli.program.language import LANG

        error: QsmBotError = OutputUnwritable(detail=failure.strerror, code=code)
        said = (error.code, error.message.say(LANG), error.next_words.say(LANG))
        typer.echo(" ".join(said), err=True)
        return max(code, error.exit_code)


class _Guard(io.RawIOBase):
    """Hands bytes on until that fails; from then on they are dropped, and the failure is kept."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__()
        self.failure: OSError | None = None
        # Kept, because a stream that nobody holds is closed.
        self._stream = stream
        self._raw: Any = getattr(stream.buffer, "raw", stream.buffer)

    def writable(self) -> bool:
        """Whether it takes bytes: always."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor below."""
        return int(self._raw.fileno())

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return bool(self._raw.isatty())

    def write(self, data: Any, /) -> int:
        """Return how many bytes are dealt with."""
        if self.failure is None:
            try:
                written = self._raw.write(data)
            except OSError as error:
                self.failure = error
            else:
                if written is not None:
                    return int(written)
                # A pipe that takes nothing now, and was set not to wait.
                self.failure = BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return memoryview(data).nbytes


def _guarded(stream: TextIO) -> tuple[TextIO, _Guard | None]:
    """Return the stream with a guard below it; one that is no file needs none."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream, None
    guard = _Guard(stream)
    text = io.TextIOWrapper(
        io.BufferedWriter(guard),
        encoding=stream.encoding,
        # A letter that the encoding lacks is no reason to fail either.
        errors="backslashreplace" if stream.errors == "strict" else stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
    return text, guard


def _open_what_is_closed() -> None:
    """Put the null device where there is no stream, so that no other file takes its number."""
    for number in range(_STANDARD):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free: this one. Programs that are started inherit it.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # no keyword
    nowhere = Path(os.devnull)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, nowhere.open(mode, encoding="utf-8"))


def _is_reader_gone(failure: OSError) -> bool:
    # Windows calls a pipe without a reader an invalid argument.
    return isinstance(failure, ConnectionError) or (
        os.name == "nt" and failure.errno == errno.EINVAL
    )
