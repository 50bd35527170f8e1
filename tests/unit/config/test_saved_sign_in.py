"""The saved sign-in: sealed, the shop's own, and never half a file."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from qsm_bot.base.errors.inputs import SavedSignInOpen
from qsm_bot.base.errors.people import SavedSignInDamaged, SavedSignInLocked, SavedSignInOfOther
from qsm_bot.config.saved_sign_in import KEY_BYTES, SessionStore

KEY = bytes(range(KEY_BYTES))
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
COOKIE = {"name": "GiosisGsmJP", "value": "canary-4711", "domain": "127.0.0.1", "path": "/"}


def store(
    folder: Path, shop: str = "みほん商店", portal: str = "http://127.0.0.1:8808"
) -> SessionStore:
    return SessionStore(folder, shop=shop, portal=portal)


def load(sessions: SessionStore, key: bytes | None = KEY) -> Any:
    return sessions.load(lambda: key)


def test_what_was_saved_comes_back_with_all_that_the_browser_needs(tmp_path: Path) -> None:
    cookie = {**COOKIE, "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    store(tmp_path).save([cookie], KEY, NOW)

    saved = load(store(tmp_path))

    assert list(saved.cookies) == [cookie]
    assert saved.saved_at == NOW
    assert store(tmp_path).age(NOW + timedelta(hours=5)) == timedelta(hours=5)


def test_the_file_shows_neither_cookie_nor_key_and_is_the_owners_alone(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    sessions.save([COOKIE], KEY, NOW)

    raw = sessions.path.read_bytes()
    assert b"canary" not in raw
    assert base64.b64encode(b"canary")[:6] not in raw
    assert sessions.path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / ".gitignore").read_text() == "*\n"


def test_without_a_file_there_is_nothing(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    asked: list[bool] = []

    assert sessions.load(lambda: asked.append(True) or KEY) is None  # type: ignore[func-returns-value]
    assert asked == []
    assert sessions.age(NOW) is None


@given(cut=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_off_anywhere_is_told_and_moved_aside(
    tmp_path_factory: pytest.TempPathFactory, cut: float
) -> None:
    sessions = store(tmp_path_factory.mktemp("cut"))
    sessions.save([COOKIE], KEY, NOW)
    whole = sessions.path.read_bytes()
    sessions.path.write_bytes(whole[: int(len(whole) * cut)])

    with pytest.raises(SavedSignInDamaged) as caught:
        load(sessions)

    assert caught.value.exit_code == 40
    assert not sessions.path.exists()
    assert sessions.path.with_suffix(".damaged").exists()


@given(place=st.integers(0), flip=st.integers(1, 255))
def test_a_changed_byte_is_never_taken(
    tmp_path_factory: pytest.TempPathFactory, place: int, flip: int
) -> None:
    sessions = store(tmp_path_factory.mktemp("bit"))
    sessions.save([COOKIE], KEY, NOW)
    raw = bytearray(sessions.path.read_bytes())
    raw[place % len(raw)] ^= flip
    sessions.path.write_bytes(raw)

    try:
        saved = load(sessions)
    except (SavedSignInDamaged, SavedSignInOfOther, SavedSignInLocked):
        return
    # Base64 has spare bits, and JSON blanks; what is read is then what was written.
    assert list(saved.cookies) == [COOKIE]


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"cookies": [], "origins": []},
        {"cookies": [{**COOKIE, "value": 7}], "origins": []},
        {"cookies": [{"name": "x"}], "origins": []},
        {"cookies": "GiosisGsmJP", "origins": []},
        [],
    ],
)
def test_what_holds_no_cookies_is_no_sign_in(tmp_path: Path, state: object) -> None:
    sessions = store(tmp_path)
    sessions.save([COOKIE], KEY, NOW)
    document = json.loads(sessions.path.read_bytes())
    nonce = base64.b64decode(document["nonce"])
    bound = json.dumps(document["header"], ensure_ascii=False, separators=(",", ":")).encode()
    sealed = AESGCM(KEY).encrypt(nonce, json.dumps(state).encode(), bound)
    document["sealed"] = base64.b64encode(sealed).decode()
    sessions.path.write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(SavedSignInDamaged, match="without cookies"):
        load(sessions)


@pytest.mark.parametrize("key", [None, bytes(KEY_BYTES)])
def test_without_its_key_it_stays_closed_and_where_it_is(tmp_path: Path, key: bytes | None) -> None:
    sessions = store(tmp_path)
    sessions.save([COOKIE], KEY, NOW)

    with pytest.raises(SavedSignInLocked) as caught:
        load(sessions, key)

    assert caught.value.exit_code == 40
    assert list(load(sessions).cookies) == [COOKIE]


def test_forgetting_takes_what_was_moved_aside_too(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    sessions.save([COOKIE], KEY, NOW)
    sessions.path.write_bytes(b"")
    with pytest.raises(SavedSignInDamaged):
        load(sessions)

    assert sessions.forget() is True
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitignore"]


@pytest.mark.parametrize(
    "other", [{"shop": "べつの商店"}, {"portal": "http://127.0.0.1:9"}], ids=["shop", "portal"]
)
def test_another_shops_file_is_told_and_left_where_it_is(
    tmp_path: Path, other: dict[str, str]
) -> None:
    theirs = store(tmp_path / "a", **other)
    theirs.save([COOKIE], KEY, NOW)
    ours = store(tmp_path / "b")
    ours.path.parent.mkdir()
    theirs.path.rename(ours.path)

    with pytest.raises(SavedSignInOfOther):
        load(ours)
    assert ours.path.exists()


def test_a_header_that_was_rewritten_to_fit_does_not_open_it(tmp_path: Path) -> None:
    theirs = store(tmp_path, shop="べつの商店")
    theirs.save([COOKIE], KEY, NOW)
    ours = store(tmp_path)
    text = theirs.path.read_text(encoding="utf-8").replace("べつの商店", "みほん商店")
    ours.path.write_text(text, encoding="utf-8")
    ours.path.chmod(0o600)

    with pytest.raises(SavedSignInDamaged):
        load(ours)


def test_a_file_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    sessions.save([COOKIE], KEY, NOW)
    sessions.path.chmod(0o644)

    with pytest.raises(SavedSignInOpen) as caught:
        load(sessions)
    assert caught.value.exit_code == 60


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    sessions.path.mkdir()

    with pytest.raises(SavedSignInOpen):
        load(sessions)


def test_forgetting_says_whether_there_was_something(tmp_path: Path) -> None:
    sessions = store(tmp_path)
    sessions.save([COOKIE], KEY, NOW)

    assert sessions.forget() is True
    assert sessions.forget() is False
    assert load(sessions) is None


def test_two_shops_have_two_files(tmp_path: Path) -> None:
    paths = {
        store(tmp_path, shop, portal).path
        for shop in ("みほん商店", "見本商店", "a b", "a-b")
        for portal in ("http://127.0.0.1:1", "http://127.0.0.1:2")
    }
    assert len(paths) == 8
