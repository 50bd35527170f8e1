"""A run's house: the shop's lock, its ledger and its stop sign; and the seat at the portal."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qsm_bot.cli.lang import LANG
from qsm_bot.cli.parts import (
    contract_store,
    data_folder,
    load_pack,
    load_shipments,
    open_ledger,
    whole_chain,
)
from qsm_bot.clock import now
from qsm_bot.words import Lang, Words

if TYPE_CHECKING:
    from flows.context import RunContext
    from qsm_bot.ledger import Lease, Ledger
    from qsm_bot.portal.pack import Pack
    from qsm_bot.settings import Settings
    from qsm_bot.shop_lock import Holder
    from qsm_bot.stopping import StopSign

_STOPPING = Words(
    "asked to stop: an order whose button was pressed is finished first",
    "停止の指示を受けました。ボタンを押した注文は最後まで処理します",
)


@dataclass(frozen=True, kw_only=True)
class House:
    """What a run has before it sits down at the portal; without a holder it is not alone."""

    shop: str
    pack: "Pack"
    ledger: "Ledger"
    stop: "StopSign"
    holder: "Holder | None"
    ends_by: datetime

    @property
    def name(self) -> str:
        """What the run is called in the ledger's lease."""
        return self.holder.name if self.holder else ""

    def is_dead(self, other: str) -> bool:
        """Whether another holder of the lease has certainly ended."""
        return self.holder is not None and self.holder.is_dead(other)

    def lease(self) -> "AbstractContextManager[Lease]":
        """Hold the shop in the ledger: see `RunContext.lease`."""
        from flows.context import LEASE_SECONDS

        return self.ledger.lease(self.shop, self.name, seconds=LEASE_SECONDS, is_dead=self.is_dead)


@contextmanager
def open_house(
    settings: "Settings", *, alone: bool = True, whole: bool = True, lang: Lang = LANG
) -> Iterator[House]:
    """Yield what every run has; its log lines name the shop, its metrics are written afterwards.

    Args:
        settings: the shop's settings.
        alone: whether it must be the only run of the shop; then Ctrl-C and the stop file
            end it between two orders.
        whole: whether the ledger's chain is walked first.
        lang: in which the answer to Ctrl-C is said.

    Raises:
        ShopBusy: another run of this machine holds the shop.
        QsmBotError: a part cannot be built.
    """
    from qsm_bot.cli.metrics import metrics_afterwards
    from qsm_bot.log import bound
    from qsm_bot.shop_lock import shop_lock
    from qsm_bot.stopping import STOP_FILE, StopSign

    pack = load_pack(settings)
    folder = data_folder(settings)
    stop = StopSign(folder / STOP_FILE)
    with ExitStack() as stack:
        stack.enter_context(metrics_afterwards(settings))
        stack.enter_context(bound(shop=settings.shop))
        holder = None
        if alone:
            holder = stack.enter_context(shop_lock(folder / "locks", settings.shop))
            stack.enter_context(stop.heeding_signals(_STOPPING.say(lang)))
        ledger = stack.enter_context(open_ledger(settings))
        if whole:
            whole_chain(ledger)
        ends_by = now() + timedelta(minutes=settings.run_minutes)
        yield House(
            shop=settings.shop,
            pack=pack,
            ledger=ledger,
            stop=stop,
            holder=holder,
            ends_by=ends_by,
        )


@contextmanager
def open_seat(
    settings: "Settings", house: House, tell: Callable[[Words], None], *, even_late: bool = False
) -> Iterator["RunContext"]:
    """Start the browser and yield everything that a flow works with.

    Raises:
        QsmBotError: a part cannot be built.
    """
    from flows.context import RunContext
    from flows.drift import DriftWatch
    from qsm_bot.artifacts import ArtifactStore
    from qsm_bot.cli.qapi import resting, status_source
    from qsm_bot.cli.seat import open_portal

    with (
        open_portal(settings, house.pack) as portal,
        status_source(settings, house.pack, portal, tell) as status,
    ):
        yield RunContext(
            shop=settings.shop,
            portal_url=settings.portal_url,
            pack=house.pack.digest,
            portal=portal,
            ledger=house.ledger,
            artifacts=ArtifactStore(data_folder(settings) / "evidence"),
            clock=now,
            holder=house.name,
            is_dead=house.is_dead,
            stopping=house.stop,
            max_unknown=settings.max_unknown,
            status=status,
            hours=settings.shipping_hours,
            even_late=even_late,
            shipments=lambda: load_shipments(settings, resting(portal)),
            tell=tell,
            settle_seconds=settings.settle_seconds,
            drift=DriftWatch(contract_store(settings, house.pack).load()),
            ends_by=house.ends_by,
        )
