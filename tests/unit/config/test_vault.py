"""Secrets: the settings before the keyring, and no keyring that keeps plain text."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from qsm_bot.base.errors.inputs import KeyringUnusable, SettingsInvalid
from qsm_bot.config.saved_sign_in import KEY_BYTES
from qsm_bot.config.settings import Settings
from qsm_bot.config.vault import Secret, SecretName, Vault, key_bytes, new_key


class Strong(KeyringBackend):
    """A keyring in memory that counts as one that encrypts."""

    priority: ClassVar[float] = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


class Weak(Strong):
    """One that keeps plain text."""

    priority: ClassVar[float] = 0.5


class Locked(Strong):
    """One that nobody has unlocked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


@pytest.fixture(autouse=True)
def keep_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def use(backend: KeyringBackend) -> None:
    keyring.set_keyring(backend)


def vault(**given: object) -> Vault:
    settings: dict[str, object] = {"portal_url": "http://127.0.0.1", "login_id": "mihon_shop"}
    return Vault(Settings(**settings | given))  # type: ignore[arg-type]


def test_the_environment_wins_over_the_file_and_the_file_over_the_keyring(tmp_path: Path) -> None:
    use(Strong())
    vault().keep(SecretName.PASSWORD, "from keyring")
    file = tmp_path / "password"
    file.write_text("from file\n", encoding="utf-8-sig")

    assert vault(password="from env", password_file=file).password() == Secret(
        "from env", "QSM_PASSWORD"
    )
    assert vault(password_file=file).password() == Secret(
        "from file", f"QSM_PASSWORD_FILE ({file})"
    )
    assert vault().password() == Secret("from keyring", "keyring")


@pytest.mark.skipif(
    sys.platform != "linux",
    reason="only Linux has sessions without a keyring: others have theirs always",
)
@pytest.mark.parametrize(
    ("session", "looks"),
    [
        ({}, False),
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}, True),
        ({"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}, True),
    ],
    ids=["neither", "bus", "backend"],
)
def test_without_a_bus_or_a_chosen_backend_no_keyring_is_looked_for(
    session: dict[str, str], tmp_path: Path, *, looks: bool
) -> None:
    """Finding its back ends would cost each start of a server a third of a second."""
    program = (
        "import sys; from qsm_bot.config.settings import Settings; "
        "from qsm_bot.config.vault import Vault; "
        "print(Vault(Settings()).password(), 'keyring' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **session},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["None", str(looks)]


def test_accounts_do_not_see_each_others_secrets() -> None:
    use(Strong())
    vault().keep(SecretName.PASSWORD, "mine")

    assert vault(login_id="other").password() is None


@pytest.mark.parametrize("backend", [Weak, keyring.backends.fail.Keyring])
def test_a_keyring_that_does_not_encrypt_is_none(backend: type[KeyringBackend]) -> None:
    use(backend())

    assert vault().password() is None
    with pytest.raises(KeyringUnusable) as caught:
        vault().keep(SecretName.PASSWORD, "secret")
    assert caught.value.exit_code == 60
    if isinstance(keyring.get_keyring(), Weak):
        assert keyring.get_keyring().kept == {}  # type: ignore[attr-defined]


def test_of_a_chain_only_what_encrypts_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    weak, strong = Weak(), Strong()
    chain = keyring.backends.chainer.ChainerBackend
    monkeypatch.setattr(chain, "backends", [weak, strong])
    use(chain())

    vault().keep(SecretName.PASSWORD, "secret")

    assert weak.kept == {}
    assert list(strong.kept.values()) == ["secret"]
    assert vault().password() == Secret("secret", "keyring")


def test_a_locked_keyring_is_told() -> None:
    use(Locked())

    with pytest.raises(KeyringUnusable, match="locked"):
        vault().password()


def test_the_first_key_is_made_once_and_kept() -> None:
    use(Strong())

    assert vault().session_key() is None
    made = vault().session_key_or_new()
    assert len(key_bytes(made)) == KEY_BYTES
    assert vault().session_key_or_new().value == made.value


def test_forgetting_names_what_is_gone() -> None:
    use(Strong())
    vault().keep(SecretName.PASSWORD, "secret")
    vault().session_key_or_new()

    assert vault().forget() == ["password", "session key"]
    assert vault().forget() == []


def test_the_qapi_key_is_looked_up_as_the_password_is_and_forgotten_with_it(tmp_path: Path) -> None:
    use(Strong())
    file = tmp_path / "key"
    file.write_text("from file\n", encoding="utf-8")
    assert vault().qapi_key() is None
    vault().keep(SecretName.QAPI_KEY, "from keyring")

    given = vault(qapi_key="from env", qapi_key_file=file)
    assert given.qapi_key() == Secret("from env", "QSM_QAPI_KEY")
    in_file = vault(qapi_key_file=file).qapi_key()
    assert in_file == Secret("from file", f"QSM_QAPI_KEY_FILE ({file})")
    assert vault().qapi_key() == Secret("from keyring", "keyring")
    assert vault().password() is None
    assert vault().forget() == ["QAPI key"]
    assert vault().qapi_key() is None


def test_keys_are_new_each_time() -> None:
    assert len({new_key() for _ in range(50)}) == 50


@pytest.mark.parametrize("text", ["", "short", "é", "A" * 44, "QUJD", "%%%%"])
def test_what_is_no_key_is_told_without_repeating_it(text: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        key_bytes(Secret(text, "QSM_SESSION_KEY"))
    assert "QSM_SESSION_KEY" in caught.value.message.en
    assert not text or text not in caught.value.message.en


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\xff")

    for file in (tmp_path / "none", binary):
        with pytest.raises(SettingsInvalid, match="QSM_PASSWORD_FILE"):
            vault(password_file=file).password()


def test_a_secret_does_not_show_itself() -> None:
    assert "hidden" not in repr(Secret("hidden", "QSM_PASSWORD"))


class OfWindows(Strong):
    """One that raises what its system raises, as pywintypes.error."""

    def get_password(self, service: str, username: str) -> str | None:
        raise OSError(1312, "指定されたログオン セッションは存在しません。")


def test_whatever_a_keyring_raises_is_told_with_the_way_out() -> None:
    keyring.set_keyring(OfWindows())

    with pytest.raises(KeyringUnusable) as caught:
        Vault(Settings(login_id="mihon_shop")).password()

    assert "QSM_PASSWORD_FILE" in caught.value.next_words.ja


def test_a_keyring_that_cannot_even_be_looked_for_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> KeyringBackend:
        raise RuntimeError("no bus")

    monkeypatch.setattr(keyring, "get_keyring", broken)

    with pytest.raises(KeyringUnusable, match="no bus"):
        Vault(Settings(login_id="mihon_shop")).password()
