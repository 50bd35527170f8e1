"""The ledger's figures as Prometheus reads them."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.inputs import FileUnwritable
from qsm_bot.domain.duty import Duty
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import ActState, AttemptTally, RunRecord
from qsm_bot.render.metrics import MetricValues, metrics_text, write_metrics

START = datetime(2026, 1, 5, 20, 30, tzinfo=JST)
NEXT_DAY = START + timedelta(days=1)
SHOP = 'みほん"商店'


def run(number: int, code: int | None, *, seconds: float = 20, command: str = "apply") -> RunRecord:
    started = START + timedelta(hours=number)
    ended = None if code is None else started + timedelta(seconds=seconds)
    return RunRecord(
        id=f"r{number}",
        shop=SHOP,
        command=command,
        plan=None,
        started_at=started,
        ended_at=ended,
        exit_code=code,
        error=None,
    )


def figures() -> MetricValues:
    tallies = [
        AttemptTally(shop=SHOP, state=ActState.SETTLED, outcome=OutcomeKind.REFUSED, count=5),
        AttemptTally(shop=SHOP, state=ActState.UNKNOWN, outcome=OutcomeKind.UNKNOWN, count=2),
        AttemptTally(shop=SHOP, state=ActState.ARMED, outcome=None, count=1),
    ]
    runs = [run(4, None), run(3, 30, seconds=400), run(2, 0), run(1, 0), run(0, 10, command="x")]
    duties = [Duty(order_no="1", refused_at=START), Duty(order_no="2", refused_at=NEXT_DAY)]
    return MetricValues(runs=runs, tallies=tallies, signed_in={SHOP: START}, duties={SHOP: duties})


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Return each sample by its name and its labels' values but the shop's, in their order."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            assert sample.labels.pop("shop") == SHOP
            found[sample.name, *(value for _, value in sorted(sample.labels.items()))] = (
                sample.value
            )
    return found


def test_the_figures_are_those_of_the_ledger() -> None:
    told = samples(metrics_text(figures()))

    assert told["qsm_bot_runs_total", "apply", "0"] == 2
    assert told["qsm_bot_runs_total", "apply", "30"] == 1
    assert told["qsm_bot_run_duration_seconds_bucket", "apply", "30.0"] == 2
    assert told["qsm_bot_run_duration_seconds_bucket", "apply", "+Inf"] == 3
    assert told["qsm_bot_run_duration_seconds_sum", "apply"] == 440
    assert told["qsm_bot_last_run_exit_code", "apply"] == 30
    good = (START + timedelta(hours=2, seconds=20)).timestamp()
    assert told["qsm_bot_last_good_run_timestamp_seconds", "apply"] == good
    assert told["qsm_bot_last_good_run_timestamp_seconds", "x"] < good
    assert told["qsm_bot_attempts", "refused"] == 5
    assert told["qsm_bot_attempts", "unfinished"] == 1
    assert told["qsm_bot_open_attempts",] == 3
    assert told["qsm_bot_sign_in_saved_timestamp_seconds",] == START.timestamp()
    assert told["qsm_bot_open_duties",] == 2
    due = START.replace(hour=23, minute=59, second=59).timestamp()
    assert told["qsm_bot_next_duty_due_timestamp_seconds",] == pytest.approx(due, abs=1)
    assert not any("created" in name[0] or "python" in name[0] for name in told)


def test_a_file_is_replaced_whole_and_one_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    path = tmp_path / "qsm-bot.prom"
    path.write_text("old")
    write_metrics(figures(), path)

    assert samples(path.read_text("utf-8")) == samples(metrics_text(figures()))
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileUnwritable):
        write_metrics(figures(), tmp_path / "no" / "where.prom")
