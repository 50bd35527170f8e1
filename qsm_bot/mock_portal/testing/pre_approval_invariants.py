"""The judge of standing orders: what one let through was within what a person had given.

It reckons from the ledger's entries alone, not as the program does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qsm_bot.base.clock import JST
from qsm_bot.ledger import Event
from qsm_bot.mock_portal.testing.history import Breach, History

_GIVEN, _ENDED = "standing_order.given", "standing_order.ended"
_APPROVED, _LEASED = "plan.approved", "attempt.leased"


def nothing_beyond_a_standing_order(history: History) -> Iterator[Breach]:
    """Give the refusals that were begun on a standing order that did not reach that far."""
    book = _Book()
    for entry in history.events:
        if entry.kind == _GIVEN:
            book.given = (entry.seq, entry.body)
        elif entry.kind == _ENDED:
            book.given = None
        elif entry.kind == _APPROVED:
            book.approvals.setdefault(entry.body["digest"], []).append(entry)
        elif entry.kind == _LEASED and entry.body.get("kind") == "refusal":
            for words in book.breaches(entry):
                yield Breach(invariant="standing", order_no=entry.order_no, words=words)


@dataclass
class _Book:
    """What was given, let through and begun so far."""

    given: tuple[int, Mapping[str, Any]] | None = None
    approvals: dict[str, list[Event]] = field(default_factory=dict)
    begun: dict[str, dict[str, int | None]] = field(default_factory=dict)

    def breaches(self, entry: Event) -> Iterator[str]:
        """Give what of the standing order an attempt goes beyond, if it began on one."""
        approvals = self.approvals.get(entry.body["plan"], [])
        alive = [each for each in approvals if entry.at < _until(each)]
        if not approvals or any(each.body["kind"] == "person" for each in alive):
            return
        if not alive:
            yield "begun after its approval had ended"
            return
        approval = alive[-1].body
        if self.given is None or approval.get("standing_order") != self.given[0]:
            yield "let through by a standing order that does not hold"
            return
        yield from self._too_far(entry, approval, self.given[1])

    def _too_far(
        self, entry: Event, approval: Mapping[str, Any], order: Mapping[str, Any]
    ) -> Iterator[str]:
        if entry.body["rule"] not in order["rules"]:
            yield f"rule {entry.body['rule']} is not in the standing order"
        if approval.get("rules") != order["rules_digest"]:
            yield "let through under other rules than the standing order's"
        day, clock = f"{entry.at.astimezone(JST):%Y-%m-%d %H:%M}".split()
        if day > order["until"]:
            yield f"begun on {day}, the standing order ended on {order['until']}"
        if order["hours"]:
            begin, end = order["hours"].split("-")
            if not begin <= clock < end:
                yield f"begun at {clock}, the standing order holds {order['hours']}"
        yield from self._too_many(entry, day, approval, order)

    def _too_many(
        self, entry: Event, day: str, approval: Mapping[str, Any], order: Mapping[str, Any]
    ) -> Iterator[str]:
        number = str(entry.order_no)
        amount = approval.get("orders", {}).get(number)
        for span, limit in ((f"run {entry.run_id}", "max_run"), (f"day {day}", "max_day")):
            orders = self.begun.setdefault(span, {})
            orders[number] = amount
            if len(orders) > order[limit]:
                yield f"{len(orders)} orders in the {span}, {limit} is {order[limit]}"
        yen = self.begun[f"day {day}"].values()
        if order["max_yen"] is None:
            return
        if amount is None:
            yield "its amount was not known, and the standing order limits the money"
        if sum(each or 0 for each in yen) > order["max_yen"]:
            yield f"more than {order['max_yen']} yen on {day}"


def _until(approval: Event) -> datetime:
    return datetime.fromisoformat(approval.body["until"])
