"""Many shops on one machine: seconds, memory, three in trouble, and a round with nothing to do.

    uv run --group bench python benchmarks/fleet.py           # about ten minutes on two cores
    uv run --group bench python benchmarks/fleet.py --shops 4 --orders 3    # a quick look

Each round has fresh portals, folders and ledgers for every fleet, one after the other, and begins
with the other number of jobs than the round before. The portals' journals must show that each
order was refused exactly once; if not, the exit code is 1. Nothing else is judged here.
"""

import argparse
import json
import os
import statistics
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from subprocess import DEVNULL, Popen
from typing import Any

from processes import Ended, Peaks, watched
from results import keep
from shops import ENVIRONMENT, Shop, Shops, open_shops

JOBS = 4
OFTEN = 0.02
IDLE_PAIRS = 5
MIB_IN_MB = 1.048576
TROUBLES = ("portal down", "sign-in ended", "rules file broken")
FAULTS = {0: "down", 1: "captcha"}

Figures = dict[str, Any]


@dataclass(frozen=True)
class Round:
    """How one call of the program ended, and its document."""

    ended: Ended
    document: Figures

    def part(self, shop: Shop) -> Figures:
        """Return what was said of one shop."""
        parts = self.document.get("shops", ())
        return next((part for part in parts if part["name"] == shop.name), {})

    def codes(self) -> dict[str, int]:
        """Return how many shops ended with which exit code."""
        return dict(Counter(str(part["exit_code"]) for part in self.document["shops"]))


def main() -> None:
    """Run everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=20)
    parser.add_argument("--orders", type=int, default=20, help="open requests of each shop")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--own-data", action="store_true", help="a data folder for each shop")
    figures = measure(parser.parse_args())
    file = keep(figures, "fleet-")
    show(figures)
    print(f"\n{file}")


def measure(options: argparse.Namespace) -> Figures:
    """Return all figures."""
    # First, so that every module is compiled before anything is timed.
    seen = programs()
    fleets: dict[int, list[Figures]] = {1: [], JOBS: []}
    idle: list[Figures] = []
    for number in range(options.rounds):
        for jobs in (1, JOBS) if number % 2 == 0 else (JOBS, 1):
            fleets[jobs].append(fleet(options, jobs))
            tell(f"--jobs {jobs}: {fleets[jobs][-1]['seconds']:.1f} s")
        idle.append(nothing_to_do())
        tell(f"round {number + 1} of {options.rounds} done")
    pairs = zip(fleets[1], fleets[JOBS], strict=True)
    return {
        **vars(options),
        "cores": os.cpu_count(),
        "fleets": {str(jobs): each for jobs, each in fleets.items()},
        "ratio": [many["seconds"] / one["seconds"] for one, many in pairs],
        "troubled": troubled(options),
        "nothing_to_do": idle,
        "programs": seen,
    }


def fleet(options: argparse.Namespace, jobs: int) -> Figures:
    """Refuse all orders of all shops, `jobs` shops at the same time."""
    with open_shops(options.shops, options.orders, own_data=options.own_data) as shops:
        done = run(shops, *all_shops(jobs), look=Peaks.look)
        raise_if_wrong(shops.all, done)
    figures: Figures = {
        "seconds": done.ended.seconds,
        "cpu_seconds": done.ended.cpu,
        "exit_code": done.ended.code,
        "shop_exit_codes": done.codes(),
        "load_average": load_average(),
    }
    return figures | (memory(done.ended) if done.ended.peaks.concurrent else {})


def all_shops(jobs: int) -> tuple[str, ...]:
    """Return the words of the command that is measured."""
    return ("run", "--all-shops", "--jobs", str(jobs), "--json")


def memory(ended: Ended) -> Figures:
    """Return the memory of a fleet in MB of a million bytes, as the bound has it."""
    peaks = ended.peaks
    return {
        "mb_at_peak": peaks.sum_mib * MIB_IN_MB,
        "concurrent": peaks.concurrent,
        "mb_per_shop": peaks.sum_mib * MIB_IN_MB / peaks.concurrent,
        "mb_of_one": peaks.one_mib * MIB_IN_MB,
        "looks": peaks.looks,
        "cpu_seconds_looking": ended.looking,
    }


def troubled(options: argparse.Namespace) -> Figures:
    """Run a fleet of which three shops are in trouble."""
    how: Figures = {"faults": FAULTS, "own_data": options.own_data}
    with open_shops(options.shops, options.orders, **how) as shops:
        ill, well = shops.all[: len(TROUBLES)], shops.all[len(TROUBLES) :]
        if len(ill) == len(TROUBLES):
            shops.break_rules(ill[-1])
        done = run(shops, *all_shops(JOBS))
        raise_if_wrong(well, done)
        touched = [shop.name for shop in ill if shop.portal.refused()]
    if touched:
        raise SystemExit(f"in trouble, yet orders were refused: {touched}")
    return {
        "seconds": done.ended.seconds,
        "exit_code": done.ended.code,
        "others": len(well),
        # By the journals all their orders are refused.
        "others_done": sum("error" not in done.part(shop) for shop in well),
        "shop_exit_codes": done.codes(),
        "reported": {
            why: said_of(done.part(shop)) for why, shop in zip(TROUBLES, ill, strict=False)
        },
    }


def said_of(part: Figures) -> Figures:
    """Return exit code and error of a shop's document."""
    error = part.get("error") or {}
    return {"exit_code": part.get("exit_code"), **{k: error.get(k) for k in ("code", "message")}}


