"""One process of a bot, from its start until its end or its death.

It runs the real flows on the real ledger; its seat, its network and its disk are played.
Every call, entry and request is a place where its traps lie.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from flows._parts.shop_run import PortalRun
from flows.reconcile import reconcile
from qsm_bot.base.pictures import KeptPicture, PictureStore
from qsm_bot.domain.request import sha256
from qsm_bot.ledger import Ledger
from qsm_bot.ledger.chain import Pen
from qsm_bot.ledger.engine import Database
from qsm_bot.mock_portal.testing.memory import MemoryPortal, Reply, Serve
from qsm_bot.portal.protocol import OrderStatus
from tests.faults.histories.premises import SETTLE, SHOP, Premises
from tests.faults.histories.stories import Story, by_hand, work
from tests.faults.histories.traps import ENTRIES, ERRORS, FACTS, OUTSIDE, Trap, struck

LATEST = SETTLE - 1


class Killed(BaseException):
    """The process ends here, with no more chance to tidy up."""


class Handle(Database):
    """One process's way to the book that all share; a dead process reads and writes no more."""

    def __init__(self, book: Database, process: "Process") -> None:
        super().__init__(book._engine, book._place, book.clock)
        self._process = process

    @contextmanager
    def writing(self) -> Iterator[Pen]:
        self._process.passes("begin")
        with super().writing() as pen:
            yield pen
            self._process.passes("commit")
        self._process.passes("committed")
        self._process.passes_entry()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self._process.passes("read")
        with super().reading() as connection:
            yield connection


class Seat(MemoryPortal):
    """A seat whose looks are remembered."""

    looks: list[OrderStatus]

    def look(self, order_no: str) -> OrderStatus:
        sighting = super().look(order_no)
        self.looks.append(sighting)
        return sighting


class NoDisk(PictureStore):
    """Keeps nothing."""

    def __init__(self, process: "Process") -> None:
        super().__init__(Path("nowhere"))
        self._process = process

    def keep(self, run_id: str, name: str, content: bytes) -> KeptPicture:
        self._process.passes("keep")
        return KeptPicture(f"{run_id}/{name}", sha256(""))


class Once:
    """The server's work for one request: done once, answered the same each time."""

    def __init__(self, work_: Callable[[], str]) -> None:
        self._work = work_
        self._answer: str | None = None

    def __call__(self) -> str:
        if self._answer is None:
            self._answer = self._work()
        return self._answer


