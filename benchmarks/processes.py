"""What a process and all below it take of the machine, as Linux tells it under /proc."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
TOLD = Path("/proc/self/smaps_rollup").exists()
"""Whether this system tells memory as it is shared out among processes (PSS)."""
_REST = 9
"""How many times as long as it looked a look rests: reading memory slows a browser down."""
_LIMIT_SECONDS = 3600


@dataclass
class Peaks:
    """The most that was seen of a process that starts others: all in all, and of one's own tree.

    `concurrent` is how many others there were when the sum was at its peak.
    """

    sum_mib: float = 0.0
    concurrent: int = 0
    one_mib: float = 0.0
    looks: int = 0
    programs: set[str] = field(default_factory=set)

    def look(self, root: int) -> None:
        """Look once at all processes below `root`, and at their memory."""
        below = _children()
        trees = [_tree(child, below) for child in below.get(root, [])]
        each = [_pss_mib(tree) for tree in trees]
        total = _pss_mib([root]) + sum(each)
        if total > self.sum_mib:
            self.sum_mib, self.concurrent = total, len(trees)
        self.one_mib = max([self.one_mib, *each])
        self.looks += 1

    def look_for_programs(self, root: int) -> None:
        """Look once at which programs run below `root`; far quicker than at their memory."""
        for pid in _tree(root, _children()):
            try:
                self.programs.add((PROC / str(pid) / "exe").readlink().name)
            except OSError:
                continue
        self.looks += 1


@dataclass(frozen=True)
class Ended:
    """A process that ended: its seconds, the CPU's of all below it, and of the looks at it."""

    seconds: float
    cpu: float
    code: int
    peaks: Peaks
    looking: float


def watched(
    begin: Callable[[], "subprocess.Popen[bytes]"],
    look: Callable[[Peaks, int], None] | None = None,
    every: float = 0.3,
) -> Ended:
    """Begin a process, wait for its end, and look at it meanwhile where the system tells of it.

    Args:
        begin: begins it.
        look: what to look at.
        every: least seconds between two looks.
    """
    peaks, looking, rest = Peaks(), time.process_time(), every
    start, before = time.perf_counter(), os.times()
    with begin() as process:
        while True:
            try:
                process.wait(rest if look and TOLD else _LIMIT_SECONDS)
                break
            except subprocess.TimeoutExpired:
                began = time.perf_counter()
            if began - start > _LIMIT_SECONDS or look is None:
                process.terminate()
                raise SystemExit(f"{process.args} did not end in {_LIMIT_SECONDS} s")
            look(peaks, process.pid)
            rest = max(every, _REST * (time.perf_counter() - began))
        seconds, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Ended(seconds, cpu, process.returncode, peaks, time.process_time() - looking)


def tree_mib(root: int) -> float:
    """Return the proportional memory (PSS) of a process and all below it, in MiB."""
    return _pss_mib(_tree(root, _children()))


def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for entry in PROC.glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(entry.parent.name))
    return children


def _tree(root: int, children: dict[int, list[int]]) -> list[int]:
    family = [root]
    for pid in family:
        family += children.get(pid, [])
    return family


def _pss_mib(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        try:
            rollup = (PROC / str(pid) / "smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Pss:")
    return total / 1024
