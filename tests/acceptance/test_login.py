"""Signing in once, and the commands that follow without a password."""

import os
import stat
from pathlib import Path

import pytest

from tests.acceptance.conftest import Shop

KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = PRIORITY
    file = pathlib.Path(os.environ["TEST_KEYRING"])

    def _all(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def get_password(self, service, username):
        return self._all().get(f"{service} {username}")

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps(self._all() | {f"{service} {username}": password}))

    def delete_password(self, service, username):
        kept = self._all()
        del kept[f"{service} {username}"]
        self.file.write_text(json.dumps(kept))
"""


@pytest.fixture
def keyring(tmp_path: Path) -> dict[str, str]:
    """The settings of a computer whose keyring encrypts."""
    return keyring_of(tmp_path, priority=5)


def keyring_of(folder: Path, *, priority: float) -> dict[str, str]:
    (folder / "test_keyring.py").write_text(KEYRING.replace("PRIORITY", str(priority)))
    return {
        "PYTHONPATH": str(folder),
        "PYTHON_KEYRING_BACKEND": "test_keyring.Keyring",
        "TEST_KEYRING": str(folder / "keyring.json"),
    }


def test_a_sign_in_lasts_for_the_next_commands(shop: Shop, keyring: dict[str, str]) -> None:
    no_password = {**keyring, "QSM_PASSWORD": ""}

    assert shop.run("list", **no_password).code == 60
    first = shop.run("login", "--no-window", "--json", **keyring)
    listed = shop.run("list", "--json", **no_password)
    refused = shop.run(
        "refuse", "762544202", "--reason", "shipped", "--yes", "--json", **no_password
    )
    status = shop.run("secret", "status", "--json", **no_password)

    assert (first.code, first.json["shop"]) == (0, shop.portal["QSM_SHOP_NAME"])
    saved = Path(first.json["saved"])
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert (listed.code, len(listed.json["requests"])) == (0, 12)
    assert refused.outcomes == {"762544202": "refused"}
    assert status.json["session_key"] == "keyring"
    assert status.json["sign_in_hours"] == 0
    forms = [line for line in shop.requests.read_text().splitlines() if "Login.aspx" in line]
    assert sum('"POST"' in line for line in forms) == 1

    assert shop.run("logout", **no_password).code == 0
    assert not saved.exists()
    assert shop.run("logout", **no_password).code == 10
    assert shop.run("list", **no_password).code == 60


def test_the_keyring_keeps_the_password(shop: Shop, keyring: dict[str, str]) -> None:
    no_password = {**keyring, "QSM_PASSWORD": ""}
    password = shop.portal["QSM_PASSWORD"]

    set_ = shop.run("secret", "set", "--json", stdin=f"{password}\n", **no_password)
    listed = shop.run("list", **no_password)
    gone = shop.run("secret", "forget", "--json", **no_password)

    assert (set_.code, listed.code, gone.code) == (0, 0, 0)
    assert gone.json["gone"] == ["password", "session key"]
    assert password not in set_.out + set_.err + listed.out + listed.err
    assert shop.run("secret", "forget", **no_password).code == 10
    # Its key is gone with it: the sign-in that was kept opens no more.
    assert shop.run("list", **no_password).code == 40


def test_a_keyring_of_plain_text_is_refused(shop: Shop, tmp_path: Path) -> None:
    weak = keyring_of(tmp_path, priority=0.5)

    set_ = shop.run("secret", "set", stdin="a password\n", **weak)
    login = shop.run("login", "--no-window", **weak)

    assert (set_.code, login.code) == (60, 60)
    assert "QSM_SESSION_KEY_FILE" in login.err
    assert not (tmp_path / "keyring.json").exists()


def test_a_key_file_does_for_a_server(shop: Shop) -> None:
    key = shop.folder / "key"
    server = {"QSM_SESSION_KEY_FILE": "key"}

    made = shop.run("secret", "key", "key")
    again = shop.run("secret", "key", "key")

    assert (made.code, again.code) == (0, 60)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert shop.run("login", "--no-window", **server).code == 0
    assert shop.run("list", QSM_PASSWORD="", **server).code == 0
    locked = shop.run("list", QSM_PASSWORD="")
    assert (locked.code, "SavedSignInLocked" in locked.err) == (40, True)
    assert shop.run("list").code == 0


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"QSM_SHOP_NAME": ""}, "QSM_SHOP_NAME"),
        ({"QSM_KEEP_SESSION": "false"}, "QSM_KEEP_SESSION"),
        ({"QSM_SESSION_KEY": "no key"}, "QSM_SESSION_KEY"),
        ({"QSM_SESSION_KEY_FILE": "nowhere"}, "nowhere"),
    ],
)
def test_what_login_lacks_is_told_before_a_person_is_called(
    bare_shop: Shop, settings: dict[str, str], told: str
) -> None:
    shop_name = {"QSM_SHOP_NAME": "みほん商店"}

    said = bare_shop.run("login", **(shop_name | settings))

    assert said.code == 60
    assert told in said.err


@pytest.mark.skipif(os.name != "posix", reason="other systems always have a screen")
def test_without_a_screen_there_is_no_window(shop: Shop, keyring: dict[str, str]) -> None:
    said = shop.run("login", **keyring, DISPLAY="", WAYLAND_DISPLAY="")

    assert said.code == 60
    assert "no screen" in said.err
