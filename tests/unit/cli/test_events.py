"""`--events`: every command tells how it ends; an act tells its orders, dialogs and outcomes."""

import json
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.cli.app import run


def events(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_last_event_has_the_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "events.jsonl"

    codes = [
        run(["init", "--events", str(file)]),
        run(["rules", "check", "--events", str(file)]),
        run(["init", "--events", str(file)]),  # the files are there already
    ]

    assert [each["exit_code"] for each in events(file) if each["kind"] == "done"] == codes
    assert codes == [0, 0, 60]


def test_an_unwritable_file_is_told_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    code = run(["init", "--json", "--events", str(tmp_path / "no" / "events.jsonl")])

    assert code == 60
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "FileUnwritable"
    assert not (tmp_path / "qsm-bot.toml").exists()
