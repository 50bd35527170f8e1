"""Files for the owner's eyes only."""

import os
from pathlib import Path

import pytest

from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.private_files import is_open_to_others, write_private


def test_a_file_is_the_owners_alone_whatever_stood_there_before(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_private(path, b"one")
    path.chmod(0o644)
    write_private(path, b"two")

    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EvidenceUnwritable) as caught:
        write_private(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    assert "No space left" in caught.value.message.en


@pytest.mark.parametrize(("mode", "told"), [(0o600, False), (0o640, True), (0o604, True)])
def test_rights_of_others_are_seen(tmp_path: Path, *, mode: int, told: bool) -> None:
    path = tmp_path / "file"
    path.touch()
    path.chmod(mode)

    assert is_open_to_others(path) is told
