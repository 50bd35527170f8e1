"""What each test costs, in figures that a busy machine changes little.

    pytest -p tests.costs --costs FILE

CPU seconds of the worker and of every process below it, set-up and call apart; processes and
browsers started; seconds asked to be waited. The file is a table by test file, dearest first.
"""

import json
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page

TICKS = os.sysconf("SC_CLK_TCK")
PHASES = ("setup", "call", "teardown")
COUNTS = ("processes", "browsers", "waited")
_counted: dict[str, float] = defaultdict(float)
_table: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
_tests: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the table goes."""
    parser.addoption(
        "--costs", metavar="FILE", help="write what each test file costs; FILE is replaced"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Count what is started and waited for.

    Raises:
        pytest.UsageError: the table could not be written in the end.
    """
    target = config.getoption("--costs")
    if not target:
        return
    if Path(target).is_dir() or not Path(target).resolve().parent.is_dir():
        raise pytest.UsageError(f"--costs: there is no place for a file at {target}")
    _count(subprocess.Popen, "__init__", lambda _: ("processes", 1))
    _count(BrowserType, "launch", lambda _: ("browsers", 1))
    _count(time, "sleep", lambda args: ("waited", args[0]))
    _count(Page, "wait_for_timeout", lambda args: ("waited", args[1] / 1000))


def _count(owner: Any, name: str, what: Any) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def counted(*args: Any, **options: Any) -> Any:
        kind, amount = what(args)
        _counted[kind] += amount
        return original(*args, **options)

    setattr(owner, name, counted)


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of all below it, the ended ones too."""
    total, waiting = 0.0, [os.getpid()]
    while waiting:
        folder = Path("/proc", str(waiting.pop()))
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            for task in (folder / "task").iterdir():
                waiting += map(int, (task / "children").read_text("utf-8").split())
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(map(int, fields[11:15])) / TICKS
    return total


def _around(item: pytest.Item, phase: str) -> Iterator[None]:
    if not item.config.getoption("--costs"):
        return (yield)
    counted, began = dict(_counted), time.monotonic()
    spent = cpu_seconds()
    try:
        return (yield)
    finally:
        cost = {f"cpu {phase}": max(0.0, cpu_seconds() - spent), "wall": time.monotonic() - began}
        cost |= {name: _counted[name] - counted.get(name, 0) for name in COUNTS}
        item.user_properties.append(("cost", json.dumps(cost)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Measure."""
    return (yield from _around(item, "setup"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Measure."""
    return (yield from _around(item, "call"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Measure."""
    return (yield from _around(item, "teardown"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Take in what a worker measured; the last report has it all."""
    if report.when != "teardown":
        return
    file = report.nodeid.partition("::")[0]
    _table[file]["tests"] += 1
    for name, value in report.user_properties:
        if name == "cost":
            for part, amount in json.loads(value).items():
                _table[file][part] += amount
                _tests[report.nodeid][part] += amount


def _cpu(row: dict[str, float]) -> float:
    return sum(row[f"cpu {phase}"] for phase in PHASES)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the table, once."""
    target = session.config.getoption("--costs")
    if not target or hasattr(session.config, "workerinput"):
        return
    columns = [*(f"cpu {phase}" for phase in PHASES), "wall", *COUNTS]
    lines = ["| file | tests | cpu | " + " | ".join(columns) + " |", "|---" * 10 + "|"]
    total: dict[str, float] = defaultdict(float)
    ordered = sorted(_table.items(), key=lambda each: -_cpu(each[1]))
    for row in _table.values():
        for name, amount in row.items():
            total[name] += amount
    for file, row in [("all", total), *ordered]:
        figures = " | ".join(f"{row[name]:.1f}" for name in columns)
        lines.append(f"| {file} | {row['tests']:.0f} | {_cpu(row):.1f} | {figures} |")
    lines += ["", "| test | cpu | wall |", "|---|---|---|"]
    dearest = sorted(_tests.items(), key=lambda each: -_cpu(each[1]))[:60]
    lines += [f"| {name} | {_cpu(row):.1f} | {row['wall']:.1f} |" for name, row in dearest]
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say where the table is."""
    if target := config.getoption("--costs"):
        terminalreporter.write_line(f"costs: {target}")
