"""The command init: commented settings and rules to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from qsm_bot.base.errors.inputs import FileExists, FileUnwritable
from qsm_bot.base.os_words import os_words
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job, writable
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t

_INIT_DONE = Words("Written: {files}", "作成しました: {files}")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app, "init", help=Words("Write commented settings and rules.", "設定とルールの見本を作る")
    )(init)


def init(
    job: Job,
    folder: Annotated[Path, typer.Argument(help=t("where to", "作成先"))] = Path(),
    force: Annotated[bool, typer.Option(help=t("replace files", "上書きする"))] = False,
) -> int:
    """Write the commented examples."""
    from qsm_bot.cli.commands.example_files import EXAMPLES

    paths = {folder / name: text for name, text in EXAMPLES.items()}
    for path in paths:
        if path.exists() and not force:
            raise FileExists(file=path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnwritable(file=folder, detail=os_words(error)) from error
    for path, text in paths.items():
        with writable(path) as file:
            file.write(text)
    files = [str(path) for path in paths]
    job.show(
        {"files": files},
        lambda: _INIT_DONE.filled(files=" ".join(files)).say(job.lang),
    )
    return 0
