"""The command demo: the whole job on the mock portal; see `demo_run`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.open_in_browser import open_in_browser
from qsm_bot.mock_portal.styles import STYLES


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "demo",
        help=Words(
            "Watch the whole job in a real browser, on the mock portal. Ends with 0 if three "
            "orders were refused and the withdrawn one was left alone.",
            "模擬ポータルで全手順を実演（3件を拒否し、取り下げの1件を残せば終了コード 0）",
        ),
    )(demo)


def demo(
    job: Job,
    keep: Annotated[
        Path | None,
        typer.Option(
            help=t("data folder; default: a new temporary one", "データフォルダ（既定: 一時）")
        ),
    ] = None,
    style: Annotated[
        str,
        typer.Option(
            metavar="|".join(STYLES), help=t("how the claim page is built", "クレーム画面の作り")
        ),
    ] = STYLES[0],
    show: Annotated[
        bool, typer.Option("--show", help=t("with the browser's window", "ブラウザを表示"))
    ] = False,
    open_: Annotated[
        bool,
        typer.Option(
            "--open/--no-open", help=t("show the report at the end", "最後にレポートを開く")
        ),
    ] = True,
) -> int:
    """Run the demo."""
    from qsm_bot.cli.commands.demo_run import run_demo
    from qsm_bot.cli.commands.portal_catalogues import one_of

    style = one_of("--style", style, STYLES)
    ending = run_demo(job, keep, style=style, headless=not show)
    # A script or a timer wants none.
    if open_ and not job.as_json and sys.stdout.isatty():
        open_in_browser(ending.report)
    return ending.exit_code
