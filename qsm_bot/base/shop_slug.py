"""A shop's name as part of a file's name: short ASCII, and different for different shops."""

import hashlib
import re

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_DIGITS = 10


def shop_slug(shop: str, *, told_apart_by: str | None = None, unnamed: str = "shop") -> str:
    """Return what is plain in the name, and a digest.

    Files of earlier versions are found by it: what it returns must never change.

    Args:
        shop: the shop's name.
        told_apart_by: what the digest is of; the name, if nothing else is given.
        unnamed: stands for a name in which nothing is plain, as みほん商店.
    """
    plain = _NOT_PLAIN.sub("-", shop).strip("-") or unnamed
    return f"{plain}-{short_digest(shop if told_apart_by is None else told_apart_by)}"


def short_digest(text: str) -> str:
    """Return the first digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
