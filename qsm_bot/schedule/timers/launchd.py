"""macOS: an agent of launchd."""

import os
import plistlib
from collections.abc import Mapping
from pathlib import Path

from qsm_bot.schedule.timers.task import Task
from qsm_bot.schedule.timers.tools import ask_tool, delete_unit, use_tool, write_unit

_END = ".plist"


class Launchd:
    """One agent of the user; `launchctl` sets it up.

    launchd knows the machine's own zone only, so it knocks at these minutes of every hour.
    """

    def files(self, task: Task) -> Mapping[str, bytes]:
        """Return the agent's property list."""
        agent = {
            "Label": task.name,
            "ProgramArguments": list(task.command),
            "WorkingDirectory": str(task.folder),
            "EnvironmentVariables": {"PYTHONUTF8": "1"},
            "StartCalendarInterval": [{"Minute": minute} for minute in task.minutes],
            "ProcessType": "Background",
            "ExitTimeOut": 600,
        }
        return {f"{task.name}{_END}": plistlib.dumps(agent)}

    def install(self, task: Task) -> None:
        """Write the agent and load it; one of that name is unloaded first."""
        loaded = self.is_installed(task.name)
        ((name, content),) = self.files(task).items()
        file = _folder() / name
        write_unit(file, content)
        if loaded:
            use_tool("launchctl", "bootout", f"{_domain()}/{task.name}")
        use_tool("launchctl", "bootstrap", _domain(), str(file))

    def remove(self, name: str) -> None:
        """Unload the agent and delete its file."""
        if self.is_installed(name):
            use_tool("launchctl", "bootout", f"{_domain()}/{name}")
        delete_unit(_folder() / f"{name}{_END}")

    def is_installed(self, name: str) -> bool:
        """Whether the agent is loaded."""
        return ask_tool("launchctl", "print", f"{_domain()}/{name}").code == 0


def _folder() -> Path:
    return Path.home() / "Library" / "LaunchAgents"


def _domain() -> str:
    return f"gui/{os.getuid() if hasattr(os, 'getuid') else 0}"
