"""Commands on the book: history, report, ledger."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.cli.command import Job, command, writable
from qsm_bot.cli.lang import t
from qsm_bot.clock import now
from qsm_bot.words import Words

if TYPE_CHECKING:
    from qsm_bot.ledger import Ledger

_WRITTEN = Words("Report: {path}", "レポート: {path}")
_CHAIN_GOOD = Words(
    "{entries} entries, the chain is whole. Head: {head}",
    "{entries} 件、改変はありません。末尾: {head}",
)
_EMPTY = Words("Nothing was done yet.", "まだ履歴はありません。")
_NO_REPORT = ("reconcile", "ship")
_EXPORTED = Words("{entries} entries written to {path}", "{entries} 件を {path} に出力しました")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "history", help=Words("Show what was done.", "処理の履歴"))(history)
    command(app, "report", help=Words("Write a run's HTML report.", "実行のHTMLレポートを作成"))(
        report
    )
    group = typer.Typer(
        rich_markup_mode=None, help=t("Check or export the ledger.", "台帳の検査・出力")
    )
    app.add_typer(group, name="ledger")
    command(group, "verify", help=Words("Walk the hash chain.", "ハッシュ鎖を検査"))(verify)
    command(group, "export", help=Words("Write all entries as JSON lines.", "全件をJSON行で出力"))(
        export
    )


def history(
    job: Job,
    order: Annotated[
        str | None, typer.Option(help=t("only this 注文番号", "注文番号で絞る"))
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help=t("newest so many", "新しい順の件数"))] = 50,
) -> int:
    """Show attempts and their outcomes, newest first."""
    from qsm_bot.cli.parts import open_ledger
    from qsm_bot.model import kinds_of
    from qsm_bot.render.tables import history_table

    with open_ledger(job.settings) as ledger:
        rows = ledger.attempts(shop=job.settings.shop, order_no=order, limit=limit)
    document = {
        "schema": 1,
        "shop": job.settings.shop,
        "attempts": [
            {
                "order_no": row.order_no,
                "kind": row.kind.value,
                "attempt": row.attempt,
                "reason": row.reason.value,
                "text": row.text,
                "state": row.state.value,
                "outcome": row.outcome.value if row.outcome else None,
                "proofs": [kind.value for kind in kinds_of(row.proofs)],
                "run_id": row.run_id,
                "plan": row.plan,
                "at": row.updated_at.isoformat(),
            }
            for row in rows
        ],
    }
    job.show(document, lambda: history_table(rows, job.lang) if rows else _EMPTY.say(job.lang))
    return 0 if rows else 10


def report(
    job: Job,
    run: Annotated[
        str,
        typer.Argument(help=t("run id, its first characters, or latest", "実行番号または latest")),
    ] = "latest",
    out: Annotated[Path | None, typer.Option(help=t("file to write", "出力先"))] = None,
) -> int:
    """Write the HTML report of one run."""
    from qsm_bot.cli.parts import data_folder, open_ledger
    from qsm_bot.render.files import write_report

    with open_ledger(job.settings) as ledger:
        record = ledger.run(_newest(ledger, job.settings.shop) if run == "latest" else run)
        path = out or data_folder(job.settings) / "reports" / f"{record.id}.html"
        write_report(
            ledger, record, data_folder(job.settings) / "evidence", path, lang=job.lang, now=now()
        )
    document = {"schema": 1, "run_id": record.id, "report": str(path)}
    job.show(document, lambda: _WRITTEN.filled(path=path).say(job.lang))
    return 0


def _newest(ledger: "Ledger", shop: str) -> str:
    """Return the newest run that was about refusing; the others have nothing to report."""
    runs = (run.id for run in ledger.runs(shop=shop) if run.command not in _NO_REPORT)
    return next(runs, "latest")


def verify(job: Job) -> int:
    """Walk the hash chain and say where it is broken, if it is."""
    from qsm_bot.cli.parts import open_ledger, whole_chain

    with open_ledger(job.settings) as ledger:
        chain = whole_chain(ledger)
    document = {"schema": 1, "entries": chain.entries, "head": chain.head, "broken": None}
    said = _CHAIN_GOOD.filled(entries=chain.entries, head=chain.head)
    job.show(document, lambda: said.say(job.lang))
    return 0


def export(
    job: Job,
    out: Annotated[
        Path | None, typer.Option(help=t("file; default: stdout", "出力先（既定: 標準出力）"))
    ] = None,
) -> int:
    """Write all entries as JSON lines that anyone can verify with SHA-256."""
    from qsm_bot.cli.parts import open_ledger

    with open_ledger(job.settings) as ledger:
        if out is None:
            ledger.export(sys.stdout)
            return 0
        with writable(out) as file:
            entries = ledger.export(file)
    document = {"schema": 1, "entries": entries, "file": str(out)}
    job.show(document, lambda: _EXPORTED.filled(entries=entries, path=out).say(job.lang))
    return 0
