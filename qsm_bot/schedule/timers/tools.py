"""Calls the system's own program for timers."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from qsm_bot.base.errors.outside import TimerToolFailed, TimerToolMissing
from qsm_bot.base.os_words import os_words

_SECONDS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class ToolAnswer:
    """What the program said."""

    code: int
    out: str
    err: str


def ask_tool(*command: str, stdin: str = "") -> ToolAnswer:
    """Call a program and return what it said, however it ended.

    Raises:
        TimerToolMissing: it is not there.
        TimerToolFailed: it did not end.
    """
    program = shutil.which(command[0])
    if program is None:
        raise TimerToolMissing(tool=command[0])
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program of the system, no shell
            [program, *command[1:]],
            input=stdin,
            capture_output=True,
            encoding=None if os.name == "nt" else "utf-8",
            text=True,
            errors="replace",
            # Its words are read: in English they are known.
            env={**os.environ, "LC_ALL": "C"},
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TimerToolFailed(command=" ".join(command), detail=error) from error
    return ToolAnswer(code=done.returncode, out=done.stdout, err=done.stderr)


def use_tool(*command: str, stdin: str = "") -> str:
    """Call a program that must do as asked, and return its output.

    Raises:
        TimerToolMissing: it is not there.
        TimerToolFailed: it says that it did not.
    """
    answer = ask_tool(*command, stdin=stdin)
    if answer.code != 0:
        raise failed(answer, *command)
    return answer.out


def failed(answer: ToolAnswer, *command: str) -> TimerToolFailed:
    """Return the error that tells how the program ended."""
    said = (answer.err.strip() or answer.out.strip()).splitlines()
    detail = f"{' / '.join(said[-3:]) or 'no message'} ({answer.code})"
    return TimerToolFailed(command=" ".join(command), detail=detail)


def write_unit(path: Path, content: bytes) -> None:
    """Write a file where the system looks for it.

    Raises:
        TimerToolFailed: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise TimerToolFailed(command=f"write {path}", detail=os_words(error)) from error


def delete_unit(path: Path) -> None:
    """Delete such a file; one that is not there is no error.

    Raises:
        TimerToolFailed: it cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise TimerToolFailed(command=f"delete {path}", detail=os_words(error)) from error
