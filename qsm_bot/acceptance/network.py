"""The fault mode: a run of the kit through a bad network, which our TCP proxy makes.

The proxy stands on this machine before a clone on this machine; it cannot look into HTTPS.
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from qsm_bot.acceptance.hosts import clone_origin
from qsm_bot.errors import QsmBotError, UsageInvalid
from qsm_bot.mock_portal.proxy import Cut, FaultProxy, NetworkFault
from qsm_bot.toml import did_you_mean
from qsm_bot.words import Words

_HOST = "127.0.0.1"
_REACHED = (_HOST, "localhost")
_HTTP_PORT = 80
_T = TypeVar("_T")

_NOT_HERE = Words(
    "--faults needs a clone at http://127.0.0.1 or http://localhost, not {origin}",
    "--faults は http://127.0.0.1 か http://localhost のクローンだけに使えます（{origin}）",
)
_NO_CONDITION = Words("no network condition {name}{hint}", "通信条件 {name} はありません{hint}")
_NO_REFUSAL = Words(
    "which request refuses is not known: let the kit refuse an order first",
    "拒否の送信先が不明です。先に拒否まで実行してください",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A network: its cut, None if nothing listens at all; `refusing`: it befalls the refusal."""

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


CONDITIONS: Mapping[str, Condition] = {
    "latency": Condition(
        Words("each answer comes 0.2 s late", "応答がすべて0.2秒遅れる"), Cut.HANG, 0.2
    ),
    "slow": Condition(
        Words("answers to POST trickle in for 1 s", "POST の応答が1秒かけて届く"), Cut.SLOW, 1
    ),
    "reset-before": Condition(
        Words("the refusal is lost on its way", "拒否が届く前に切断される"),
        Cut.RESET_BEFORE,
        refusing=True,
    ),
    "reset-after": Condition(
        Words("the refusal arrives, its answer is lost", "拒否は届き、応答の前に切断される"),
        Cut.RESET_AFTER,
        refusing=True,
    ),
    "refuse": Condition(Words("nothing takes connections", "接続を受け付けない"), None),
}
"""The networks by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard(Generic[_T]):
    """What the kit said in one network.

    Attributes:
        name: the condition's.
        said: what was said; None if an error ended it, or it was not run.
        error: what ended it.
        why_not: why it was not run.
        arrived: requests that the proxy read in full.
        forwarded: those of them that reached the clone.
        seconds: how long it took.
    """

    name: str
    said: _T | None = None
    error: QsmBotError | None = None
    why_not: Words | None = None
    arrived: int = 0
    forwarded: int = 0
    seconds: float = 0


def run_through(
    origin: str,
    judge: Callable[[str], _T],
    *,
    refusal: str = "",
    names: Iterable[str] = tuple(CONDITIONS),
) -> list[Heard[_T]]:
    """Let the kit judge the clone once in each network, one after the other.

    Args:
        origin: the clone, by http:// on this machine.
        judge: the kit; given the origin under which the clone is to be had.
        refusal: ending of the path of the refusing request; "" if it is not known.
        names: the networks.

    Raises:
        UsageInvalid: the clone is elsewhere, or a network has no such name.
        RealHost, CloneUrlInvalid: the address is the real portal's, or no plain one.
    """
    raise_if_not_here(origin)
    port = urlsplit(origin).port or _HTTP_PORT
    wanted = list(names)
    for name in wanted:
        if name not in CONDITIONS:
            hint = did_you_mean(name, CONDITIONS)
            raise UsageInvalid(detail=_NO_CONDITION.filled(name=name, hint=hint))
    return [_heard(name, port, judge, refusal) for name in wanted]


def raise_if_not_here(origin: str) -> None:
    """Check that our proxy can be put before a clone.

    Raises:
        UsageInvalid: it is elsewhere, or speaks HTTPS.
        RealHost, CloneUrlInvalid: the address is the real portal's, or no plain one.
    """
    parts = urlsplit(clone_origin(origin))
    if parts.hostname not in _REACHED or parts.scheme != "http":
        raise UsageInvalid(detail=_NOT_HERE.filled(origin=origin))


def _heard(name: str, port: int, judge: Callable[[str], _T], refusal: str) -> Heard[_T]:
    condition = CONDITIONS[name]
    if condition.refusing and not refusal:
        return Heard(name=name, why_not=_NO_REFUSAL)
    said, error, begun = None, None, time.monotonic()
    if condition.cut is None:
        with _silent_port() as silent:
            said, error = _asked(judge, f"http://{_HOST}:{silent}")
        return Heard(name=name, said=said, error=error, seconds=time.monotonic() - begun)
    with FaultProxy(port, [condition.fault(refusal)]) as proxy:
        said, error = _asked(judge, proxy.url)
        return Heard(
            name=name,
            said=said,
            error=error,
            arrived=len(proxy.seen),
            forwarded=len(proxy.forwarded),
            seconds=time.monotonic() - begun,
        )


def _asked(judge: Callable[[str], _T], origin: str) -> tuple[_T | None, QsmBotError | None]:
    try:
        return judge(origin), None
    except QsmBotError as error:
        return None, error


@contextmanager
def _silent_port() -> Iterator[int]:
    """Keep a port on which nothing listens, so that nothing else may either."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as kept:
        kept.bind((_HOST, 0))
        yield kept.getsockname()[1]
