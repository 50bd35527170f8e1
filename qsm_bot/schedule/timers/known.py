"""The systems whose timers are known, by their kind."""

from collections.abc import Mapping

from qsm_bot.schedule.timers.cron import Cron
from qsm_bot.schedule.timers.launchd import Launchd
from qsm_bot.schedule.timers.systemd import Systemd
from qsm_bot.schedule.timers.task import Timer, TimerKind
from qsm_bot.schedule.timers.windows import WindowsTask

TIMERS: Mapping[TimerKind, Timer] = {
    TimerKind.SYSTEMD: Systemd(),
    TimerKind.WINDOWS: WindowsTask(),
    TimerKind.LAUNCHD: Launchd(),
    TimerKind.CRON: Cron(),
}
