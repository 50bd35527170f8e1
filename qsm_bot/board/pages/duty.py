"""For packers: what was refused and must be shipped today, and what must not be shipped yet."""

from datetime import datetime, timedelta

from starlette.responses import Response

from qsm_bot.base.clock import now
from qsm_bot.board.pages.today import to_ship
from qsm_bot.board.visit import WHO, BoardVisit, remember
from qsm_bot.domain.duty import Duty
from qsm_bot.ledger import Ledger
from qsm_bot.render.goods import rows_of

_DONE = ("entered in QSM as shipped", "QSMで発送処理をしました")
_LONGEST = 200
_SHOWN = 20


def show(visit: BoardVisit) -> Response:
    """Show what must be shipped, and the open requests that wait."""
    settings = visit.desk.load()
    moment = now()
    with visit.desk.ledger() as ledger:
        ship = to_ship(ledger, settings.shop, moment)
        newest = next(iter(ledger.pending(settings.shop).plans), None)
        taken = ledger.taken_orders(settings.shop)
        closed = _closed(ledger, settings.shop, moment)
    rows = rows_of(newest) if newest else []
    hold = [row for row in rows if row.order_no and row.order_no not in taken]
    return visit.page("duty.html", now=moment, ship=ship, hold=hold, newest=newest, closed=closed)


def _closed(ledger: Ledger, shop: str, moment: datetime) -> list[Duty]:
    """Return what was closed today or yesterday, the last one first."""
    since = moment - timedelta(days=1)
    ends = ledger.events(kinds=["duty.closed"], since=since)
    orders = list(dict.fromkeys(each.order_no for each in ends if each.shop == shop))[-_SHOWN:]
    found = (ledger.duties(shop, order_no=order) for order in reversed(orders))
    return [duty for duties in found for duty in duties if duty.closing is not None]


def done(visit: BoardVisit) -> Response:
    """Let a person vouch that an order was shipped."""
    who = visit.given("who")[:_LONGEST]
    note = visit.given("note")[:_LONGEST] or visit.say(*_DONE)
    if not who:
        return visit.page("who.html", status=409)
    words = ["duty", "done", visit.order, f"--note={note}", f"--by={who}"]
    return _after(visit, words, who)


def reopen(visit: BoardVisit) -> Response:
    """Take that back."""
    who = visit.given("who")[:_LONGEST]
    if not who:
        return visit.page("who.html", status=409)
    note = visit.say("taken back on the board", "窓口で取り消し")
    words = ["duty", "reopen", visit.order, f"--note={note}", f"--by={who}"]
    return _after(visit, words, who)


def _after(visit: BoardVisit, words: list[str], who: str) -> Response:
    code, document = visit.jobs.call(words, visit.lang)
    error = document.get("error") if isinstance(document, dict) else None
    # A second click finds the duty closed: what was wanted is so.
    if code and error and error["code"] != "DutyNotOpen":
        return visit.page("error.html", status=409, error=error)
    back = "duty" if visit.given("back") == "duty" else ""
    return remember(visit.to(back), WHO, who)
