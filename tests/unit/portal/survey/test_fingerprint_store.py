"""Page contracts on disk."""

import os
from pathlib import Path

import pytest

from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.domain.page_fingerprint import PageFingerprint
from qsm_bot.portal.survey.fingerprint_store import FingerprintStore

OLD = PageFingerprint({"list": {"headings": ("注文番号",)}})
NEW = PageFingerprint({"list": {"headings": ("受注番号",)}})


@pytest.fixture
def store(tmp_path: Path) -> FingerprintStore:
    return FingerprintStore(
        tmp_path / "contracts", portal_url="http://127.0.0.1:8808", pack="qsm-jp"
    )


def test_nothing_is_known_before_the_first_walk(store: FingerprintStore) -> None:
    assert store.load() is None


def test_the_newest_is_loaded_and_the_one_before_stays_beside_it(store: FingerprintStore) -> None:
    store.save(OLD)
    store.save(NEW)

    names = sorted(path.name for path in store.path.parent.iterdir())
    previous = store.path.with_name(f"{store.path.name}.previous")
    assert names == ["127.0.0.1_8808-qsm-jp.json", "127.0.0.1_8808-qsm-jp.json.previous"]
    assert store.load() == NEW
    assert PageFingerprint.from_text(previous.read_text("utf-8")) == OLD
    if os.name != "nt":
        assert {path.stat().st_mode & 0o777 for path in store.path.parent.iterdir()} == {0o600}


def test_a_damaged_file_is_as_none_and_is_written_anew(store: FingerprintStore) -> None:
    store.save(OLD)
    store.path.write_bytes(b"\xff half")

    assert store.load() is None
    store.save(NEW)
    assert store.load() == NEW


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    store = FingerprintStore(tmp_path / "file", portal_url="http://127.0.0.1:1", pack="p")

    with pytest.raises(EvidenceUnwritable):
        store.save(OLD)
