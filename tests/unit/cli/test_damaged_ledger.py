"""On a ledger of which one byte was changed, only what shows goes on. No browser is started."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qsm_bot.base.log import configure_logging
from qsm_bot.cli.app import run
from qsm_bot.ledger import Ledger

ORDER = "762544202"
RULES = f'schema = 1\n[[rule]]\nname = "posted"\nreason = "shipped"\norders = ["{ORDER}"]\n'


@pytest.fixture(autouse=True)
def ledger_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shop's folder with a ledger in which a letter of a run's command was changed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QSM_PORTAL_URL", "http://127.0.0.1:9")
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    file = tmp_path / "ledger.sqlite3"
    with Ledger.open(f"sqlite:///{file.as_posix()}") as ledger:
        ledger.end_run(ledger.begin_run("shop", "a-command", None), 0)
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"command":"a-command"', b'"command":"b-command"'))
    assert file.read_bytes() != whole
    yield file
    configure_logging(verbose=False, as_json=False)


@pytest.mark.parametrize(
    "words",
    [
        ["plan"],
        ["approve", "0123456789ab"],
        ["apply", "0123456789ab"],
        ["rehearse", ORDER, "--reason", "shipped"],
        ["reconcile"],
        ["duty", "done", ORDER, "--note", "handed over"],
        ["standing-order", "end"],
        ["inbox", "--done", ORDER],
    ],
    ids=" ".join,
)
def test_nothing_is_done(
    ledger_file: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    before = ledger_file.read_bytes()
    code = run([*words, "--json"])
    assert (code, json.loads(capsys.readouterr().out)["error"]["code"]) == (80, "LedgerCorrupt")
    assert ledger_file.read_bytes() == before


@pytest.mark.parametrize("words", [["duty"], ["inbox"], ["history"], ["standing-order", "list"]])
def test_what_only_shows_goes_on(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert run([*words, "--json"]) in (0, 10, 30)
    assert "error" not in json.loads(capsys.readouterr().out)
