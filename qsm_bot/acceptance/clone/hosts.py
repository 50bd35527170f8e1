"""Which hosts the kit may be pointed at: never the real ones, however they are written."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from qsm_bot.base.errors.acceptance import CloneUrlInvalid, RealHost
from qsm_bot.base.loopback import is_loopback

REAL = "qoo10.jp"
_LAST_PORT = 65535
_REAL_HOST = re.compile(rf"(?:^|[/\\@.:]){re.escape(REAL)}\.*(?:[:/\\?#]|$)")
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?/?", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]")


def names_real_host(url: str) -> bool:
    """Whether an address names qoo10.jp or a host below it, as a browser would read it.

    Browsers take full-width letters and stops, percent signs, upper case, a stop at the end and
    characters without width for the same host.
    """
    even = unicodedata.normalize("NFKC", unquote(url)).replace("。", ".")
    return _REAL_HOST.search(_SPACES.sub("", even).casefold()) is not None


def clone_origin(url: str) -> str:
    """Return scheme, host and port of a clone.

    Raises:
        RealHost: it is the real portal, or another host of Qoo10 Japan.
        CloneUrlInvalid: it is anything else than scheme, host and port.
    """
    if names_real_host(url):
        raise RealHost(host=REAL)
    found = _ORIGIN.fullmatch(url)
    if not found or int((found[2] or ":0")[1:]) > _LAST_PORT:
        # What was given is not repeated: it may hold a password.
        raise CloneUrlInvalid
    return url.rstrip("/").casefold()


def is_local(origin: str) -> bool:
    """Whether the clone runs on this machine."""
    return is_loopback(urlsplit(origin).hostname)
