"""A month of one shop as values: every attempt that began in it, and the sums."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import Duty, DutyState
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import Attempt, Event, Ledger, Wanted

_NO_MONTH = Words("{text}: a month is given as 2026-01", "{text}: 月は 2026-01 の形で指定します")
_OPENED, _COMMITTING, _ANSWERED = "attempt.opened", "attempt.committing", "attempt.answered"
_APPROVED = "plan.approved"
_DECEMBER = 12

UNFINISHED = "unfinished"
"""Stands where an outcome would, as long as there is none."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of Japanese time."""

    first: date

    @classmethod
    def parsed(cls, text: str) -> "Month":
        """Read a month as 2026-01.

        Raises:
            UsageInvalid: it is none.
        """
        found = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
        try:
            if found is None:
                raise ValueError(text)
            return cls(date(int(found[1]), int(found[2]), 1))
        except ValueError:
            raise UsageInvalid(detail=_NO_MONTH.filled(text=text)) from None

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime(self.first.year, self.first.month, 1, tzinfo=JST)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        years, month = divmod(self.first.month, _DECEMBER)
        return datetime(self.first.year + years, month + 1, 1, tzinfo=JST)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthRow:
    """One attempt, and what the ledger's entries add to it.

    `sent_at` is when the refusal left, or may have left; None if nothing was sent.
    `requested_on` is the buyer's, None where it was not recorded. `approved_by` is "" for a
    rehearsal that nobody had to approve. `duty` is what the refusal obliges to, as it stands
    today; None where there was none.
    """

    attempt: Attempt
    sent_at: datetime | None
    requested_on: date | None
    approved_by: str
    duty: Duty | None = None

    @property
    def outcome(self) -> str:
        """How it ended."""
        return self.attempt.outcome.value if self.attempt.outcome else UNFINISHED

    @property
    def day(self) -> date:
        """The day on which it began, in Japan."""
        return self.attempt.created_at.astimezone(JST).date()

    @property
    def waited(self) -> int | None:
        """Days from the buyer's request to the refusal; None if one of them is not known."""
        if self.sent_at is None or self.requested_on is None:
            return None
        return (self.sent_at.astimezone(JST).date() - self.requested_on) // timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthRecord:
    """All that began in a month, oldest first; `chain` is the ledger's head, `made_at` now."""

    shop: str
    month: Month
    rows: tuple[MonthRow, ...]
    chain: str
    made_at: datetime

    @property
    def outcomes(self) -> dict[str, int]:
        """How many attempts ended how, the most frequent first."""
        return dict(Counter(row.outcome for row in self.rows).most_common())

    @property
    def duties(self) -> dict[DutyState, int]:
        """How many duties stand how, at the moment of the record."""
        # By order: what somebody else refused may have been attempted more than once.
        states = {
            row.attempt.order_no: state for row in self.rows if (state := self.duty_state(row))
        }
        return dict(Counter(states.values()).most_common())

    def duty_state(self, row: MonthRow) -> DutyState | None:
        """Return how a row's duty stands at the moment of the record."""
        if row.duty is None:
            return None
        state = row.duty.state(self.made_at, warn_hour=0)
        # Whether it is at risk is asked day by day, not of a month.
        return DutyState.OPEN if state is DutyState.AT_RISK else state

    @property
    def reasons(self) -> dict[str, int]:
        """How many attempts to refuse there were for each reason, the most frequent first."""
        meant = (row.attempt for row in self.rows if row.attempt.kind is PermitKind.REFUSAL)
        return dict(Counter(attempt.reason.value for attempt in meant).most_common())

    @property
    def orders(self) -> int:
        """How many different orders they were about."""
        return len({row.attempt.order_no for row in self.rows})


def read_month(ledger: Ledger, shop: str, month: Month, *, now: datetime) -> MonthRecord:
    """Read a month from the ledger: what began in it, with the outcome that it has today."""
    attempts = ledger.find(Wanted(shop=shop, since=month.since, until=month.until))
    approvals = ledger.events(kinds=[_APPROVED])
    steps = ledger.events(kinds=[_OPENED, _COMMITTING, _ANSWERED], since=month.since)
    return MonthRecord(
        shop=shop,
        month=month,
        rows=month_rows(attempts, [*approvals, *steps], ledger.duties(shop)),
        chain=ledger.verify().head,
        made_at=now,
    )


def month_rows(
    attempts: Sequence[Attempt], events: Iterable[Event], duties: Iterable[Duty] = ()
) -> tuple[MonthRow, ...]:
    """Return the attempts, oldest first, with what the entries say about them.

    Args:
        attempts: newest first, as the ledger gives them.
        events: approvals of plans, and steps of attempts; others do not matter.
        duties: the shop's; an order has one at most, and so has one of its attempts.
    """
    owed = {(each.order_no, _refused_by(each)): each for each in duties}
    approved: dict[str, list[tuple[datetime, str]]] = {}
    sent: dict[str, datetime] = {}
    requested: dict[str, date] = {}
    for event in events:
        if event.kind == _APPROVED:
            approved.setdefault(event.body["digest"], []).append((event.at, event.body["who"]))
        elif event.attempt_id is not None and event.kind == _OPENED:
            day = event.body["facts"].get("requested_on")
            if day:
                requested[event.attempt_id] = date.fromisoformat(day)
        elif event.attempt_id is not None and event.kind in (_COMMITTING, _ANSWERED):
            # A portal that does not ask first leaves no commit, only the request.
            sent.setdefault(event.attempt_id, event.at)
    return tuple(
        MonthRow(
            attempt=attempt,
            sent_at=sent.get(attempt.id),
            requested_on=requested.get(attempt.id),
            approved_by=_by_whom(approved.get(attempt.plan, ()), attempt.created_at),
            duty=owed.get((attempt.order_no, attempt.outcome)),
        )
        for attempt in reversed(attempts)
    )


def _refused_by(duty: Duty) -> OutcomeKind | None:
    """Return the outcome of the attempt that the duty comes from."""
    return OutcomeKind.ALREADY_REFUSED if duty.by_others else OutcomeKind.REFUSED


def _by_whom(approvals: Iterable[tuple[datetime, str]], at: datetime) -> str:
    """Return who approved the plan last before the attempt began."""
    return next((who for when, who in reversed(list(approvals)) if when <= at), "")
