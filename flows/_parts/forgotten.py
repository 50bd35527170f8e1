"""What this ledger has forgotten: presses that the second trace knows and it does not."""

from collections.abc import Collection
from urllib.parse import urlsplit

from flows._parts.shop_run import PortalRun
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.safety import LedgerForgot
from qsm_bot.base.log import get_logger
from qsm_bot.base.loopback import is_loopback
from qsm_bot.base.words import Words, some_of
from qsm_bot.domain.request import Outcome, OutcomeKind
from qsm_bot.ledger import Ledger, Press, SecondTrace

ACCEPTED = "trace.accepted"
"""The ledger's kind of entry for presses of another ledger that a person has looked at."""

PRESSED_ELSEWHERE = Words(
    "pressed before under another ledger; if it is still open, refuse it by hand",
    "別の台帳で拒否を操作済みの注文です。未処理の場合はポータルで拒否してください",
)

_log = get_logger(__name__)


def forgotten(ledger: Ledger, trace: SecondTrace, portal_url: str) -> list[Press]:
    """Return the presses of this shop and user that the ledger does not know.

    On this machine only those whose end is not known: a mock portal starts anew with the same
    orders.
    """
    presses = [press for press in trace.presses() if press.outcome is not OutcomeKind.NOT_SENT]
    if is_loopback(urlsplit(portal_url).hostname):
        presses = [press for press in presses if press.is_open]
    known = ledger.known_permits([press.permit for press in presses])
    return [press for press in presses if press.permit not in known]


def accepted(ledger: Ledger) -> set[str]:
    """Return the permits of other ledgers at whose orders a person has looked."""
    events = ledger.events(kinds=(ACCEPTED,))
    return {str(permit) for event in events for permit in event.body.get("permits", ())}


def accept(ledger: Ledger, shop: str, presses: Collection[Press], who: str) -> None:
    """Write that a person has looked at the orders of these presses."""
    body = {
        "permits": [press.permit for press in presses],
        "orders": sorted({press.order_no for press in presses}),
        "who": who,
    }
    ledger.note(ACCEPTED, body, shop=shop)


def raise_if_forgotten(context: PortalRun) -> None:
    """Check that the ledger knows every press of this shop and user.

    Raises:
        LedgerForgot: it does not, and nobody has looked at the orders.
    """
    lost = _lost(context)
    if lost:
        lost_there = {press.permit for press in lost} - accepted(context.ledger)
        orders = sorted({press.order_no for press in lost if press.permit in lost_there})
        if orders:
            raise LedgerForgot(count=len(orders), orders=some_of(orders))


def pressed_elsewhere(context: PortalRun, order_no: str) -> Outcome | None:
    """Return what becomes of an order that was pressed under another ledger; None = it was not."""
    if any(press.order_no == order_no for press in _lost(context)):
        return Outcome(kind=OutcomeKind.NEEDS_PERSON, detail=PRESSED_ELSEWHERE)
    return None


def note_end(trace: SecondTrace | None, permit: str, outcome: OutcomeKind) -> None:
    """Write what became of a press; the ledger has it, so a failure here changes nothing."""
    if trace is None:
        return
    try:
        trace.end(permit, outcome)
    except QsmBotError as error:
        _log.warning("second_trace_not_written", error=error.message.en)


def _lost(context: PortalRun) -> list[Press]:
    if context.trace is None:
        return []
    return forgotten(context.ledger, context.trace, context.portal_url)
