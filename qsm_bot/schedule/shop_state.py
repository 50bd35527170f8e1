"""What stands in a shop's way until a person or time removes it: kept between the commands.

A sign-in that was turned down is not tried again until the password changes or a person signs
in: a portal locks an account after a few tries. A portal that is down is left alone for a while.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from qsm_bot.base.clock import aware
from qsm_bot.base.log import get_logger
from qsm_bot.base.private_files import write_private
from qsm_bot.base.shop_slug import shop_slug
from qsm_bot.base.words import Words

BACK_OFF_MINUTES = (1, 5, 15, 60)
"""For how long a portal is left alone after its first, second … failure; then always the last."""

_log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInHold:
    """A sign-in that was turned down, or that asked for a person; `digest` tells with what."""

    since: datetime
    code: str
    message: Words
    salt: str
    digest: str

    def is_of(self, credentials: str) -> bool:
        """Whether it was this ID and this password."""
        return hmac.compare_digest(self.digest, _digest(credentials, self.salt))


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalDown:
    """A portal that did not answer as it should: since when, how often, when it is tried again."""

    since: datetime
    code: str
    message: Words
    failures: int
    next_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    hold: SignInHold | None = None
    down: PortalDown | None = None
    duties: Mapping[str, str] = field(default_factory=dict)


class ShopState:
    """The file of one shop.

    Args:
        folder: of all shops' files.
        shop: the shop's key.
    """

    def __init__(self, folder: Path, shop: str) -> None:
        self.path = folder / f"{shop_slug(shop)}.json"

    @property
    def hold(self) -> SignInHold | None:
        """The sign-in that is not tried again."""
        return self._read().hold

    @property
    def down(self) -> PortalDown | None:
        """The portal that is down."""
        return self._read().down

    def hold_sign_in(self, credentials: str, code: str, message: Words, now: datetime) -> None:
        """Write that this ID and password are not to be tried again; the password is not kept.

        Raises:
            EvidenceUnwritable: it cannot be written.
        """
        salt = secrets.token_hex(16)
        digest = _digest(credentials, salt)
        hold = SignInHold(since=now, code=code, message=message, salt=salt, digest=digest)
        self._write(replace(self._read(), hold=hold))

    def release_sign_in(self) -> None:
        """Let the sign-in be tried again, because somebody signed in.

        Raises:
            EvidenceUnwritable: it cannot be written.
        """
        kept = self._read()
        if kept.hold is not None:
            self._write(replace(kept, hold=None))

    def note_down(self, code: str, message: Words, now: datetime) -> PortalDown:
        """Write that the portal did not answer, and return when it is tried again.

        Raises:
            EvidenceUnwritable: it cannot be written.
        """
        before = self._read()
        failures = before.down.failures + 1 if before.down else 1
        minutes = BACK_OFF_MINUTES[min(failures, len(BACK_OFF_MINUTES)) - 1]
        down = PortalDown(
            since=before.down.since if before.down else now,
            code=code,
            message=message,
            failures=failures,
            next_at=now + timedelta(minutes=minutes),
        )
        self._write(replace(before, down=down))
        return down

    def note_up(self) -> PortalDown | None:
        """Write that the portal answers, and return how it was down, if it was.

        Raises:
            EvidenceUnwritable: it cannot be written.
        """
        kept = self._read()
        if kept.down is not None:
            self._write(replace(kept, down=None))
        return kept.down

    @property
    def duties_told(self) -> Mapping[str, str]:
        """The last alarm that was raised for each order whose duty was open."""
        return self._read().duties

    def note_duties_told(self, told: Mapping[str, str]) -> None:
        """Write which alarms were raised; orders that are not in it are forgotten.

        Raises:
            EvidenceUnwritable: it cannot be written.
        """
        kept = self._read()
        if kept.duties != told:
            self._write(replace(kept, duties=dict(told)))

    def _read(self) -> _Kept:
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
            return _Kept(
                hold=_hold(document["sign_in"]),
                down=_down(document["portal"]),
                duties={str(order): str(alarm) for order, alarm in document["duties"].items()},
            )
        except FileNotFoundError:
            return _Kept()
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            # At worst a sign-in is tried once more.
            _log.warning("shop_state_unreadable", file=str(self.path), error=repr(error))
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        document = {
            "schema": 1,
            "sign_in": _pairs(kept.hold),
            "portal": _pairs(kept.down),
            "duties": dict(kept.duties),
        }
        write_private(self.path, json.dumps(document, ensure_ascii=False, indent=1).encode())


def _digest(credentials: str, salt: str) -> str:
    # Slow on purpose: a stolen file must not tell the password to whoever guesses.
    return hashlib.scrypt(credentials.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def _pairs(kept: SignInHold | PortalDown | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    pairs: dict[str, Any] = {name: getattr(kept, name) for name in type(kept).__slots__}
    for name, value in pairs.items():
        if isinstance(value, datetime):
            pairs[name] = value.isoformat()
        elif isinstance(value, Words):
            pairs[name] = value.to_dict()
    return pairs


def _hold(document: Mapping[str, Any] | None) -> SignInHold | None:
    return SignInHold(**_values(document)) if document else None


def _down(document: Mapping[str, Any] | None) -> PortalDown | None:
    return PortalDown(**_values(document)) if document else None


def _values(document: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(document)
    for name in values.keys() & {"since", "next_at"}:
        values[name] = aware(datetime.fromisoformat(values[name]))
    values["message"] = Words.from_dict(values["message"])
    return values
