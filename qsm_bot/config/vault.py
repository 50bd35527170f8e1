"""Secrets of one shop: from the environment, a mounted file, or the system's keyring."""

import base64
import binascii
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from qsm_bot.base.errors.inputs import KeyringUnusable, SettingsInvalid
from qsm_bot.base.words import Words
from qsm_bot.config.saved_sign_in import KEY_BYTES

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend
    from pydantic import SecretStr

    from qsm_bot.config.settings import Settings

_SERVICE = "qsm-bot"
# Backends below this store in plain text, or nowhere.
_LEAST_PRIORITY = 1

_NO_BACKEND = Words("there is none that encrypts", "暗号化して保存できるキーリングがありません")
_BAD_KEY = Words(
    "{name}: not a key; `qsm-bot secret key FILE` makes one",
    "{name}: 鍵の形式ではありません。`qsm-bot secret key ファイル` で作成できます",
)
_NO_FILE = Words("{name}: {file}: {detail}", "{name}: {file}: {detail}")


class SecretName(StrEnum):
    """The secrets of a shop, each called as the setting that may give it."""

    PASSWORD = "password"  # noqa: S105  # the name of a setting
    SESSION_KEY = "session_key"
    QAPI_KEY = "qapi_key"


# What the keyring's entries are called; those that are there are found by it.
_ENTRIES = {
    SecretName.PASSWORD: "password",
    SecretName.SESSION_KEY: "session key",
    SecretName.QAPI_KEY: "QAPI key",
}


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, and in words where it is from."""

    value: str
    place: str

    def __repr__(self) -> str:
        return f"Secret({self.place})"


class Vault:
    """Looks secrets up, and keeps them in the keyring.

    Args:
        settings: what they say wins over the keyring; also, whose secrets it keeps.
    """

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings
        self._account = settings.account

    def secret(self, name: SecretName) -> Secret | None:
        """Return a secret, if there is one: given by a setting, in a file, or in the keyring.

        Raises:
            SettingsInvalid: the file cannot be read.
            KeyringUnusable: the keyring does not answer.
        """
        given: SecretStr = getattr(self._settings, name)
        file: Path | None = getattr(self._settings, f"{name}_file")
        variable = f"QSM_{name.upper()}"
        return (
            _found(given.get_secret_value(), variable)
            or in_file(file, f"{variable}_FILE")
            or self._in_keyring(name)
        )

    def password(self) -> Secret | None:
        """Return the password: see `secret`."""
        return self.secret(SecretName.PASSWORD)

    def session_key(self) -> Secret | None:
        """Return the key of the saved sign-in, as base64: see `secret` and `key_bytes`."""
        return self.secret(SecretName.SESSION_KEY)

    def qapi_key(self) -> Secret | None:
        """Return the certification key of QAPI: see `secret`."""
        return self.secret(SecretName.QAPI_KEY)

    def session_key_or_new(self) -> Secret:
        """Return the key of the saved sign-in; where there is none, the keyring keeps a new one.

        Raises:
            SettingsInvalid, KeyringUnusable: there is none, and none can be kept.
        """
        found = self.session_key()
        if found is None:
            found = Secret(new_key(), "keyring")
            self.keep(SecretName.SESSION_KEY, found.value)
        return found

    def keep(self, name: SecretName, value: str) -> None:
        """Put a secret into the keyring.

        Raises:
            KeyringUnusable: there is none that encrypts, or it does not take it.
        """
        backend = _strong_backend()
        if backend is None:
            raise KeyringUnusable(detail=_NO_BACKEND)
        with _answering():
            backend.set_password(_SERVICE, self._entry(name), value)

    def forget(self) -> list[str]:
        """Delete what the keyring has of this account, and return its names.

        Raises:
            KeyringUnusable: the keyring does not answer.
        """
        backend = _strong_backend()
        gone = [name for name in SecretName if self._in_keyring(name)]
        for name in gone:
            with _answering():
                if backend is not None:
                    backend.delete_password(_SERVICE, self._entry(name))
        return [_ENTRIES[name] for name in gone]

    def _in_keyring(self, name: SecretName) -> Secret | None:
        backend = _strong_backend()
        if backend is None:
            return None
        with _answering():
            return _found(backend.get_password(_SERVICE, self._entry(name)) or "", "keyring")

    def _entry(self, name: SecretName) -> str:
        return f"{_ENTRIES[name]} {self._account}"


def new_key() -> str:
    """Return a new key for the saved sign-in, as base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def key_bytes(key: Secret) -> bytes:
    """Return a key as it is used.

    Raises:
        SettingsInvalid: it is not one.
    """
    try:
        raw = base64.b64decode(key.value, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise SettingsInvalid(detail=_BAD_KEY.filled(name=key.place))
    return raw


def _found(value: str, place: str) -> Secret | None:
    return Secret(value, place) if value else None


def in_file(file: Path | None, name: str) -> Secret | None:
    """Return the secret that a file holds; None without a file.

    Raises:
        SettingsInvalid: it cannot be read.
    """
    if file is None:
        return None
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or "not UTF-8"
        raise SettingsInvalid(detail=_NO_FILE.filled(name=name, file=file, detail=detail)) from None
    # An editor or `echo` ends the line; no secret does.
    return _found(text.rstrip("\r\n"), f"{name} ({file})")


def _strong_backend() -> "KeyringBackend | None":
    """Return the keyring if it encrypts; one that would keep plain text is no keyring to us."""
    if "keyring" not in sys.modules and _is_out_of_reach():
        return None
    with _answering():
        import keyring  # noqa: PLC0415  # its back ends take a fifth of a second to look up
        from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415

        chosen = keyring.get_keyring()
        # The chain of several puts a secret into whichever takes it first, also a weak one.
        each = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
        return next((one for one in each if one.priority >= _LEAST_PRIORITY), None)


def _is_out_of_reach() -> bool:
    """Whether this is a Linux session without the bus over which its keyrings answer.

    Looking for them costs a third of a second, which servers would spend at every start.
    """
    if sys.platform != "linux":
        return False
    if any(os.environ.get(name) for name in ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND")):
        return False
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    chosen = platformdirs.user_config_path("python_keyring") / "keyringrc.cfg"
    if chosen.exists() or (runtime and (Path(runtime) / "bus").exists()):
        return False
    known = entry_points(group="keyring.backends")
    return all(each.module.partition(".")[0] == "keyring" for each in known)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except KeyringUnusable:
        raise
    except Exception as error:
        # A back end lets out what its system raises: on Windows pywintypes.error, 1312 for one.
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise KeyringUnusable(detail=detail) from error
