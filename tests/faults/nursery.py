"""Processes that begin with everything loaded: forked from one that has loaded it, once a worker.

    python -m tests.faults.nursery SOCKET

Each connection is one program: a line of JSON says what is to be run and where its output goes,
and lines come back: its process number, "stopped" whenever it was, and its exit code. The program
is a process of its own in every respect; what it saves is half of its life, spent on imports.
"""

import atexit
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NoReturn

ROOT = Path(__file__).parents[2]
LANG = "QSM_LANG"
ENGLISH = "en"
# Not the program's own, or it does something when it is imported.
_UNWANTED = (".acceptance", ".mock_portal", ".__main__", ".migrations")


class Born:
    """A program that was begun in a nursery; it is used as a `Popen`."""

    def __init__(self, line: BinaryIO) -> None:
        self._line = line
        self.pid = int(line.readline())
        self.returncode: int | None = None

    def wait_until_stopped(self) -> bool:
        """Wait until a signal stops it; False if it ended instead."""
        return not self._heard()

    def wait(self, seconds: float | None = None) -> int:
        """Wait for its end and return its exit code, negative if a signal was its end."""
        late = threading.Timer(seconds, self.kill) if seconds else None
        if late:
            late.start()
        while not self._heard():
            pass
        if late:
            late.cancel()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it has not ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _heard(self) -> bool:
        """Read one more event; True if it has ended."""
        if self.returncode is None:
            said = self._line.readline().decode().strip()
            self.returncode = None if said == "stopped" else int(said)
            if self.returncode is not None:
                self._line.close()
        return self.returncode is not None


class Nursery:
    """The process from which programs are forked."""

    def __init__(self, address: str) -> None:
        self._address = address

    def begin(
        self, *words: str, folder: Path, environment: Mapping[str, str], out: Path, err: Path
    ) -> Born:
        """Begin `python -m tests.faults.doomed WORD …` in a folder."""
        wish = {
            "words": words,
            "folder": str(folder),
            "environment": dict(environment),
            "files": [str(out), str(err)],
        }
        line = socket.socket(socket.AF_UNIX)
        line.connect(self._address)
        line.sendall(json.dumps(wish).encode() + b"\n")
        with line:
            return Born(line.makefile("rb"))


@contextmanager
def open_nursery() -> Iterator[Nursery]:
    """Start the process that loads everything; it ends with the block."""
    with TemporaryDirectory(prefix="qsm-nursery-") as folder:
        address = f"{folder}/socket"
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", address],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", LANG: ENGLISH},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            if process.stdout.readline() != b"ready\n":
                raise AssertionError("the nursery did not open")
            yield Nursery(address)
            process.kill()


def _load_everything() -> None:
    import tests.faults.doomed  # noqa: F401, PLC0415  # only where programs are begun

    for package in ("qsm_bot", "flows"):
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not any(f"{part}." in f"{found.name}." for part in _UNWANTED):
                import_module(found.name)


def _serve(address: str) -> NoReturn:
    _load_everything()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
        threading_before = threading.active_count()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            line, _ = door.accept()
            assert threading.active_count() == threading_before == 1
            if os.fork() == 0:
                door.close()
                _keep(line)
            line.close()


def _keep(line: socket.socket) -> NoReturn:
    """Fork the program and tell what becomes of it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with line, line.makefile("rb") as told:
        wish = json.loads(told.readline())
        program = os.fork()
        if program == 0:
            told.close()
            line.close()
            _live(wish)
        line.sendall(f"{program}\n".encode())
        while True:
            info = os.waitid(os.P_PID, program, os.WSTOPPED | os.WEXITED)
            assert info is not None
            if info.si_code == os.CLD_STOPPED:
                line.sendall(b"stopped\n")
                continue
            ended = info.si_status if info.si_code == os.CLD_EXITED else -info.si_status
            line.sendall(f"{ended}\n".encode())
            os._exit(0)


def _live(wish: Mapping[str, Any]) -> NoReturn:
    """Be the program."""
    os.setsid()
    os.chdir(wish["folder"])
    os.environ.clear()
    os.environ.update(wish["environment"])
    for number, file in enumerate(["/dev/null", *wish["files"]]):
        opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    if wish["environment"].get(LANG) != ENGLISH:
        for name in [name for name in sys.modules if f"{name}.".startswith("qsm_bot.cli.")]:
            del sys.modules[name]
    from tests.faults.doomed import begin  # noqa: PLC0415  # loaded already

    code: object = 1
    try:
        begin(wish["words"])
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001  # as the interpreter does
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code if isinstance(code, int) else int(bool(code)))


if __name__ == "__main__":
    _serve(sys.argv[1])
