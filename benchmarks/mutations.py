"""Deliberate faults, one at a time: do the tests find each?

    uv run python benchmarks/mutations.py [--jobs 2] [--list] [AREA …]

Each fault of `tests/mutations.toml` is put into a copy of the checkout, and the tests named beside
it are run until one fails. The table says which test found it; the exit code is 1 if one was not
found, and 2 if one could not be put in, because its text is not there any more.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "tests" / "mutations.toml"
PROGRAM = ("qsm_bot", "flows")
_NAMED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
_PASSED, _FAILED = 0, 1


class CannotBePutInError(Exception):
    """The text is nowhere, or in several places, or a test is not there."""


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One fault."""

    area: str
    name: str
    file: str
    old: str
    new: str
    tests: Sequence[str]

    def place(self, root: Path) -> Path:
        """Return the file in which the text stands; it may have moved.

        Raises:
            CannotBePutInError: not exactly once.
        """
        named = root / self.file
        files = [named] if named.exists() and self.old in _read(named) else list(_sources(root))
        found = [file for file in files if self.old in _read(file)]
        times = sum(_read(file).count(self.old) for file in found)
        if times != 1:
            raise CannotBePutInError(f"its text stands {times} times, not once: {self.old!r}")
        for test in self.tests:
            if not (root / test).exists():
                raise CannotBePutInError(f"there is no {test}")
        return found[0]


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _sources(root: Path) -> Iterator[Path]:
    for folder in PROGRAM:
        yield from (root / folder).rglob("*.py")


def catalogue() -> list[Mutation]:
    """Read all faults."""
    return [Mutation(**each) for each in tomllib.loads(_read(CATALOGUE))["mutation"]]


def copied(folder: Path) -> Path:
    """Copy what git knows of this checkout, as it is now."""
    named = subprocess.run(
        ["git", "ls-files", "-z"],  # found on the path
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, named.split("\0")):
        target = folder / name
        if (ROOT / name).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def run_tests(root: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Run tests in a copy, until one fails; return pytest's exit code and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "--tb=no", "-rfE", *tests],
        cwd=root,
        # Before the checkout that is installed: pytest loads the kit's plugin from there else.
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def tried(mutation: Mutation, root: Path) -> tuple[str, str]:
    """Put the fault in, run the tests, take it out again; return "found" or not, and by what."""
    try:
        place = mutation.place(root)
    except CannotBePutInError as error:
        return "NOT PUT IN", str(error)
    whole = _read(place)
    place.write_text(whole.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        code, said = run_tests(root, mutation.tests)
    finally:
        place.write_text(whole, encoding="utf-8")
    if code == _PASSED:
        return "NOT FOUND", "–"
    found = _NAMED.search(said)
    if code == _FAILED and found:
        return "found", found[1]
    return "NOT PUT IN", " ".join(said.splitlines()[-1:])


def main() -> int:
    """Try all, print the table, and return the exit code."""
    faults = catalogue()
    areas = sorted({each.area for each in faults})
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(areas)}; all")
    parser.add_argument("--jobs", type=int, default=2, help="so many at once; 2")
    parser.add_argument("--list", action="store_true", help="only look whether each can be put in")
    given = parser.parse_args()
    if unknown := {*given.areas} - {*areas}:
        parser.error(f"there is no area {', '.join(sorted(unknown))}; there are {', '.join(areas)}")
    if given.jobs < 1:
        parser.error("--jobs is 1 or more")
    wanted = [each for each in faults if not given.areas or each.area in given.areas]
    if given.list:
        return _listed(wanted)
    ends = []
    with TemporaryDirectory(prefix="qsm-mutations-") as scratch:
        roots: SimpleQueue[Path] = SimpleQueue()
        for number in range(given.jobs):
            roots.put(copied(Path(scratch) / str(number)))

        def one(mutation: Mutation) -> tuple[str, str]:
            root = roots.get()
            try:
                return tried(mutation, root)
            finally:
                roots.put(root)

        print("| area | fault | | by |\n|---|---|---|---|")
        with ThreadPoolExecutor(given.jobs) as pool:
            for mutation, (end, by) in zip(wanted, pool.map(one, wanted), strict=True):
                print(f"| {mutation.area} | {mutation.name} | {end} | {by} |", flush=True)
                ends.append(end)
    print(f"\n{ends.count('found')} of {len(ends)} found")
    return 2 if "NOT PUT IN" in ends else int("NOT FOUND" in ends)


def _listed(wanted: Sequence[Mutation]) -> int:
    missing = 0
    for mutation in wanted:
        try:
            where = str(mutation.place(ROOT).relative_to(ROOT))
        except CannotBePutInError as error:
            where, missing = f"NOT PUT IN: {error}", missing + 1
        print(f"{mutation.area}: {mutation.name}: {where}")
    return 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
