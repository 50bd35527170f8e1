"""A place for messages on this machine, which may be down: apprise's `json://` delivers here."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

TOKEN = "invented-token-4711"


class Sink(TCPServer):
    """Keeps what it is sent; from the start it has its port, and answers once it is `up`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self.server_bind()
        self.received: list[dict[str, Any]] = []
        self.status = 200
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """The channel's URL, with something in it that must not be told."""
        return f"json://127.0.0.1:{self.server_address[1]}/{TOKEN}"

    def up(self) -> None:
        """Take messages from now on."""
        self.server_activate()
        self._thread = Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        self.server_close()

    def __enter__(self) -> Self:
        return self


class _Handler(BaseHTTPRequestHandler):
    server: Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.received.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def sink(*, up: bool = True) -> Iterator[Sink]:
    """Give a sink for the block."""
    with Sink() as place:
        if up:
            place.up()
        yield place
