"""What really happened at the mock portal: effects on orders, and requests received."""

import json
import threading
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from qsm_bot.base.clock import aware
from qsm_bot.mock_portal.orders import Order
from qsm_bot.mock_portal.world import JST


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One act that took effect on an order."""

    time: datetime
    kind: str
    order: str
    reason: str | None
    text: str | None


@dataclass(frozen=True, kw_only=True)
class RequestSeen:
    """One HTTP request that the server received, and the order number that its body names."""

    time: datetime
    method: str
    path: str
    order: str | None

    def calls(self, service: str) -> bool:
        """Say whether it went to a service method such as `SetCancelRefusal`."""
        return self.path.lower().endswith(f"/{service}".lower())


_Entry = TypeVar("_Entry", Effect, RequestSeen)


class Journal:
    """Collects effects and requests; each also goes to its file, one JSON line each.

    Args:
        path: the file to append the effects to; without one they stay in memory.
        requests_path: the same for the requests.
    """

    def __init__(self, path: Path | None = None, requests_path: Path | None = None) -> None:
        self.path = path
        self.requests_path = requests_path
        self.effects: list[Effect] = []
        self.requests: list[RequestSeen] = []
        self._lock = threading.Lock()

    def note(self, kind: str, order: Order, reason: str | None, text: str | None) -> None:
        """Note an effect; the signature fits the `record` callback of `World`."""
        effect = Effect(
            time=datetime.now(JST), kind=kind, order=order.order_no, reason=reason, text=text
        )
        with self._lock:
            self.effects.append(effect)
            _append(self.path, effect)

    def see(self, method: str, path: str, order: str | None) -> None:
        """Note that a request arrived, whether or not it had an effect."""
        seen = RequestSeen(time=datetime.now(JST), method=method, path=path, order=order)
        with self._lock:
            self.requests.append(seen)
            _append(self.requests_path, seen)

    def effects_of(self, kind: str, order: str | None = None) -> list[Effect]:
        """Return the effects of one kind, of one order if given."""
        with self._lock:
            return [e for e in self.effects if e.kind == kind and order in (None, e.order)]

    def calls(self, service: str, order: str | None = None) -> list[RequestSeen]:
        """Return the requests to a service method such as `SetCancelRefusal`."""
        with self._lock:
            return [
                seen
                for seen in self.requests
                if seen.calls(service) and order in (None, seen.order)
            ]


def read_effects(path: Path) -> list[Effect]:
    """Read a file of effects.

    Raises:
        OSError: it cannot be read.
        ValueError: a line is damaged; the message names file and line.
    """
    return _read(path, Effect)


def read_requests(path: Path) -> list[RequestSeen]:
    """Read a file of requests.

    Raises:
        OSError: it cannot be read.
        ValueError: a line is damaged; the message names file and line.
    """
    return _read(path, RequestSeen)


def _append(path: Path | None, entry: Effect | RequestSeen) -> None:
    if path is None:
        return
    row = asdict(entry) | {"time": entry.time.isoformat()}
    # Opened anew each time so that another process may read or move the file. Half a
    # surrogate pair, which UTF-8 has no bytes for, is written as JSON's own escape.
    with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read(path: Path, kind: type[_Entry]) -> list[_Entry]:
    # Not `splitlines`, which also breaks at characters that may stand in a text.
    lines = path.read_bytes().removesuffix(b"\n").split(b"\n")
    entries = []
    for number, line in enumerate(lines if lines != [b""] else [], start=1):
        try:
            entries.append(_parsed(line, kind))
        except (ValueError, TypeError, RecursionError) as error:
            why = error.msg if isinstance(error, json.JSONDecodeError) else error
            raise ValueError(f"{path}, line {number} is damaged: {why}") from error
    return entries


def _parsed(line: bytes, kind: type[_Entry]) -> _Entry:
    row = json.loads(line.decode("utf-8"))
    types: dict[str, Any] = {field.name: field.type for field in fields(kind)}
    if not isinstance(row, dict) or row.keys() != types.keys():
        raise ValueError(f"not an object with {', '.join(types)}")
    row["time"] = aware(datetime.fromisoformat(row["time"]))
    for name, wanted in types.items():
        if not isinstance(row[name], wanted):
            raise ValueError(f"{name} is {row[name]!r}")  # noqa: TRY004 - damage, not a bug
    return kind(**row)
