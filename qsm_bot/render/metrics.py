"""The ledger's figures for Prometheus, as a text file for its node exporter."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest, write_to_textfile
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from qsm_bot.base.errors.inputs import FileUnwritable
from qsm_bot.base.os_words import os_words
from qsm_bot.domain.duty import Duty
from qsm_bot.ledger import ActState, AttemptTally, RunRecord

BUCKETS = (5, 15, 30, 60, 120, 300, 600, 1800)
"""Seconds; a refusal takes a few, a run has up to some dozens of them."""

_UNFINISHED = "unfinished"


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricValues:
    """What the metrics are made of: all shops of one ledger.

    `runs` newest first; `signed_in` is when each shop's sign-in was kept, where one is;
    `duties` are each shop's open ones; `held` is whose sign-in was turned down and is not tried
    again, `down` whose portal does not answer.
    """

    runs: Sequence[RunRecord]
    tallies: Sequence[AttemptTally]
    signed_in: Mapping[str, datetime]
    duties: Mapping[str, Sequence[Duty]]
    held: Mapping[str, bool] = field(default_factory=dict)
    down: Mapping[str, bool] = field(default_factory=dict)


class _Figures(Collector):
    """Says the figures in Prometheus' words; families of its own name no time of creation."""

    def __init__(self, figures: MetricValues) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        yield self._runs()
        yield self._durations()
        yield from self._last_runs()
        yield from self._attempts()
        yield self._sign_ins()
        yield from self._duties()
        yield from self._hindrances()

    def _runs(self) -> Metric:
        family = CounterMetricFamily(
            "qsm_bot_runs", "Runs that have ended.", labels=["shop", "command", "exit_code"]
        )
        ended = Counter(
            (run.shop, run.command, str(run.exit_code))
            for run in self._figures.runs
            if run.exit_code is not None
        )
        for labels, count in sorted(ended.items()):
            family.add_metric(labels, count)
        return family

    def _durations(self) -> Metric:
        family = HistogramMetricFamily(
            "qsm_bot_run_duration_seconds", "How long runs took.", labels=["shop", "command"]
        )
        taken: dict[tuple[str, str], list[float]] = {}
        for run in self._figures.runs:
            if run.ended_at is not None:
                seconds = (run.ended_at - run.started_at).total_seconds()
                taken.setdefault((run.shop, run.command), []).append(seconds)
        for labels, all_seconds in sorted(taken.items()):
            buckets = [
                (f"{float(bound)}", float(sum(seconds <= bound for seconds in all_seconds)))
                for bound in BUCKETS
            ]
            buckets.append(("+Inf", float(len(all_seconds))))
            family.add_metric(labels, buckets, sum_value=sum(all_seconds))
        return family

    def _last_runs(self) -> Iterator[Metric]:
        ended = _newest(run for run in self._figures.runs if run.exit_code is not None)
        good = _newest(run for run in self._figures.runs if run.ended_well)
        yield _gauge("qsm_bot_last_run_timestamp_seconds", "When the last run ended.", ended)
        codes = GaugeMetricFamily(
            "qsm_bot_last_run_exit_code",
            "With which exit code the last run ended.",
            labels=["shop", "command"],
        )
        for labels, run in ended.items():
            codes.add_metric(labels, run.exit_code or 0)
        yield codes
        yield _gauge(
            "qsm_bot_last_good_run_timestamp_seconds",
            "When the last run ended that has left nothing to do (exit code 0 or 10).",
            good,
        )

    def _attempts(self) -> Iterator[Metric]:
        by_outcome = GaugeMetricFamily(
            "qsm_bot_attempts",
            "Attempts by the outcome that they have now; a look may settle an unknown one.",
            labels=["shop", "outcome"],
        )
        open_ = GaugeMetricFamily(
            "qsm_bot_open_attempts", "Attempts that are unknown or unfinished.", labels=["shop"]
        )
        counts, unsettled = Counter[tuple[str, str]](), Counter[str]()
        for tally in self._figures.tallies:
            outcome = tally.outcome.value if tally.outcome else _UNFINISHED
            counts[tally.shop, outcome] += tally.count
            unsettled[tally.shop] += tally.count if tally.state is not ActState.SETTLED else 0
        for labels, count in sorted(counts.items()):
            by_outcome.add_metric(labels, count)
        for shop, count in sorted(unsettled.items()):
            open_.add_metric([shop], count)
        yield from (by_outcome, open_)

    def _duties(self) -> Iterator[Metric]:
        open_ = GaugeMetricFamily(
            "qsm_bot_open_duties", "Refused orders that must still be shipped.", labels=["shop"]
        )
        due = GaugeMetricFamily(
            "qsm_bot_next_duty_due_timestamp_seconds",
            "Until when the first of them must be shipped; in the past: overdue.",
            labels=["shop"],
        )
        for shop, duties in sorted(self._figures.duties.items()):
            open_.add_metric([shop], len(duties))
            if duties:
                due.add_metric([shop], min(duty.due for duty in duties).timestamp())
        yield from (open_, due)

    def _hindrances(self) -> Iterator[Metric]:
        for name, told, shops in (
            (
                "sign_in_held",
                "1: the sign-in was turned down, a person is needed.",
                self._figures.held,
            ),
            ("portal_down", "1: the portal does not answer.", self._figures.down),
        ):
            family = GaugeMetricFamily(f"qsm_bot_{name}", told, labels=["shop"])
            for shop, is_so in sorted(shops.items()):
                family.add_metric([shop], float(is_so))
            yield family

    def _sign_ins(self) -> Metric:
        # Not the age: it would stand still between two runs. `time() - …` gives it.
        family = GaugeMetricFamily(
            "qsm_bot_sign_in_saved_timestamp_seconds",
            "When the saved sign-in was kept last.",
            labels=["shop"],
        )
        for shop, saved_at in sorted(self._figures.signed_in.items()):
            family.add_metric([shop], saved_at.timestamp())
        return family


def _newest(runs: Iterable[RunRecord]) -> dict[tuple[str, str], RunRecord]:
    """Return the newest run of each shop and command; they come newest first."""
    found: dict[tuple[str, str], RunRecord] = {}
    for run in runs:
        found.setdefault((run.shop, run.command), run)
    return dict(sorted(found.items()))


def _gauge(name: str, told: str, runs: Mapping[tuple[str, str], RunRecord]) -> Metric:
    """Return when runs ended."""
    family = GaugeMetricFamily(name, told, labels=["shop", "command"])
    for labels, run in runs.items():
        if run.ended_at is not None:
            family.add_metric(labels, run.ended_at.timestamp())
    return family


def metrics_text(figures: MetricValues) -> str:
    """Return the metrics in Prometheus' text format."""
    return generate_latest(_registry(figures)).decode()


def write_metrics(figures: MetricValues, path: Path) -> None:
    """Write the metrics so that whoever collects them sees the old file or the new one.

    Raises:
        FileUnwritable: the file cannot be written.
    """
    try:
        write_to_textfile(str(path), _registry(figures))
    except OSError as error:
        raise FileUnwritable(file=path, detail=os_words(error)) from error


def _registry(figures: MetricValues) -> CollectorRegistry:
    # One of its own: the library's default one would tell of this process, too.
    registry = CollectorRegistry()
    registry.register(_Figures(figures))
    return registry
