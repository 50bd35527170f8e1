"""What all processes of a shop share: the portal's world, the ledger, the time.

Beside them stands what only the world knows: who really refused an order, and which of the
bots' looks saw it open.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from qsm_bot.base.clock import JST
from qsm_bot.domain.plan import Plan
from qsm_bot.domain.request import OutcomeKind, RefusalReason
from qsm_bot.ledger import Event, Ledger, engine, entries
from qsm_bot.ledger.engine import Database
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.orders import ClaimState, Order, OrderState
from qsm_bot.mock_portal.seeding import invent_orders
from qsm_bot.mock_portal.testing.memory import LABELS, Serve
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.protocol import OrderStatus

SHOP = "みほん商店"
START = datetime(2026, 1, 5, 10, 0, tzinfo=JST)
ORDERS, OPEN_AT_FIRST = 24, 5
SETTLE = 120


class Time:
    """A clock that stands until it is told, and does then what was put off until then."""

    def __init__(self) -> None:
        self.at = START
        self._due: list[tuple[datetime, int, Callable[[], object]]] = []
        self._number = count()

    def __call__(self) -> datetime:
        return self.at

    def later(self, when: datetime, what: Callable[[], object]) -> None:
        heapq.heappush(self._due, (when, next(self._number), what))

    def passes(self, seconds: float) -> None:
        end = self.at + timedelta(seconds=seconds)
        while self._due and self._due[0][0] <= end:
            when, _, what = heapq.heappop(self._due)
            self.at = max(self.at, when)
            what()
        self.at = max(self.at, end)


_books: list[Database] = []


def _new_book(clock: Time) -> Database:
    """Make a book in memory, by the engine of the one before: it has compiled all that is asked."""
    if not _books:
        _books.append(engine.connect("sqlite://", clock=clock, busy_seconds=1))
    made = _books[0]
    # What was in memory goes with its connection.
    made.close()
    book = Database(made._engine, made._place, clock)
    book.prepare()
    return book


class Premises:
    """One shop's portal and book, and what its bots and other people did there."""

    def __init__(self) -> None:
        self.time = Time()
        self.journal = Journal()
        orders = [_asleep(o, n) for n, o in enumerate(invent_orders(ORDERS, 1, START.date()))]
        self.world = World(orders, today=START.date(), record=self._note)
        self.book = _new_book(self.time)
        self.ledger = Ledger(self.book)
        self.looks: list[OrderStatus] = []
        self.known_dead: set[str] = set()
        self.refused_by_us: list[str] = []
        self.others: set[str] = set()
        self.faults: list[str] = []
        self.plans: list[tuple[Plan, str]] = []
        self._pids = {"A": 1, "B": 1}
        self._is_us = False
        self._events: list[Event] = []

    @property
    def numbers(self) -> list[str]:
        return [order.order_no for order in self.world.orders()]

    @property
    def open(self) -> list[str]:
        return [order.order_no for order in self.world.open_requests()]

    @property
    def may_be_asked_for(self) -> list[str]:
        return [
            order.order_no
            for order in self.world.orders()
            if order.order_state is OrderState.SCHEDULED
            and order.claim_state in (ClaimState.NONE, ClaimState.WITHDRAWN)
        ]

    def holder(self, bot: str) -> str:
        return f"machine-{bot} pid {self._pids[bot]}"

    def restarts(self, bot: str, how: int) -> None:
        """Name the killed bot's next process: as before, or anew and its death known or not."""
        if how % 3:
            if how % 3 == 1:
                self.known_dead.add(self.holder(bot))
            self._pids[bot] += 1

    def as_us(self, serve: Serve) -> str:
        self._is_us = True
        try:
            return serve().message
        finally:
            self._is_us = False

    def outside(self, deed: str, order_no: str) -> None:
        match deed:
            case "buyer withdraws":
                self.world.buyer_withdraws(order_no)
            case "person refuses":
                self.world.refuse(order_no, LABELS[RefusalReason.READY])
            case "person cancels":
                self.world.approve_cancel(order_no)
            case "person asks back":
                self.world.ask_retraction(order_no)

    def outcomes(self, order_no: str) -> list[OutcomeKind | None]:
        """Return how the order's attempts ended, newest first."""
        return [attempt.outcome for attempt in self.ledger.attempts(order_no=order_no)]

    def _note(self, kind: str, order: Order, reason: str | None, text: str | None) -> None:
        self.journal.note(kind, order, reason, text)
        if kind == "notice":
            return  # the buyer is told of each refusal, whoever refused
        if self._is_us:
            if kind != "refuse":
                self.faults.append(f"{order.order_no}: we did a {kind}")
            self.refused_by_us.append(order.order_no)
        elif kind in ("refuse", "cancel", "retraction"):
            self.others.add(order.order_no)

    def last_entry(self, kind: str | None = None, order_no: str | None = None) -> Event | None:
        self._read_on()
        for entry in reversed(self._events):
            if kind in (None, entry.kind) and order_no in (None, entry.order_no):
                return entry
        return None

    def _read_on(self) -> None:
        last = self._events[-1].seq if self._events else 0
        with self.book.reading() as connection:
            self._events += entries._page(connection, last, entries.EventFilter())


def _asleep(order: Order, number: int) -> Order:
    """Let only the first orders have an open request; for the others it can come later."""
    if number < OPEN_AT_FIRST or order.claim_state is not ClaimState.REQUESTED:
        return order
    return replace(
        order, claim_state=ClaimState.NONE, buyer_reason="", order_state=OrderState.SCHEDULED
    )
