"""What waits for a person, and what to type for each; and what a day came to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, time

from flows.duty import duties_now
from qsm_bot.base.clock import JST
from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import ShipmentSource
from qsm_bot.domain.inbox_items import Item, Waits
from qsm_bot.domain.plan import PermitKind, Plan, PlannedRest
from qsm_bot.domain.request import OutcomeKind
from qsm_bot.ledger import Ledger, Pending
from qsm_bot.notify.day import DayTotals

LOOKED = "person.looked"
"""The ledger's kind of entry for an order that a person has looked at."""

_DIGITS = 12
_ROUND, _RUNS = "run", 50

_PLAN = Words(
    "plan of {count} refusals, until {until:%Y-%m-%d %H:%M} JST",
    "{count} 件の拒否計画（{until:%Y-%m-%d %H:%M} JST まで）",
)
_SHIP = Words(
    "must be shipped by {due:%Y-%m-%d %H:%M} JST", "{due:%Y-%m-%d %H:%M} JST までに発送が必要"
)
_UNKNOWN = Words("the outcome is unknown", "結果不明")
_LEFT = Words("a run was interrupted here", "実行が中断されたまま")
_FAILED = Words(
    "the last round ended with {code} (exit code {exit})",
    "直近の定期実行が {code}（終了コード {exit}）で終了",
)
_NEEDS = Words("a person must look at it in the portal", "ポータルで確認が必要")


def inbox(
    ledger: Ledger, shop: str, now: datetime, shipments: Sequence[ShipmentSource] = ()
) -> list[Item]:
    """Return what the ledger knows to wait for a person; `shipments` know what was shipped."""
    pending = ledger.pending(shop)
    return [
        *_duties(ledger, shop, shipments),
        *_unknown(ledger, shop),
        *_needing(ledger, pending),
        *_plans(ledger, pending, shop, now),
        *_failed_round(ledger, shop),
    ]


def looked_at(ledger: Ledger, shop: str, order_no: str, who: str) -> bool:
    """Record that a person has looked at an order; False if it did not wait for one."""
    pending = ledger.pending(shop)
    plans = pending.plans
    items = [
        *_needing(ledger, pending),
        *(_asked(ledger, plans[0], pending) if plans else ()),
    ]
    item = next((item for item in items if item.order_no == order_no), None)
    if item is None:
        return False
    ledger.note(LOOKED, {"who": who, "why": item.what.en}, shop=shop, order_no=order_no)
    return True


def to_decide(ledger: Ledger, plan: Plan) -> list[PlannedRest]:
    """Return the requests of the plan on which a person has still to decide.

    Not those that wait as unknown anyway, nor those at which somebody has looked for the
    same reason.
    """
    return _to_decide(ledger, plan, ledger.pending(plan.shop))


def _to_decide(ledger: Ledger, plan: Plan, pending: Pending) -> list[PlannedRest]:
    told = {attempt.order_no for attempt in ledger.open_attempts(plan.shop)}
    told |= {attempt.order_no for attempt in pending.needing_person}
    return [row for row in plan.ask if row.order_no not in told and not _is_looked_at(ledger, row)]


def _is_looked_at(ledger: Ledger, row: PlannedRest) -> bool:
    # A row without a number could not be read: nobody can name it.
    return bool(row.order_no) and any(
        event.kind == LOOKED and event.body.get("why") == row.why.en
        for event in ledger.events(order_no=row.order_no)
    )


def day_of(ledger: Ledger, shop: str, now: datetime) -> DayTotals:
    """Return what this day (JST) came to until now."""
    midnight = datetime.combine(now.astimezone(JST).date(), time(), JST)
    runs = ledger.runs(shop=shop, since=midnight)
    attempts = [
        attempt
        for run in runs
        for attempt in ledger.attempts(run_id=run.id)
        if attempt.kind is PermitKind.REFUSAL
    ]
    outcomes = Counter(a.outcome.value for a in attempts if a.outcome is not None)
    waiting = inbox(ledger, shop, now)
    return DayTotals(
        runs=len(runs),
        bad=sum(not run.ended_well for run in runs),
        outcomes=outcomes,
        to_ship=[item.order_no or "" for item in waiting if item.kind is Waits.DUTY],
        waiting=len(waiting),
    )


