"""What has changed since an earlier run."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from qsm_bot.acceptance.report.compare import load_last, note_changes
from qsm_bot.acceptance.report.documents import run_document
from qsm_bot.acceptance.report.files import summary_lines
from qsm_bot.base.errors.acceptance import LastRunUnreadable
from tests.unit.acceptance.report.runs import HELD, LEFT, MOMENT, full_run, run_of


def test_a_later_run_tells_what_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "last.json"
    file.write_text(json.dumps(run_document(full_run(), "en")), encoding="utf-8")
    run = run_of(columns=HELD, cells=LEFT, reasons=HELD)
    run.started += timedelta(days=1)
    run.note_names("list", {"headings": ("選択", "状態"), "services": ("A", "B")})
    run.note_names("details", {"dialogs": ("こんにちは",)})

    note_changes(run, load_last(file))

    assert run.compared_with == MOMENT
    assert [change.words.en for change in run.changes] == [
        "list of requests: heading of the list was “処理状態”, is “状態”"
    ]
    assert run.turned == {"columns": "did not hold"}
    assert "状態" in "\n".join(summary_lines(run, "ja"))


def test_a_dialog_that_says_something_else_is_a_change(tmp_path: Path) -> None:
    before, after = run_of(reasons=HELD), run_of(reasons=HELD)
    before.note_names("details", {"dialogs": ("確認しますか？",)})
    after.note_names("details", {"dialogs": ("よろしいですか？",)})
    file = tmp_path / "last.json"
    file.write_text(json.dumps(run_document(before, "en")), encoding="utf-8")

    note_changes(after, load_last(file))

    (change,) = after.changes
    assert (change.kind, change.old, change.new) == (
        "dialogs",
        "確認しますか？",
        "よろしいですか？",
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 2}', '{"schema": 1, "contract": 3, "statements": []}']
)
def test_a_file_that_is_no_run_is_told_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "last.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(LastRunUnreadable, match=re.escape(str(file))):
        load_last(file)


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(LastRunUnreadable, match="nowhere"):
        load_last(tmp_path / "nowhere.json")
