"""As much of a WebSocket as the fault lab needs: short frames of text, each answered by one."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT = 0x81
_CLOSE = 0x8
_LONG = 126

OnText = Callable[[str], Awaitable[str]]


class TextFrames(asyncio.Protocol):
    """One socket.

    Args:
        server_state: uvicorn's, which closes the sockets when the server ends.
        on_text: given what a frame says, returns what is said back.
    """

    def __init__(self, *, server_state: Any, on_text: OnText, **_: Any) -> None:
        self._transport: Any = None
        self._open = server_state.connections
        self._on_text = on_text
        self._data = b""
        self._shaken = False
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: Any) -> None:
        """Keep the way back."""
        self._transport = transport
        self._open.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        """Forget it."""
        self._open.discard(self)

    def shutdown(self) -> None:
        """Close it: the server ends."""
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Shake hands first, then take frames."""
        self._data += data
        head, end, rest = self._data.partition(b"\r\n\r\n")
        if not self._shaken and end:
            self._data, self._shaken = rest, True
            self._transport.write(_handshake(head))
        while self._shaken and (frame := _frame(self._data)):
            code, text, self._data = frame
            if code == _CLOSE:
                self._transport.close()
                return
            task = asyncio.get_running_loop().create_task(self._answer(text))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, text: bytes) -> None:
        said = (await self._on_text(text.decode("utf-8"))).encode()
        length = bytes([len(said)])
        if len(said) >= _LONG:
            length = bytes([_LONG]) + len(said).to_bytes(2, "big")
        self._transport.write(bytes([_TEXT]) + length + said)


def _handshake(head: bytes) -> bytes:
    lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    key = {name.lower(): value for name, value in lines.items()}[b"sec-websocket-key"]
    accept = base64.b64encode(hashlib.sha1(key + _MAGIC).digest())  # noqa: S324  # RFC 6455
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def _frame(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Return code and content of the first whole frame, which a browser always masks."""
    head = 6
    if len(data) < head:
        return None
    length = data[1] & 0x7F
    if length == _LONG:
        length, head = int.from_bytes(data[2:4], "big"), 8
    if len(data) < head + length:
        return None
    mask, content = data[head - 4 : head], data[head : head + length]
    plain = bytes(byte ^ mask[at % 4] for at, byte in enumerate(content))
    return data[0] & 0x0F, plain, data[head + length :]
