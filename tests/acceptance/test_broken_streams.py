"""Outputs that break and inputs that are closed: the run is whole, and its exit code says how."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest

from tests.acceptance.conftest import PROGRAM, Shop
from tests.patience import patient

FULL = Path("/dev/full")
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")

FIRST, SECOND = "762544202", "762544206"
RULES = f"""
schema = 1
[[rule]]
name = "posted"
reason = "shipped"
orders = ["{FIRST}", "{SECOND}"]
"""
REFUSE = ("refuse", FIRST, "--reason", "shipped")


def start(
    shop: Shop, *words: str, stdout: int | IO[bytes], stderr: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    environment = {**shop.environment, **shop.portal}
    command = [str(PROGRAM), *words]
    return subprocess.Popen(
        command,
        cwd=shop.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
    )


def refused(shop: Shop) -> list[str]:
    return [effect["order"] for effect in shop.effects("refuse")]


def test_who_stops_reading_what_is_told_stops_nothing(shop: Shop) -> None:
    shop.write_rules(RULES)
    plan = shop.run("plan", "--json").json["plan"]
    shop.run("approve", plan)

    call = ("apply", plan, "--json", "--verbose")
    with start(shop, *call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stderr.readline()
        process.stderr.close()
        out = process.stdout.read().decode()

    assert (process.returncode, refused(shop)) == (0, [FIRST, SECOND])
    assert out.count('"outcome": "refused"') == 2


def test_a_reader_of_the_result_who_is_gone_leaves_the_exit_code(shop: Shop) -> None:
    read, write = os.pipe()
    os.close(read)
    with FULL.open("wb") as full, os.fdopen(write, "wb") as nobody:
        process = start(shop, *REFUSE, "--yes", "--json", stdout=nobody, stderr=full)
        code = process.wait(timeout=patient(200))

    assert (code, refused(shop)) == (0, [FIRST])


def test_a_full_disk_under_the_result_is_told_in_one_line_after_the_run(shop: Shop) -> None:
    with (
        FULL.open("wb") as full,
        start(shop, *REFUSE, "--yes", "--json", stdout=full, stderr=subprocess.PIPE) as process,
    ):
        assert process.stderr is not None
        told = process.stderr.read().decode().splitlines()

    assert (process.returncode, refused(shop)) == (80, [FIRST])
    assert [line.partition(" ")[0] for line in told].count("OutputUnwritable") == 1
    assert told[-1].startswith("OutputUnwritable")
    assert all(line.startswith(("·", "OutputUnwritable")) for line in told), told
    assert shop.run("history", "--json").json["attempts"][0]["outcome"] == "refused"


@pytest.mark.parametrize("closed", ["<&-", "<&- >&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_as_if_nobody_were_there(bare_shop: Shop, closed: str) -> None:
    # Without --yes a person is asked, and there is none.
    words: Sequence[str] = ("sh", "-c", f'exec "$@" {closed}', "sh", str(PROGRAM), *REFUSE)
    done = subprocess.run(
        words,
        cwd=bare_shop.folder,
        env=dict(bare_shop.environment),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=patient(60),
    )

    assert done.returncode == 60
    assert ("add --yes to refuse" in done.stderr) == ("2>&-" not in closed)
    assert "Error:" not in done.stderr
