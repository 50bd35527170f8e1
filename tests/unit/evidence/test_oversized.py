"""A small Excel file that would unpack to a very large one is told, and is not unpacked."""

import zipfile
from pathlib import Path

import pytest

from qsm_bot.base import tables
from qsm_bot.base.errors.evidence import EvidenceInvalid
from qsm_bot.base.errors.inputs import SheetUnreadable
from qsm_bot.evidence import sheets
from tests.unit.evidence.parts import HEADINGS, NOW, ORDER, TRACKING, source, write_xlsx


def swollen(file: Path, megabytes: int) -> Path:
    """Put so much white space into an Excel file; packed it is next to nothing."""
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings2.xml", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(b" " * (1 << 20))
    return file


def small(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "出荷.xlsx", 出荷=[HEADINGS, (ORDER, TRACKING)])


def test_row_18_a_file_that_unpacks_to_too_much_is_told(tmp_path: Path) -> None:
    file = swollen(small(tmp_path), 201)
    assert file.stat().st_size < 1 << 20

    with pytest.raises(EvidenceInvalid, match="unpacked the file has 201 MiB"):
        source(file).load(NOW)
    with pytest.raises(SheetUnreadable, match="201 MiB"):
        tables.read_workbook(file, "rules")


@pytest.mark.parametrize("limit", ["_MOST_ROWS", "_MOST_CELLS"])
def test_a_sheet_without_an_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    file = small(tmp_path)
    source(file).load(NOW)
    monkeypatch.setattr(sheets, limit, -1)

    with pytest.raises(EvidenceInvalid, match="more rows or cells"):
        source(file).load(NOW)
