"""The judge of duties: each refusal is one duty, due on its own day and ended for a reason."""

from collections import Counter
from collections.abc import Iterator

from qsm_bot.base.clock import JST
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import Event
from qsm_bot.ledger.duties import CLOSED, REOPENED
from qsm_bot.mock_portal.testing.history import Breach, History

_REFUSED = (OutcomeKind.REFUSED, OutcomeKind.ALREADY_REFUSED)


def each_refusal_is_one_duty(history: History) -> Iterator[Breach]:
    """Give the refused orders without exactly one duty, and the other way round."""
    ours = [duty for duty in history.duties if not duty.by_others]
    counted = Counter(duty.order_no for duty in ours)
    refused = {a.order_no: a for a in history.attempts if a.outcome is OutcomeKind.REFUSED}
    for order in dict.fromkeys((*refused, *counted)):
        if counted[order] != (order in refused):
            words = f"duties to ship: {counted[order]}, refusals: {int(order in refused)}"
            yield _found(order, words)
    for duty in ours:
        attempt = refused.get(duty.order_no)
        entries = history.entries.get(attempt.id, ()) if attempt else ()
        left = [e.at for e in entries if e.kind in ("attempt.committing", "attempt.answered")]
        # Compared as text: the judge does not reckon as the program does.
        day = f"{min(left).astimezone(JST):%Y-%m-%d}" if left else f"{duty.due:%Y-%m-%d}"
        if duty.due.isoformat() != f"{day}T23:59:59+09:00":
            yield _found(duty.order_no, f"due {duty.due.isoformat()}, refused on {day}")


def each_duty_ends_for_a_reason(history: History) -> Iterator[Breach]:
    """Give the duties that ended without a reason, twice, or before there was one."""
    refused: set[str | None] = set()
    closed: set[str | None] = set()
    for entry in history.events:
        order = entry.order_no
        if entry.body.get("outcome") in _REFUSED:
            refused.add(order)
        elif entry.kind == REOPENED:
            closed.discard(order)
        elif entry.kind == CLOSED:
            if order not in refused:
                yield _found(order, "a duty was closed that no refusal had made")
            if order in closed:
                yield _found(order, "a duty was closed twice")
            if not _has_a_reason(entry):
                yield _found(order, "a duty was closed without a reason")
            closed.add(order)


def _has_a_reason(entry: Event) -> bool:
    why = entry.body.get("why") or {}
    vouched = entry.body.get("by") != "person" or entry.body.get("who")
    return bool(vouched) and all(str(why.get(lang, "")).strip() for lang in ("en", "ja"))


def _found(order: str | None, words: str) -> Breach:
    return Breach(invariant="duty", order_no=order, words=words)
