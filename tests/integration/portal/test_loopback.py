"""A browser that is kept on this machine reaches all of it, and nothing else."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Error, Page


class _Hello(BaseHTTPRequestHandler):
    """Answers every request."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """Listens on an address of either family."""

    def __init__(self, host: str) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), _Hello)


@contextmanager
def _listening(host: str) -> Iterator[int]:
    """Listen on an address of this machine, and give the port."""
    try:
        server = _Server(host)
    except OSError as error:
        pytest.skip(f"this machine has no {host}: {error}")
    with server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2"),
        ("127.1.20.255", "127.1.20.255"),
        ("::1", "[::1]"),
        ("127.0.0.1", "localhost"),
    ],
)
def test_every_address_of_this_machine_is_reached(page: Page, address: str, host: str) -> None:
    with _listening(address) as port:
        answer = page.goto(f"http://{host}:{port}/")
    assert answer is not None
    assert answer.status == 200


# The browser itself takes all names below .localhost for this machine: without the rule they
# would be reached.
@pytest.mark.parametrize("host", ["127.evil.localhost", "127.0.0.2.localhost"])
def test_a_name_that_looks_like_an_address_is_not_reached(page: Page, host: str) -> None:
    with (
        _listening("127.0.0.1") as port,
        pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"),
    ):
        page.goto(f"http://{host}:{port}/")
