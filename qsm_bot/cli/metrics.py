"""The command metrics, and the file that is written after each run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qsm_bot.cli.command import Job, command
from qsm_bot.cli.lang import t
from qsm_bot.clock import now
from qsm_bot.errors import QsmBotError
from qsm_bot.words import Words

if TYPE_CHECKING:
    from qsm_bot.render.metrics import Figures
    from qsm_bot.settings import Settings

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
    from qsm_bot.render.metrics import metrics_text, write_metrics

    figures = _figures(job.settings)
    if out is None:
        typer.echo(metrics_text(figures), nl=False)
        return 0
    write_metrics(figures, out)
    document = {"schema": 1, "file": str(out)}
    job.show(document, lambda: _WRITTEN.filled(path=out).say(job.lang))
    return 0


@contextmanager
def metrics_afterwards(settings: "Settings") -> Iterator[None]:
    """Write the file of the settings, if they name one, however the block ends."""
    try:
        yield
    finally:
        if settings.metrics_file is not None:
            _write_quietly(settings, settings.metrics_file)


def _write_quietly(settings: "Settings", path: Path) -> None:
    from qsm_bot.log import get_logger
    from qsm_bot.render.metrics import write_metrics

    try:
        write_metrics(_figures(settings), path)
    except QsmBotError as error:
        # The run is over, and what it did stands in the ledger.
        get_logger(__name__).warning("metrics_not_written", file=str(path), error=error.message.en)


def _figures(settings: "Settings") -> "Figures":
    from qsm_bot.cli.parts import open_ledger
    from qsm_bot.cli.seat import sessions_of
    from qsm_bot.render.metrics import Figures

    with open_ledger(settings) as ledger:
        runs, tallies = ledger.runs(), ledger.tallies()
        shops = {run.shop for run in runs}
        if settings.is_of_one_shop:
            shops.add(settings.shop)
        duties = {shop: ledger.duties(shop, only_open=True) for shop in shops}
    moment = now()
    ages = {shop: sessions_of(settings, shop).age(moment) for shop in shops}
    signed_in = {shop: moment - age for shop, age in ages.items() if age is not None}
    return Figures(runs=runs, tallies=tallies, signed_in=signed_in, duties=duties)
