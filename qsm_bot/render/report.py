"""The report of one run: one HTML file that needs nothing else, to read, print and keep."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qsm_bot.base.exit_code import tone_of
from qsm_bot.base.words import Lang, Words, some_of
from qsm_bot.domain.plan import Approval, Plan, PlannedRefusal
from qsm_bot.domain.request import OUTCOME_WORDS, OutcomeKind, ProofKind, kinds_of
from qsm_bot.ledger import Attempt, Event, RunRecord
from qsm_bot.render.page import jst, template
from qsm_bot.render.pictures import PICTURES, PictureOf, RunPicture, deleted_pictures, picture_of
from qsm_bot.render.report_words import EXIT_WORDS, NEXT_WORDS, PROOF_WORDS, REASON_WORDS
from qsm_bot.render.timeline import NAMED, TimelineStep, step_of

_TONES = {
    OutcomeKind.REFUSED: "green",
    OutcomeKind.REHEARSED: "grey",
    OutcomeKind.UNKNOWN: "red",
    OutcomeKind.NEEDS_PERSON: "red",
}
_UNFINISHED = Words("not finished ({state})", "途中（{state}）")
_NOT_STARTED = Words("not started", "未着手")
_WITH = Words("{what} {orders}", "{what} {orders}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Order:
    """One order as the report shows it; `attempt` is None if the run did not begin it."""

    source: Attempt | PlannedRefusal
    attempt: Attempt | None
    label: str | None
    because: tuple[Words, ...]
    ending: str
    outcome: Words
    tone: str
    day: str = ""
    proofs: tuple[ProofKind, ...] = ()
    seconds: float | None = None
    steps: tuple[TimelineStep, ...] = ()
    pictures: tuple[RunPicture, ...] = ()
    not_taken: tuple[Words, ...] = ()


def report_html(
    *,
    run: RunRecord,
    plan: Plan | None,
    approval: Approval | None = None,
    attempts: Sequence[Attempt],
    events: Sequence[Event],
    picture: PictureOf,
    lang: Lang,
    chain: str,
    made_at: datetime,
    duty_ends: Mapping[str, tuple[str, Words | None]] | None = None,
    refused_before: Mapping[str, datetime] | None = None,
) -> str:
    """Return the report of one run as a page that loads nothing from elsewhere.

    Args:
        run: the run.
        plan: what it went by, if anything.
        approval: who let that through.
        attempts: the run's attempts, in any order.
        events: the ledger's entries about them.
        picture: gives the bytes of a kept picture, or None if the file is missing.
        lang: the language that comes first; the other stands beside it.
        chain: hash at the head of the ledger's chain.
        made_at: the moment of the report.
        duty_ends: what has become of duties since, by order: see `render.duty.ends_of`.
        refused_before: when other runs refused what this one was to refuse, by order.
    """
    orders = tuple(_orders(plan, attempts, events, picture, refused_before or {}))
    tones = {order.outcome: order.tone for order in orders}
    counts = Counter(order.outcome for order in orders)
    tiles = [(count, words, tones[words]) for words, count in counts.most_common()]
    return template("report.html").render(
        run=run,
        exit_tone=tone_of(run.exit_code),
        error=_error(run),
        warnings=_warnings(events),
        plan=plan,
        approval=approval,
        orders=orders,
        todo=list(_todo(orders, plan, duty_ends or {})),
        exits=EXIT_WORDS,
        nexts=NEXT_WORDS,
        next_key=lambda order: _next(order, duty_ends or {}),
        tiles=tiles,
        checks=Counter(shot.check for order in orders for shot in order.pictures),
        languages=("ja", "en") if lang == "ja" else ("en", "ja"),
        reasons=REASON_WORDS,
        proof_words=PROOF_WORDS,
        chain=chain,
        made_at=made_at,
    )


def _orders(
    plan: Plan | None,
    attempts: Sequence[Attempt],
    events: Sequence[Event],
    picture: PictureOf,
    refused_before: Mapping[str, datetime],
) -> Iterator[_Order]:
    planned = {row.order_no: row for row in plan.refuse} if plan else {}
    deleted = deleted_pictures(events)
    for attempt in sorted(attempts, key=lambda attempt: attempt.created_at):
        row = planned.pop(attempt.order_no, None)
        yield _attempted(attempt, row, _about(attempt, events), picture, deleted)
    for row in planned.values():
        before = refused_before.get(row.order_no)
        yield _Order(
            source=row,
            attempt=None,
            label=None,
            because=row.because,
            ending="already_refused" if before else "not_started",
            outcome=OUTCOME_WORDS["already_refused"] if before else _NOT_STARTED,
            tone="grey",
            day=jst(before, "%Y-%m-%d") if before else "",
        )


def _todo(
    orders: Sequence[_Order], plan: Plan | None, duty_ends: Mapping[str, tuple[str, Words | None]]
) -> Iterator[tuple[str, Words]]:
    """Give what is left to do, most pressing first: its colour, and the sentence."""
    left: dict[tuple[str, str], list[str]] = {}
    for order in orders:
        key, _why = _next(order, duty_ends)
        left.setdefault((key, order.day), []).append(order.source.order_no)
    if plan and plan.ask:
        left["asked", ""] = [row.order_no or "–" for row in plan.ask]
    for key, (tone, words) in NEXT_WORDS.items():
        for (each, day), numbers in sorted(left.items()):
            if each == key:
                yield tone, _WITH.filled(what=words.filled(day=day), orders=some_of(numbers))


def _next(
    order: _Order, duty_ends: Mapping[str, tuple[str, Words | None]]
) -> tuple[str, Words | None]:
    """Return what must happen next, as a key of `NEXT_WORDS`, and why, if the ledger knows."""
    if order.ending not in ("refused", "already_refused"):
        return order.ending, None
    return duty_ends.get(order.source.order_no, (order.ending, None))


def _about(attempt: Attempt, events: Sequence[Event]) -> list[Event]:
    mine = [event for event in events if event.attempt_id == attempt.id]
    return sorted(mine, key=lambda event: event.seq)


def _attempted(
    attempt: Attempt,
    row: PlannedRefusal | None,
    events: Sequence[Event],
    picture: PictureOf,
    deleted: Mapping[str, datetime],
) -> _Order:
    kinds = {event.kind: event for event in reversed(events)}
    ready = kinds.get("attempt.ready")
    shots = [event for event in events if event.kind == "attempt.evidence"]
    taken = {event.body["name"] for event in shots}
    # The duty starts on the day on which the refusal left, even if it was settled after
    # midnight; a portal that does not ask first leaves no commit, only the request.
    left = kinds.get("attempt.committing") or kinds.get("attempt.answered")
    wanted = PICTURES if left else {}
    ending, outcome, tone = _ending(attempt)
    return _Order(
        source=attempt,
        attempt=attempt,
        label=ready.body["facts"].get("label") if ready else None,
        because=row.because if row else (),
        ending=ending,
        outcome=outcome,
        tone=tone,
        day=jst(left.at if left else attempt.updated_at, "%Y-%m-%d"),
        proofs=kinds_of(attempt.proofs),
        seconds=_seconds(attempt, events),
        steps=tuple(step_of(event, attempt) for event in events),
        pictures=tuple(picture_of(event, picture, deleted) for event in shots),
        not_taken=tuple(words for name, words in wanted.items() if name not in taken),
    )


def _ending(attempt: Attempt) -> tuple[str, Words, str]:
    """Return the name of the end, the words for it, and its colour."""
    if attempt.outcome is None:
        return "unfinished", _UNFINISHED.filled(state=attempt.state.value), "red"
    kind = attempt.outcome
    return kind.value, OUTCOME_WORDS[kind.value], _TONES.get(kind, "amber")


def _seconds(attempt: Attempt, events: Sequence[Event]) -> float | None:
    """Return how long it took to the first end: a later look is not the run's time."""
    ends = [event.at for event in events if "outcome" in event.body]
    return (ends[0] - attempt.created_at).total_seconds() if ends else None


def _warnings(events: Sequence[Event]) -> list[Words]:
    """Return what the run found not as known."""
    bodies = [event.body for event in events if event.kind == "portal.drift"]
    return [Words.from_dict(each) for body in bodies for each in body["warnings"]]


def _error(run: RunRecord) -> Words | None:
    """Return what ended the run early, with its code before it."""
    if run.error is None:
        return None
    message = run.error.get("message", "")
    said = Words.from_dict(dict(message)) if isinstance(message, Mapping) else message
    return NAMED.filled(name=run.error.get("code", "–"), value=said)
