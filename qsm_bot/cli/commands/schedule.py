"""Commands on the operating system's timer: schedule print, install, remove, status."""

import os
import sys
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import now
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.cli.commands.watch import AllShopsOption, book_of, shop_of
from qsm_bot.cli.program.call import Job, print_document
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup
from qsm_bot.cli.wiring.announce import ALL_SHOPS
from qsm_bot.schedule.timers.task import TimerKind

if TYPE_CHECKING:
    from qsm_bot.schedule.timers.task import Task, Timer

ForOption = Annotated[
    TimerKind | None,
    typer.Option("--for", help=t("whose timer; default: this system's", "種類（既定: このPC）")),
]

_INSTALLED = Words(
    "{name} is set up ({kind}). {next}\nIt calls: {call}",
    "{name} を登録しました（{kind}）。{next}\n実行内容: {call}",
)
_REMOVED = Words("{name} is removed ({kind}).", "{name} を削除しました（{kind}）。")
_IS_SET_UP = Words("{name}: set up ({kind})", "{name}: 登録済み（{kind}）")
_IS_NOT = Words(
    "{name}: not set up ({kind}). Next: qsm-bot schedule install",
    "{name}: 未登録（{kind}）。次: qsm-bot schedule install",
)
_NOT_PASSED_ON = Words(
    "the timer does not know this terminal's {names}; settings belong in qsm-bot.toml or .env",
    "タイマーにはこの端末の {names} が渡りません。qsm-bot.toml か .env に設定してください",
)

_FILED = Words("Written: {files}", "書き込みました: {files}")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        cls=OurGroup,
        rich_markup_mode=None,
        help=t("The system's own timer for rounds.", "OSのタイマーによる定期実行"),
    )
    app.add_typer(group, name="schedule")
    for name, function, help_ in (
        ("print", show_files, Words("Print what would be set up.", "登録内容を表示するだけ")),
        ("install", install, Words("Set the timer up.", "タイマーを登録")),
        ("remove", remove, Words("Take the timer away.", "タイマーを削除")),
        ("status", status, Words("The timer, the last rounds, the next.", "登録状況と前後の回")),
    ):
        command(group, name, help=help_)(function)


def show_files(
    job: Job,
    kind: ForOption = None,
    all_shops: AllShopsOption = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help=t("write them into a folder", "書き込むフォルダー")),
    ] = None,
) -> int:
    """Print the timer's files on stdout, in the encoding in which they are set up."""
    from qsm_bot.base.tables import write_bytes

    chosen, timer = _timer(kind)
    files = timer.files(_task(job, all_shops=all_shops))
    if out is not None:
        for name, content in files.items():
            write_bytes(out / name, content)
        job.say(_FILED.filled(files=" ".join(str(out / name) for name in files)))
        return 0
    if job.as_json:
        texts = {name: _text(content) for name, content in files.items()}
        print_document({"for": chosen.value, "files": texts})
    else:
        _print(files)
    return 0


def install(job: Job, kind: ForOption = None, all_shops: AllShopsOption = False) -> int:
    """Set the timer up by the system's own program."""
    import shlex

    from qsm_bot.render.rounds import next_words

    chosen, timer = _timer(kind)
    task = _task(job, all_shops=all_shops)
    timer.install(task)
    coming = task.schedule.after(now())
    document: dict[str, object] = {"for": chosen.value, "name": task.name}
    document |= {"command": task.command, "next": coming.isoformat() if coming else None}
    said = _INSTALLED.filled(
        name=task.name, kind=chosen, next=next_words(coming), call=shlex.join(task.command)
    )
    job.show(document, lambda: said.say(job.lang).replace("[", r"\["))
    names = sorted(name for name in os.environ if name.startswith("QSM_"))
    if names:
        job.tell(_NOT_PASSED_ON.filled(names=" ".join(names)))
    return 0


def remove(job: Job, kind: ForOption = None, all_shops: AllShopsOption = False) -> int:
    """Take the timer away by the system's own program."""
    chosen, timer = _timer(kind)
    name = _name(job, all_shops=all_shops)
    timer.remove(name)
    document = {"for": chosen.value, "name": name}
    job.show(document, lambda: _REMOVED.filled(name=name, kind=chosen).say(job.lang))
    return 0


def status(job: Job, kind: ForOption = None, all_shops: AllShopsOption = False) -> int:
    """Show whether the timer is set up, what became of the last rounds, and the next one."""
    from qsm_bot.cli.wiring.back_off import hindrances_of
    from qsm_bot.render.rounds import rounds_document, rounds_table

    chosen, timer = _timer(kind)
    name, shop = _name(job, all_shops=all_shops), shop_of(job, all_shops=all_shops)
    coming = job.settings.schedule().after(now())
    page = book_of(job, all_shops=all_shops).read()
    there = timer.is_installed(name)
    code = 0 if there else ExitCode.NOTHING_TO_DO
    document = rounds_document(shop, page.lines, coming, job.lang)
    document |= {"for": chosen.value, "name": name, "installed": there, "exit_code": code}
    hindrances = [] if all_shops else hindrances_of(job.settings)
    document["hindrances"] = [each.say(job.lang) for each in hindrances]
    job.show(document, lambda: rounds_table(shop, page, coming, job.lang))
    for words in hindrances:
        job.say(words)
    job.say((_IS_SET_UP if there else _IS_NOT).filled(name=name, kind=chosen))
    return code


def _timer(kind: TimerKind | None) -> "tuple[TimerKind, Timer]":
    from qsm_bot.schedule.timers.known import TIMERS
    from qsm_bot.schedule.timers.task import kind_of_system

    chosen = kind or kind_of_system(sys.platform)
    return chosen, TIMERS[chosen]


def _task(job: Job, *, all_shops: bool) -> "Task":
    from qsm_bot.schedule.timers.task import Task

    words = (*job.same_settings(), *(("--all-shops",) if all_shops else ()))
    return Task(
        name=_name(job, all_shops=all_shops),
        command=(sys.executable, "-m", "qsm_bot", "watch", "--once", *words),
        folder=Path.cwd(),
        schedule=job.settings.schedule(),
        alarms=(time(job.settings.duty_warn_hour), time(22), time(0, 1)),
        today=now().date(),
    )


def _name(job: Job, *, all_shops: bool) -> str:
    from qsm_bot.schedule.timers.task import task_name

    return task_name(ALL_SHOPS.replace(" ", "-") if all_shops else job.shop)


def _print(files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        if len(files) > 1:
            typer.echo(f"# {name}")
        if sys.stdout.isatty():
            typer.echo(_text(content))
        else:
            # A pipe gets the very bytes: `schtasks` wants UTF-16.
            typer.echo(content, nl=False)


def _text(content: bytes) -> str:
    return content.decode("utf-16" if content[:1] in {b"\xff", b"\xfe"} else "utf-8")
