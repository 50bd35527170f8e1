"""Commands on the mock portal: `portal` serves it, `portal check` judges what it was made to do."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from qsm_bot.base.errors.inputs import FileUnwritable, PortTaken, UsageInvalid
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.os_words import os_words
from qsm_bot.base.words import Words
from qsm_bot.cli.commands.portal_catalogues import list_defects, list_faults, one_of, options_with
from qsm_bot.cli.program.call import Job, raise_if_lost
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.usage import OurGroup
from qsm_bot.mock_portal.grid_names import GRIDS
from qsm_bot.mock_portal.styles import STYLES

if TYPE_CHECKING:
    from qsm_bot.mock_portal.server import MockPortal
    from qsm_bot.mock_portal.testing.history import Breach, History

_READY = Words(
    "The mock portal is ready: {url}\n"
    "Sign-in: {login}  password: {password}  shop: {shop}\n"
    "For another terminal:\n{lines}\n"
    "Ctrl-C ends it.",
    "模擬ポータルを起動しました: {url}\n"
    "ログインID: {login}  パスワード: {password}  ショップ: {shop}\n"
    "別のターミナルで:\n{lines}\n"
    "終了は Ctrl-C。",
)
_SERVE_HELP = Words(
    "Serve the mock portal, or check what it was made to do.", "模擬ポータルを起動・照合"
)
_CHECK_HELP = Words(
    "Judge the portal's journal beside the ledger.", "ポータルの記録と台帳を突き合わせる"
)
_NOT_COUNTED = Words(
    "Requests were not counted: name their file with --requests.",
    "送信回数は照合していません（--requests で通信記録を指定）。",
)
_UNREADABLE = Words("{file} cannot be read: {detail}", "{file} を読めません: {detail}")
_DAMAGED = Words("{detail}", "記録が壊れています: {detail}")
_Entry = TypeVar("_Entry")

PortOption = Annotated[
    int, typer.Option(min=0, max=65535, help=t("0 = any free one", "0 は空き番号"))
]
OrdersOption = Annotated[
    int,
    typer.Option(min=0, max=100_000, help=t("open cancel requests", "キャンセル要請の件数")),
]
SeedOption = Annotated[int, typer.Option(help=t("of the invented data", "データの種"))]
JournalOption = Annotated[
    Path | None,
    typer.Option(help=t("file for the effects, a JSON line each", "処理記録（JSON行）")),
]
RequestsOption = Annotated[
    Path | None,
    typer.Option(help=t("file for the requests, a JSON line each", "通信記録（JSON行）")),
]
LatencyOption = Annotated[
    int, typer.Option(min=0, help=t("ms added to each service call", "各通信に加える遅延 ms"))
]
GridOption = Annotated[
    str,
    typer.Option(metavar="|".join(GRIDS), help=t("what the list is shown in", "一覧表の種類")),
]
StyleOption = Annotated[
    str,
    typer.Option(
        metavar="|".join(STYLES), help=t("how the claim page is built", "クレーム画面の作り")
    ),
]
FaultOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME[:VALUE]",
        help=t("what goes wrong; may be repeated", "起こす障害（複数指定可）"),
    ),
]
FaultsOption = Annotated[
    bool, typer.Option("--faults", help=t("list the faults", "障害の一覧を表示"))
]
DefectOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help=t("departs from the manual; may be repeated", "手順書との相違（複数指定可）"),
    ),
]
DefectsOption = Annotated[
    bool, typer.Option("--defects", help=t("list the defects", "相違の一覧を表示"))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    # `command` makes the runner with the common options; here it is the group's own action.
    maker = typer.Typer()
    command(maker, "portal", help=_SERVE_HELP)(portal)
    group = typer.Typer(
        cls=OurGroup,
        rich_markup_mode=None,
        help=t(_SERVE_HELP.en, _SERVE_HELP.ja),
        callback=maker.registered_commands[0].callback,
        invoke_without_command=True,
    )
    app.add_typer(group, name="portal")
    command(group, "check", help=_CHECK_HELP)(check)


def portal(
    job: Job,
    ctx: typer.Context,
    port: PortOption = 8808,
    orders: OrdersOption = 12,
    seed: SeedOption = 1,
    journal: JournalOption = None,
    requests: RequestsOption = None,
    latency: LatencyOption = 0,
    style: StyleOption = STYLES[0],
    grid: GridOption = GRIDS[0],
    fault: FaultOption = None,
    faults: FaultsOption = False,
    defect: DefectOption = None,
    defects: DefectsOption = False,
) -> int:
    """Serve the mock portal until interrupted, unless a command of the group was named."""
    from qsm_bot.mock_portal.journal import Journal
    from qsm_bot.mock_portal.server import MockPortal
    from qsm_bot.mock_portal.world import World

    if ctx.invoked_subcommand is not None:
        raise_if_lost(ctx)
        return 0
    if faults:
        return list_faults(job)
    if defects:
        return list_defects(job)
    options = replace(
        options_with(fault or (), defect or ()),
        style=one_of("--style", style, STYLES),
        grid=one_of("--grid", grid, GRIDS),
    )
    server = MockPortal(
        World.seeded(orders, seed),
        port=port,
        journal=Journal(_begun(journal), _begun(requests)),
        latency=latency / 1000,
        options=options,
    )
    try:
        server.serve_forever(ready=lambda url: _announce(job, server, url))
    except OSError as error:
        raise PortTaken(port=port, detail=error) from error
    return ExitCode.OK


def _begun(file: Path | None) -> Path | None:
    """Return the file, made if need be: an empty journal says that nothing was done.

    Raises:
        FileUnwritable: it cannot be written.
    """
    if file is not None:
        try:
            file.open("a", encoding="utf-8").close()
        except OSError as error:
            raise FileUnwritable(file=file, detail=os_words(error)) from error
    return file


def _announce(job: Job, server: "MockPortal", url: str) -> None:
    facts = {
        "QSM_PORTAL_URL": url,
        "QSM_LOGIN_ID": server.login_id,
        "QSM_PASSWORD": server.password,
        "QSM_SHOP_NAME": server.world.shop_name,
        "QSM_QAPI_URL": server.qapi_url,
        "QSM_QAPI_KEY": server.qapi_key,
    }
    form = "  $env:{}='{}'" if os.name == "nt" else "  export {}='{}'"
    lines = "\n".join(form.format(name, value) for name, value in facts.items())
    said = _READY.filled(
        url=url,
        login=server.login_id,
        password=server.password,
        shop=server.world.shop_name,
        lines=lines,
    )
    job.show({**facts}, lambda: said.say(job.lang))
    sys.stdout.flush()


def check(
    job: Job,
    journal: Annotated[
        Path, typer.Option(help=t("the portal's file of effects", "ポータルの処理記録"))
    ],
    requests: Annotated[
        Path | None,
        typer.Option(help=t("the portal's file of requests", "ポータルの通信記録")),
    ] = None,
) -> int:
    """Judge a journal beside the ledger."""
    from qsm_bot.cli.commands.portal_tables import agreement, breach_table
    from qsm_bot.mock_portal.testing.invariants import breaches

    history = _history(job, journal, requests)
    findings = breaches(history)
    code = ExitCode.SAFETY_STOP if findings else 0
    document = {
        "agrees": not findings,
        "findings": [_finding(each) for each in findings],
        "effects": dict(sorted(history.acts.items())),
        "requests": None if requests is None else len(history.requests),
        "exit_code": code,
    }
    said = agreement(history.acts)
    job.show(document, lambda: breach_table(findings, job.lang) if findings else said.say(job.lang))
    if requests is None:
        job.say(_NOT_COUNTED)
    return code


def _history(job: Job, journal: Path, requests: Path | None) -> "History":
    from qsm_bot.cli.wiring.stores import load_pack, open_ledger, whole_chain
    from qsm_bot.mock_portal.journal import read_effects, read_requests
    from qsm_bot.mock_portal.testing.history import History

    effects = _entries(read_effects, journal)
    seen = _entries(read_requests, requests) if requests else []
    settings = job.settings
    texts = load_pack(settings).texts
    with open_ledger(settings) as ledger:
        whole_chain(ledger)
        return History.read(
            ledger,
            shop=settings.shop,
            effects=effects,
            requests=seen,
            labels=texts.reasons.model_dump(),
            confirm=texts.confirm,
            fused=settings.fuse == "strict",
        )


def _entries(read: Callable[[Path], list[_Entry]], file: Path) -> list[_Entry]:
    """Read a journal's file.

    Raises:
        UsageInvalid: there is none, or a line of it is damaged.
    """
    try:
        return read(file)
    except OSError as error:
        detail = _UNREADABLE.filled(file=file, detail=os_words(error))
        raise UsageInvalid(detail=detail) from error
    except ValueError as error:
        raise UsageInvalid(detail=_DAMAGED.filled(detail=error)) from error


def _finding(finding: "Breach") -> dict[str, object]:
    return {
        "invariant": finding.invariant,
        "order_no": finding.order_no,
        "what": finding.words,
    }
