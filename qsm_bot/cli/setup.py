"""Commands to begin with: demo, init, doctor, portal."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.cli.command import Job, command, writable
from qsm_bot.cli.lang import t
from qsm_bot.errors import FileExists, FileUnwritable, PortTaken
from qsm_bot.words import Words

if TYPE_CHECKING:
    from qsm_bot.mock_portal.server import MockPortal

_INIT_DONE = Words("Written: {files}", "作成しました: {files}")
_PORTAL_READY = Words(
    "The mock portal is ready: {url}\n"
    "Sign-in: {login}  password: {password}  shop: {shop}\n"
    "For another terminal:\n{lines}\n"
    "Ctrl-C ends it.",
    "模擬ポータルを起動しました: {url}\n"
    "ログインID: {login}  パスワード: {password}  ショップ: {shop}\n"
    "別のターミナルで:\n{lines}\n"
    "終了は Ctrl-C。",
)


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
    command(app, "doctor", help=Words("Check this computer.", "このPCの点検"))(doctor)
    command(app, "portal", help=Words("Serve the mock portal.", "模擬ポータルを起動"))(portal)


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
) -> int:
    """Check this computer."""
    from qsm_bot.cli.checkup import run_checkup

    return run_checkup(job, fix=fix)


def portal(
    job: Job,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=t("0 = any free one", "0 は空き番号"))
    ] = 8808,
    orders: Annotated[
        int,
        typer.Option(min=0, max=100_000, help=t("open cancel requests", "キャンセル要請の件数")),
    ] = 12,
    seed: Annotated[int, typer.Option(help=t("of the invented data", "データの種"))] = 1,
    journal: Annotated[
        Path | None,
        typer.Option(help=t("file for the effects, a JSON line each", "処理記録（JSON行）")),
    ] = None,
    latency: Annotated[
        int, typer.Option(min=0, help=t("ms added to each service call", "各通信に加える遅延 ms"))
    ] = 0,
) -> int:
    """Serve the mock portal until interrupted."""
    from qsm_bot.mock_portal.journal import Journal
    from qsm_bot.mock_portal.server import MockPortal
    from qsm_bot.mock_portal.world import World

    server = MockPortal(
        World.seeded(orders, seed), port=port, journal=Journal(journal), latency=latency / 1000
    )
    try:
        server.serve_forever(ready=lambda url: _announce(job, server, url))
    except OSError as error:
        raise PortTaken(port=port, detail=error) from error
    return 0


def _announce(job: Job, server: "MockPortal", url: str) -> None:
    facts = {
        "QSM_PORTAL_URL": url,
        "QSM_LOGIN_ID": server.login_id,
        "QSM_PASSWORD": server.password,
        "QSM_SHOP_NAME": server.world.shop_name,
    }
    form = "  $env:{}='{}'" if os.name == "nt" else "  export {}='{}'"
    lines = "\n".join(form.format(name, value) for name, value in facts.items())
    said = _PORTAL_READY.filled(
        url=url,
        login=server.login_id,
        password=server.password,
        shop=server.world.shop_name,
        lines=lines,
    )
    job.show({"schema": 1, **facts}, lambda: said.say(job.lang))
    sys.stdout.flush()
