"""A file that another program holds for a moment is tried again."""

from pathlib import Path

import pytest

from qsm_bot.base import retry
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.private_files import write_private


@pytest.fixture
def denials(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let so many renames fail, as under a scanner on Windows."""
    left = [0]
    rename = Path.replace

    def held(self: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "アクセスが拒否されました。")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", held)
    return left


def test_a_rename_that_is_denied_for_a_moment_is_done(tmp_path: Path, denials: list[int]) -> None:
    denials[0] = 3

    write_private(tmp_path / "a", b"whole")

    assert (tmp_path / "a").read_bytes() == b"whole"


def test_one_that_stays_denied_is_told(
    tmp_path: Path, denials: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    denials[0] = 10**6
    monkeypatch.setattr(retry, "_PATIENCE", 0.0)

    with pytest.raises(EvidenceUnwritable):
        write_private(tmp_path / "a", b"whole")

    assert list(tmp_path.iterdir()) == []
