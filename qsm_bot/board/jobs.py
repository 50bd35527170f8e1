"""Jobs: the program's own commands as processes of their own, one at a time for each shop.

What is known of a job stands in its folder, so that a board that comes back shows it again; a
board that dies leaves its jobs to end by themselves.
"""

import json
import os
import queue
import secrets
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from qsm_bot.base.clock import now
from qsm_bot.base.exit_code import GOOD, ExitCode
from qsm_bot.base.private_files import private_file, write_private
from qsm_bot.base.stopping import STOP_FILE
from qsm_bot.base.words import Lang
from qsm_bot.board.alive import is_alive
from qsm_bot.board.desk import ShopDesk
from qsm_bot.board.job_record import JobKind, JobRecord, end_of, recorded

_FOLDER = "board"
_KEPT = 200
_LOOK_SECONDS = 1.0
_CALL_SECONDS = 120.0


class ShopJobs:
    """The jobs of one shop: one runs, the others wait in their order.

    Args:
        desk: the shop.
    """

    def __init__(self, desk: ShopDesk) -> None:
        self._desk = desk
        self._folder = desk.load().data_dir / _FOLDER
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[tuple[str, Lang]] = queue.SimpleQueue()
        self._alive: dict[str, JobRecord] = {}
        self._adopt()
        threading.Thread(target=self._work, name=f"jobs {desk.key}", daemon=True).start()

    def start(
        self,
        kind: JobKind,
        steps: Sequence[Sequence[str]],
        *,
        lang: Lang,
        plan: str = "",
        who: str = "",
    ) -> str:
        """Begin a job, or find the one that does the same already, and return its name.

        Args:
            kind: what it is for.
            steps: the commands; the next one is begun if the one before ended well.
            lang: the language of what it says.
            plan: the digest of the plan that it carries out.
            who: the person who wants it.

        Raises:
            EvidenceUnwritable: its folder cannot be written.
        """
        wanted = tuple(tuple(step) for step in steps)
        with self._lock:
            for each in self._alive.values():
                if (each.kind, each.plan, each.steps) == (kind, plan, wanted):
                    return each.name
            at = now()
            name = f"{at:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
            record = JobRecord(name=name, kind=kind, steps=wanted, plan=plan, who=who, at=at)
            text = json.dumps(record.to_dict(), ensure_ascii=False)
            write_private(self._folder / name / "job.json", text.encode())
            self._alive[name] = record
        self._waiting.put((name, lang))
        return name

    def alive(self) -> list[JobRecord]:
        """Return the jobs that run or wait, in their order."""
        with self._lock:
            return sorted(self._alive.values(), key=lambda each: each.at)

    def find(self, name: str) -> JobRecord | None:
        """Return the job of that name."""
        folder = self._folder / name
        return recorded(folder) if folder.parent == self._folder else None

    def folder(self, name: str) -> Path:
        """Return where a job keeps what it told."""
        return self._folder / name

    def newest(self, most: int = _KEPT) -> list[JobRecord]:
        """Return the newest jobs, the last one first."""
        with suppress(OSError):
            names = sorted((each.name for each in self._folder.iterdir()), reverse=True)
            found = (recorded(self._folder / name) for name in names[:most])
            return [each for each in found if each is not None]
        return []

    @property
    def stop_file(self) -> Path:
        """The file that ends a run after the order at hand."""
        return self._desk.load().data_dir / STOP_FILE

    def stop(self) -> None:
        """Ask what runs to end after the order at hand; nothing new is begun while it stands."""
        write_private(self.stop_file, b"")

    def go_on(self) -> None:
        """Take that back."""
        self.stop_file.unlink(missing_ok=True)

    def call(self, words: Sequence[str], lang: Lang) -> tuple[int, Any]:
        """Run a command that takes a moment, and return its exit code and its document."""
        done = subprocess.run(  # noqa: S603  # this program
            self._desk.command(words, lang, events=None),
            cwd=self._desk.folder,
            env=self._desk.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_CALL_SECONDS,
            check=False,
            **_quiet(),
        )
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            return done.returncode, None

    def _work(self) -> None:
        while True:
            name, lang = self._waiting.get()
            with self._lock:
                record = self._alive[name]
            try:
                code = self._run(record, lang)
            except OSError:
                code = ExitCode.INTERNAL
            self._ended(name, code)

    def _run(self, record: JobRecord, lang: Lang) -> int:
        folder, code = self._folder / record.name, 0
        for number, words in enumerate(record.steps):
            command = self._desk.command(words, lang, events=folder / "events.jsonl")
            with (
                private_file(folder / f"out-{number}.json") as out,
                private_file(folder / f"err-{number}.txt") as err,
                subprocess.Popen(  # noqa: S603  # this program
                    command,
                    cwd=self._desk.folder,
                    env=self._desk.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    **_quiet(),
                ) as process,
            ):
                write_private(folder / "pid", str(process.pid).encode())
                code = process.wait()
            if code not in GOOD:
                break
        return code

    def _ended(self, name: str, code: int) -> None:
        with suppress(Exception):
            # On a full disk the job has ended all the same.
            write_private(self._folder / name / "end.json", json.dumps({"code": code}).encode())
        with self._lock:
            self._alive.pop(name, None)
            if not self._alive:
                # Who asked this job to end did not mean tomorrow's.
                with suppress(OSError):
                    self.go_on()

    def _adopt(self) -> None:
        """Take up the jobs that a board before this one left behind."""
        for record in self.newest():
            folder = self._folder / record.name
            if end_of(folder) is not None:
                continue
            pid = _pid(folder)
            if pid is None or not is_alive(pid):
                self._ended(record.name, _code_told(folder, len(record.steps)))
                continue
            self._alive[record.name] = record
            threading.Thread(target=self._await, args=(record, pid), daemon=True).start()

    def _await(self, record: JobRecord, pid: int) -> None:
        pause = threading.Event()
        while is_alive(pid):
            pause.wait(_LOOK_SECONDS)
        self._ended(record.name, _code_told(self._folder / record.name, len(record.steps)))


def _code_told(folder: Path, steps: int) -> int:
    """Return the exit code that the job's last command told; it ended without one if it died."""
    told = [event["exit_code"] for event in events_in(folder) if event.get("kind") == "done"]
    return int(told[-1]) if len(told) >= steps or (told and told[-1] not in GOOD) else -1


def events_in(folder: Path) -> list[dict[str, Any]]:
    """Return what a job has told so far; a line that is not whole yet is left out."""
    with suppress(OSError):
        lines = (folder / "events.jsonl").read_text(encoding="utf-8", errors="replace")
        found = []
        for line in lines.splitlines():
            with suppress(ValueError):
                found.append(json.loads(line))
        return found
    return []


def documents_in(folder: Path, steps: int) -> list[Any]:
    """Return the documents of a job's commands, as far as they have ended."""
    found = []
    for number in range(steps):
        with suppress(OSError, ValueError):
            found.append(json.loads((folder / f"out-{number}.json").read_text(encoding="utf-8")))
    return found


def _pid(folder: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int((folder / "pid").read_text(encoding="ascii"))
    return None


def _quiet() -> dict[str, Any]:
    """Return what keeps a process out of the board's console, and alive when the board ends."""
    if os.name != "nt":
        return {"start_new_session": True}
    flags = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
    return {"creationflags": sum(getattr(subprocess, flag, 0) for flag in flags)}
