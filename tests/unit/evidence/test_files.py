"""Which file of a folder counts, how old it may be, and files that others are writing."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from qsm_bot.base.errors.evidence import EvidenceMissing, EvidenceStale, EvidenceUnfinished
from qsm_bot.evidence.files import newest, snapshot
from tests.unit.evidence.parts import (
    HEADINGS,
    NOW,
    ORDER,
    TRACKING,
    folder,
    source,
    told,
    touched,
    write_csv,
)


def filled(path: Path, hours: float) -> Path:
    return touched(write_csv(path, HEADINGS, (ORDER, TRACKING)), NOW - timedelta(hours=hours))


def test_the_newest_file_that_fits_counts_and_lock_files_do_not(tmp_path: Path) -> None:
    for name, hours in (("出荷1.csv", 3), ("出荷2.CSV", 2), ("~$出荷3.xlsx", 1), ("在庫.csv", 1)):
        filled(tmp_path / name, hours)
    for name in (".出荷.csv", ".~lock.出荷.csv#", "出荷.csv.part", "出荷.txt"):
        filled(tmp_path / name, 0.5)
    (tmp_path / "出荷9.csv").mkdir()
    assert newest(tmp_path, "出荷*").name == "出荷2.CSV"


def test_the_newest_file_is_read_with_its_own_name_as_the_source(tmp_path: Path) -> None:
    filled(tmp_path / "old.csv", 3)
    filled(tmp_path / "new.csv", 2)
    found = folder(tmp_path).load(NOW)
    assert [place.file for place in found.of(ORDER).sources] == ["new.csv"]
    assert found.reports[0].name == tmp_path.name


def test_a_newest_file_that_is_broken_is_not_replaced_by_an_older_one(tmp_path: Path) -> None:
    filled(tmp_path / "old.csv", 3)
    touched(filled(tmp_path / "new.xlsx", 2), NOW)
    assert "new.xlsx: no Excel file" in told(folder(tmp_path), EvidenceUnfinished).en


def test_a_file_older_than_allowed_is_in_error_and_never_no_evidence(tmp_path: Path) -> None:
    filled(tmp_path / "a.csv", 24.5)
    words = told(folder(tmp_path), EvidenceStale)
    assert words.en == "a.csv: 24.5 hours old; at most 24 hours are allowed."
    assert words.ja == "a.csv: 24.5 時間前のファイルです（上限 24 時間）。"
    assert folder(tmp_path, max_age_hours=25).load(NOW).of(ORDER).tracking_no.value == TRACKING


def test_a_single_file_may_be_of_any_age_unless_the_settings_bound_it(tmp_path: Path) -> None:
    file = filled(tmp_path / "a.csv", 1000)
    assert source(file).load(NOW).of(ORDER).tracking_no.value == TRACKING
    told(source(file, max_age_hours=999), EvidenceStale)


@pytest.mark.parametrize(
    ("name", "pattern", "said"),
    [
        ("nowhere", "*", "there is no such folder"),
        (".", "*.xlsx", "no .csv/.tsv/.xlsx file fits the pattern “*.xlsx”"),
    ],
)
def test_a_folder_without_a_file_is_in_error(
    tmp_path: Path, name: str, pattern: str, said: str
) -> None:
    filled(tmp_path / "a.csv", 1)
    assert said in told(folder(tmp_path / name, pattern=pattern), EvidenceMissing).en


def test_a_file_that_is_not_there_or_held_by_another_program_is_in_error(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert "ファイルがありません" in told(source(file), EvidenceMissing).ja
    filled(file, 1)
    with patch.object(Path, "read_bytes", side_effect=PermissionError(13, "denied")):
        assert "使用中" in told(source(file), EvidenceMissing).ja


class Writer:
    """Another tool that adds to the file at each of the first `times` readings."""

    def __init__(self, file: Path, times: int) -> None:
        self.file, self.left, self.plain = file, times, Path.read_bytes

    def read(self, path: Path) -> bytes:
        data = self.plain(path)
        if self.left:
            self.left -= 1
            with self.file.open("ab") as file:
                file.write(b"\r\n")
        return data


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    file = filled(tmp_path / "a.csv", 1)
    writer = Writer(file, times=2)
    with patch.object(Path, "read_bytes", autospec=True, side_effect=writer.read):
        assert snapshot(file).data.endswith(b"\r\n\r\n\r\n")


def test_a_file_that_keeps_changing_is_in_error(tmp_path: Path) -> None:
    file = filled(tmp_path / "a.csv", 1)
    writer = Writer(file, times=9)
    with patch.object(Path, "read_bytes", autospec=True, side_effect=writer.read):
        assert "another tool is writing it" in told(source(file), EvidenceUnfinished).en
