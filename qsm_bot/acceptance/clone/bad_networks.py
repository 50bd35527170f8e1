"""Bad networks: a run of the kit through one, which our TCP proxy makes.

The proxy stands on this machine before a clone on this machine; it cannot look into HTTPS.
"""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from qsm_bot.acceptance.clone.hosts import clone_origin
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.mock_portal.proxy import Cut, FaultProxy, NetworkFault

_HOST = "127.0.0.1"
_REACHED = (_HOST, "localhost")
_HTTP_PORT = 80
_T = TypeVar("_T")

_NOT_HERE = Words(
    "--faults needs a clone at http://127.0.0.1 or http://localhost, not {origin}",
    "--faults は http://127.0.0.1 か http://localhost のクローンだけに使えます（{origin}）",
)
_NO_REFUSAL = Words(
    "which request refuses is not known: let the kit refuse an order first",
    "拒否の送信先が不明です。先に拒否まで実行してください",
)


@dataclass(frozen=True, slots=True)
class NetworkCondition:
    """A network: its cut, None if nothing listens at all; `refusing`: only the refusal is cut."""

    words: Words
    cut: Cut | None
    seconds: float = 0
    refusing: bool = False

    def fault(self, refusal: str) -> NetworkFault:
        """Return the fault for the proxy; `refusal` is the ending of the refusing path."""
        path, times = (refusal, 1) if self.refusing else ("", 0)
        method = "POST" if self.refusing or self.cut is Cut.SLOW else ""
        return NetworkFault(
            cut=self.cut or Cut.DOWN, path=path, times=times, seconds=self.seconds, method=method
        )


CONDITIONS: Mapping[str, NetworkCondition] = {
    "latency": NetworkCondition(
        Words("each answer comes 0.2 s late", "応答がすべて0.2秒遅れる"), Cut.HANG, 0.2
    ),
    "slow": NetworkCondition(
        Words("answers to POST trickle in for 1 s", "POST の応答が1秒かけて届く"), Cut.SLOW, 1
    ),
    "reset-before": NetworkCondition(
        Words("the refusal is lost on its way", "拒否が届く前に切断される"),
        Cut.RESET_BEFORE,
        refusing=True,
    ),
    "reset-after": NetworkCondition(
        Words("the refusal arrives, its answer is lost", "拒否は届き、応答の前に切断される"),
        Cut.RESET_AFTER,
        refusing=True,
    ),
    "refuse": NetworkCondition(Words("nothing takes connections", "接続を受け付けない"), None),
}
"""The networks by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkRun(Generic[_T]):
    """A run of the kit in one network.

    Attributes:
        result: what the kit returned; None if an error ended it, or it was not run.
        error: what ended it.
        why_not: why it was not run.
        arrived: requests that the proxy read in full.
        forwarded: those of them that reached the clone.
        seconds: how long it took.
    """

    result: _T | None = None
    error: QsmBotError | None = None
    why_not: Words | None = None
    arrived: int = 0
    forwarded: int = 0
    seconds: float = 0


def run_in(
    condition: NetworkCondition, origin: str, kit: Callable[[str], _T], *, refusal: str = ""
) -> NetworkRun[_T]:
    """Run the kit once through a bad network.

    Args:
        condition: the network.
        origin: the clone, by http:// on this machine.
        kit: runs the kit at the origin that it is given.
        refusal: ending of the path of the refusing request; "" if it is not known.

    Raises:
        UsageInvalid: the clone is elsewhere.
        RealHost, CloneUrlInvalid: the address is the real portal's, or no plain one.
    """
    raise_if_not_local(origin)
    if condition.refusing and not refusal:
        return NetworkRun(why_not=_NO_REFUSAL)
    begun = time.monotonic()
    if condition.cut is None:
        with _silent_port() as silent:
            result, error = _run(kit, f"http://{_HOST}:{silent}")
        return NetworkRun(result=result, error=error, seconds=time.monotonic() - begun)
    port = urlsplit(origin).port or _HTTP_PORT
    with FaultProxy(port, [condition.fault(refusal)]) as proxy:
        result, error = _run(kit, proxy.url)
        return NetworkRun(
            result=result,
            error=error,
            arrived=len(proxy.seen),
            forwarded=len(proxy.forwarded),
            seconds=time.monotonic() - begun,
        )


def raise_if_not_local(origin: str) -> None:
    """Check that our proxy can be put before a clone.

    Raises:
        UsageInvalid: it is elsewhere, or speaks HTTPS.
        RealHost, CloneUrlInvalid: the address is the real portal's, or no plain one.
    """
    parts = urlsplit(clone_origin(origin))
    if parts.hostname not in _REACHED or parts.scheme != "http":
        raise UsageInvalid(detail=_NOT_HERE.filled(origin=origin))


def _run(kit: Callable[[str], _T], origin: str) -> tuple[_T | None, QsmBotError | None]:
    try:
        return kit(origin), None
    except QsmBotError as error:
        return None, error


@contextmanager
def _silent_port() -> Iterator[int]:
    """Keep a port on which nothing listens, so that nothing else may either."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as kept:
        kept.bind((_HOST, 0))
        yield kept.getsockname()[1]
