"""Commands on the program's messages: notify test, notify flush, notify summary."""

from typing import Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.errors.inputs import SettingsInvalid
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup
from qsm_bot.cli.wiring.announce import notifier_of, summary_message

_NOT_SET = Words(
    "QSM_NOTIFY is not set: one or several apprise URLs",
    "QSM_NOTIFY が未設定です（apprise のURLを1つ以上指定）",
)
_TOOK = Words("{channel}: sent", "{channel}: 送信しました")
_FAILED = Words(
    "{channel}: failed. Check its URL in QSM_NOTIFY, and the network.",
    "{channel}: 失敗しました。QSM_NOTIFY のURLとネットワークを確認してください。",
)
_FLUSHED = Words(
    "sent: {sent}, still waiting: {waiting}, given up: {given_up}",
    "送信 {sent} 件、未送信 {waiting} 件、期限切れ {given_up} 件",
)
_BEFORE = Words(
    "Today's summary was sent before; it is not sent again.",
    "今日のまとめは送信済みのため、再送しません。",
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        cls=OurGroup,
        rich_markup_mode=None,
        help=t("Messages to people who are not at the screen.", "担当者への通知"),
    )
    app.add_typer(group, name="notify")
    command(group, "test", help=Words("Send a test to each channel.", "各通知先にテスト送信"))(test)
    command(group, "flush", help=Words("Send what waits.", "未送信の通知を送信"))(flush)
    command(
        group,
        "summary",
        help=Words("Send the day's summary, once a day.", "今日のまとめを送信（1日1回）"),
    )(summary)


def test(job: Job) -> int:
    """Send a test to each channel and say which took it."""
    from qsm_bot.notify.occasions import trial

    _raise_if_not_set(job)
    notifier = notifier_of(job.settings, job.lang)
    took = notifier.try_each(trial(job.settings.shop, now()))
    code = 0 if all(took.values()) else ExitCode.INPUT_INVALID
    document = {
        "channels": [{"channel": name, "sent": good} for name, good in took.items()],
        "exit_code": code,
    }
    lines = [(_TOOK if good else _FAILED).filled(channel=name) for name, good in took.items()]
    job.show(document, lambda: "\n".join(line.say(job.lang) for line in lines))
    return code


def flush(
    job: Job,
    wake: Annotated[
        bool, typer.Option("--wake", help=t("also in quiet hours", "通知停止時間帯でも送信"))
    ] = False,
) -> int:
    """Send what waits in the outbox."""
    _raise_if_not_set(job)
    done = notifier_of(job.settings, job.lang).flush(wake=wake)
    code = ExitCode.SOME_SKIPPED if done.waiting else 0 if done.sent else ExitCode.NOTHING_TO_DO
    counts = {"sent": done.sent, "waiting": done.waiting, "given_up": done.given_up}
    document = {**counts, "failed": done.failed, "exit_code": code}
    job.show(document, lambda: _FLUSHED.filled(**counts).say(job.lang))
    for channel in done.failed:
        job.say(_FAILED.filled(channel=channel))
    return code


def summary(job: Job) -> int:
    """Send what the day came to."""
    _raise_if_not_set(job)
    message = summary_message(job.settings)
    done = notifier_of(job.settings, job.lang).post([message])
    document = {
        "shop": job.settings.shop,
        "text": message.text(job.lang),
        "sent": done.sent,
    }
    job.show(document, lambda: message.text(job.lang))
    if not done.sent and not done.waiting:
        job.tell(_BEFORE)
    return ExitCode.SOME_SKIPPED if done.waiting else 0


def _raise_if_not_set(job: Job) -> None:
    if not job.settings.notify:
        raise SettingsInvalid(detail=_NOT_SET)
