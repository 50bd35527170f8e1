"""The systems whose timers are known, by their kind."""

from collections.abc import Mapping

from qsm_bot.timers.cron import Cron
from qsm_bot.timers.launchd import Launchd
from qsm_bot.timers.systemd import Systemd
from qsm_bot.timers.task import Kind, Timer
from qsm_bot.timers.windows import WindowsTask

TIMERS: Mapping[Kind, Timer] = {
    Kind.SYSTEMD: Systemd(),
    Kind.WINDOWS: WindowsTask(),
    Kind.LAUNCHD: Launchd(),
    Kind.CRON: Cron(),
}
