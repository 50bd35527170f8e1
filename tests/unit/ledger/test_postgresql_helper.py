"""Without PostgreSQL the tests fail and say what to install."""

from pathlib import Path

import pytest

from tests import postgresql


def test_missing_programs_name_the_debian_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgresql, "Path", lambda *_: tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(postgresql.PostgresqlMissing, match="Debian package `postgresql`"):
        postgresql.programs()
