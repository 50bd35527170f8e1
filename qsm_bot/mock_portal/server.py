"""The mock portal as a running server on the loopback address."""

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from functools import partial
from types import FrameType, TracebackType
from typing import Any, Self

import uvicorn

from qsm_bot.base.resources import data_dir
from qsm_bot.mock_portal.app import PortalApp
from qsm_bot.mock_portal.fault_layer import REFUSAL
from qsm_bot.mock_portal.faults import Fault
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.pages import Pages
from qsm_bot.mock_portal.proxy import Cut, FaultProxy, NetworkFault
from qsm_bot.mock_portal.qapi import Qapi
from qsm_bot.mock_portal.services import ServiceEndpoints
from qsm_bot.mock_portal.sockets import TextFrames
from qsm_bot.mock_portal.styles import DRAWN
from qsm_bot.mock_portal.world import World

__all__ = ["MockPortal", "PortalOptions"]

_HOST = "127.0.0.1"
_BACKLOG = 128
_STOP_SECONDS = 5.0
_SIGNAL_CHECK_SECONDS = 0.2


class MockPortal:
    """A seller portal for tests and for the demo; a context manager.

    ::

        with MockPortal(World.seeded(12)) as portal:
            page.goto(portal.url)

    Args:
        world: the shop.
        port: 0 lets the system choose.
        journal: where effects and requests are noted; default: in memory.
        latency: seconds that each service call waits before it does anything.
        login_id: the seller's ID.
        password: the seller's password.
        qapi_key: the key that the API takes.
        options: look and behaviour.
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        journal: Journal | None = None,
        latency: float = 0.0,
        login_id: str = "mihon_shop",
        password: str = "mihon-pass-1",  # noqa: S107 - invented, guards nothing
        qapi_key: str = "mihon-qapi-key-1",
        options: PortalOptions = PortalOptions(),  # noqa: B008 - frozen
    ) -> None:
        self.world = world
        self.journal = journal or Journal()
        self.login_id = login_id
        self.password = password
        self.qapi_key = qapi_key
        self.options = options
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None
        self._proxy: FaultProxy | None = None
        world.tell(self.journal.note)
        self._app = PortalApp(
            services=ServiceEndpoints(world, login_id),
            pages=Pages(data_dir("html/portal"), world),
            journal=self.journal,
            latency=latency,
            login_id=login_id,
            password=password,
            options=options,
            qapi=Qapi(world, qapi_key, options.faults),
        )

    @property
    def port(self) -> int:
        """Return the port: the one in use once started, before that the one asked for."""
        if self._proxy is not None:
            return self._proxy.port
        return int(self._socket.getsockname()[1]) if self._socket else self._port

    @property
    def url(self) -> str:
        """Return scheme, host and port, without a slash at the end."""
        return f"http://{_HOST}:{self.port}"

    @property
    def qapi_url(self) -> str:
        """Return scheme, host and port of the seller API: the same server answers for it."""
        return self.url

    def start(self) -> Self:
        """Bind the port and serve from a daemon thread; connections are accepted on return.

        Raises:
            OSError: the port is in use.
        """
        network = _network_faults(self.options.faults, drawn=self.options.style in DRAWN)
        # With a proxy in front, the port that was asked for is the proxy's.
        self._socket = _bind(0 if network else self._port)
        if network:
            upstream = int(self._socket.getsockname()[1])
            self._proxy = FaultProxy(upstream, network, port=self._port)
            self._proxy.start()
        app = self._app
        # uvicorn calls it as it does a class.
        sockets: Any = partial(TextFrames, on_text=app.refused_by_socket)
        config = uvicorn.Config(
            app.asgi,
            log_config=None,
            log_level="warning",
            access_log=False,
            ws=sockets if app.takes_sockets else "none",
            lifespan="off",
            http="h11",
            timeout_graceful_shutdown=1,
            date_header=not any(fault.name == "clock-off" for fault in self.options.faults),
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="mock-portal", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port; stopping twice is harmless."""
        if self._proxy is not None:
            self._proxy.stop()
            self._proxy = None
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        if self._socket is not None:
            self._socket.close()
        self._server = self._thread = self._socket = None

    def expire_sessions(self) -> None:
        """End every sign-in now, as if the sessions had lasted too long."""
        self._app.sessions.expire_all()

    def serve_forever(self, ready: Callable[[str], None] | None = None) -> None:
        """Serve in the foreground until SIGINT or SIGTERM; call from the main thread.

        Args:
            ready: called with the URL once the port is bound.

        Raises:
            OSError: the port is in use.
        """
        ended = threading.Event()

        def end(_: int, __: FrameType | None) -> None:
            ended.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            with self:
                if ready is not None:
                    ready(self.url)
                # In slices, because on Windows a wait without a limit ignores Ctrl-C.
                while not ended.wait(_SIGNAL_CHECK_SECONDS):
                    pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


_CUTS = {
    "reset-before-effect": Cut.RESET_BEFORE,
    "reset-after-effect": Cut.RESET_AFTER,
    "half-answer": Cut.HALF,
    "hang": Cut.HANG,
    "late-effect": Cut.LATE,
    "black-hole": Cut.BLACK_HOLE,
    "slow-answer": Cut.SLOW,
    "offline": Cut.DOWN,
}


def _network_faults(faults: Iterable[Fault], *, drawn: bool) -> list[NetworkFault]:
    # A page that posts itself refuses at its own address: by the button's name in the form.
    path, body = ("", b"%24btn_cancel_refuse") if drawn else (f"/{REFUSAL}", b"")
    found = []
    for fault in faults:
        if fault.name in _CUTS:
            cut = _CUTS[fault.name]
            found.append(NetworkFault(cut=cut, path=path, seconds=fault.number, body=body))
        elif fault.name in ("down", "close-idle"):
            cut = Cut.DOWN if fault.name == "down" else Cut.CLOSE_IDLE
            times = 1 if cut is Cut.DOWN else 0
            found.append(
                NetworkFault(cut=cut, path="", times=times, seconds=fault.number, method="")
            )
    return found


def _bind(port: int) -> socket.socket:
    # Named as TCP: asyncio switches Nagle's algorithm off only then, and without that each answer
    # on a kept connection waits 40 ms for the other side's acknowledgement (measured).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        # On Windows this flag would let two servers share a port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        # From here on the system queues connections, so the server needs no start-up wait.
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise OSError(
            error.errno, f"port {port} on {_HOST} cannot be used: {error.strerror}"
        ) from error
    return listener
