"""cron: one line in the user's table."""

import shlex
from collections.abc import Mapping

from qsm_bot.schedule.timers.task import Task
from qsm_bot.schedule.timers.tools import ask_tool, failed, use_tool

_NO_TABLE = "no crontab for"


class Cron:
    """A line that ends with the timer's name; `crontab` sets it up.

    Few crons know other zones than the machine's, so it knocks at these minutes of every hour.
    """

    def files(self, task: Task) -> Mapping[str, bytes]:
        """Return the line."""
        return {"crontab": f"{_line(task)}\n".encode()}

    def install(self, task: Task) -> None:
        """Put the line at the end of the table, in place of one with the same name."""
        _write([*_without(_table(), task.name), _line(task)])

    def remove(self, name: str) -> None:
        """Take the line out; all others stay as they are."""
        table = _table()
        kept = _without(table, name)
        if kept != table:
            _write(kept)

    def is_installed(self, name: str) -> bool:
        """Whether the table has the line."""
        table = _table()
        return _without(table, name) != table


def _line(task: Task) -> str:
    words = " ".join(map(shlex.quote, task.command))
    # In a crontab % would end the command.
    command = f"cd {shlex.quote(str(task.folder))} && {words}".replace("%", r"\%")
    return f"{_minutes(task)} * * * * {command} >/dev/null {_mark(task.name)}"


def _minutes(task: Task) -> str:
    step = 60 // len(task.minutes)
    if task.minutes == tuple(range(0, 60, step)):
        return f"*/{step}"
    return ",".join(map(str, task.minutes))


def _mark(name: str) -> str:
    return f"# timer {name}"


def _without(table: list[str], name: str) -> list[str]:
    return [line for line in table if not line.rstrip().endswith(_mark(name))]


def _table() -> list[str]:
    answer = ask_tool("crontab", "-l")
    if answer.code == 0:
        return answer.out.splitlines()
    if _NO_TABLE in answer.err:
        return []
    # Taken for an empty one, it would be overwritten.
    raise failed(answer, "crontab", "-l")


def _write(table: list[str]) -> None:
    use_tool("crontab", "-", stdin="".join(f"{line}\n" for line in table))
