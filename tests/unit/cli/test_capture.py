"""`capture` shows what it would write before it asks, and writes nothing after a no."""

import sys
from pathlib import Path

import pytest

import qsm_bot.cli.commands.capture as command
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.errors.people import PersonDeclined
from qsm_bot.cli.program.call import Job
from qsm_bot.portal.capture.draft import Draft
from qsm_bot.portal.capture.kinds import DataKind

DRAFT = Draft(
    files={"home/captured-home/page.html": "<html></html>\n"},
    replaced={DataKind.NAME: 2, DataKind.PHONE: 1},
    samples={DataKind.NAME: ("見本 花子", "架空 太郎"), DataKind.PHONE: ("000-1234-5678",)},
    missed={"details": "NothingToOpen"},
)


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Job:
    monkeypatch.setenv("QSM_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(command, "_draft", lambda _job: DRAFT)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    return Job()


def answer(monkeypatch: pytest.MonkeyPatch, *, said: bool) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr("typer.confirm", lambda question: asked.append(question) or said)
    return asked


def test_after_a_no_nothing_is_written(
    job: Job,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = answer(monkeypatch, said=False)

    with pytest.raises(PersonDeclined):
        command.capture(job)

    shown = capsys.readouterr().out
    for part in (
        "home/captured-home/page.html",
        "見本 花子 | 架空 太郎",
        "000-1234-5678",
        "NothingToOpen",
    ):
        assert part in shown
    assert str(tmp_path / "captures") in asked[0]
    assert list(tmp_path.iterdir()) == []


def test_after_a_yes_it_is_written_and_a_place_that_is_missing_is_told_by_the_exit_code(
    job: Job, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, said=True)

    codes = [command.capture(job), command.capture(job)]

    assert codes == [20, 20]
    first, second = sorted((tmp_path / "captures").iterdir())
    assert second.name == f"{first.name}-2"
    for folder in (first, second):
        page = folder / "home/captured-home/page.html"
        assert page.read_text("utf-8") == "<html></html>\n"
        assert sys.platform == "win32" or page.stat().st_mode & 0o777 == 0o600


def test_without_a_person_there_must_be_a_yes(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)

    with pytest.raises(UsageInvalid):
        command.capture(job)
