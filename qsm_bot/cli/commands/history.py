"""Commands that tell what was done: history, report."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.clock import JST, now
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t
from qsm_bot.cli.program.open_in_browser import open_in_browser
from qsm_bot.domain.request import OutcomeKind, RefusalReason
from qsm_bot.render.formats import MonthFormat, format_of

if TYPE_CHECKING:
    from qsm_bot.ledger import Ledger

SinceOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help=t("begun on this day or later", "この日以降に開始")),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help=t("begun on this day or before", "この日までに開始")),
]

_LATEST = "latest"
_WRITTEN = Words("Report: {path}", "レポート: {path}")
_MONTH_WRITTEN = Words(
    "{attempts} attempts in {month} ({outcomes}). Report: {path}",
    "{month} の処理 {attempts} 件（{outcomes}）。レポート: {path}",
)
_FOR_A_MONTH = Words("--format is for --month", "--format には --month の指定が必要です")
_RUN_OR_MONTH = Words("a run, or --month; not both", "実行番号と --month は同時に指定できません")
_EMPTY = Words("Nothing was done yet.", "まだ履歴はありません。")
_NO_HIT = Words("Nothing fits.", "該当する履歴はありません。")
_NO_REPORT = ("reconcile", "ship")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "history", help=Words("Show what was done.", "処理の履歴"))(history)
    command(
        app,
        "report",
        help=Words(
            "Write a run's HTML report, or a month's as html, xlsx or csv.",
            "実行のHTMLレポート、または月次レポート（html・xlsx・csv）を作成",
        ),
    )(report)


def history(
    job: Job,
    order: Annotated[
        str | None, typer.Option(help=t("only this 注文番号", "注文番号で絞る"))
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    outcome: Annotated[
        list[OutcomeKind] | None, typer.Option(help=t("only this one; repeatable", "結果で絞る"))
    ] = None,
    reason: Annotated[
        list[RefusalReason] | None,
        typer.Option(help=t("only this one; repeatable", "理由で絞る")),
    ] = None,
    all_shops: Annotated[
        bool,
        typer.Option("--all-shops", help=t("all shops of this ledger", "台帳の全ショップ")),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help=t("newest so many", "新しい順の件数"))] = 50,
) -> int:
    """Show attempts and their outcomes, newest first."""
    from qsm_bot.cli.wiring.stores import open_ledger
    from qsm_bot.ledger import Wanted
    from qsm_bot.render.documents import history_document
    from qsm_bot.render.tables import history_table

    settings = job.settings
    # The list over all shops needs none to be chosen.
    shop = settings.shop if settings.is_of_one_shop or not all_shops else ""
    wanted = Wanted(
        shop=None if all_shops else shop,
        order_no=order,
        since=since.replace(tzinfo=JST) if since else None,
        until=until.replace(tzinfo=JST) + timedelta(days=1) if until else None,
        outcomes=outcome or (),
        reasons=reason or (),
        limit=limit,
    )
    with open_ledger(job.settings) as ledger:
        rows = ledger.find(wanted)
    none = _NO_HIT if order or since or until or outcome or reason else _EMPTY
    job.show(
        history_document(shop, rows),
        lambda: history_table(rows, job.lang, of_shops=all_shops) if rows else none.say(job.lang),
    )
    return 0 if rows else 10


def report(
    job: Job,
    run: Annotated[
        str,
        typer.Argument(help=t("run id, its first characters, or latest", "実行番号または latest")),
    ] = _LATEST,
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help=t("a month instead of a run", "実行の代わりに対象月")),
    ] = None,
    kind: Annotated[
        MonthFormat | None,
        typer.Option("--format", help=t("of a month; default: by --out, else html", "月次の形式")),
    ] = None,
    out: Annotated[Path | None, typer.Option(help=t("file to write", "出力先"))] = None,
    open_: Annotated[
        bool, typer.Option("--open", help=t("show it at once", "書いたらすぐに開く"))
    ] = False,
) -> int:
    """Write the HTML report of one run, or the report of a month."""
    if month is not None:
        path = _month_report(job, run, month, kind, out)
    else:
        path = _run_report(job, run, kind, out)
    if open_:
        open_in_browser(path)
    return 0


def _run_report(job: Job, run: str, kind: MonthFormat | None, out: Path | None) -> Path:
    if kind is not None:
        raise UsageInvalid(detail=_FOR_A_MONTH)
    from qsm_bot.base.pictures import PictureStore
    from qsm_bot.cli.wiring.stores import data_folder, open_ledger
    from qsm_bot.render.files import write_report

    with open_ledger(job.settings) as ledger:
        record = ledger.run(_newest(ledger, job.settings.shop) if run == _LATEST else run)
        path = out or data_folder(job.settings) / "reports" / f"{record.id}.html"
        pictures = PictureStore(data_folder(job.settings))
        write_report(ledger, record, pictures, path, lang=job.lang, now=now())
    document = {"run_id": record.id, "report": str(path)}
    job.show(document, lambda: _WRITTEN.filled(path=path).say(job.lang))
    return path


def _month_report(
    job: Job, run: str, month: str, kind: MonthFormat | None, out: Path | None
) -> Path:
    from qsm_bot.cli.wiring.stores import data_folder, open_ledger
    from qsm_bot.render.documents import month_document
    from qsm_bot.render.files import month_name, write_month
    from qsm_bot.render.month import Month, read_month
    from qsm_bot.render.month_columns import outcome_words

    if run != _LATEST:
        raise UsageInvalid(detail=_RUN_OR_MONTH)
    wanted = Month.parsed(month)
    with open_ledger(job.settings) as ledger:
        record = read_month(ledger, job.settings.shop, wanted, now=now())
    kind = kind or format_of(out)
    path = out or data_folder(job.settings) / "reports" / month_name(record, kind)
    write_month(record, kind, path, job.lang)
    said = _MONTH_WRITTEN.filled(
        path=path, month=wanted, attempts=len(record.rows), outcomes=outcome_words(record)
    )
    job.show(month_document(record, kind, path), lambda: said.say(job.lang))
    return path


def _newest(ledger: "Ledger", shop: str) -> str:
    """Return the newest run that was about refusing; the others have nothing to report."""
    runs = (run.id for run in ledger.runs(shop=shop) if run.command not in _NO_REPORT)
    return next(runs, "latest")
