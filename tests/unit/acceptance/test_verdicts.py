"""A run's verdicts, exit code and document; what has changed since the one before."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qsm_bot.acceptance.compare import load_last, set_beside
from qsm_bot.acceptance.page import run_html
from qsm_bot.acceptance.reports import summary_lines
from qsm_bot.acceptance.statements import STATEMENTS
from qsm_bot.acceptance.verdicts import Check, Picture, Run, Said, Verdict, run_document
from qsm_bot.clock import JST
from qsm_bot.errors import LastRunUnreadable, PortalUnreachable, SessionEnded
from qsm_bot.words import Words

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=JST)
HELD, BROKEN, LEFT = Verdict.HELD, Verdict.DID_NOT_HOLD, Verdict.NOT_JUDGED
WHY = Words("no journal", "記録なし")


def run_of(**verdicts: Verdict) -> Run:
    """Return a run with these verdicts; `_` in a name stands for `-`."""
    run = Run(portal="http://127.0.0.1:1", pack="qsm-jp", started=MOMENT)
    run.ask(name.replace("_", "-") for name in verdicts)
    for name, verdict in verdicts.items():
        run.records[name.replace("_", "-")].judge(verdict, WHY if verdict is LEFT else "")
    return run


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (run_of(columns=HELD, cells=HELD), 0),
        (run_of(columns=HELD, cells=LEFT), 20),
        (run_of(columns=LEFT), 20),
        (run_of(columns=BROKEN, cells=LEFT), 30),
        (run_of(), 20),
    ],
)
def test_only_a_run_that_judged_all_and_found_them_true_ends_with_0(run: Run, code: int) -> None:
    assert run.exit_code == code


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(PortalUnreachable(url="x", detail="y"), 50), (SessionEnded(page="x"), 40)],
)
def test_trouble_decides_the_exit_code_and_leaves_the_rest_unjudged(
    trouble: PortalUnreachable | SessionEnded, code: int
) -> None:
    run = Run(portal="x", pack="y", started=MOMENT)
    run.ask(["columns", "cells"])
    run.records["columns"].judge(HELD)
    run.trouble = trouble

    run.close()

    assert run.exit_code == code
    assert run.records["cells"].verdict is LEFT
    assert run.records["cells"].why == trouble.message


def test_what_the_run_did_not_come_to_is_not_judged() -> None:
    run = run_of(columns=HELD)
    run.ask(["cells"])

    run.close()

    assert run.records["cells"].verdict is LEFT
    assert run.exit_code == 20


def test_of_several_judgements_the_gravest_stays() -> None:
    """As when the kit runs in several browsers."""
    record = run_of(columns=HELD).records["columns"]
    record.judge(BROKEN, "seen")
    record.judge(LEFT, WHY)
    record.judge(HELD)

    assert (record.verdict, record.why) == (BROKEN, "seen")


def test_the_statements_of_a_run_stand_in_the_manuals_order() -> None:
    run = Run(portal="x", pack="y", started=MOMENT)
    run.ask(reversed(list(STATEMENTS)))

    assert list(run.records) == list(STATEMENTS)


def full_run() -> Run:
    run = run_of(columns=BROKEN, cells=LEFT, reasons=HELD)
    record = run.records["columns"]
    record.checks.append(Check(Words("headings", "見出し"), "選択", "<b>選</b>", held=False))
    record.dialogs.append(Said("alert", "完了", accepted=True))
    record.pictures.append(Picture(Words("the list", "一覧"), b"\xff\xd8jpeg"))
    record.services.append("swe_ClaimBizService.asmx/GetClaimList")
    run.note_names("list", {"headings": ("選択", "処理状態"), "services": ("A",)})
    run.note_names("list", {"headings": ("選択", "処理状態"), "services": ("B",)})
    return run


@pytest.mark.parametrize(("lang", "what"), [("en", "headings"), ("ja", "見出し")])
def test_the_document_tells_everything_in_one_language(lang: str, what: str) -> None:
    document = json.loads(json.dumps(run_document(full_run(), lang)))  # type: ignore[arg-type]

    columns, cells = document["statements"][:2]
    assert document["counts"] == {"held": 1, "did not hold": 1, "not judged": 1}
    assert document["exit_code"] == 30
    assert columns["checks"] == [
        {"what": what, "expected": "選択", "seen": "<b>選</b>", "held": False}
    ]
    assert columns["dialogs"] == [{"kind": "alert", "text": "完了", "accepted": True}]
    assert columns["services"] == ["swe_ClaimBizService.asmx/GetClaimList"]
    assert cells["why"] == WHY.say(lang)  # type: ignore[arg-type]
    assert document["contract"]["list"]["services"] == ["A", "B"]


def test_a_later_run_tells_what_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "last.json"
    file.write_text(json.dumps(run_document(full_run(), "en")), encoding="utf-8")
    run = run_of(columns=HELD, cells=LEFT, reasons=HELD)
    run.started += timedelta(days=1)
    run.note_names("list", {"headings": ("選択", "状態"), "services": ("A", "B")})
    run.note_names("details", {"dialogs": ("こんにちは",)})

    set_beside(run, load_last(file))

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

    set_beside(after, load_last(file))

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


def test_the_page_needs_nothing_else_and_shows_the_clones_texts_as_texts() -> None:
    html = run_html(full_run(), "en")

    assert "<b>選</b>" not in html
    assert "&lt;b&gt;選&lt;/b&gt;" in html
    assert "data:image/jpeg;base64,/9hqcGVn" in html
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', html) == []
    for section in ("4", "6"):
        assert f"Step {section}:" in html
    assert "見出し" in html


def test_the_summary_names_what_is_not_held_and_counts_all() -> None:
    lines = list(summary_lines(full_run(), "en"))

    assert lines == [
        "columns: did not hold",
        "cells: not judged (no journal)",
        "1 held, 1 did not hold, 1 not judged",
    ]
