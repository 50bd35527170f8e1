"""The shop's figures for Prometheus, and the file that is written after each run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qsm_bot.base.clock import now
from qsm_bot.base.errors.base import QsmBotError

if TYPE_CHECKING:
    from qsm_bot.config.settings import Settings
    from qsm_bot.render.metrics import MetricValues


@contextmanager
def metrics_afterwards(settings: "Settings") -> Iterator[None]:
    """Write the file of the settings, if they name one, however the block ends."""
    try:
        yield
    finally:
        if settings.metrics_file is not None:
            _write_quietly(settings, settings.metrics_file)


def _write_quietly(settings: "Settings", path: Path) -> None:
    from qsm_bot.base.log import get_logger
    from qsm_bot.render.metrics import write_metrics

    try:
        write_metrics(metric_values(settings), path)
    except QsmBotError as error:
        # The run is over, and what it did stands in the ledger.
        get_logger(__name__).warning("metrics_not_written", file=str(path), error=error.message.en)


def metric_values(settings: "Settings") -> "MetricValues":
    """Return what the metrics are made of, from the ledger and the kept sign-ins."""
    from qsm_bot.cli.wiring.portal import sessions_of
    from qsm_bot.cli.wiring.stores import open_ledger
    from qsm_bot.render.metrics import MetricValues
    from qsm_bot.schedule.shop_state import ShopState

    with open_ledger(settings) as ledger:
        runs, tallies = ledger.runs(), ledger.tallies()
        shops = {run.shop for run in runs}
        if settings.is_of_one_shop:
            shops.add(settings.shop)
        duties = {shop: ledger.duties(shop, only_open=True) for shop in shops}
        keys = {shop: ledger.key_of(shop) for shop in shops}
    moment = now()
    ages = {shop: sessions_of(settings, key).age(moment) for shop, key in keys.items()}
    signed_in = {shop: moment - age for shop, age in ages.items() if age is not None}
    states = {shop: ShopState(settings.data_dir / "state", key) for shop, key in keys.items()}
    return MetricValues(
        runs=runs,
        tallies=tallies,
        signed_in=signed_in,
        duties=duties,
        held={shop: state.hold is not None for shop, state in states.items()},
        down={shop: state.down is not None for shop, state in states.items()},
    )
