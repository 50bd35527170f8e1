"""Rows about the seller's own files: a damaged one never looks like no evidence."""

import os
from pathlib import Path

from tests.faults.rows import row
from tests.program import call
from tests.support import Said
from tests.unit.evidence.parts import write_csv, write_xlsx

SETTINGS = """
[[evidence]]
kind = "file"
path = "出荷.csv"
[[evidence]]
kind = "file"
path = "出荷.xlsx"
"""
ROWS = [("注文番号", "送り状番号"), ("762544202", "123456789013"), ("7.62544E+08", "1")]


def qsm_bot(folder: Path, *words: str) -> Said:
    """Run a command that needs no portal, with the settings of a folder."""
    return call(
        *(*words, "--json", "--lang", "ja"), folder=folder, environment=os.environ, stdin=""
    )


@row("F141")
def test_an_order_number_in_excel_s_exponent_form_is_turned_down_with_a_hint(
    tmp_path: Path,
) -> None:
    write_csv(tmp_path / "出荷.csv", *ROWS, encoding="cp932")
    write_xlsx(tmp_path / "出荷.xlsx", 出荷=ROWS)
    (tmp_path / "qsm-bot.toml").write_text(SETTINGS, encoding="utf-8")

    checked = qsm_bot(tmp_path, "evidence", "check")
    shown = qsm_bot(tmp_path, "evidence", "show", "762544202")

    assert checked.code == 60
    places = ("出荷.csv 3行目", "出荷.xlsx「出荷」 3行目")
    for place, source in zip(places, checked.json["sources"], strict=True):
        error = source["error"]
        assert (source["orders"], error["code"]) == (0, "OrderNumberDamaged")
        assert error["message"].startswith(f"{place}: 注文番号「7.62544E+08」はExcelの指数表示です")
        assert "「文字列」" in error["next"]
    # Nothing of such a source counts, and no order passes for one without evidence.
    assert (shown.code, shown.json["facts"], len(shown.json["doubts"])) == (60, [], 2)