def _duties(ledger: Ledger, shop: str, shipments: Sequence[ShipmentSource]) -> Iterator[Item]:
    # Shown only: `duty` writes down what was shipped.
    for duty in duties_now(ledger, shop, shipments, write=False)[0]:
        yield Item(
            kind=Waits.DUTY,
            what=_SHIP.filled(due=duty.due),
            commands=("qsm-bot duty", f"qsm-bot duty done {duty.order_no} --note …"),
            since=duty.refused_at,
            order_no=duty.order_no,
        )


def _plans(ledger: Ledger, pending: Pending, shop: str, now: datetime) -> Iterator[Item]:
    alive = [plan for plan in pending.plans if now < plan.expires_at]
    alive.sort(key=lambda plan: plan.created_at, reverse=True)
    taken = ledger.taken_orders(shop)
    seen: set[str] = set()
    for plan in alive:
        orders = {row.order_no for row in plan.refuse}
        # A newer plan that says something of the same orders is the one to look at.
        if not orders <= seen and not _is_approved(ledger, plan, now) and orders - taken.keys():
            yield _waiting_plan(plan, len(orders))
        seen |= orders | {row.order_no for row in (*plan.leave, *plan.ask)}
    yield from _asked(ledger, alive[0], pending) if alive else ()


def _is_approved(ledger: Ledger, plan: Plan, now: datetime) -> bool:
    approval = ledger.approval(plan.digest)
    return approval is not None and now < approval.until


def _waiting_plan(plan: Plan, count: int) -> Item:
    digest = plan.digest
    digits = digest[:_DIGITS]
    return Item(
        kind=Waits.PLAN,
        what=_PLAN.filled(count=count, until=plan.expires_at),
        commands=(f"qsm-bot show {digits}", f"qsm-bot approve {digits}"),
        since=plan.created_at,
        plan=digest,
    )


def _asked(ledger: Ledger, plan: Plan, pending: Pending) -> Iterator[Item]:
    digest = plan.digest
    for row in _to_decide(ledger, plan, pending):
        done = (f"qsm-bot inbox --done {row.order_no}",) if row.order_no else ()
        yield Item(
            kind=Waits.ASK,
            what=row.why,
            commands=(f"qsm-bot show {digest[:_DIGITS]}", *done),
            since=plan.created_at,
            order_no=row.order_no or None,
            plan=digest,
        )


def _unknown(ledger: Ledger, shop: str) -> Iterator[Item]:
    for attempt in ledger.open_attempts(shop):
        yield Item(
            kind=Waits.UNKNOWN,
            what=_UNKNOWN if attempt.outcome is OutcomeKind.UNKNOWN else _LEFT,
            commands=("qsm-bot reconcile",),
            since=attempt.updated_at,
            order_no=attempt.order_no,
        )


def _failed_round(ledger: Ledger, shop: str) -> Iterator[Item]:
    """Give the last round if it failed; the next good one takes its place."""
    rounds = (run for run in ledger.runs(shop=shop, limit=_RUNS) if run.command == _ROUND)
    newest = next((run for run in rounds if run.ended_at is not None), None)
    if newest is None or newest.error is None or newest.ended_well:
        return
    # A sign-in that is held and a portal that is down are items of their own.
    if newest.exit_code not in (ExitCode.SIGN_IN, ExitCode.UNAVAILABLE):
        yield Item(
            kind=Waits.ROUND,
            what=_FAILED.filled(code=newest.error["code"], exit=newest.exit_code),
            commands=("qsm-bot doctor", f"qsm-bot report {newest.id}"),
            since=newest.ended_at,
        )


def _needing(ledger: Ledger, pending: Pending) -> Iterator[Item]:
    for attempt in pending.needing_person:
        looks = [e.at for e in ledger.events(order_no=attempt.order_no) if e.kind == LOOKED]
        if looks and looks[-1] >= attempt.updated_at:
            continue
        yield Item(
            kind=Waits.NEEDS_PERSON,
            what=attempt.detail or _NEEDS,
            commands=(
                f"qsm-bot history --order {attempt.order_no}",
                f"qsm-bot inbox --done {attempt.order_no}",
            ),
            since=attempt.updated_at,
            order_no=attempt.order_no,
        )
