"""What is old enough is found run by run, and nothing else is touched."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.retention import KeptFiles

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=JST)
LIMIT = NOW - timedelta(days=90)


def put(folder: Path, name: str, *, days: float) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"12345")
    changed = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (changed, changed))
    return path


def test_old_files_are_found_run_by_run_and_the_rest_of_the_folder_is_left(tmp_path: Path) -> None:
    old = [
        put(tmp_path, "pictures/run-2/1-before.png", days=91),
        put(tmp_path, "pictures/run-1/1-before.png", days=200),
        put(tmp_path, "reports/run-1.html", days=199),
        put(tmp_path, "reports/2026-01-みほん.xlsx", days=120),
    ]
    young = [
        put(tmp_path, "pictures/run-2/2-after.png", days=89),
        put(tmp_path, "pictures/run-3/1-before.png", days=400),  # still in question
        put(tmp_path, "ledger.sqlite3", days=400),
        put(tmp_path, "captures/2025-01-01/page.html", days=400),
    ]
    kept = KeptFiles(tmp_path)
    first, second, third = kept.old(LIMIT, {"run-3"})

    assert (first.name, first.pictures, first.reports) == (
        "run-1",
        ("run-1/1-before.png",),
        ("run-1.html",),
    )
    assert (first.count, first.size) == (2, 10)
    assert first.newest == NOW - timedelta(days=199)
    assert (second.name, third.pictures) == ("2026-01-みほん", ("run-2/1-before.png",))
    for batch in (first, second, third):
        kept.delete(batch)
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in young)
    assert not (tmp_path / "pictures/run-1").exists()
    assert kept.old(LIMIT, {"run-3"}) == []


def test_a_link_and_what_it_leads_to_are_left(tmp_path: Path) -> None:
    elsewhere = put(tmp_path, "elsewhere/own.png", days=400)
    data = tmp_path / "data"
    (data / "pictures").mkdir(parents=True)
    (data / "pictures" / "run-1").symlink_to(elsewhere.parent)
    (data / "pictures" / "run-2.png").symlink_to(elsewhere)

    assert KeptFiles(data).old(NOW) == []
    assert KeptFiles(tmp_path / "none").old(NOW) == []


def test_a_file_that_cannot_be_deleted_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "pictures/run-1/1-before.png", days=400)
    kept = KeptFiles(tmp_path)
    (batch,) = kept.old(LIMIT)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(EvidenceUnwritable, match="1-before"):
        kept.delete(batch)


def test_pictures_of_earlier_versions_grow_old_as_well(tmp_path: Path) -> None:
    put(tmp_path, "evidence/run-1/1-before.png", days=400)
    kept = KeptFiles(tmp_path)

    (batch,) = kept.old(NOW - timedelta(days=90))
    kept.delete(batch)

    assert batch.pictures == ("run-1/1-before.png",)
    assert not (tmp_path / "evidence" / "run-1").exists()
