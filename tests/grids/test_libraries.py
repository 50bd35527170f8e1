"""The libraries are those that were fetched before, or they are not used."""

import hashlib
import io
import tarfile
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.grids import libraries
from tests.grids.libraries import NotToBeHadError


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache that is empty yet."""
    monkeypatch.setattr(libraries, "user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache"


def packed(folder: Path, text: bytes) -> Path:
    archive = folder / "a-1.tgz"
    with tarfile.open(archive, "w:gz") as inside:
        entry = tarfile.TarInfo("package/dist/a.js")
        entry.size = len(text)
        inside.addfile(entry, io.BytesIO(text))
    return archive


def package(archive: Path) -> dict[str, Any]:
    seen = b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    return {"version": "1", "integrity": f"sha512-{seen}", "files": ["dist/a.js"]}


def test_what_is_as_it_was_is_kept(tmp_path: Path, cache: Path) -> None:
    archive = packed(tmp_path, b"a = 1;")

    libraries._unpack("a", package(archive), archive)

    assert (cache / "grids" / "a-1" / "dist" / "a.js").read_text() == "a = 1;"


def test_what_differs_is_not_kept(tmp_path: Path, cache: Path) -> None:
    known = package(packed(tmp_path, b"a = 1;"))

    with pytest.raises(NotToBeHadError, match="is not what it was"):
        libraries._unpack("a", known, packed(tmp_path, b"a = 2;"))

    assert not cache.exists()


def test_without_npm_all_is_missing_and_the_reason_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(NotToBeHadError, match="npm is not installed"):
        libraries.fetch()

    names = [name for packages in libraries.LIBRARIES.values() for name in packages]
    assert libraries.missing() == names
