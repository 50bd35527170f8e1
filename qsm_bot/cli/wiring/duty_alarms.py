"""Duties at risk are told by whatever runs anyway: each alarm once, then the next one.

Nothing that goes wrong here changes how a command ends.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from qsm_bot.base.clock import now
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Lang, Words
from qsm_bot.cli.wiring.announce import notifier_of
from qsm_bot.cli.wiring.sign_in_gate import shop_state
from qsm_bot.cli.wiring.stores import load_evidence, open_ledger

if TYPE_CHECKING:
    from datetime import datetime

    from qsm_bot.config.settings import Settings
    from qsm_bot.domain.duty import Duty, DutyAlarm

_log = get_logger(__name__)
_TOLD = Words("{shop}: {subject}: {orders}", "{shop}: {subject}: {orders}")


def raise_duty_alarms(settings: "Settings", lang: Lang, tell: Callable[[Words], None]) -> None:
    """Tell people, on the screen and by message, which duties need them now.

    Args:
        settings: the shop's settings.
        lang: the language of messages, unless the settings name one.
        tell: is given a line for each alarm.
    """
    try:
        _raise_alarms(settings, lang, tell, now())
    except Exception as error:  # noqa: BLE001  # see the module
        _log.warning("duty_alarms_not_raised", error=type(error).__name__)


def _raise_alarms(
    settings: "Settings", lang: Lang, tell: Callable[[Words], None], at: "datetime"
) -> None:
    from qsm_bot.notify.duties import duty_alarm
    from qsm_bot.notify.message import listed

    state = shop_state(settings)
    told = dict(state.duties_told)
    due = _alarms(settings, at)
    fresh: dict[DutyAlarm, list[str]] = {}
    for order, alarm in due.items():
        if told.get(order) != alarm:
            fresh.setdefault(alarm, []).append(order)
    messages = [duty_alarm(settings.shop, alarm, sorted(of), at) for alarm, of in fresh.items()]
    if messages and settings.notify:
        notifier_of(settings, lang).post(messages)
    for (_, of), message in zip(fresh.items(), messages, strict=True):
        orders = listed(sorted(of))
        tell(_TOLD.filled(shop=settings.shop, subject=message.subject, orders=orders))
    state.note_duties_told(due)


def _alarms(settings: "Settings", at: "datetime") -> "dict[str, DutyAlarm]":
    """Return the orders of which people must know now; the shop's own files may close some."""
    from flows.duty import duties_now
    from qsm_bot.domain.duty import EvidenceShipments

    loud = partial(_loud, at=at, warn_hour=settings.duty_warn_hour)
    with open_ledger(settings) as ledger:
        if not loud(ledger.duties(settings.shop, only_open=True)):
            return {}
        sources = (EvidenceShipments(load_evidence(settings), at),)
        still_open, _ = duties_now(ledger, settings.shop, sources, write=False)
    return loud(still_open)


def _loud(duties: "list[Duty]", *, at: "datetime", warn_hour: int) -> "dict[str, DutyAlarm]":
    alarms = {duty.order_no: duty.alarm(at, warn_hour) for duty in duties}
    return {order: alarm for order, alarm in alarms.items() if alarm is not None}
