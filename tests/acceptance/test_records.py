"""What is kept of a refusal: the month, the figures, the export, and what goes with age."""

import json
import os
import re
from pathlib import Path

import openpyxl

from tests.acceptance.conftest import Shop

FIRST = "762544202"


def test_a_refusal_is_in_the_month_in_the_figures_and_in_a_file_that_anyone_can_verify(
    shop: Shop, tmp_path: Path
) -> None:
    figures, book = tmp_path / "qsm-bot.prom", tmp_path / "book.jsonl"
    done = shop.run(
        "refuse", FIRST, "--reason", "shipped", "--yes", "--json", QSM_METRICS_FILE=str(figures)
    )
    assert done.code == 0

    (attempt,) = shop.run("history", "--outcome", "refused", "--json").json["attempts"]
    month = attempt["begun_at"][:7]
    told = shop.run("report", "--month", month, "--out", str(tmp_path / "m.xlsx"), "--json")
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0]
    assert (told.json["format"], told.json["totals"]["outcomes"]) == ("xlsx", {"refused": 1})
    assert sheet["B2"].value == FIRST
    assert 'outcome="refused",shop="みほん商店"} 1.0' in figures.read_text("utf-8")

    shop.run("ledger", "export", "--out", str(book))
    verified = shop.run("ledger", "verify", str(book), "--own", "--json")
    assert (verified.code, verified.json["newer_in_ledger"]) == (0, 0)
    lines = book.read_text("utf-8").splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines, 1) if json.loads(line)["order_no"] == FIRST)
    lines[number - 1] = lines[number - 1].replace(FIRST, "762544203")
    book.write_text("".join(lines), encoding="utf-8")
    forged = shop.run("ledger", "verify", str(book), "--json", QSM_DATA_DIR=str(tmp_path / "none"))
    assert (forged.code, forged.json["error"]["code"]) == (80, "ExportBroken")
    assert f"from entry {number} on" in forged.json["error"]["message"]
    assert not (tmp_path / "none").exists()

    folder = tmp_path / "data" / "pictures"
    pictures = list(folder.rglob("*.png"))
    for picture in pictures:
        os.utime(picture, (0, 0))
    assert shop.run("purge", "--older", "90d", "--json").json["files"] == len(pictures) == 3
    assert all(picture.exists() for picture in pictures)
    assert shop.run("purge", "--older", "90d", "--yes").code == 0
    assert list(folder.rglob("*.png")) == []
    shop.run("report", "--out", str(tmp_path / "r.html"))
    page = (tmp_path / "r.html").read_text("utf-8")
    assert len(re.findall(r"Picture deleted on \d{4}-\d\d-\d\d by retention", page)) == 3
    assert "The file is missing" not in page
