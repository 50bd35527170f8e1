"""What a timer is to do, in no system's own words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qsm_bot.base.shop_slug import shop_slug

if TYPE_CHECKING:
    from qsm_bot.domain.schedule import Schedule

# Longer than any round should take; a round is asked to end then, where the system can ask.
LIMIT_HOURS = 2
# All zones of the earth differ from Japan's by whole quarters of an hour.
_QUARTER = 15


class TimerKind(StrEnum):
    """The systems whose timers are known."""

    SYSTEMD = "systemd"
    WINDOWS = "windows"
    LAUNCHD = "launchd"
    CRON = "cron"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A command that the timer calls.

    `name` is the timer's own, in ASCII; `folder` is the current one of the call, `today` the
    first day on which it may be called; `alarms` are times at which duties are told of, where the
    timer does not knock every hour anyway.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    schedule: "Schedule"
    alarms: tuple[time, ...] = ()
    today: date

    @property
    def minutes(self) -> tuple[int, ...]:
        """The minutes of every hour at which a round could be due, in any time zone."""
        own = {clock.minute for clock in self.schedule.times}
        return tuple(sorted({(at + k) % 60 for at in own for k in range(0, 60, _QUARTER)}))


class Timer(Protocol):
    """One system's timers. All but `files` raise TimerToolMissing and TimerToolFailed."""

    def files(self, task: Task) -> Mapping[str, bytes]:
        """Return what is set up, by file name."""

    def install(self, task: Task) -> None:
        """Set the timer up; one of the same name is replaced."""

    def remove(self, name: str) -> None:
        """Take it away; one that is not there is no error."""

    def is_installed(self, name: str) -> bool:
        """Whether the system has it."""


def task_name(shop: str | None) -> str:
    """Return the timer's name for `--shop`, unique and in ASCII."""
    if not shop:
        return "qsm-bot"
    if re.fullmatch(r"[A-Za-z0-9_-]+", shop):
        return f"qsm-bot-{shop}"
    return f"qsm-bot-{shop_slug(shop)}"


def kind_of_system(platform: str) -> TimerKind:
    """Return the kind that belongs to a `sys.platform`."""
    return {"win32": TimerKind.WINDOWS, "darwin": TimerKind.LAUNCHD}.get(
        platform, TimerKind.SYSTEMD
    )
