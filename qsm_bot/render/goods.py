"""What goods an order is about, by the plan that it was refused under."""

from collections.abc import Iterable, Mapping

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.domain.plan import Plan, PlannedRefusal, PlannedRest
from qsm_bot.domain.seen_request import SeenRequest
from qsm_bot.ledger import Ledger

_MOST = 50
_known: dict[str, Mapping[str, SeenRequest]] = {}


def seen_in(plan: Plan) -> Mapping[str, SeenRequest]:
    """Return what the plan keeps of each of its requests."""
    return {row.order_no: row.seen for row in rows_of(plan) if row.seen is not None}


def rows_of(plan: Plan) -> list[PlannedRefusal | PlannedRest]:
    """Return all requests of a plan, whatever it makes of them."""
    return [*plan.refuse, *plan.leave, *plan.ask]


def goods_of(ledger: Ledger, shop: str, orders: Iterable[str]) -> Mapping[str, SeenRequest]:
    """Return what is known of the goods of orders that were acted on."""
    found: dict[str, SeenRequest] = {}
    for order_no in orders:
        for attempt in ledger.attempts(shop=shop, order_no=order_no, limit=1):
            seen = _of_plan(ledger, attempt.plan)
            if order_no in seen:
                found[order_no] = seen[order_no]
    return found


def _of_plan(ledger: Ledger, digest: str) -> Mapping[str, SeenRequest]:
    # A plan never changes: it is read once.
    if digest not in _known:
        try:
            known = seen_in(ledger.plan(digest))
        except QsmBotError:
            # An order is told by its number then.
            return {}
        while len(_known) >= _MOST:
            _known.pop(next(iter(_known)), None)
        _known[digest] = known
    return _known.get(digest, {})
