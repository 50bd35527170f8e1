"""`qsm-bot accept`: what the manual says of the refusal procedure, judged at a clone."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t

if TYPE_CHECKING:
    from qsm_bot.acceptance.process import KitCall

_HELP = Words(
    "Judge a clone of the portal by the manual, step by step.",
    "ポータルのクローンをマニュアルの手順どおりか判定",
)
_NO_URL = Words("which clone? qsm-bot accept URL", "クローンのURLを指定: qsm-bot accept URL")
_COUNTED = Words(
    "{held} held, {broken} did not hold, {left} not judged.",
    "成立 {held}、不成立 {broken}、判定不能 {left}。",
)
_TROUBLE = Words("{message}\n  Next: {next}", "{message}\n  次の操作: {next}")
_NO_SETTINGS = Words(
    "accept reads no settings file, so that a shop's password cannot reach a clone: leave out "
    "--config and --shop, and say by QSM_LOGIN_ID, QSM_PASSWORD and QSM_SHOP_NAME who signs in",
    "ショップのパスワードがクローンへ渡らないよう、accept は設定ファイルを使いません。"
    "--config と --shop を外し、QSM_LOGIN_ID、QSM_PASSWORD、QSM_SHOP_NAME で指定してください",
)
_UNCONFIRMED = Words(
    "Statements that act on orders were not judged: --clone-confirmed says that it is a clone.",
    "注文を処理する項目は判定していません。クローンであれば --clone-confirmed を付けてください。",
)


UrlArgument = Annotated[
    str | None,
    typer.Argument(
        help=t("the clone: scheme, host and port", "クローン（スキーム・ホスト・ポート）")
    ),
]
ConfirmedOption = Annotated[
    bool,
    typer.Option(
        "--clone-confirmed",
        help=t("it is a clone: orders may be refused", "クローンなので注文を拒否してよい"),
    ),
]
HtmlOption = Annotated[
    Path | None, typer.Option(help=t("report with pictures", "画像付きレポート"))
]
JunitOption = Annotated[Path | None, typer.Option(help="JUnit XML")]
CompareOption = Annotated[
    Path | None,
    typer.Option(
        metavar="LAST.json",
        help=t("an earlier run's --json: what has changed", "以前の --json と比べる"),
    ),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID", help=t("this statement only; may be repeated", "この項目だけ（複数可）")
    ),
]
SelectorsOption = Annotated[
    Path | None,
    typer.Option(help=t("the clone's selector pack", "クローンのセレクタパック")),
]
TimeoutOption = Annotated[
    float, typer.Option(min=1, help=t("seconds for a page or an element", "待つ秒数"))
]
LoadOption = Annotated[
    str | None,
    typer.Option(
        metavar="SELLERSxREFUSALS",
        help=t("then so many at once, such as 50x10", "続けて負荷試験（50x10 など）"),
    ),
]
LoadHostOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="HOST",
        help=t(
            "a host besides this machine that may bear it",
            "負荷をかけてよい、このPC以外のホスト",
        ),
    ),
]
FaultsOption = Annotated[
    bool,
    typer.Option("--faults", help=t("then again in bad networks", "続けて通信障害の下で再判定")),
]
ShowOption = Annotated[
    bool, typer.Option("--show", help=t("with the browser's window", "ブラウザを表示"))
]
ListOption = Annotated[
    bool, typer.Option("--list", help=t("list the statements", "項目の一覧を表示"))
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "accept", help=_HELP)(accept)


def accept(
    job: Job,
    url: UrlArgument = None,
    clone_confirmed: ConfirmedOption = False,
    html: HtmlOption = None,
    junit: JunitOption = None,
    compare: CompareOption = None,
    only: OnlyOption = None,
    selectors: SelectorsOption = None,
    timeout: TimeoutOption = 10,
    load: LoadOption = None,
    load_host: LoadHostOption = None,
    faults: FaultsOption = False,
    show: ShowOption = False,
    list_: ListOption = False,
) -> int:
    """Run the kit in a process of its own and print what it found."""
    from qsm_bot.acceptance.process import KitCall

    if list_:
        return _list(job)
    if job.config or job.shop:
        raise UsageInvalid(detail=_NO_SETTINGS)
    if url is None:
        raise UsageInvalid(detail=_NO_URL)
    call = KitCall(
        url=url,
        confirmed=clone_confirmed,
        only=only or (),
        html=html,
        junit=junit,
        compare=compare,
        selectors=selectors,
        timeout=timeout,
        headed=show,
        lang=job.lang,
        verbose=job.verbose,
        load=load,
        load_hosts=load_host or (),
    )
    document = _document(job, call, faults=faults)
    _print(job, document, confirmed=clone_confirmed)
    code: int = document["exit_code"]
    return code


def _document(job: Job, call: "KitCall", *, faults: bool) -> dict[str, Any]:
    from qsm_bot.acceptance.clone.bad_networks import raise_if_not_local
    from qsm_bot.acceptance.process import run_kit
    from qsm_bot.acceptance.under_faults import judge_under_faults

    if faults:
        raise_if_not_local(call.url)
    document = run_kit(call)
    document["faults"] = judge_under_faults(call, document, job.tell) if faults else None
    return document


def _print(job: Job, document: Mapping[str, Any], *, confirmed: bool) -> None:
    from qsm_bot.acceptance.report.tables import acceptance_table

    job.show(document, lambda: acceptance_table(document, job.lang))
    counts = document["counts"]
    job.say(
        _COUNTED.filled(
            held=counts["held"], broken=counts["did not hold"], left=counts["not judged"]
        )
    )
    if document["error"]:
        job.say(_TROUBLE.filled(**document["error"]))
    elif not confirmed and any(each["destructive"] for each in document["statements"]):
        job.say(_UNCONFIRMED)


def _list(job: Job) -> int:
    from qsm_bot.acceptance.report.documents import statements_document
    from qsm_bot.acceptance.report.tables import statement_table

    document = statements_document(job.lang)
    job.show(document, lambda: statement_table(document["statements"], job.lang))
    return 0
