"""One command, all figures: seconds per refused order, rows per second, memory, start-up.

    uv run --group bench python benchmarks/run.py            # about ten minutes
    uv run --group bench python benchmarks/run.py --rounds 1 # a quick look

Every peer runs in turn within each round, so that a slow moment of the machine
meets all of them; medians are quoted. Nothing is judged here.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

import styles
from peers import PEERS, grid_times, mock_portal, open_orders
from processes import tree_mib
from results import keep

from qsm_bot.mock_portal.grid_names import GRIDS

ORDERS = 40
MANY = 400
ROWS = 1000


def main() -> None:
    """Run everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--latency", type=int, default=0, help="ms added to each service call")
    parser.add_argument("--peer", choices=PEERS, help="run one peer once, in this process")
    parser.add_argument("--open", type=int, default=ORDERS, help="with --peer: open requests")
    parser.add_argument("--styles", action="store_true", help="each way to build the page, instead")
    options = parser.parse_args()
    if options.styles:
        print(f"\n{keep(styles.measure(options.rounds))}")
        return
    if options.peer:
        print(json.dumps(_one(options.peer, options.open, options.latency)))
        return
    figures = measure(options.rounds, options.latency)
    file = keep(figures)
    show(figures)
    print(f"\n{file}")


def measure(rounds: int, latency: int) -> dict[str, object]:
    """Return all figures."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in (*PEERS, "many")}
    grids: dict[str, list[dict[str, float]]] = {grid: [] for grid in GRIDS}
    start_up: dict[str, list[float]] = {"help": [], "imports": []}
    for number in range(1, rounds + 1):
        for name in PEERS:
            runs[name].append(_process(name, ORDERS, latency))
        runs["many"].append(_process("qsm-bot", MANY, latency))
        for grid in GRIDS:
            grids[grid].append(grid_times(ROWS, grid))
        start_up["help"].append(_seconds([sys.executable, "-m", "qsm_bot", "--help"]))
        start_up["imports"].append(_seconds([sys.executable, "-c", "import typer, rich"]))
        print(f"round {number} of {rounds} done", file=sys.stderr)
    return {
        "rounds": rounds,
        "latency_ms": latency,
        "seconds_per_order": {n: [run["per_order"] for run in each] for n, each in runs.items()},
        "peak_mib": {n: [run["peak_mib"] for run in each] for n, each in runs.items()},
        "grids_of_1000": grids,
        "start_up_seconds": start_up,
    }


def _process(name: str, orders: int, latency: int) -> dict[str, float]:
    """Run one peer in a process of its own and sample its tree's memory."""
    command = [sys.executable, __file__, "--peer", name, "--open", str(orders)]
    with subprocess.Popen(
        [*command, "--latency", str(latency)], stdout=subprocess.PIPE, text=True
    ) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, tree_mib(process.pid))
            time.sleep(1)  # the sampling interval: reading it slows the browser down
        out = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{name} failed")
    return {"per_order": json.loads(out)["per_order"], "peak_mib": peak}


def _one(name: str, count: int, latency: int) -> dict[str, float]:
    orders = open_orders(count)[:: max(1, count // ORDERS)][:ORDERS]
    with mock_portal(count, latency) as portal:
        seconds = PEERS[name](portal, orders)
        if sorted(portal.refused()) != sorted(orders):
            raise SystemExit(f"{name}: refused {len(portal.refused())} of {len(orders)}")
    return {"per_order": seconds / len(orders)}


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def show(figures: dict[str, object]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    def median(values: list[float]) -> float:
        return statistics.median(values)

    per: dict[str, list[float]] = figures["seconds_per_order"]  # type: ignore[assignment]
    peak: dict[str, list[float]] = figures["peak_mib"]  # type: ignore[assignment]
    start: dict[str, list[float]] = figures["start_up_seconds"]  # type: ignore[assignment]
    table = Table("figure", "median", "ratio", "against", title=f"medians of {figures['rounds']}")
    ours = per["qsm-bot"]

    def ratio(above: list[float], below: list[float]) -> str:
        return f"{median([a / b for a, b in zip(above, below, strict=True)]):.2f}"

    rows: list[tuple[str, str, str, str]] = [
        (f"{name}: seconds per order, {ORDERS} open", f"{median(per[name]):.3f}", r, a)
        for name, r, a in (
            ("qsm-bot", ratio(ours, per["bare Playwright"]), "bare Playwright"),
            ("bare Playwright", "1.00", ""),
            ("bare Selenium", ratio(ours, per["bare Selenium"]), "qsm-bot / bare Selenium"),
        )
    ]
    rows.append(
        (
            f"qsm-bot: seconds per order, {MANY} open",
            f"{median(per['many']):.3f}",
            ratio(per["many"], ours),
            f"qsm-bot at {ORDERS} open",
        )
    )
    grids: dict[str, list[dict[str, float]]] = figures["grids_of_1000"]  # type: ignore[assignment]
    portal = [each["portal"] for each in grids["dhtmlx"]]
    read = [each["ours"] for each in grids["dhtmlx"]]
    rows.append(
        (f"{ROWS} rows: the portal delivers and draws, s", f"{median(portal):.3f}", "1.00", "")
    )
    for name, runs in grids.items():
        ours_of = [each["ours"] for each in runs]
        what = f"{ROWS} rows, grid {name}: asked for and read, s"
        against = "the portal drawing all"
        rows.append((what, f"{median(ours_of):.3f}", ratio(ours_of, portal), against))
    rows += [
        (f"{ROWS} rows: rows read per second", f"{ROWS / median(read):.0f}", "", ""),
    ]
    for name, values in peak.items():
        rows.append((f"{name}: peak memory (PSS), MiB", f"{median(values):.0f}", "", ""))
    rows.append(
        (
            "qsm-bot --help, s",
            f"{median(start['help']):.3f}",
            ratio(start["help"], start["imports"]),
            "python -c 'import typer, rich'",
        )
    )
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
