"""The saved sign-in: the browser's cookies, encrypted, one file per shop.

J·QSM keeps a session in cookies alone, and they vanish with the browser; whoever kept them
signs in with a person once, and not at each run.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from qsm_bot.base.errors.inputs import SavedSignInOpen
from qsm_bot.base.errors.people import SavedSignInDamaged, SavedSignInLocked, SavedSignInOfOther
from qsm_bot.base.os_words import os_words
from qsm_bot.base.private_files import is_open_to_others, write_private
from qsm_bot.base.retry import if_denied_again
from qsm_bot.base.shop_slug import shop_slug
from qsm_bot.base.words import Words

KEY_BYTES = 32
_NONCE_BYTES = 12

_NOT_ONE = Words("not a saved sign-in, or cut off", "形式が違うか途中で切れています")
_NOT_OPENED = Words("changed, or without cookies", "書き換えられたか、Cookie がありません")
_NO_KEY = Words("its key is unavailable", "鍵がありません")
_OTHER_KEY = Words("it was sealed with another key", "別の鍵で保存されています")

Cookies = Sequence[Mapping[str, Any]]


class _Cookie(BaseModel):
    """What every cookie must have; the browser's other fields go with it as they are."""

    model_config = ConfigDict(extra="allow", strict=True)

    name: Annotated[str, Field(min_length=1)]
    value: str
    domain: Annotated[str, Field(min_length=1)]
    path: str


class _State(BaseModel):
    """What is sealed, in the form of Playwright's `storage_state`."""

    cookies: Annotated[list[_Cookie], Field(min_length=1)]
    origins: list[Any]


class _Header(BaseModel):
    """Whose sign-in it is, readable without the key; the seal covers it."""

    model_config = ConfigDict(extra="forbid")

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    shop: str
    portal: str
    saved_at: AwareDatetime
    key: str

    @property
    def sealed_with(self) -> bytes:
        """The associated data of the seal."""
        return self.model_dump_json(by_alias=True).encode()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    header: _Header
    nonce: Base64Bytes
    sealed: Base64Bytes


@dataclass(frozen=True, slots=True)
class SavedSignIn:
    """Cookies of an earlier visit, and when they were kept."""

    cookies: Cookies
    saved_at: datetime


class SessionStore:
    """The saved sign-in of one shop at one portal.

    Args:
        folder: where the files are.
        shop: what tells the shop from others.
        portal: scheme and host.
    """

    def __init__(self, folder: Path, *, shop: str, portal: str) -> None:
        self._shop = shop
        self._portal = portal
        name = shop_slug(shop, told_apart_by=f"{shop}\n{portal}")
        self.path = folder / f"{name}.session"

    def load(self, key: Callable[[], bytes | None]) -> SavedSignIn | None:
        """Return the saved sign-in; None if there is none.

        Args:
            key: asked only if there is something to open.

        Raises:
            SavedSignInOpen: others than the owner may read the file.
            SavedSignInLocked: there is no key, or another one than it was sealed with.
            SavedSignInDamaged: it cannot be opened, or holds no cookies; it was moved aside.
            SavedSignInOfOther: it is another shop's.
        """
        try:
            raw = self.path.read_bytes()
            open_to_others = is_open_to_others(self.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SavedSignInOpen(path=self.path, detail=os_words(error)) from error
        if open_to_others:
            raise SavedSignInOpen(path=self.path, detail="chmod 600")
        file = self._parsed(raw)
        if (file.header.shop, file.header.portal) != (self._shop, self._portal):
            seen = f"{file.header.shop} ({file.header.portal})"
            raise SavedSignInOfOther(seen=seen, path=self.path)
        secret = key()
        if secret is None or _name_of(secret) != file.header.key:
            raise SavedSignInLocked(detail=_OTHER_KEY if secret else _NO_KEY)
        return self._opened(file, secret)

    def save(self, cookies: Cookies, key: bytes, now: datetime) -> None:
        """Keep the cookies, in place of those before.

        Raises:
            EvidenceUnwritable: the file cannot be written; the one before is whole.
        """
        header = _Header(shop=self._shop, portal=self._portal, saved_at=now, key=_name_of(key))
        nonce = os.urandom(_NONCE_BYTES)
        state = json.dumps({"cookies": [dict(each) for each in cookies], "origins": []})
        sealed = AESGCM(key).encrypt(nonce, state.encode(), header.sealed_with)
        document = {
            "header": header.model_dump(mode="json", by_alias=True),
            "nonce": base64.b64encode(nonce).decode(),
            "sealed": base64.b64encode(sealed).decode(),
        }
        # Should the data folder stand in somebody's git tree, this stays out of it.
        write_private(self.path.with_name(".gitignore"), b"*\n")
        write_private(self.path, json.dumps(document, ensure_ascii=False).encode())

    def forget(self) -> bool:
        """Delete the saved sign-in, also one that was moved aside; say whether there was one.

        Raises:
            OSError: it cannot be deleted.
        """
        files = [file for file in (self.path, self._aside) if file.exists()]
        for file in files:
            if_denied_again(file.unlink)
        return bool(files)

    def age(self, now: datetime) -> timedelta | None:
        """Return how long ago it was saved; None if there is none that can be read."""
        try:
            return now - _File.model_validate_json(self.path.read_bytes()).header.saved_at
        except (OSError, ValidationError):
            return None

    def _parsed(self, raw: bytes) -> _File:
        try:
            return _File.model_validate_json(raw)
        except ValidationError:
            raise self._damaged(_NOT_ONE) from None

    def _opened(self, file: _File, key: bytes) -> SavedSignIn:
        try:
            plain = AESGCM(key).decrypt(file.nonce, file.sealed, file.header.sealed_with)
            state = _State.model_validate_json(plain)
        except (InvalidTag, ValueError):
            # ValueError: a nonce of a wrong length, or pydantic's own.
            raise self._damaged(_NOT_OPENED) from None
        cookies = [each.model_dump() for each in state.cookies]
        return SavedSignIn(cookies, file.header.saved_at)

    def _damaged(self, detail: Words) -> SavedSignInDamaged:
        with suppress(OSError):
            self.path.replace(self._aside)
        return SavedSignInDamaged(path=self._aside, detail=detail)

    @property
    def _aside(self) -> Path:
        return self.path.with_suffix(".damaged")


def _name_of(key: bytes) -> str:
    """Return what tells a key from others and gives nothing of it away."""
    return hashlib.sha256(b"qsm-bot session key " + key).hexdigest()[:12]