class Process:
    """One process of a bot: its seat, its handle on the book, and the traps on its way.

    `another` runs a story by the other bot in the middle of this one; None within such a run.
    """

    def __init__(
        self,
        shop: Premises,
        bot: str,
        armed: Iterable[Trap],
        another: Callable[[str, Story], object] | None,
    ) -> None:
        self.dead = False
        self.sprung: set[Trap] = set()
        self._shop = shop
        self._bot = bot
        self._traps = tuple(armed)
        self._another = another
        self._passed: Counter[str] = Counter()
        self._seat = seat = Seat(shop.world, clock=shop.time, journal=shop.journal)
        seat.looks = shop.looks
        seat.network = self._network
        seat.before_call = self._calls
        seat.after_call = lambda name: self._calls(f"{name} done")
        seat.on_rest = shop.time.passes
        self.context = PortalRun(
            shop=SHOP,
            portal_url="http://127.0.0.1:1",
            pack="pack",
            portal=seat,
            ledger=Ledger(Handle(shop.book, self)),
            pictures=NoDisk(self),
            clock=shop.time,
            holder=shop.holder(bot),
            is_dead=shop.known_dead.__contains__,
            stopping=self._stopping,
            tell=lambda _: None,
            settle_seconds=SETTLE,
        )

    def passes(self, place: str) -> None:
        if self.dead:
            raise Killed
        for trap in self._sprung(place):
            self._do(trap)

    def _sprung(self, place: str) -> Iterator[Trap]:
        self._passed[place] += 1
        for trap in self._traps:
            if trap.place == place and 0 <= self._passed[place] - trap.nth < trap.times:
                self.sprung.add(trap)
                yield trap

    def _calls(self, place: str) -> None:
        self._shop.time.passes(0 if place.startswith("rest") else 1)
        self.passes(place)

    def _stopping(self) -> bool:
        stopped = list(self._sprung("stopping"))
        struck["stopping: stop"] += len(stopped)
        return bool(stopped)

    def passes_entry(self) -> None:
        # Asked only if it matters: this runs at every commit.
        if any(trap.place in ENTRIES for trap in self._traps):
            entry = self._shop.last_entry()
            self.passes(entry.kind if entry else "")

    def _do(self, trap: Trap) -> None:
        if trap.deed in ("hang", "another bot") and self._is_between_commit_and_request():
            return  # the network's traps do that, and stay within the settle window
        struck[f"{trap.place}: {trap.deed}"] += 1
        if trap.deed == "kill":
            self._die(trap.seconds)
        elif trap.deed == "confirm changed":
            self._seat.confirm = "キャンセルを承認しますか？"
        elif trap.deed in ("hang", "another bot"):
            self._shop.time.passes(trap.seconds)
            if trap.deed == "another bot":
                self._let_another_bot(trap.seconds)
        elif trap.deed in OUTSIDE:
            self._shop.outside(trap.deed, self._order())
        else:
            raise ERRORS[trap.deed](**FACTS)

    def _die(self, how: int) -> None:
        self.dead = True
        self._shop.restarts(self._bot, how)
        raise Killed

    def _let_another_bot(self, what: int) -> None:
        if self._another is not None:
            other = "B" if self._bot == "A" else "A"
            orders = self._shop.open or [self._order()]
            stories = (reconcile, work(orders), by_hand(self._order()), by_hand(orders[0]))
            self._another(other, stories[what % len(stories)])

    def _order(self) -> str:
        return self._seat._opened or self._shop.numbers[0]

    def _is_between_commit_and_request(self) -> bool:
        entry = self._shop.last_entry()
        return entry is not None and entry.kind == "attempt.committing"

    def _network(self, serve: Serve) -> Reply:
        if self.dead:
            raise Killed
        served = Once(lambda: self._shop.as_us(serve))
        for trap in self._sprung("network"):
            struck[f"network: {trap.deed}"] += 1
            return self._carry(trap, served)
        return Reply(status=200, alert=served())

    def _carry(self, trap: Trap, served: Once) -> Reply:
        arrives, heard = trap.deed.split(", ")
        if arrives in OUTSIDE:
            self._shop.outside(arrives, self._order())
        if arrives in ("late", "too late"):
            most = LATEST if arrives == "late" else trap.seconds
            self._arrives(trap.seconds, most, served)
        elif arrives != "never":
            served()
        if heard == "death":
            self._die(trap.seconds)
        if heard == "the answer":
            self._shop.time.passes(2 * trap.seconds)
            self._let_another_bot(trap.seconds)
            return Reply(status=200, alert=served())
        self._shop.time.passes(min(trap.seconds, 60))
        if heard == "nothing":
            raise ConnectionError("reset")
        status = 200 if heard != "the page's own alert" else (None, 500)[trap.seconds % 2]
        alerts = {"an error text": "既に処理された注文です。", "no alert": None}
        return Reply(status=status, alert=alerts.get(heard, "通信エラーが発生しました。"))

    def _arrives(self, seconds: float, most: float, served: Once) -> None:
        """Let the request arrive in some seconds, but `most` after the commit at the latest."""
        committed = self._shop.last_entry("attempt.committing", self._order())
        assert committed is not None
        latest = committed.at + timedelta(seconds=most)
        self._shop.time.later(min(self._shop.time() + timedelta(seconds=seconds), latest), served)
