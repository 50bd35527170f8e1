"""The board as a running server on this computer's own address."""

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Self

import uvicorn

from qsm_bot.base.words import Lang
from qsm_bot.board.app import BoardApp
from qsm_bot.board.practice import KEY, PracticeShop
from qsm_bot.board.sessions import Sessions
from qsm_bot.board.shops import Shops

_HOST = "127.0.0.1"
_BACKLOG = 128
_STOP_SECONDS = 5.0


class BoardServer:
    """A board that can be served.

    Args:
        config: the settings file, or None for the one of the folder.
        shop: the only shop of the file that is shown.
        port: 0 lets the system choose.
        lang: the language of a browser that has not chosen one.

    Raises:
        OSError: the port is in use.
    """

    def __init__(
        self, *, config: Path | None, shop: str | None = None, port: int = 0, lang: Lang
    ) -> None:
        self._socket = _bound(port)
        self.port = int(self._socket.getsockname()[1])
        self.practice = PracticeShop()
        self.sessions = Sessions()
        self.shops = Shops(config, self.practice, shop)
        hosts = [f"{_HOST}:{self.port}", f"localhost:{self.port}"]
        app = BoardApp(self.shops, self.sessions, hosts, lang)
        options = uvicorn.Config(
            app.asgi,
            log_config=None,
            log_level="warning",
            access_log=False,
            ws="none",
            lifespan="off",
            http="h11",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(options)

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://{_HOST}:{self.port}"

    def address(self, *, practice: bool = False) -> str:
        """Return an address that lets one browser in, once."""
        token = self.sessions.token()
        return f"{self.url}/?token={token}" + (f"&shop={KEY}" if practice else "")

    def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until Ctrl-C or SIGTERM, from the main thread; `ready` is called before."""
        # The server hands a signal on once it has ended; nobody is left to hear it then.
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, _heard) for number in numbers}
        try:
            ready()
            self._server.run([self._socket])
        finally:
            self.close()
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def serving(self) -> Iterator[Self]:
        """Serve from a thread of its own while the block runs."""
        thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.should_exit = True
            thread.join(_STOP_SECONDS)
            self.close()

    def close(self) -> None:
        """Free the port and end the practice."""
        self._socket.close()
        self.practice.close()


def _heard(number: int, frame: FrameType | None) -> None:
    del number, frame


def _bound(port: int) -> socket.socket:
    # Named as TCP, so that small answers are not held back: see the mock portal's server.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
