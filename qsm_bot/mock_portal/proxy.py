"""A network that fails on purpose: a TCP proxy in front of the mock portal."""

import asyncio
import math
import socket
import struct
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_HOST = "127.0.0.1"
_STOP_SECONDS = 5.0
# Well below uvicorn's 5 s, so that no request meets a connection that is just being closed.
_REUSE_SECONDS = 2.0
_SLOW_PIECES = 20
# A close with this option sends RST; Windows has narrower fields.
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Cut(StrEnum):
    """What happens to a marked request.

    Attributes:
        RESET_BEFORE: read in full, not forwarded; the client gets RST.
        RESET_AFTER: forwarded and answered, so it took effect; the client gets RST, no answer.
        HALF: forwarded; head and half the body (bodyless: half the head) are sent, then FIN.
        HANG: forwarded; the answer is held back `seconds`, then delivered.
        BLACK_HOLE: never forwarded or answered, until the client leaves or the proxy stops.
        LATE: held back `seconds`, then forwarded, even if the client has gone by then.
        SLOW: forwarded; the answer trickles out over `seconds`.
        CLOSE_IDLE: forwarded and answered; then the connection is closed without notice.
        DOWN: it and, `seconds` long (0: for good), every connection is reset, held ones too.
    """

    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    HALF = "half"
    HANG = "hang"
    BLACK_HOLE = "black-hole"
    LATE = "late"
    SLOW = "slow"
    CLOSE_IDLE = "close-idle"
    DOWN = "down"


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkFault:
    """A cut, how long it takes, and whose it is: the first `times` (0: all) such requests.

    `path` is the path's ending, in any case and without the query; "" is every path, and a
    `method` of "" is every method. `body` is what a posted body must contain besides.
    """

    cut: Cut
    path: str
    times: int = 1
    seconds: float = 0.0
    method: str = "POST"
    body: bytes = b""


_NO_FAULT = NetworkFault(cut=Cut.HANG, path="")  # held back for 0 seconds


