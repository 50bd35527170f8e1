"""The program as others run it: its words, its folder, its output, its exit code.

`run` calls it in this process, with the worker's browser; `spawn` starts the installed program,
where only a process of its own proves anything.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.mock_portal.defects import parse_defects
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from tests.patience import patient
from tests.program import SharedPlaywright, call
from tests.support import Said

PROGRAM = Path(sys.executable).parent / ("qsm-bot.exe" if os.name == "nt" else "qsm-bot")


@dataclass
class Shop:
    """A seller's folder, a running mock portal, and its journals; `qapi` sets up its API."""

    folder: Path
    journal: Path
    environment: Mapping[str, str]
    requests: Path
    playwright: SharedPlaywright
    portal: dict[str, str] = field(default_factory=dict)
    qapi: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, stdin: str = "", **settings: str) -> Said:
        """Call the program with these words in the seller's folder; `stdin` is piped in."""
        return call(
            *words,
            folder=self.folder,
            environment={**self.environment, **self.portal, **settings},
            stdin=stdin,
            playwright=self.playwright,
        )

    def spawn(self, *words: str, stdin: str = "", **settings: str) -> Said:
        """Run the installed `qsm-bot` in a process of its own."""
        done = subprocess.run(
            [PROGRAM, *words],
            cwd=self.folder,
            env={**self.environment, **self.portal, **settings},
            capture_output=True,
            encoding="utf-8",
            input=stdin,
            check=False,
            timeout=patient(200),
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def effects(self, kind: str) -> list[dict[str, Any]]:
        """Return the journal's lines of one kind."""
        lines = (
            self.journal.read_text(encoding="utf-8").splitlines() if self.journal.exists() else []
        )
        return [effect for line in lines if (effect := json.loads(line))["kind"] == kind]

    def write_rules(self, text: str) -> None:
        """Write the seller's rules file."""
        (self.folder / "rules.toml").write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def as_a_whole(uncovered: None) -> None:
    """The program as a whole covers no branch: it does so in passing."""


@pytest.fixture
def bare_shop(tmp_path: Path, request: pytest.FixtureRequest) -> Shop:
    """A seller's folder without a portal; a browser is there once it is asked for."""
    folder = tmp_path / "shop"
    folder.mkdir()
    environment = {
        **os.environ,
        "QSM_DATA_DIR": str(tmp_path / "data"),
        "QSM_LANG": "en",
        "QSM_TIMEOUT": str(patient(5)),
        "PYTHONUTF8": "1",
    }
    journal, requests = tmp_path / "journal.jsonl", tmp_path / "requests.jsonl"
    playwright = SharedPlaywright(request.getfixturevalue)
    return Shop(folder, journal, environment, requests, playwright)


@pytest.fixture
def shop(bare_shop: Shop) -> Iterator[Shop]:
    """A seller's folder and a mock portal with twelve open requests."""
    with serving(bare_shop) as served:
        yield served


def _options(words: Sequence[str]) -> argparse.Namespace:
    """Read the options of `qsm-bot portal` that the tests use."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--defect", action="append", default=[])
    parser.add_argument("--orders", type=int, default=12)
    parser.add_argument("--grid", default=PortalOptions().grid)
    parser.add_argument("--style", default=PortalOptions().style)
    return parser.parse_args(words)


@contextmanager
def serving(bare_shop: Shop, *words: str, world: World | None = None) -> Iterator[Shop]:
    """Serve a mock portal with these options, and orders, for the seller's folder."""
    chosen = _options(words)
    options = PortalOptions(faults=parse_faults(chosen.fault), defects=parse_defects(chosen.defect))
    for file in (bare_shop.journal, bare_shop.requests):
        file.touch()
    with MockPortal(
        world or World.seeded(chosen.orders, seed=1),
        journal=Journal(bare_shop.journal, bare_shop.requests),
        options=replace(options, grid=chosen.grid, style=chosen.style),
    ) as server:
        bare_shop.portal = {
            "QSM_PORTAL_URL": server.url,
            "QSM_LOGIN_ID": server.login_id,
            "QSM_PASSWORD": server.password,
            "QSM_SHOP_NAME": server.world.shop_name,
        }
        bare_shop.qapi = {"QSM_QAPI_URL": server.qapi_url, "QSM_QAPI_KEY": server.qapi_key}
        yield bare_shop


@contextmanager
def spawned_portal(bare_shop: Shop, *options: str) -> Iterator[Shop]:
    """Serve it as the installed program does, in a process of its own."""
    files = ["--journal", str(bare_shop.journal), "--requests", str(bare_shop.requests)]
    command = [str(PROGRAM), "portal", "--json", "--port", "0", *files, *options]
    with subprocess.Popen(
        command, env=dict(bare_shop.environment), stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        told = _announced(process)
        bare_shop.qapi = {name: told.pop(name) for name in ("QSM_QAPI_URL", "QSM_QAPI_KEY")}
        bare_shop.portal = told
        try:
            yield bare_shop
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=patient(10)) == 0


def _announced(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if line.rstrip() == "}":
            document = json.loads(text)
            return {name: value for name, value in document.items() if name.startswith("QSM_")}
    raise AssertionError("the mock portal did not announce itself")
