"""The duty in the flows: what stops a refusal, what closes a duty, what a run leaves."""

from dataclasses import dataclass, field
from datetime import time

import pytest

from flows._parts import shipping_run
from flows.duty import REPORTED, done, duties_now, left_by, record, shipped
from flows.refuse import apply_plan
from flows.rehearse import rehearse
from qsm_bot.base.errors.inputs import DutyNotOpen
from qsm_bot.base.errors.outside import PortalSlow
from qsm_bot.base.words import Words
from qsm_bot.domain.calendar_jp import calendar_of
from qsm_bot.domain.duty import ClosedBy, Closing, Duty
from qsm_bot.domain.request import OutcomeKind, RunResult
from qsm_bot.domain.shipping_hours import ShippingHours
from qsm_bot.mock_portal.testing.memory import LABELS
from tests.support import rules
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import approved, losing_answers, outcomes, refuse

AT_ONE = ShippingHours(cutoff=time(13))
SEEN = Words("seen", "確認")


@dataclass
class Says:
    """A source that knows these orders as shipped, and breaks at others."""

    orders: set[str] = field(default_factory=set)
    breaks_at: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    kind: ClosedBy = ClosedBy.QAPI

    def is_shipped(self, duty: Duty) -> Words | None:
        self.asked.append(duty.order_no)
        if duty.order_no in self.breaks_at:
            raise PortalSlow(what="QAPI", seconds=1)
        return SEEN if duty.order_no in self.orders else None


def error(result: RunResult) -> str | None:
    return result.error.code if result.error else None


def test_from_the_cut_off_on_nothing_is_begun(scene: Scene) -> None:
    late = scene.with_(hours=AT_ONE)
    scene.watch.turn(hours=3)
    plan = approved(scene, rules(scene.open[0]))

    result = apply_plan(late.context, plan, rules=plan.rules)

    assert (error(result), result.exit_code, result.receipts) == ("PastCutoff", 30, ())
    assert scene.refused == []
    assert scene.ledger.run(result.run_id).exit_code == 30


def test_a_run_that_goes_on_past_the_cut_off_ends_between_two_orders(scene: Scene) -> None:
    first, second, *_ = scene.open
    scene.watch.turn(hours=2, minutes=59)
    late = scene.with_(hours=AT_ONE)
    plan = approved(scene, rules(first, second))
    scene.portal.after_call = lambda call: scene.watch.turn(seconds=30 * (call == "press"))
    scene.portal.before_call = lambda call: scene.watch.turn(seconds=40 * (call == "look"))

    result = apply_plan(late.context, plan, rules=plan.rules)

    assert (error(result), result.exit_code) == ("PastCutoff", 30)
    assert outcomes(result) == {first: "refused"}
    assert len(scene.refused) == 1


@pytest.mark.parametrize(
    "hours",
    [
        AT_ONE,
        ShippingHours(carrier_cutoff=time(13), carrier_gone="stop"),
        ShippingHours(calendar=calendar_of(["2026-01-05"]), carrier_gone="stop"),
    ],
)
def test_a_person_may_refuse_all_the_same_and_is_told(scene: Scene, hours: ShippingHours) -> None:
    scene.watch.turn(hours=4)
    late = scene.with_(hours=hours, even_late=True)
    plan = approved(scene, rules(*scene.open[:2]))

    result = apply_plan(late.context, plan, rules=plan.rules)

    assert result.exit_code == 0
    told = [words.en for words in scene.said]
    assert sum("no refusal is begun" in line or "carrier" in line for line in told) in (1, 2)


def test_a_rehearsal_is_free(scene: Scene) -> None:
    scene.watch.turn(hours=4)
    order = scene.open[0]
    plan = approved(scene, rules(order))

    assert outcomes(rehearse(scene.with_(hours=AT_ONE).context, plan)) == {order: "rehearsed"}


def test_little_time_is_told_once_and_stops_nothing(scene: Scene) -> None:
    scene.watch.turn(hours=9)

    result = refuse(scene, *scene.open[:2])

    assert result.exit_code == 0
    (told,) = [words for words in scene.said if "within" in words.en]
    assert "あと 4 時間 59 分" in told.ja


def test_overdue_duties_stop_every_further_refusal_until_a_person_vouches(scene: Scene) -> None:
    first, second, *_ = scene.open
    refuse(scene, first)
    scene.watch.turn(days=1)

    stopped = refuse(scene, second)
    done(scene.ledger, scene.context.shop, first, who="Sato", note="posted")
    went_on = refuse(scene, second)

    assert (error(stopped), stopped.exit_code, stopped.receipts) == ("DutiesOverdue", 30, ())
    assert stopped.error is not None
    assert stopped.error.facts == {"count": 1, "orders": first}
    assert outcomes(went_on) == {second: "refused"}
    with pytest.raises(DutyNotOpen):
        done(scene.ledger, scene.context.shop, first, who="Sato", note="posted")


