"""Evidence on disk: whole, digested, for the owner alone."""

import hashlib
import stat
from pathlib import Path

import pytest

from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.pictures import KeptPicture, PictureStore
from qsm_bot.base.words import Words

CONTENT = b"\x89PNG invented"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_kept_under_its_run_with_its_digest(tmp_path: Path) -> None:
    store = PictureStore(tmp_path)
    kept = store.keep("r1", "before.png", CONTENT)
    assert kept == KeptPicture("r1/before.png", hashlib.sha256(CONTENT).hexdigest())
    assert store.path(kept.path) == tmp_path / "pictures" / "r1" / "before.png"
    assert store.path(kept.path).read_bytes() == CONTENT


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    root = tmp_path / "pictures"
    kept = PictureStore(tmp_path).keep("r1", "a.png", CONTENT)
    assert [mode(path) for path in (root, root / "r1", root / kept.path)] == [0o700, 0o700, 0o600]


def test_a_missing_data_folder_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(EvidenceUnwritable, match="No such file or directory"):
        PictureStore(tmp_path / "data").keep("r1", "a.png", CONTENT)
    assert not (tmp_path / "data").exists()


def test_several_files_of_a_run_lie_side_by_side(tmp_path: Path) -> None:
    store = PictureStore(tmp_path)
    paths = [store.keep("r1", name, CONTENT).path for name in ("a.png", "b.png")]
    assert sorted(file.name for file in (tmp_path / "pictures" / "r1").iterdir()) == [
        "a.png",
        "b.png",
    ]
    assert paths == ["r1/a.png", "r1/b.png"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "r1/.._.._etc_passwd"),
        ("a b:c?.png", "r1/a_b_c_.png"),
        ("C:\\x\0.png", "r1/C__x_.png"),
        ("確認.png", "r1/確認.png"),
    ],
)
def test_a_name_never_leads_out_of_the_run_s_folder(tmp_path: Path, name: str, kept: str) -> None:
    assert PictureStore(tmp_path).keep("r1", name, CONTENT).path == kept
    assert (tmp_path / "pictures" / kept).is_file()


def test_a_folder_that_cannot_be_made_is_told_with_path_and_reason(tmp_path: Path) -> None:
    in_the_way = tmp_path / "pictures"
    in_the_way.write_bytes(b"")
    with pytest.raises(EvidenceUnwritable) as caught:
        PictureStore(tmp_path).keep("r1", "a.png", CONTENT)
    assert caught.value.facts == {
        "path": in_the_way / "r1" / "a.png",
        "detail": Words("File exists", "同じ名前のファイルがあります"),
    }


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "pictures" / "r1" / "a.png").mkdir(parents=True)
    with pytest.raises(EvidenceUnwritable, match="Is a directory"):
        PictureStore(tmp_path).keep("r1", "a.png", CONTENT)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "pictures" / "r1").mkdir(parents=True)
    (tmp_path / "pictures" / "r1" / "a.png").symlink_to("/dev/full")
    with pytest.raises(EvidenceUnwritable, match="No space left on device"):
        PictureStore(tmp_path).keep("r1", "a.png", CONTENT)


def test_a_picture_of_an_earlier_version_is_found_in_its_old_folder(tmp_path: Path) -> None:
    old = tmp_path / "evidence" / "r1" / "a.png"
    old.parent.mkdir(parents=True)
    old.write_bytes(CONTENT)
    store = PictureStore(tmp_path)

    assert store.path("r1/a.png") == old
    kept = store.keep("r1", "a.png", CONTENT)
    assert store.path(kept.path) == tmp_path / "pictures" / "r1" / "a.png"
