"""The command board: the seller's page on this computer."""

from typing import Annotated

import typer

from qsm_bot.base.errors.inputs import PortTaken
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.open_in_browser import open_in_browser

_READY = Words(
    "The board is open: {url}\nThe address lets one browser in, once. Ctrl-C ends the board.",
    "窓口を開きました: {url}\nこのアドレスは1つのブラウザで1回だけ使えます。終了は Ctrl-C。",
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "board",
        help=Words("Open the seller's page on this computer.", "窓口（画面）を開く"),
    )(board)


def board(
    job: Job,
    practice: Annotated[
        bool, typer.Option("--practice", help=t("with the practice shop", "練習用ショップで開く"))
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=t("0 = any free one", "0 は空き番号"))
    ] = 0,
    open_: Annotated[
        bool,
        typer.Option("--open/--no-open", help=t("open the browser", "ブラウザを開く")),
    ] = True,
) -> int:
    """Serve the board until it is ended."""
    from qsm_bot.board.server import BoardServer
    from qsm_bot.cli.program.call import print_document

    try:
        server = BoardServer(config=job.config, shop=job.shop, port=port, lang=job.lang)
    except OSError as error:
        raise PortTaken(port=port, detail=error.strerror) from error
    url = server.address(practice=practice)

    def ready() -> None:
        if job.as_json:
            print_document({"url": url})
        job.say(_READY.filled(url=url))
        if open_:
            open_in_browser(url)

    server.serve(ready)
    return ExitCode.OK
