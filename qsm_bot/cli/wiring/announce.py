"""Tells people who are not at the screen how a command ended.

Nothing that goes wrong here changes how the command ends: it is logged, and the message
waits in the outbox.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from qsm_bot.base.clock import JST, now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.cli.program.streams import person_is_there
from qsm_bot.domain.request import RunResult

ALL_SHOPS = "all shops"

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qsm_bot.base.words import Lang
    from qsm_bot.cli.program.call import Job
    from qsm_bot.config.settings import Settings
    from qsm_bot.domain.plan import Plan
    from qsm_bot.notify.message import Message
    from qsm_bot.notify.notifier import Notifier


def notifier_of(settings: "Settings", lang: "Lang") -> "Notifier":
    """Return the shop's outbox with the channels of the settings."""
    from datetime import timedelta

    from qsm_bot.cli.wiring.stores import data_folder
    from qsm_bot.notify.channels import channels_of
    from qsm_bot.notify.notifier import Notifier
    from qsm_bot.notify.outbox import Outbox, Policy

    return Notifier(
        outbox=Outbox(data_folder(settings) / "notify", _key_of(settings)),
        policy=Policy(
            channels=channels_of([url.get_secret_value() for url in settings.notify]),
            quiet=settings.notify_quiet,
            urgent=settings.notify_urgent,
            repeat=timedelta(hours=settings.notify_repeat_hours),
        ),
        lang=settings.notify_lang or lang,
        called=settings.called if settings.is_of_one_shop else "",
        clock=now,
    )


def _named(settings: "Settings") -> str:
    return settings.shop if settings.is_of_one_shop else ALL_SHOPS


def _key_of(settings: "Settings") -> str:
    return settings.identity.key if settings.is_of_one_shop else ALL_SHOPS


def announce(job: "Job", ending: "RunResult | Plan | QsmBotError") -> None:
    """Send what this ending is worth, if anything, and what waits from before."""
    _harmlessly(job, lambda notifier: _post(notifier, job.settings.shop, ending))


def announce_window(job: "Job", seconds: float) -> None:
    """Call somebody to the window of `login`, if nobody is there."""

    def call(notifier: "Notifier") -> None:
        import socket

        from qsm_bot.notify.occasions import window_open

        machine = socket.gethostname()
        notifier.post([window_open(job.settings.shop, machine, seconds / 60, now())])

    if not person_is_there():
        _harmlessly(job, call)


def announce_missed(job: "Job", *, since: "datetime", due: "datetime") -> None:
    """Raise the alarm that no run has ended well."""

    def call(notifier: "Notifier") -> None:
        from qsm_bot.notify.occasions import missed

        notifier.post([missed(job.settings.shop, since=since, due=due, at=now())])

    _harmlessly(job, call)


def announce_missed_rounds(job: "Job", *, count: int, first: "datetime", last: "datetime") -> None:
    """Tell that scheduled rounds were missed, and none was run in their place."""

    def call(notifier: "Notifier") -> None:
        from qsm_bot.notify.occasions import rounds_missed

        shop = _named(job.settings)
        notifier.post([rounds_missed(shop, count=count, first=first, last=last, at=now())])

    _harmlessly(job, call)


def announce_works_again(job: "Job", since: "datetime") -> None:
    """Tell that a portal that was down answers again."""

    def call(notifier: "Notifier") -> None:
        from qsm_bot.notify.message import MessageKind
        from qsm_bot.notify.occasions import works_again

        message = works_again(job.settings.shop, since=since, at=now())
        notifier.post([message], solved=(MessageKind.FAILED,))

    _harmlessly(job, call)


def announce_day(job: "Job") -> None:
    """Send the day's summary, once, if its hour has come; to be called by rounds."""

    def call(notifier: "Notifier") -> None:
        notifier.post([summary_message(job.settings)])

    at = job.settings.summary_at
    if at is not None and now().astimezone(JST).time() >= at:
        _harmlessly(job, call)


def summary_message(settings: "Settings") -> "Message":
    """Return what this day (JST) came to until now."""
    from flows.inbox import day_of
    from qsm_bot.cli.wiring.stores import open_ledger
    from qsm_bot.notify.day import summary

    at = now()
    with open_ledger(settings) as ledger:
        return summary(settings.shop, day_of(ledger, settings.shop, at), at)


def announce_duties(job: "Job", orders: "Sequence[str]") -> None:
    """Tell which refused orders are at risk of not being shipped in time, if any are."""

    def call(notifier: "Notifier") -> None:
        from qsm_bot.notify.duties import duty_at_risk

        notifier.post([duty_at_risk(job.settings.shop, orders, now())])

    if orders:
        _harmlessly(job, call)


def announce_signed_in(job: "Job") -> None:
    """Let a sign-in that is needed be news again, because somebody did sign in."""

    def settle(notifier: "Notifier") -> None:
        from qsm_bot.notify.message import MessageKind

        notifier.post([], solved=(MessageKind.SIGN_IN,))

    _harmlessly(job, settle)


def _post(notifier: "Notifier", shop: str, ending: "RunResult | Plan | QsmBotError") -> None:
    from qsm_bot.notify.message import SOLVED_BY_A_GOOD_RUN, MessageKind
    from qsm_bot.notify.occasions import of_error, of_result, plan_waits

    attended = person_is_there()
    if isinstance(ending, QsmBotError):
        notifier.post(of_error(shop, ending, now(), attended=attended))
    elif isinstance(ending, RunResult):
        solved = SOLVED_BY_A_GOOD_RUN if ending.error is None else ()
        notifier.post(of_result(ending, now(), attended=attended), solved=solved)
    else:
        waiting = [plan_waits(ending, now())] if ending.refuse or ending.ask else []
        notifier.post(waiting, solved=(MessageKind.SIGN_IN,))


def _harmlessly(job: "Job", tell: "Callable[[Notifier], object]") -> None:
    try:
        settings = job.settings
        if settings.notify:
            tell(notifier_of(settings, job.lang))
    except SettingsInvalid:
        # The command itself has said so.
        return
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # see the module
        from qsm_bot.base.log import get_logger

        get_logger(__name__).warning("not_announced", error=type(error).__name__)
