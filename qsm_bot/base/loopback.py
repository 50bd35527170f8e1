"""Which hosts are this machine: 127.0.0.0/8, ::1 and `localhost`, and no name that looks so."""

from ipaddress import ip_address


def is_loopback(host: str | None) -> bool:
    """Whether a host, as `urlsplit` gives it, is this machine and cannot be another."""
    if not host:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        # A name, or an address in a form that only some programs read as one.
        return host == "localhost"
