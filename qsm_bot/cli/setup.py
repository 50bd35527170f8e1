"""Commands to begin with: demo, init, doctor."""

from pathlib import Path
from typing import Annotated

import typer

from qsm_bot.cli.command import Job, command, writable
from qsm_bot.cli.lang import t
from qsm_bot.errors import FileExists, FileUnwritable
from qsm_bot.words import Words

_INIT_DONE = Words("Written: {files}", "作成しました: {files}")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(
        app,
        "demo",
        help=Words(
            "Watch the whole job in a real browser, on the mock portal.",
            "模擬ポータルで全手順を実演",
        ),
    )(demo)
    command(
        app, "init", help=Words("Write commented settings and rules.", "設定とルールの見本を作る")
    )(init)
    command(
        app,
        "doctor",
        help=Words(
            "Check this computer, and with --portal the portal.",
            "このPCと（--portal で）ポータルの点検",
        ),
    )(doctor)


def demo(
    job: Job,
    keep: Annotated[
        Path | None,
        typer.Option(
            help=t("data folder; default: a new temporary one", "データフォルダ（既定: 一時）")
        ),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help=t("with the browser's window", "ブラウザを表示"))
    ] = False,
) -> int:
    """Run the demo."""
    from qsm_bot.cli.demo import run_demo

    return run_demo(job, keep, headless=not show)


def init(
    job: Job,
    folder: Annotated[Path, typer.Argument(help=t("where to", "作成先"))] = Path(),
    force: Annotated[bool, typer.Option(help=t("replace files", "上書きする"))] = False,
) -> int:
    """Write the commented examples."""
    from qsm_bot.cli.examples import EXAMPLES

    paths = {folder / name: text for name, text in EXAMPLES.items()}
    for path in paths:
        if path.exists() and not force:
            raise FileExists(file=path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnwritable(file=folder, detail=error.strerror) from error
    for path, text in paths.items():
        with writable(path) as file:
            file.write(text)
    files = [str(path) for path in paths]
    job.show(
        {"schema": 1, "files": files},
        lambda: _INIT_DONE.filled(files=" ".join(files)).say(job.lang),
    )
    return 0


def doctor(
    job: Job,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help=t("install a browser if there is none", "ブラウザが無ければ導入")
        ),
    ] = False,
    portal: Annotated[
        bool,
        typer.Option(
            "--portal",
            help=t(
                "also sign in and look for each element of the selector pack; reads only",
                "ポータルにもログインし、セレクタパックの全要素を点検（読み取りのみ）",
            ),
        ),
    ] = False,
) -> int:
    """Check this computer, and the portal if asked."""
    from qsm_bot.cli.checkup import run_checkup

    return run_checkup(job, fix=fix, portal=portal)
