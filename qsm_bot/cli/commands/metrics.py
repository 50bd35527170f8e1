"""The command metrics."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job
from qsm_bot.cli.program.command import command
from qsm_bot.cli.program.language import t

if TYPE_CHECKING:
    pass

_WRITTEN = Words("Metrics: {path}", "メトリクス: {path}")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(
        app,
        "metrics",
        help=Words("Figures for Prometheus, from the ledger.", "Prometheus 用の数値を出力"),
    )(metrics)


def metrics(
    job: Job,
    out: Annotated[
        Path | None, typer.Option(help=t("file; default: stdout", "出力先（既定: 標準出力）"))
    ] = None,
) -> int:
    """Print the metrics, or write them to a file."""
    from qsm_bot.cli.wiring.metrics_file import metric_values
    from qsm_bot.render.metrics import metrics_text, write_metrics

    figures = metric_values(job.settings)
    if out is None:
        typer.echo(metrics_text(figures), nl=False)
        return 0
    write_metrics(figures, out)
    document = {"file": str(out)}
    job.show(document, lambda: _WRITTEN.filled(path=out).say(job.lang))
    return 0
