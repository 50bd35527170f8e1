"""A shop where bots run, and the promises that must hold of it at any time.

Beside the judge's own findings: nothing is committed without an approval that holds, nothing
is told as not sent without a look late enough, and both books tell the same of each order.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from flows.reconcile import reconcile
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.domain.request import OutcomeKind, RunResult
from qsm_bot.ledger import ActState, Attempt, Event
from qsm_bot.mock_portal.testing.history import History
from qsm_bot.mock_portal.testing.invariants import breaches
from qsm_bot.mock_portal.testing.memory import CONFIRM, LABELS
from tests.faults.histories.premises import SETTLE, SHOP, Premises
from tests.faults.histories.process import Killed, Process
from tests.faults.histories.stories import Story
from tests.faults.histories.traps import Trap

seen: Counter[str] = Counter()
"""How often each outcome and error was told."""


class Shop(Premises):
    """The premises with bots at work, and what must hold of them at any time."""

    def __init__(self) -> None:
        super().__init__()
        self._judged = (0, 0, 0)
        self._approvals: dict[str, list[tuple[datetime, datetime]]] = {}

    def run(
        self, bot: str, story: Story, armed: Iterable[Trap] = (), *, nested: bool = False
    ) -> object:
        """Run one process; what it runs into is taken out of `armed`, if that is a list."""
        another = None if nested else partial(self.run, nested=True)
        process = Process(self, bot, armed, another)
        try:
            end = story(process.context)
        except (Killed, QsmBotError) as error:
            end = error
        finally:
            process.dead = True
            if isinstance(armed, list):
                armed[:] = [trap for trap in armed if trap not in process.sprung]
        if isinstance(end, RunResult):
            seen.update(receipt.outcome.kind.value for receipt in end.receipts)
        trouble = end.error if isinstance(end, RunResult) else end
        seen[type(trouble).__name__] += isinstance(trouble, BaseException)
        return end

    def findings(self, *, at_the_end: bool = False) -> list[str]:
        """Return what does not hold; in between, runs may be without an end."""
        self._read_on()
        now = (len(self._events), len(self.journal.effects), len(self.journal.requests))
        if now == self._judged and not at_the_end:
            return self.faults
        fresh, self._judged = self._events[self._judged[0] :], now
        history = History(
            effects=self.journal.effects,
            requests=self.journal.requests,
            attempts=self.ledger.attempts(shop=SHOP),
            duties=self.ledger.duties(SHOP),
            events=self._events,
            runs=self.ledger.runs(shop=SHOP) if at_the_end else (),
            labels={reason.value: label for reason, label in LABELS.items()},
            confirm=CONFIRM,
            others=self.others,
        )
        self.faults += [
            str(found) for found in breaches(history) if at_the_end or found.invariant != "I5"
        ]
        attempts = {attempt.id: attempt for attempt in history.attempts}
        for entry in fresh:
            self.faults += self._breach(entry, attempts)
        self.faults += self._disagreements(history.attempts, at_the_end=at_the_end)
        return self.faults

    def _breach(self, entry: Event, attempts: dict[str, Attempt]) -> Iterator[str]:
        if entry.kind == "plan.approved":
            span = (
                datetime.fromisoformat(entry.body["at"]),
                datetime.fromisoformat(entry.body["until"]),
            )
            self._approvals.setdefault(entry.body["digest"], []).append(span)
        if entry.kind == "attempt.committing":
            attempt = attempts[str(entry.attempt_id)]
            spans = self._approvals.get(attempt.plan, ())
            if not any(at <= entry.at < until for at, until in spans):
                yield f"{entry.order_no}: committed without an approval that still holds"
        if entry.kind == "attempt.settled" and entry.body["outcome"] == OutcomeKind.NOT_SENT:
            committed = [
                e
                for e in self._events
                if e.attempt_id == entry.attempt_id and e.kind == "attempt.committing"
            ]
            for commit in committed:
                if not self._was_seen_open(entry, commit):
                    yield f"{entry.order_no}: not sent, but no look late enough saw it open"

    def _was_seen_open(self, settled: Event, commit: Event) -> bool:
        first = commit.at + timedelta(seconds=SETTLE)
        return any(
            look.order_no == settled.order_no and look.open and first <= look.at <= settled.at
            for look in self.looks
        )

    def _disagreements(self, attempts: Sequence[Attempt], *, at_the_end: bool) -> Iterator[str]:
        refused = {effect.order for effect in self.journal.effects_of("refuse")}
        known: dict[str, set[OutcomeKind | None]] = {}
        for attempt in attempts:
            known.setdefault(attempt.order_no, set()).add(attempt.outcome)
            if attempt.outcome is OutcomeKind.REFUSED and attempt.order_no not in refused:
                yield f"{attempt.order_no}: refused in the ledger, by nobody at the portal"
            if at_the_end and attempt.state is not ActState.SETTLED:
                yield f"{attempt.order_no}: still {attempt.state}"
        fit: set[OutcomeKind | None] = {OutcomeKind.REFUSED, OutcomeKind.NEEDS_PERSON}
        if not at_the_end:
            fit |= {OutcomeKind.UNKNOWN, None}
        for order in self.refused_by_us:
            if not known.get(order, set()) & fit:
                yield f"{order}: refused by us, in the ledger {known.get(order)}"

    def end(self) -> list[str]:
        """Let all be well and late, reconcile, and return what does not hold then."""
        for _ in range(2):
            self.time.passes(3600)
            self.run("A", reconcile)
        found = self.findings(at_the_end=True)
        if self.ledger.verify().broken is not None:
            found.append("the chain is broken")
        return found
