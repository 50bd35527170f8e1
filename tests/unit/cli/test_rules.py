"""The commands on rules that need no portal, within this process."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qsm_bot.cli.app import run
from qsm_bot.cli.program import language

RULES = """\
schema = 1
[[rule]]
name = "handed over"
reason = "shipped"
evidence = { tracking_no = true }
"""
CASES = """\
name,expect,now,evidence.tracking_no,evidence.carrier
handed over,shipped,2026-11-23T10:00:00,123456789013,クロネコヤマト
nothing known,ask,,,
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seller's folder with rules, as the current one."""
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QSM_LANG", "ja")
    monkeypatch.setattr(language, "LANG", "ja")  # chosen when the program starts
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = run(["rules", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_rules_go_to_excel_and_back_unchanged(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checked, before = said(capsys, "check")
    exported, _ = said(capsys, "export", "rules.xlsx")
    kept, told = said(capsys, "import", "rules.xlsx")
    imported, written = said(capsys, "import", "rules.xlsx", "--force")

    assert (checked, exported, kept, imported) == (0, 0, 60, 0)
    assert told["error"]["code"] == "FileExists"
    assert said(capsys, "check")[1]["digest"] == before["digest"]
    assert written["backup"] == "rules.toml.bak"
    assert (shop / "rules.toml.bak").read_text(encoding="utf-8") == RULES
    assert run(["rules", "import", "rules.xlsx", "--out", "new.toml"]) == 0
    assert ".bak" not in capsys.readouterr().out
    assert run(["rules", "import", "rules.xlsx", "--force"]) == 0
    assert "rules.toml.bak に残しました。コメントは引き継がれません" in capsys.readouterr().out
    assert before["rules"][0]["stands_on"] == "自社データ: tracking_no, carrier"


def test_a_mistake_in_excel_is_told_with_its_cell_and_changes_nothing(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "export", "rules.xlsx")
    book = openpyxl.load_workbook(shop / "rules.xlsx")
    book["rules"]["B2"] = "redy"
    book.save(shop / "rules.xlsx")

    code, told = said(capsys, "import", "rules.xlsx", "--force")

    assert code == 60
    assert "rules!B2（reason）" in told["error"]["message"]
    assert '（"ready" のことですか）' in told["error"]["message"]
    assert (shop / "rules.toml").read_text(encoding="utf-8") == RULES


def test_cases_that_come_out_otherwise_are_listed(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "cases.csv").write_text(CASES, encoding="utf-8-sig")
    code, told = said(capsys, "test", "cases.csv")
    assert (code, told["cases"]) == (60, 2)
    assert [(each["case"], each["got"]) for each in told["differences"]] == [
        ("nothing known", "leave")
    ]

    (shop / "cases.csv").write_text(CASES.replace("ask", "leave"), encoding="utf-8")
    assert said(capsys, "test", "cases.csv")[0] == 0
    (shop / "cases.csv").write_bytes(CASES.replace("ask", "leave").encode("cp932"))
    assert said(capsys, "test", "cases.csv")[0] == 0
    assert run(["rules", "test", "cases.csv"]) == 0
    assert "2 件すべて期待どおり" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "case: 1つ以上必要です"),
        (CASES.replace("ask", "maybe").encode(), "case.2.expect: 'leave', 'ask'"),
        (CASES.encode("utf-16"), "UTF-16"),
        (b"name,expect\n\x81\xff", "cp932"),
        (b"name,expect,now\n,shipped,2026-11-23\n", "case.1.name"),
    ],
)
def test_a_file_of_cases_that_cannot_be_used_is_told(
    shop: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    (shop / "cases.csv").write_bytes(content)
    code, told = said(capsys, "test", "cases.csv")
    assert (code, told["error"]["code"]) == (60, "CasesInvalid")
    assert message in told["error"]["message"]
