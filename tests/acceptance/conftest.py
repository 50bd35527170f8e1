"""The installed program as others run it: a subprocess, its output, its exit code."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support import Said

PROGRAM = Path(sys.executable).parent / ("qsm-bot.exe" if os.name == "nt" else "qsm-bot")


@dataclass
class Shop:
    """A seller's folder, a running mock portal, and its journals; `qapi` sets up its API."""

    folder: Path
    journal: Path
    environment: Mapping[str, str]
    requests: Path
    portal: dict[str, str] = field(default_factory=dict)
    qapi: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, stdin: str = "", **settings: str) -> Said:
        """Run `qsm-bot` with these words in the seller's folder; `stdin` is piped in."""
        done = subprocess.run(
            [PROGRAM, *words],
            cwd=self.folder,
            env={**self.environment, **self.portal, **settings},
            capture_output=True,
            encoding="utf-8",
            input=stdin,
            check=False,
            timeout=200,
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


@pytest.fixture
def bare_shop(tmp_path: Path, browser_type_launch_args: dict[str, Any]) -> Shop:
    """A seller's folder without a portal; a browser is there."""
    folder = tmp_path / "shop"
    folder.mkdir()
    environment = {
        **os.environ,
        "QSM_DATA_DIR": str(tmp_path / "data"),
        "QSM_LANG": "en",
        "PYTHONUTF8": "1",
    }
    journal, requests = tmp_path / "journal.jsonl", tmp_path / "requests.jsonl"
    return Shop(folder, journal, environment, requests)


@pytest.fixture
def shop(bare_shop: Shop) -> Iterator[Shop]:
    """A seller's folder and a mock portal with twelve open requests."""
    with serving(bare_shop) as served:
        yield served


@contextmanager
def serving(bare_shop: Shop, *options: str) -> Iterator[Shop]:
    """Serve a mock portal with these options for the seller's folder."""
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
            process.wait(timeout=10)


def _announced(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if line.rstrip() == "}":
            document = json.loads(text)
            return {name: value for name, value in document.items() if name.startswith("QSM_")}
    raise AssertionError("the mock portal did not announce itself")
