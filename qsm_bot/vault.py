"""Secrets of one shop: from the environment, a mounted file, or the system's keyring."""

import base64
import binascii
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from qsm_bot.errors import KeyringUnusable, SettingsInvalid
from qsm_bot.session import KEY_BYTES
from qsm_bot.words import Words

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "qsm-bot"
# Backends below this store in plain text, or nowhere.
_LEAST_PRIORITY = 1
_PASSWORD, _SESSION_KEY, _QAPI_KEY = _NAMES = ("password", "session key", "QAPI key")

_NO_BACKEND = Words("there is none that encrypts", "暗号化して保存できるキーリングがありません")
_BAD_KEY = Words(
    "{name}: not a key; `qsm-bot secret key FILE` makes one",
    "{name}: 鍵の形式ではありません。`qsm-bot secret key ファイル` で作成できます",
)
_NO_FILE = Words("{name}: {file}: {detail}", "{name}: {file}: {detail}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What the settings say about the secrets; "" and None = nothing."""

    password: str = ""
    password_file: Path | None = None
    session_key: str = ""
    session_key_file: Path | None = None
    qapi_key: str = ""
    qapi_key_file: Path | None = None


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
        account: whose secrets: host and login ID.
        given: what the settings say; it wins over the keyring.
    """

    def __init__(self, account: str, given: Given) -> None:
        self._account = account
        self._given = given

    def password(self) -> Secret | None:
        """Return the password, if there is one.

        Raises:
            SettingsInvalid: the file cannot be read.
            KeyringUnusable: the keyring does not answer.
        """
        given = self._given
        return (
            _found(given.password, "QSM_PASSWORD")
            or in_file(given.password_file, "QSM_PASSWORD_FILE")
            or self._in_keyring(_PASSWORD)
        )

    def session_key(self) -> Secret | None:
        """Return the key of the saved sign-in, if there is one, as base64: see `key_bytes`.

        Raises:
            SettingsInvalid: the file cannot be read.
            KeyringUnusable: the keyring does not answer.
        """
        given = self._given
        return (
            _found(given.session_key, "QSM_SESSION_KEY")
            or in_file(given.session_key_file, "QSM_SESSION_KEY_FILE")
            or self._in_keyring(_SESSION_KEY)
        )

    def qapi_key(self) -> Secret | None:
        """Return the certification key of QAPI, if there is one.

        Raises:
            SettingsInvalid: the file cannot be read.
            KeyringUnusable: the keyring does not answer.
        """
        given = self._given
        return (
            _found(given.qapi_key, "QSM_QAPI_KEY")
            or in_file(given.qapi_key_file, "QSM_QAPI_KEY_FILE")
            or self._in_keyring(_QAPI_KEY)
        )

    def session_key_or_new(self) -> Secret:
        """Return the key of the saved sign-in; where there is none, the keyring keeps a new one.

        Raises:
            SettingsInvalid, KeyringUnusable: there is none, and none can be kept.
        """
        found = self.session_key()
        if found is None:
            found = Secret(new_key(), "keyring")
            self._keep(_SESSION_KEY, found.value)
        return found

    def keep_password(self, password: str) -> None:
        """Put the password into the keyring.

        Raises:
            KeyringUnusable: there is none that encrypts, or it does not take it.
        """
        self._keep(_PASSWORD, password)

    def keep_qapi_key(self, key: str) -> None:
        """Put the certification key of QAPI into the keyring.

        Raises:
            KeyringUnusable: there is none that encrypts, or it does not take it.
        """
        self._keep(_QAPI_KEY, key)

    def forget(self) -> list[str]:
        """Delete what the keyring has of this account, and return its names.

        Raises:
            KeyringUnusable: the keyring does not answer.
        """
        backend = _strong_backend()
        gone = [name for name in _NAMES if self._in_keyring(name)]
        for name in gone:
            with _answering():
                if backend is not None:
                    backend.delete_password(_SERVICE, self._entry(name))
        return gone

    def _in_keyring(self, name: str) -> Secret | None:
        backend = _strong_backend()
        if backend is None:
            return None
        with _answering():
            return _found(backend.get_password(_SERVICE, self._entry(name)) or "", "keyring")

    def _keep(self, name: str, value: str) -> None:
        backend = _strong_backend()
        if backend is None:
            raise KeyringUnusable(detail=_NO_BACKEND)
        with _answering():
            backend.set_password(_SERVICE, self._entry(name), value)

    def _entry(self, name: str) -> str:
        return f"{name} {self._account}"


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
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        yield
    except KeyringError as error:
        raise KeyringUnusable(detail=str(error) or type(error).__name__) from error