class FaultProxy:
    """Stands before a server on the loopback address and cuts marked requests; a context manager.

    If several faults mark a request, the first that is not used up takes and counts it.

    Args:
        upstream_port: where the server listens.
        faults: what goes wrong; all else passes unchanged.
        port: 0 lets the system choose.
    """

    def __init__(
        self, upstream_port: int, faults: Sequence[NetworkFault], *, port: int = 0
    ) -> None:
        self._upstream_port = upstream_port
        self._faults = tuple(faults)
        self._used = [0] * len(self._faults)
        self._port = port
        self._seen: list[tuple[str, str]] = []
        self._forwarded: list[tuple[str, str]] = []
        self._clients: set[asyncio.Task[None]] = set()
        self._listener: socket.socket | None = None

    @property
    def port(self) -> int:
        """Return the port: the one in use once started, before that the one asked for."""
        return int(self._listener.getsockname()[1]) if self._listener else self._port

    @property
    def url(self) -> str:
        """Return scheme, host and port, without a slash at the end."""
        return f"http://{_HOST}:{self.port}"

    # One thread appends, and copying a list is one step: the snapshots need no lock.
    @property
    def seen(self) -> list[tuple[str, str]]:
        """Return method and path of each request that was read in full, in order."""
        return list(self._seen)

    @property
    def forwarded(self) -> list[tuple[str, str]]:
        """Return method and path of each request that was sent to the server, in order."""
        return list(self._forwarded)

    def start(self) -> Self:
        """Bind the port and serve from a daemon thread; connections are accepted on return.

        Raises:
            OSError: the port is in use.
        """
        self._listener = socket.create_server((_HOST, self._port), backlog=128)
        self._listener.settimeout(0)
        # Not Windows' default loop: that one says goodbye (FIN) before it aborts.
        self._loop = asyncio.SelectorEventLoop()
        self._end = asyncio.Event()
        self._down_until = -math.inf
        self._thread = threading.Thread(
            target=self._run, args=[self._listener], name="fault-proxy", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Reset what is open, drop what is held, free the port; stopping twice is harmless."""
        if self._listener is not None:
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(_STOP_SECONDS)
            self._listener.close()
        self._listener = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, listener: socket.socket) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(listener))

    async def _serve(self, listener: socket.socket) -> None:
        # Not asyncio.start_server: it leaks a connection that is accepted while it closes.
        self._loop.add_reader(listener, self._accept, listener)
        await self._end.wait()
        self._loop.remove_reader(listener)
        for client in (clients := list(self._clients)):
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # the client may have left already
            connection, _ = listener.accept()
            client = self._loop.create_task(self._attend(connection))
            self._clients.add(client)
            client.add_done_callback(self._clients.discard)
            # A task that is cancelled before its first step closes nothing itself.
            client.add_done_callback(lambda _: connection.close())

    async def _attend(self, connection: socket.socket) -> None:
        """Serve one client until a side closes; any other end reaches the client as RST."""
        reader, writer = await asyncio.open_connection(sock=connection)
        upstream = _Upstream(self._upstream_port)
        try:
            with suppress(OSError, ValueError, asyncio.LimitOverrunError):
                with suppress(EOFError):
                    while await self._exchange(reader, writer, upstream):
                        pass
                writer.close()
                await writer.wait_closed()
        finally:
            upstream.close()
            with suppress(OSError):  # closed in good order
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            writer.transport.abort()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: "_Upstream"
    ) -> bool:
        """Serve one request; return whether the connection goes on."""
        if self._loop.time() < self._down_until:
            raise ConnectionResetError
        request = await _read(reader)
        method, target, _ = request.first.split(" ")
        name = (method, target.partition("?")[0])
        self._seen.append(name)
        fault = self._fault_for(*name, request.body)
        await self._hold(fault, reader)
        from_server, to_server = await upstream.streams()
        to_server.write(request.head + request.body)
        await to_server.drain()
        self._forwarded.append(name)
        answer = await _read(from_server, method)
        await _deliver(writer, answer, fault)
        return not (request.last or answer.last or fault.cut in {Cut.HALF, Cut.CLOSE_IDLE})

    def _fault_for(self, method: str, path: str, body: bytes) -> NetworkFault:
        for number, fault in enumerate(self._faults):
            hit = fault.method in ("", method) and path.lower().endswith(fault.path.lower())
            if hit and fault.body in body and (not fault.times or self._used[number] < fault.times):
                self._used[number] += 1
                return fault
        return _NO_FAULT

    async def _hold(self, fault: NetworkFault, reader: asyncio.StreamReader) -> None:
        """Do what comes before a request is forwarded; raise if it never is."""
        if fault.cut is Cut.LATE:
            await asyncio.sleep(fault.seconds)
        if fault.cut is Cut.DOWN:
            self._down_until = self._loop.time() + (fault.seconds or math.inf)
            for client in self._clients - {asyncio.current_task()}:
                client.cancel()
        while fault.cut is Cut.BLACK_HOLE and await reader.read(1024):
            pass
        if fault.cut in {Cut.DOWN, Cut.BLACK_HOLE, Cut.RESET_BEFORE}:
            raise ConnectionResetError


class _Upstream:
    """The connection to the server that belongs to one client; made anew when it is stale."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = -math.inf

    async def streams(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        now = asyncio.get_running_loop().time()
        if self._streams is None or self._streams[0].at_eof() or now > self._used + _REUSE_SECONDS:
            self.close()
            self._streams = await asyncio.open_connection(_HOST, self._port)
        self._used = now
        return self._streams

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Message:
    """A request or an answer as it came; `last`: its connection ends with it."""

    first: str
    head: bytes
    body: bytes
    last: bool


async def _read(reader: asyncio.StreamReader, asked: str = "") -> _Message:
    """Read a request or, if the method `asked` is given, the answer to it."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    headers = {n: v.strip() for n, _, v in (line.lower().partition(":") for line in lines)}
    last = "close" in headers.get("connection", "") or "HTTP/1.0" in first
    status = first.partition(" ")[2][:3] if asked else ""
    if status.startswith("1"):  # an interim answer, such as 100; the real one follows
        return await _read(reader, asked)
    if asked == "HEAD" or status in {"204", "304"}:
        body = b""
    elif "chunked" in headers.get("transfer-encoding", ""):
        body = await _read_chunks(reader)
    elif asked and "content-length" not in headers:
        body, last = await reader.read(), True
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return _Message(first=first, head=head, body=body, last=last)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    raw = line = await reader.readuntil(b"\r\n")
    while size := int(line.partition(b";")[0], 16):
        raw += await reader.readexactly(size + 2)
        raw += (line := await reader.readuntil(b"\r\n"))
    while line != b"\r\n":  # trailers, and the empty line after them
        raw += (line := await reader.readuntil(b"\r\n"))
    return raw


async def _deliver(writer: asyncio.StreamWriter, answer: _Message, fault: NetworkFault) -> None:
    if fault.cut is Cut.RESET_AFTER:
        raise ConnectionResetError
    raw = answer.head + answer.body
    if fault.cut is Cut.HALF:
        raw = raw[: len(answer.head) + len(answer.body) // 2 if answer.body else len(raw) // 2]
    pieces = _SLOW_PIECES if fault.cut is Cut.SLOW else 1
    pause = fault.seconds / pieces if fault.cut in {Cut.SLOW, Cut.HANG} else 0.0
    size = math.ceil(len(raw) / pieces)
    for start in range(0, len(raw), size):
        await asyncio.sleep(pause)
        writer.write(raw[start : start + size])
        await writer.drain()
