"""Where a page is: scheme, host and port, compared before anything is typed or pressed there."""

from urllib.parse import urlsplit

from qsm_bot.base.errors.safety import OtherOrigin

_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """Return scheme, host and port in one spelling; "null" for what has no host."""
    parts = urlsplit(url)
    if not parts.hostname:
        return "null"
    scheme = parts.scheme.casefold()
    port = parts.port or _PORTS.get(scheme, 0)
    return f"{scheme}://{parts.hostname.casefold()}:{port}"


def raise_if_elsewhere(url: str, base_url: str) -> None:
    """Check that a page belongs to the portal of the settings.

    Raises:
        OtherOrigin: scheme, host or port differ.
    """
    seen, expected = origin_of(url), origin_of(base_url)
    if seen != expected:
        raise OtherOrigin(seen=seen, expected=expected)
