"""From the settings to a run: the shop's lock, its ledger, its stop sign; then the portal.

The one place where a run is put together. It needs no command line: commands, and whoever
else starts a run, give it settings and get what the flows work with.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from qsm_bot.base.clock import now
from qsm_bot.base.events import RunEvent
from qsm_bot.base.words import Lang, Words
from qsm_bot.cli.wiring.stores import (
    data_folder,
    fingerprint_store,
    load_pack,
    load_shipments,
    open_ledger,
    second_trace,
    whole_chain,
)

if TYPE_CHECKING:
    from flows._parts.shipping_run import ShippingRun
    from flows._parts.shop_run import PortalRun, ShopRun
    from qsm_bot.config.settings import Settings
    from qsm_bot.portal.selectors.pack import Pack


class Voice(Protocol):
    """Whoever hears of the run; a command's `Job` is one."""

    @property
    def lang(self) -> Lang:
        """In which language the answer to Ctrl-C is said."""

    def tell(self, words: Words) -> None:
        """Hear a line of progress."""

    def report(self, event: RunEvent) -> None:
        """Hear what happens, with its line of progress if it has one."""


_STOPPING = Words(
    "asked to stop: an order whose button was pressed is finished first",
    "停止の指示を受けました。ボタンを押した注文は最後まで処理します",
)


@contextmanager
def open_shop_run(
    settings: "Settings", voice: Voice, *, alone: bool = True, whole: bool = True
) -> Iterator["ShopRun"]:
    """Yield what every run has; its log lines name the shop, its metrics are written afterwards.

    Args:
        settings: the shop's settings.
        voice: hears of each step.
        alone: whether it must be the only run of the shop; then Ctrl-C and the stop file
            end it between two orders.
        whole: whether the ledger's chain is walked first.

    Raises:
        ShopBusy: another run of this machine holds the shop.
        LedgerCorrupt: the ledger's chain is not whole.
        QsmBotError: a part cannot be built.
    """
    from flows._parts.shop_run import ShopRun
    from qsm_bot.base.log import bound
    from qsm_bot.base.pictures import PictureStore
    from qsm_bot.base.shop_lock import shop_lock
    from qsm_bot.base.stopping import STOP_FILE, StopSign
    from qsm_bot.cli.wiring.metrics_file import metrics_afterwards

    folder = data_folder(settings)
    stop = StopSign(folder / STOP_FILE)
    with ExitStack() as stack:
        stack.enter_context(metrics_afterwards(settings))
        stack.enter_context(bound(shop=settings.shop))
        holder = None
        if alone:
            lock = shop_lock(
                folder / "locks",
                settings.identity.key,
                called=settings.shop,
                earlier=settings.shop,
            )
            holder = stack.enter_context(lock)
            stack.enter_context(stop.heeding_signals(_STOPPING.say(voice.lang)))
        ledger = stack.enter_context(open_ledger(settings))
        if whole:
            whole_chain(ledger)
        yield ShopRun(
            shop=settings.shop,
            ledger=ledger,
            pictures=PictureStore(folder),
            clock=now,
            tell=voice.tell,
            events=voice.report,
            holder=holder.name if holder else "",
            is_dead=holder.is_dead if holder else lambda _other: False,
            stopping=stop,
            ends_by=now() + timedelta(minutes=settings.run_minutes),
        )


@contextmanager
def at_portal(
    settings: "Settings", run: "ShopRun", pack: "Pack", *, even_late: bool = False
) -> Iterator["PortalRun"]:
    """Start the browser and yield everything that a flow at the portal works with.

    Raises:
        QsmBotError: a part cannot be built.
    """
    from flows._parts.drift import DriftWatch
    from flows._parts.shop_run import PortalRun
    from qsm_bot.cli.wiring.portal import open_portal, password_if_any
    from qsm_bot.cli.wiring.qapi import resting, status_source
    from qsm_bot.cli.wiring.sign_in_gate import gate_of

    gate = gate_of(settings, password_if_any(settings))
    with (
        open_portal(settings, pack, gate=gate) as portal,
        status_source(settings, pack, portal, run.tell) as status,
    ):
        yield PortalRun(
            **run.parts(),
            portal_url=settings.portal_url,
            pack=pack.digest,
            portal=portal,
            max_unknown=settings.max_unknown,
            status=status,
            hours=settings.shipping_hours,
            even_late=even_late,
            shipments=lambda: load_shipments(settings, resting(portal)),
            settle_seconds=settings.settle_seconds,
            drift=DriftWatch(fingerprint_store(settings, pack).load()),
            trace=second_trace(settings),
            gate=gate,
        )


@contextmanager
def open_portal_run(
    settings: "Settings",
    voice: Voice,
    *,
    acts: bool,
    alone: bool = True,
    whole: bool = True,
    even_late: bool = False,
) -> Iterator["PortalRun"]:
    """Yield everything that a flow at the portal works with.

    Args:
        settings: the shop's settings.
        voice: hears of each step.
        acts: whether the flow changes something on the portal; then the host must be allowed.
        alone: whether it must be the only run of the shop: see `open_shop_run`.
        whole: whether the ledger's chain is walked first; not needed by what only shows.
        even_late: whether a person wants refusals in spite of the hour or of overdue duties.

    Raises:
        NotLive: it acts on a real host that was not allowed.
        PackInvalid: the selector pack cannot be used.
        ShopBusy: another run of this machine holds the shop.
        LedgerCorrupt: the ledger's chain is not whole.
        QsmBotError: a part cannot be built.
    """
    if acts:
        settings.raise_if_not_live()
    pack = load_pack(settings)
    with (
        open_shop_run(settings, voice, alone=alone, whole=whole) as run,
        at_portal(settings, run, pack, even_late=even_late) as portal_run,
    ):
        yield portal_run


@contextmanager
def open_shipping_run(settings: "Settings", voice: Voice) -> Iterator["ShippingRun"]:
    """Yield everything that reporting a shipment works with.

    Raises:
        SettingsInvalid, KeyringUnusable: QAPI cannot be asked.
        ShopBusy: another run of this machine holds the shop.
        QsmBotError: a part cannot be built.
    """
    import time

    from flows._parts.shipping_run import ShippingRun
    from qsm_bot.cli.wiring.qapi import open_qapi

    words = load_pack(settings).qapi
    with open_qapi(settings, voice.tell) as api, open_shop_run(settings, voice) as run:
        yield ShippingRun(
            **run.parts(),
            api=api,
            words=words,
            rest=time.sleep,
            settle_seconds=settings.settle_seconds,
        )