def test_many_overdue_orders_are_counted_and_the_first_are_named(scene: Scene) -> None:
    world, ledger, shop = scene.world, scene.ledger, scene.context.shop
    orders = [f"7{number:08}" for number in range(11)]
    stub = [Duty(order_no=order, refused_at=scene.watch()) for order in orders]
    scene.watch.turn(days=1)
    plan = approved(scene, rules(world.open_requests()[0].order_no))
    ledger.overdue = lambda _shop: stub  # type: ignore[method-assign]

    result = apply_plan(scene.context, plan, rules=plan.rules)

    assert result.error is not None
    assert result.error.facts == {"count": 11, "orders": " ".join(orders[:10]) + " …"}
    assert ledger.duties(shop) == []


def test_what_a_source_knows_as_shipped_stops_nothing_and_is_written_down(scene: Scene) -> None:
    first, second, third, *_ = scene.open
    refuse(scene, first, second)
    scene.watch.turn(days=1)
    broken, knows = Says(breaks_at={first}), Says({first, second})

    result = refuse(scene.with_(shipments=lambda: (broken, knows)), third)

    assert outcomes(result) == {third: "refused"}
    assert (broken.asked, knows.asked) == ([first, second], [first, second])
    closed = scene.events("duty.closed")
    assert [(e.order_no, e.body["by"], e.body["why"]["ja"]) for e in closed] == [
        (first, "qapi", "確認"),
        (second, "qapi", "確認"),
    ]


def test_a_refusal_that_reconcile_proved_days_later_is_overdue_at_once(scene: Scene) -> None:
    first, second, *_ = scene.open
    losing_answers(scene, first)
    scene.watch.turn(days=2)

    stopped = refuse(scene, second)

    assert error(stopped) == "DutiesOverdue"
    (duty,) = scene.ledger.duties(scene.context.shop)
    assert f"{duty.due:%Y-%m-%d}" == "2026-01-05"


def test_what_somebody_else_refused_is_left_as_a_duty_and_stops_nothing(scene: Scene) -> None:
    first, second, *_ = scene.open
    plan = approved(scene, rules(first))
    scene.world.refuse(first, next(iter(LABELS.values())), None)
    result = apply_plan(scene.context, plan, rules=plan.rules)
    (duty,) = left_by(scene.context, result)
    scene.watch.turn(days=1)

    assert (result.receipts[0].outcome.kind, duty.by_others) == (OutcomeKind.ALREADY_REFUSED, True)
    assert outcomes(refuse(scene, second)) == {second: "refused"}


def test_a_run_without_a_refusal_leaves_no_duty(scene: Scene) -> None:
    refuse(scene, scene.open[0])
    assert left_by(scene.context, RunResult(shop="", run_id="", plan=None, receipts=())) == []


def test_what_was_reported_by_qapi_after_the_refusal_is_shipped(scene: Scene) -> None:
    assert REPORTED == shipping_run.SETTLED
    order, shop = scene.open[0], scene.context.shop

    def report(outcome: str, to: str = shop) -> None:
        body = {"outcome": outcome, "tracking": "0000-1111-2222"}
        scene.ledger.note(REPORTED, body, shop=to, order_no=order)

    report("shipped")
    scene.watch.turn(minutes=1)
    refuse(scene, order)
    scene.watch.turn(minutes=1)
    report("unknown")
    report("shipped", "shop-b")
    (still_open,), none = duties_now(scene.ledger, shop, (), write=True)
    report("shipped")
    nothing, (closed,) = duties_now(scene.ledger, shop, (), write=True)

    assert (still_open.order_no, none, nothing) == (order, [], [])
    assert closed.closing is not None
    assert closed.closing.by is ClosedBy.QAPI
    assert "0000-1111-2222" in closed.closing.why.en


@pytest.mark.parametrize(("write", "kept"), [(True, 1), (False, 0)])
def test_a_look_tells_what_is_open_and_what_it_closes(
    scene: Scene, *, write: bool, kept: int
) -> None:
    first, second, *_ = scene.open
    refuse(scene, first, second)

    open_, closed = duties_now(
        scene.ledger, scene.context.shop, (Says(), Says({first})), write=write
    )

    assert [duty.order_no for duty in open_] == [second]
    assert [(d.order_no, d.closing and d.closing.by) for d in closed] == [(first, ClosedBy.QAPI)]
    assert len(scene.events("duty.closed")) == kept


def test_what_a_person_took_back_no_source_closes(scene: Scene) -> None:
    order, shop = scene.open[0], scene.context.shop
    refuse(scene, order)
    done(scene.ledger, shop, order, who="Sato", note="posted")
    scene.ledger.reopen_duty(shop, order, who="Sato", why="came back")

    open_, closed = duties_now(scene.ledger, shop, (Says({order}),), write=True)

    assert ([duty.order_no for duty in open_], closed) == ([order], [])


def test_who_comes_second_writes_nothing(scene: Scene) -> None:
    order, shop = scene.open[0], scene.context.shop
    refuse(scene, order)
    found = shipped(scene.ledger.duties(shop), (Says({order}),))
    record(scene.ledger, shop, found)

    assert record(scene.ledger, shop, found) == {order: Closing(by=ClosedBy.QAPI, why=SEEN)}
    assert len(scene.events("duty.closed")) == 1
