"""Today: what must be shipped, what is unclear, what may be refused, and what runs."""

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from flows.inbox import inbox
from qsm_bot.base.clock import now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Words
from qsm_bot.board.job_record import KIND_WORDS
from qsm_bot.board.practice import KEY
from qsm_bot.board.visit import BoardVisit
from qsm_bot.domain.duty import Duty
from qsm_bot.domain.inbox_items import Item, Waits
from qsm_bot.domain.seen_request import SeenRequest
from qsm_bot.domain.shipping_hours import span
from qsm_bot.ledger import Ledger
from qsm_bot.render.goods import goods_of, seen_in


@dataclass(frozen=True, kw_only=True, slots=True)
class ToShip:
    """One refused order that must be shipped, and the time that is left."""

    duty: Duty
    left: Words
    overdue: bool
    seen: SeenRequest | None


def today(visit: BoardVisit) -> Response:
    """Show what is to be done now."""
    settings = visit.desk.load()
    moment = now()
    with visit.desk.ledger() as ledger:
        items = inbox(ledger, settings.shop, moment)
        ship = to_ship(ledger, settings.shop, moment)
        plans = [ledger.plan(item.plan) for item in items if item.kind is Waits.PLAN and item.plan]
        newest = next(iter(ledger.pending(settings.shop).plans), None)
    seen = seen_in(newest) if newest else {}
    running = visit.jobs.alive()
    return visit.page(
        "today.html",
        settings=settings,
        now=moment,
        ship=ship,
        by_kind=_by_kind(items),
        plans=plans,
        newest=newest,
        stale=newest is not None and moment >= newest.expires_at,
        seen=seen,
        running=running,
        kinds=KIND_WORDS,
        others=_others(visit, moment),
        stopped=visit.jobs.stop_file.exists() and not running,
    )


def _others(visit: BoardVisit, moment: datetime) -> dict[str, dict[str, int] | None]:
    """Return what waits in the other shops, by kind; None for one that cannot be read.

    Nobody may take one shop's quiet for that of all.
    """
    found: dict[str, dict[str, int] | None] = {}
    for key in visit.shops.shown():
        desk = None if key in (visit.desk.key, KEY) else visit.shops.desk(key)
        if desk is None:
            continue
        try:
            with desk.ledger() as ledger:
                items = inbox(ledger, desk.load().shop, moment)
            found[key] = {kind: len(each) for kind, each in _by_kind(items).items() if each}
        except QsmBotError:
            found[key] = None
    return found


def to_ship(ledger: Ledger, shop: str, moment: datetime) -> list[ToShip]:
    """Return the open duties, the one that is due first in front."""
    duties = ledger.duties(shop, only_open=True)
    goods = goods_of(ledger, shop, [duty.order_no for duty in duties])
    return [
        ToShip(
            duty=duty,
            left=span(duty.left(moment).total_seconds()),
            overdue=moment > duty.due,
            seen=goods.get(duty.order_no),
        )
        for duty in duties
    ]


def _by_kind(items: list[Item]) -> dict[str, list[Item]]:
    return {kind.value: [item for item in items if item.kind is kind] for kind in Waits}


def looked(visit: BoardVisit) -> Response:
    """Note that a person has looked at an order."""
    by = [f"--by={visit.who}"] if visit.who else []
    visit.jobs.call(["inbox", "--done", visit.order, *by], visit.lang)
    return visit.to("")