def raise_if_wrong(shops: Sequence[Shop], done: Round) -> None:
    """End with exit code 1 unless each order was refused exactly once, by the journals."""
    wrong = [f"{said}; {said_of(done.part(shop))}" for shop in shops if (said := shop.wrong())]
    if wrong:
        raise SystemExit("\n".join(["not every order was refused exactly once:", *wrong]))


def nothing_to_do() -> Figures:
    """Time rounds without work beside Python's own start, in turn."""
    python, rounds = [], []
    with open_shops(1, 0) as shops:
        for _ in range(IDLE_PAIRS):
            python.append(watched(pythons_own_start).seconds)
            rounds.append(idle(shops, key=True).ended)
    return {
        "python": python,
        "round": [ended.seconds for ended in rounds],
        "cpu_seconds": [ended.cpu for ended in rounds],
        "exit_codes": [ended.code for ended in rounds],
    }


def pythons_own_start() -> "Popen[bytes]":
    """Begin `python -c pass`."""
    return Popen([sys.executable, "-c", "pass"], env=ENVIRONMENT, stdin=DEVNULL)


def idle(shops: Shops, *, key: bool, **looks: Any) -> Round:
    """Run one round of the first shop, with the key of QAPI or without."""
    shop = shops.all[0]
    api = {"QSM_QAPI_URL": shop.portal.url, "QSM_QAPI_KEY": shop.qapi_key} if key else {}
    return run(shops, "run", "--json", "--shop", shop.name, settings=api, **looks)


def programs() -> Figures:
    """Return which programs ran below rounds with nothing to do, and what the portal was asked.

    The round without a key does start a browser: it shows that the looks would see one.
    """
    found: Figures = {}
    for name, key in (("by QAPI", True), ("by the portal", False)):
        with open_shops(1, 0) as shops:
            done = idle(shops, key=key, look=Peaks.look_for_programs, every=OFTEN)
            asked = shops.all[0].requests.read_text(encoding="utf-8").splitlines()
        found[name] = {
            "programs": sorted(done.ended.peaks.programs),
            "looks": done.ended.peaks.looks,
            "requests": dict(Counter(PurePath(json.loads(line)["path"]).name for line in asked)),
            "exit_code": done.ended.code,
        }
    return found


def run(
    shops: Shops, *words: str, settings: Mapping[str, str] | None = None, **looks: Any
) -> Round:
    """Run a command of the program, with looks at it meanwhile: see `watched`."""
    ended = watched(lambda: shops.popen(*words, **(settings or {})), **looks)
    return Round(ended, shops.said())


def load_average() -> float | None:
    """Return the last minute's, where the system has one."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def tell(line: str) -> None:
    """Say how far it is."""
    print(f"{line}; load average {load_average()}", file=sys.stderr, flush=True)


def show(figures: Figures) -> None:
    """Print the tables."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=110)
    size = f"{figures['shops']} shops of {figures['orders']} requests, {figures['cores']} cores"
    table = Table("figure", "median", "each", title=size)
    for name, values in rows(figures):
        each = " ".join(f"{value:.2f}" for value in values)
        table.add_row(name, f"{statistics.median(values):.2f}", each if len(values) > 1 else "")
    console.print(table)
    ill = figures["troubled"]
    title = f"three in trouble: {ill['others_done']} of the other {ill['others']} done"
    table = Table("trouble", "exit code", "error", "message", title=title)
    for why, said in ill["reported"].items():
        table.add_row(why, *(str(said[key]) for key in ("exit_code", "code", "message")))
    table.add_row("all in all", str(ill["exit_code"]), "", f"{ill['seconds']:.1f} s")
    console.print(table)
    for name, seen in figures["programs"].items():
        ran = f"{', '.join(seen['programs'])} ran, in {seen['looks']} looks"
        ran = ran if seen["looks"] else "not looked at, for want of /proc"
        console.print(f"nothing to do, {name}: {ran}; the portal was asked {seen['requests']}")
    if "mb_per_shop" not in figures["fleets"]["1"][0]:
        console.print("memory: left out, for want of /proc/PID/smaps_rollup")


def rows(figures: Figures) -> list[tuple[str, list[float]]]:
    """Return the table's rows: what, and its value in each round."""
    names = {
        "seconds": "s",
        "cpu_seconds": "s of CPU",
        "mb_per_shop": "memory per concurrent shop (PSS), MB",
        "mb_of_one": "peak memory of one shop (PSS), MB",
        "cpu_seconds_looking": "s of CPU spent on looking at memory",
    }
    found = [(f"--jobs {JOBS} / --jobs 1, s", figures["ratio"])]
    for jobs, each in figures["fleets"].items():
        for key, words in names.items():
            if key in each[0]:
                found.append((f"--jobs {jobs}: {words}", [fleet[key] for fleet in each]))
    idle = figures["nothing_to_do"]
    for key, words in (
        ("python", "python -c pass, s"),
        ("round", "nothing to do, s"),
        ("cpu_seconds", "nothing to do, s of CPU"),
    ):
        found.append((words, [value for each in idle for value in each[key]]))
    return found


if __name__ == "__main__":
    main()
