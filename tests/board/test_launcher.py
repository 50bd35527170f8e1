"""The launcher for Windows, and the vendored script: as they must be, byte for byte."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.patience import patient

ROOT = Path(__file__).parents[2]
LAUNCHER = (ROOT / "はじめる.cmd").read_bytes()
STATIC = ROOT / "qsm_bot" / "board" / "static"
HTMX = "60231ae6ba9db3825eb15a261122d5f55921c4d53b66bf637dc18b4ee27c79f9"


def test_windows_reads_it_line_by_line_and_in_its_own_encoding() -> None:
    text = LAUNCHER.decode("utf-8")
    lines = text.split("\r\n")

    assert "\n" not in text.replace("\r\n", "")
    assert not LAUNCHER.startswith(b"\xef\xbb\xbf")
    before = lines[: lines.index("chcp 65001 >nul")]
    assert all(line.isascii() for line in before)
    # What is not plain stands in what is told only, never in what is done.
    assert all(line.isascii() or line.startswith("echo ") for line in lines)


def test_it_jumps_to_labels_that_are_there_and_names_files_that_are_there() -> None:
    text = LAUNCHER.decode("utf-8")

    assert set(re.findall(r"goto (\w+)", text)) <= set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    for name in re.findall(r"docs[\\/][\w.\\/-]+\.md", text):
        assert (ROOT / name.replace("\\", "/")).is_file(), name
    assert "://" not in text


def test_htmx_is_as_it_was_published_and_its_licence_is_beside_it() -> None:
    file = STATIC / "htmx-2.0.7.min.js"

    assert hashlib.sha256(file.read_bytes()).hexdigest() == HTMX
    assert "Zero-Clause BSD" in (STATIC / "htmx-LICENSE.txt").read_text("utf-8")


def test_the_board_ends_by_a_signal_and_leaves_nothing_of_the_practice(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "qsm_bot", "board", "--json", "--no-open", "--practice"],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        text = "".join(iter(process.stdout.readline, "}\n"))
        url = json.loads(f"{text}}}")["url"]
        with httpx.Client(follow_redirects=True, timeout=patient(20)) as client:
            assert "Practising" in client.get(url).text
        process.send_signal(signal.SIGTERM)
        assert process.wait(patient(20)) == 0
    assert not list(tmp_path.glob("qsm-bot-practice-*"))
