"""Flows are told with the portal in memory and a real ledger in memory."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows._parts.shop_run import PortalRun
from qsm_bot.base.clock import JST
from qsm_bot.base.pictures import PictureStore
from qsm_bot.base.words import Words
from qsm_bot.ledger import Event, Ledger
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.testing.memory import MemoryPortal
from qsm_bot.mock_portal.world import World


@dataclass
class Watch:
    """A clock that tests turn."""

    time: datetime = datetime(2026, 1, 5, 10, 0, tzinfo=JST)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Scene:
    """One shop's world, its portal, and the parts of a run. Time passes only by resting."""

    world: World
    portal: MemoryPortal
    journal: Journal
    context: PortalRun
    ledger: Ledger
    watch: Watch
    stack: ExitStack
    said: list[Words] = field(default_factory=list)
    rested: list[float] = field(default_factory=list)

    def with_(self, **parts: Any) -> "Scene":
        """Return the same shop with other parts of the run."""
        return replace(self, context=replace(self.context, **parts))

    def enter(self, block: AbstractContextManager[object]) -> None:
        """Enter a block that ends with the test."""
        self.stack.enter_context(block)

    def rest(self, seconds: float) -> None:
        """Let time pass as the portal does while it rests."""
        self.rested.append(seconds)
        self.watch.turn(seconds=seconds)

    def events(self, kind: str) -> list[Event]:
        """Return the ledger's entries of one kind."""
        return [event for event in self.ledger.events() if event.kind == kind]

    @property
    def open(self) -> list[str]:
        return [order.order_no for order in self.world.open_requests()]

    @property
    def refused(self) -> list[tuple[str, str | None, str | None]]:
        return [(e.order, e.reason, e.text) for e in self.journal.effects_of("refuse")]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A shop with six open requests."""
    journal, watch, said = Journal(), Watch(), list[Words]()
    world = World.seeded(6, seed=1, today=watch().date(), record=journal.note)
    portal = MemoryPortal(world, clock=watch)
    with Ledger.open("sqlite://", clock=watch) as ledger, ExitStack() as stack:
        context = PortalRun(
            shop="みほん商店",
            portal_url="http://127.0.0.1:1",
            pack="pack-digest",
            portal=portal,
            ledger=ledger,
            pictures=PictureStore(tmp_path),
            clock=watch,
            holder="test pid 1",
            tell=said.append,
        )
        scene = Scene(world, portal, journal, context, ledger, watch, stack, said)
        portal.on_rest = scene.rest
        yield scene
