"""`qsm-bot accept`: what the manual says of the refusal procedure, judged at a clone."""

from pathlib import Path
from typing import Annotated

import typer

from qsm_bot.cli.command import Job, command
from qsm_bot.cli.lang import t
from qsm_bot.errors import UsageInvalid
from qsm_bot.words import Words

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


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "accept", help=_HELP)(accept)


def accept(
    job: Job,
    url: Annotated[
        str | None,
        typer.Argument(
            help=t("the clone: scheme, host and port", "クローン（スキーム・ホスト・ポート）")
        ),
    ] = None,
    clone_confirmed: Annotated[
        bool,
        typer.Option(
            "--clone-confirmed",
            help=t("it is a clone: orders may be refused", "クローンなので注文を拒否してよい"),
        ),
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help=t("report with pictures", "画像付きレポート"))
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="JUnit XML")] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            metavar="LAST.json",
            help=t("an earlier run's --json: what has changed", "以前の --json と比べる"),
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help=t("this statement only; may be repeated", "この項目だけ（複数可）")
        ),
    ] = None,
    selectors: Annotated[
        Path | None,
        typer.Option(help=t("the clone's selector pack", "クローンのセレクタパック")),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1, help=t("seconds for a page or an element", "待つ秒数"))
    ] = 10,
    load: Annotated[
        str | None,
        typer.Option(
            metavar="SELLERSxREFUSALS",
            help=t("then so many at once, such as 50x10", "続けて負荷試験（50x10 など）"),
        ),
    ] = None,
    load_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            help=t(
                "a host besides this machine that may bear it",
                "負荷をかけてよい、このPC以外のホスト",
            ),
        ),
    ] = None,
    faults: Annotated[
        bool,
        typer.Option(
            "--faults", help=t("then again in bad networks", "続けて通信障害の下で再判定")
        ),
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help=t("with the browser's window", "ブラウザを表示"))
    ] = False,
    list_: Annotated[
        bool, typer.Option("--list", help=t("list the statements", "項目の一覧を表示"))
    ] = False,
) -> int:
    """Run the kit in a process of its own and say what it found."""
    from qsm_bot.acceptance.network import raise_if_not_here
    from qsm_bot.acceptance.process import KitCall, run_kit
    from qsm_bot.acceptance.under_faults import judge_under_faults
    from qsm_bot.render.acceptance import acceptance_table

    if list_:
        return _list(job)
    if job.config or job.shop:
        raise UsageInvalid(detail=_NO_SETTINGS)
    if url is None:
        raise UsageInvalid(detail=_NO_URL)
    if faults:
        raise_if_not_here(url)
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
    document = run_kit(call)
    document["faults"] = judge_under_faults(call, document, job.tell) if faults else None
    job.show(document, lambda: acceptance_table(document, job.lang))
    counts = document["counts"]
    job.say(
        _COUNTED.filled(
            held=counts["held"], broken=counts["did not hold"], left=counts["not judged"]
        )
    )
    if document["error"]:
        job.say(_TROUBLE.filled(**document["error"]))
    elif not clone_confirmed and any(each["destructive"] for each in document["statements"]):
        job.say(_UNCONFIRMED)
    code: int = document["exit_code"]
    return code


def _list(job: Job) -> int:
    from qsm_bot.acceptance.statements import STATEMENTS
    from qsm_bot.render.acceptance import statement_table

    document = [
        {
            "id": each.id,
            "words": each.words.say(job.lang),
            "sections": list(each.sections),
            "destructive": each.destructive,
            "needs": [need.words.say(job.lang) for need in each.needs],
        }
        for each in STATEMENTS.values()
    ]
    job.show(
        {"schema": 1, "statements": document},
        lambda: statement_table(document, job.lang),
    )
    return 0
