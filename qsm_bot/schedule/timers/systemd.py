"""systemd: a timer and a service of the user."""

import os
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from qsm_bot.base.errors.outside import TimerToolFailed
from qsm_bot.domain.calendar_jp import WEEKDAYS
from qsm_bot.domain.schedule import Schedule
from qsm_bot.schedule.timers.task import LIMIT_HOURS, Task
from qsm_bot.schedule.timers.tools import ask_tool, delete_unit, use_tool, write_unit

# SIGTERM goes to the program only, which lets the order at hand be finished; the browser would
# die of it midway. After the time for that everything is killed.
_SERVICE = """\
[Unit]
Description=qsm-bot: the round that is due ({name})

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
SuccessExitStatus=10 20
KillMode=mixed
TimeoutStartSec={hours}h
TimeoutStopSec=10min
"""

_TIMER = """\
[Unit]
Description=qsm-bot: when rounds are due ({name})

[Timer]
{calendar}
AccuracySec=1s
Persistent=true

[Install]
WantedBy=timers.target
"""


class Systemd:
    """User units; `systemctl --user` sets them up."""

    def files(self, task: Task) -> Mapping[str, bytes]:
        """Return the service and the timer."""
        service = _SERVICE.format(
            name=task.name,
            folder=str(task.folder).replace("%", "%%"),
            command=" ".join(map(_quoted, task.command)),
            hours=LIMIT_HOURS,
        )
        calendar = "\n".join(f"OnCalendar={each}" for each in _calendar(task.schedule))
        # Duties are told of at these times, also where no round is due.
        calendar += "".join(f"\nOnCalendar=*-*-* {at:%H:%M}:00 Asia/Tokyo" for at in task.alarms)
        timer = _TIMER.format(name=task.name, calendar=calendar)
        return {f"{task.name}.service": service.encode(), f"{task.name}.timer": timer.encode()}

    def install(self, task: Task) -> None:
        """Write both units and start the timer."""
        # Asked first: without systemctl no file is left behind.
        use_tool("systemctl", "--version")
        files = {_folder() / name: content for name, content in self.files(task).items()}
        new = [file for file in files if not file.exists()]
        try:
            self._start(task, files)
        except TimerToolFailed:
            # What nobody starts is not left to puzzle people.
            for file in new:
                delete_unit(file)
            raise

    def _start(self, task: Task, files: Mapping[Path, bytes]) -> None:
        for file, content in files.items():
            write_unit(file, content)
        use_tool("systemctl", "--user", "daemon-reload")
        use_tool("systemctl", "--user", "enable", f"{task.name}.timer")
        # A timer that runs already takes up its new hours only by this.
        use_tool("systemctl", "--user", "restart", f"{task.name}.timer")

    def remove(self, name: str) -> None:
        """Stop the timer and delete both units."""
        if (_folder() / f"{name}.timer").exists():
            use_tool("systemctl", "--user", "disable", "--now", f"{name}.timer")
        for end in ("timer", "service"):
            delete_unit(_folder() / f"{name}.{end}")
        use_tool("systemctl", "--user", "daemon-reload")

    def is_installed(self, name: str) -> bool:
        """Whether the timer is enabled."""
        return ask_tool("systemctl", "--user", "is-enabled", f"{name}.timer").code == 0


def _folder() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "systemd" / "user"


def _quoted(word: str) -> str:
    for special, plain in (("\\", r"\\"), ('"', r"\""), ("%", "%%"), ("$", "$$")):
        word = word.replace(special, plain)
    return f'"{word}"'


def _calendar(schedule: Schedule) -> Iterator[str]:
    """Give one expression for all hours that have the same minutes."""
    minutes: dict[str, list[str]] = {}
    for hour, clocks in groupby(schedule.times, key=lambda clock: clock.hour):
        key = ",".join(f"{clock.minute:02}" for clock in clocks)
        minutes.setdefault(key, []).append(f"{hour:02}")
    days = [day.capitalize() for day in WEEKDAYS if day in schedule.weekdays]
    prefix = f"{','.join(days)} " if len(days) < len(WEEKDAYS) else ""
    for key, hours in minutes.items():
        yield f"{prefix}*-*-* {','.join(hours)}:{key}:00 Asia/Tokyo"
