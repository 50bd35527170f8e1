"""Which shop is meant: the portal's origin and the login ID; the shown name is no part of it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from qsm_bot.base.words import same

_KEY = re.compile(r"https?://\S+ (?:id|name) \S+")
_PORTS = {"http": ":80", "https": ":443"}

NAMELESS = "shop"
"""What a shop is called while the settings tell neither its name nor its login ID."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopIdentity:
    """A shop of the settings.

    Attributes:
        portal: scheme and host of the portal.
        login_id: the sign-in's ID; "" if a person signs in and the settings do not tell it.
        name: how people call it; `NAMELESS` if the settings do not tell.
    """

    portal: str
    login_id: str
    name: str

    @property
    def origin(self) -> str:
        """The portal in one spelling."""
        parts = urlsplit(self.portal.casefold())
        return f"{parts.scheme}://{parts.netloc.removesuffix(_PORTS.get(parts.scheme, ''))}"

    @property
    def key(self) -> str:
        """What tells the shop from all others, however its name is written.

        A ledger and the files of a shop are found by it: it must never change.
        """
        if login := plain(self.login_id):
            return f"{self.origin} id {login}"
        return self.key_by_name

    @property
    def key_by_name(self) -> str:
        """Its key while the settings tell no login ID."""
        return f"{self.origin} name {plain(self.name)}"

    @property
    def key_unnamed(self) -> str:
        """Its key while the settings tell nothing of it."""
        return f"{self.origin} name {NAMELESS}"


def plain(text: str) -> str:
    """Return a name or an ID without what people write now one way, now another."""
    return same(text).replace(" ", "").casefold()


def is_key(text: str) -> bool:
    """Say whether it is a key, and no name by which an earlier version knew a shop."""
    return _KEY.fullmatch(text) is not None


def origin_of(key: str) -> str:
    """Return the portal of a key."""
    return key.partition(" ")[0]


def login_of(key: str) -> str:
    """Return what of a key people know: the login ID, or the name."""
    return key.split(" ", 2)[-1]
