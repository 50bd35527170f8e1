"""Each defect of the mock portal against the whole acceptance kit: which statements fail?

    uv run python benchmarks/defects.py [--jobs 2] [NAME …]

Every run judges all statements. The table says for each defect which did not hold; the exit code
is 1 if they are others than its catalogue entry names, or if anything was not judged.
"""

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from qsm_bot.mock_portal.defects import DEFECTS
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World

PROGRAM = Path(sys.executable).parent / "qsm-bot"


@dataclass(frozen=True)
class Line:
    """What one run found."""

    name: str
    expected: frozenset[str]
    broken: frozenset[str]
    left: frozenset[str]
    seconds: float

    @property
    def fits(self) -> bool:
        """Whether exactly the statements concerned failed."""
        return self.broken == self.expected and not self.left


def judged(name: str | None) -> Line:
    """Run the kit at a portal with one defect, or with none."""
    defects = frozenset(filter(None, [name]))
    expected = frozenset([name, *DEFECTS[name].also]) if name else frozenset()
    began = time.monotonic()
    with MockPortal(World.seeded(12, seed=1), options=PortalOptions(defects=defects)) as portal:
        done = subprocess.run(
            [PROGRAM, "accept", portal.url, "--clone-confirmed", "--json", "--lang", "en"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    verdicts = {each["id"]: each["verdict"] for each in json.loads(done.stdout)["statements"]}

    def those(verdict: str) -> frozenset[str]:
        return frozenset(id_ for id_, each in verdicts.items() if each == verdict)

    seconds = time.monotonic() - began
    return Line(name or "–", expected, those("did not hold"), those("not judged"), seconds)


def main() -> int:
    """Run all, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    wanted: list[str | None] = given.names or [None, *DEFECTS]
    print("| defect | did not hold | not judged | as named | seconds |\n|---|---|---|---|---|")
    fit = True
    with ThreadPoolExecutor(given.jobs) as pool:
        for line in pool.map(judged, wanted):
            broken, left = (" ".join(sorted(ids)) or "–" for ids in (line.broken, line.left))
            sign = "yes" if line.fits else "NO"
            print(f"| {line.name} | {broken} | {left} | {sign} | {line.seconds:.0f} |", flush=True)
            fit = fit and line.fits
    return 0 if fit else 1


if __name__ == "__main__":
    sys.exit(main())
