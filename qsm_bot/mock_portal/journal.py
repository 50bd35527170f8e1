"""What really happened at the mock portal: effects on orders, and requests received."""

import json
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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


class Journal:
    """Collects effects and requests; effects also go to a file, one JSON line each.

    Args:
        path: the file to append to; without one, effects stay in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
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
            if self.path is not None:
                # Opened anew each time so that another process may read or move the file.
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(_line(effect))

    def see(self, method: str, path: str, order: str | None) -> None:
        """Note that a request arrived, whether or not it had an effect."""
        seen = RequestSeen(time=datetime.now(JST), method=method, path=path, order=order)
        with self._lock:
            self.requests.append(seen)

    def effects_of(self, kind: str, order: str | None = None) -> list[Effect]:
        """Return the effects of one kind, of one order if given."""
        with self._lock:
            return [e for e in self.effects if e.kind == kind and order in (None, e.order)]

    def calls(self, service: str, order: str | None = None) -> list[RequestSeen]:
        """Return the requests to a service method such as `SetCancelRefusal`."""
        ending = f"/{service}".lower()
        with self._lock:
            return [
                seen
                for seen in self.requests
                if seen.path.lower().endswith(ending) and order in (None, seen.order)
            ]


def _line(effect: Effect) -> str:
    row = {
        "time": effect.time.isoformat(),
        "kind": effect.kind,
        "order": effect.order,
        "reason": effect.reason,
        "text": effect.text,
    }
    return json.dumps(row, ensure_ascii=False) + "\n"
