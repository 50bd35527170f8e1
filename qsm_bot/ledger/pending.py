"""What of the book may wait for a person: the newest plans, and orders that need one."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from qsm_bot.domain.plan import Plan
from qsm_bot.domain.plan_file import plan_from_dict
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger.attempts import Attempt, get
from qsm_bot.ledger.shops import BookShop
from qsm_bot.ledger.tables import attempts, plans

# Plans live for an hour or so; this many rounds back none is alive.
_PLANS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """The newest plans by rules first, expired or not; attempts that ended with `needs_person`.

    A plan by hand waits for nobody: whoever asked for it has carried it out.
    """

    plans: list[Plan]
    needing_person: list[Attempt]


def listed(connection: Connection, shop: BookShop) -> Pending:
    """Return what may wait.

    Raises:
        PlanTampered: the content of a plan is none.
    """
    query = select(plans.c.body).where(shop.owns(plans.c.shop))
    rows = connection.execute(query.order_by(plans.c.recorded_at.desc()).limit(_PLANS))
    return Pending(
        plans=[plan for row in rows if (plan := plan_from_dict(row.body)).rules],
        needing_person=_needing_person(connection, shop),
    )


def _needing_person(connection: Connection, shop: BookShop) -> list[Attempt]:
    """Return the attempts that ended so, oldest first; a later attempt at the order hides one."""
    later = attempts.alias()
    newer = select(later.c.id).where(
        shop.owns(later.c.shop)
        & (later.c.order_no == attempts.c.order_no)
        & (later.c.seq > attempts.c.seq)
    )
    query = (
        select(attempts.c.id)
        .where(shop.owns(attempts.c.shop), attempts.c.outcome == OutcomeKind.NEEDS_PERSON.value)
        .where(~newer.exists())
        .order_by(attempts.c.seq)
    )
    return [get(connection, row.id) for row in connection.execute(query)]
