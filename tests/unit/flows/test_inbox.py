"""What waits for a person, and the dead man's switch."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from flows.approve import approve
from flows.inbox import day_of, inbox, looked_at
from flows.single_refusal import refuse_single
from flows.watchdog import watch, window
from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.inbox_items import Waits
from qsm_bot.domain.plan import PermitKind, Plan, PlannedRest
from qsm_bot.domain.request import Outcome, OutcomeKind
from qsm_bot.ledger import Ledger
from qsm_bot.mock_portal.testing.builders import plan, planned
from tests.support import make_plan, rules
from tests.unit.flows.conftest import Scene, Watch
from tests.unit.flows.parts import BY_OWNER, losing_requests, refuse

SHOP = "みほん商店"


def waiting(scene: Scene) -> list[tuple[Waits, str | None]]:
    items = inbox(scene.ledger, SHOP, scene.watch())
    return [(item.kind, item.order_no or (item.plan or "")[:12]) for item in items]


def record(ledger: Ledger, **changes: object) -> Plan:
    made = plan(**changes)
    ledger.record_plan(made)
    return made


def test_a_plan_waits_until_it_is_approved_or_expired_or_there_is_a_newer_one(
    scene: Scene,
) -> None:
    start = scene.watch()
    record(scene.ledger, created_at=start - timedelta(minutes=5))
    newer = record(scene.ledger)
    record(scene.ledger, shop="べつの商店")
    record(scene.ledger, refuse=())
    assert waiting(scene) == [(Waits.PLAN, newer.digest[:12])]
    (item,) = inbox(scene.ledger, SHOP, start)
    assert item.commands[-1] == f"qsm-bot approve {newer.digest[:12]}"
    assert inbox(scene.ledger, SHOP, newer.expires_at) == []
    approve(scene.ledger, newer, who="owner", now=start)
    assert waiting(scene) == []


def test_a_plan_of_which_a_person_left_the_rest_out_waits_no_longer(scene: Scene) -> None:
    both = (planned(order_no="1"), planned(order_no="2"))
    made = record(scene.ledger, refuse=both)
    scene.watch.turn(seconds=1)
    approve(scene.ledger, made, who="owner", now=scene.watch(), without=["1"])

    assert waiting(scene) == []


def test_requests_on_which_rules_disagree_wait_as_the_newest_plan_has_them(scene: Scene) -> None:
    ask = (PlannedRest(order_no="7", why=Words("rules disagree", "不一致")),)
    older = (PlannedRest(order_no="8", why=Words("rules disagree", "不一致")),)
    record(scene.ledger, refuse=(), ask=older)
    scene.watch.turn(seconds=1)
    record(scene.ledger, refuse=(), ask=ask)
    assert waiting(scene) == [(Waits.ASK, "7")]


def test_a_decision_that_was_made_waits_no_longer_unless_the_question_is_another(
    scene: Scene,
) -> None:
    ask = PlannedRest(order_no="7", why=Words("rules disagree", "不一致"))
    record(scene.ledger, refuse=(), ask=(ask,))
    assert looked_at(scene.ledger, SHOP, "7", "owner")
    assert not looked_at(scene.ledger, SHOP, "7", "owner")
    scene.watch.turn(seconds=1)
    record(scene.ledger, refuse=(), ask=(ask,))
    assert waiting(scene) == []
    scene.watch.turn(seconds=1)
    other = PlannedRest(order_no="7", why=Words("a fact is in doubt", "不確か"))
    record(scene.ledger, refuse=(), ask=(other,))
    assert waiting(scene) == [(Waits.ASK, "7")]


def test_a_refused_order_that_the_portal_shows_as_open_waits_for_a_person(scene: Scene) -> None:
    order = scene.open[0]
    refuse(scene, order)
    scene.watch.turn(seconds=1)
    ask = PlannedRest(order_no=order, why=Words("refused before", "拒否済み"))
    record(scene.ledger, refuse=(), ask=(ask,))
    assert (Waits.ASK, order) in waiting(scene)


def test_a_refusal_asked_for_at_the_keyboard_waits_for_nobody_and_hides_nothing(
    scene: Scene,
) -> None:
    ask = (PlannedRest(order_no="7", why=Words("rules disagree", "不一致")),)
    record(scene.ledger, refuse=(), ask=ask)
    scene.watch.turn(seconds=1)
    by_hand = replace(BY_OWNER, order_no=scene.open[0])
    refuse_single(scene.context, by_hand, PermitKind.REHEARSAL)
    assert waiting(scene) == [(Waits.ASK, "7")]


def test_an_unknown_outcome_waits_and_its_plan_does_not(scene: Scene) -> None:
    order = scene.open[0]
    losing_requests(scene, order)
    assert waiting(scene) == [(Waits.UNKNOWN, order)]
    day = day_of(scene.ledger, SHOP, scene.watch())
    assert (day.runs, day.bad, day.outcomes, day.waiting) == (1, 1, {"unknown": 1}, 1)


def test_an_attempted_order_that_a_plan_asks_about_waits_once(scene: Scene) -> None:
    lost, fresh = scene.open[:2]
    losing_requests(scene, lost)
    scene.watch.turn(seconds=1)

    made = make_plan(scene.context, rules(lost, fresh))

    assert [row.order_no for row in made.ask] == [lost]
    assert waiting(scene) == [(Waits.UNKNOWN, lost), (Waits.PLAN, made.digest[:12])]


def test_an_order_waits_until_somebody_has_looked_or_it_was_tried_again(scene: Scene) -> None:
    ledger = scene.ledger
    run = ledger.begin_run(SHOP, "apply", None)
    for order in ("1", "2"):
        made = ledger.issue_permit(run, SHOP, planned(order_no=order), "d", PermitKind.REFUSAL)
        ledger.act(made).settle(Outcome(kind=OutcomeKind.NEEDS_PERSON))
    assert waiting(scene) == [(Waits.NEEDS_PERSON, "1"), (Waits.NEEDS_PERSON, "2")]
    assert looked_at(ledger, SHOP, "1", "Sato")
    assert not looked_at(ledger, SHOP, "1", "Sato")
    ledger.issue_permit(run, SHOP, planned(order_no="2"), "d", PermitKind.REHEARSAL)
    ledger.end_run(run, 30)
    assert (Waits.NEEDS_PERSON, "1") not in waiting(scene)
    assert (Waits.NEEDS_PERSON, "2") not in waiting(scene)


def test_a_day_counts_from_midnight_in_japan(scene: Scene) -> None:
    order = scene.open[0]
    refuse(scene, order)
    day = day_of(scene.ledger, SHOP, scene.watch())
    assert (day.runs, day.bad, day.outcomes, day.to_ship) == (1, 0, {"refused": 1}, [order])
    assert waiting(scene) == [(Waits.DUTY, order)]
    assert day_of(scene.ledger, SHOP, scene.watch() + timedelta(days=1)).runs == 0


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=JST)


@pytest.mark.parametrize(
    ("times", "now", "due", "since"),
    [
        ([time(10)], at(5, 10, 5), at(5, 10), at(4, 10)),
        ([time(10)], at(5, 9, 59), at(4, 10), at(3, 10)),
        ([time(15), time(10)], at(5, 15), at(5, 15), at(5, 10)),
        ([time(15), time(10)], at(5, 11), at(5, 10), at(4, 15)),
    ],
)
def test_a_run_is_due_between_one_time_and_the_next(
    times: list[time], now: datetime, due: datetime, since: datetime
) -> None:
    assert window(times, now) == (due, since)


@pytest.mark.parametrize(
    ("command", "code", "hours_ago", "good"),
    [
        ("apply", 0, 1, True),
        ("reconcile", 10, 1, True),
        ("apply", 40, 1, False),
        ("apply", None, 1, False),
        ("rehearse", 0, 1, False),
        ("apply", 0, 25, False),
    ],
)
def test_only_a_run_that_ended_well_in_time_keeps_the_watchdog_quiet(
    command: str, code: int | None, hours_ago: int, *, good: bool
) -> None:
    clock = Watch(at(5, 10, 5) - timedelta(hours=hours_ago))
    with Ledger.open("sqlite://", clock=clock) as ledger:
        run = ledger.begin_run(SHOP, command, None)
        if code is not None:
            ledger.end_run(run, code)
        ledger.end_run(ledger.begin_run("べつの商店", "apply", None), 0)
        seen = watch(ledger, SHOP, [time(10)], at(5, 10, 5))
    assert (seen.good is not None) is good


@pytest.mark.parametrize(
    ("exit_code", "error", "waits"),
    [
        (90, {"code": "SelectorDrift"}, True),
        (80, {"code": "LedgerFailed"}, True),
        (40, {"code": "SignInHeld"}, False),
        (50, {"code": "PortalSlow"}, False),
        (20, {"code": "RunStopped"}, False),
        (30, None, False),
    ],
)
def test_a_round_that_failed_waits_until_one_is_good(
    scene: Scene, exit_code: int, error: dict[str, str] | None, waits: object
) -> None:
    ledger = scene.ledger
    ledger.end_run(ledger.begin_run(SHOP, "run", None), exit_code, error)
    ledger.begin_run(SHOP, "run", None)  # is still at it
    ledger.end_run(ledger.begin_run(SHOP, "reconcile", None), 0)
    assert [kind for kind, _ in waiting(scene)] == ([Waits.ROUND] if waits else [])
    ledger.end_run(ledger.begin_run(SHOP, "run", None), 10)
    assert waiting(scene) == []
