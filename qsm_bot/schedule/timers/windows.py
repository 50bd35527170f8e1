"""Windows: a task of the Task Scheduler."""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from qsm_bot.base.clock import JST
from qsm_bot.domain.schedule import Schedule
from qsm_bot.schedule.timers.task import LIMIT_HOURS, Task
from qsm_bot.schedule.timers.tools import ask_tool, use_tool, write_unit

# A task may have so many.
_MOST_TRIGGERS = 48
_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "AllowHardTerminate": "true",
    "StartWhenAvailable": "true",
    "RunOnlyIfNetworkAvailable": "false",
    "WakeToRun": "true",
    "ExecutionTimeLimit": f"PT{LIMIT_HOURS}H",
    "Enabled": "true",
}


class WindowsTask:
    """One task; `schtasks` sets it up."""

    def files(self, task: Task) -> Mapping[str, bytes]:
        """Return the task in UTF-16, as `schtasks /XML` wants it."""
        return {f"{task.name}.xml": _document(task)}

    def install(self, task: Task) -> None:
        """Hand the task over; one of that name is replaced."""
        ((name, content),) = self.files(task).items()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            write_unit(file, content)
            use_tool("schtasks", "/Create", "/TN", task.name, "/XML", str(file), "/F")

    def remove(self, name: str) -> None:
        """Delete the task."""
        if self.is_installed(name):
            use_tool("schtasks", "/Delete", "/TN", name, "/F")

    def is_installed(self, name: str) -> bool:
        """Whether there is a task of that name."""
        return ask_tool("schtasks", "/Query", "/TN", name).code == 0


def _document(task: Task) -> bytes:
    root = Element("Task", {"version": "1.3", "xmlns": _NAMESPACE})
    _texts(SubElement(root, "RegistrationInfo"), Description=f"{task.name}: rounds that are due")
    triggers = SubElement(root, "Triggers")
    alarms = ((at, dict[str, str]()) for at in task.alarms)
    for begin, repeated in islice((*_starts(task.schedule), *alarms), _MOST_TRIGGERS):
        trigger = SubElement(triggers, "CalendarTrigger")
        if repeated:
            _texts(SubElement(trigger, "Repetition"), **repeated)
        # With its offset the moment is the same whatever the machine's zone.
        start = datetime.combine(task.today, begin, JST)
        _texts(trigger, StartBoundary=start.isoformat(), Enabled="true")
        _texts(SubElement(trigger, "ScheduleByDay"), DaysInterval="1")
    who = SubElement(SubElement(root, "Principals"), "Principal", {"id": "Author"})
    _texts(who, LogonType="InteractiveToken", RunLevel="LeastPrivilege")
    _texts(SubElement(root, "Settings"), **_SETTINGS)
    action = SubElement(SubElement(root, "Actions", {"Context": "Author"}), "Exec")
    program, *words = task.command
    arguments = subprocess.list2cmdline(words)
    _texts(action, Command=program, Arguments=arguments, WorkingDirectory=str(task.folder))
    indent(root)
    return bytes(tostring(root, encoding="utf-16"))


def _starts(schedule: Schedule) -> Iterator[tuple[time, dict[str, str]]]:
    """Give each time at which a trigger starts, and how it repeats itself that day."""
    step = schedule.every
    if step is None or len(schedule.times) == 1:
        yield from ((clock, {}) for clock in schedule.times)
        return
    last = (len(schedule.times) - 1) * step + timedelta(minutes=1)
    yield (
        schedule.times[0],
        {"Interval": _span(step), "Duration": _span(last), "StopAtDurationEnd": "false"},
    )


def _span(span: timedelta) -> str:
    return f"PT{int(span.total_seconds()) // 60}M"


def _texts(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text
