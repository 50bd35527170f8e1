"""Generated histories: two bots, buyers, another person and every fault, in any order.

A step is one rule of `Histories`, and after every step every promise is judged. Faults are
`Trap`s that a process runs into. What arrives beyond the settle window is told by directed
tests at the end.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from flows._parts.shop_run import PortalRun
from flows.approve import approve
from flows.reconcile import reconcile
from flows.refuse import apply_plan
from flows.rehearse import rehearse
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind, RefusalReason, RunResult
from tests.faults.histories.premises import ORDERS
from tests.faults.histories.shop import Shop, seen
from tests.faults.histories.stories import Story, by_hand, planned, work
from tests.faults.histories.traps import (
    ARRIVES,
    HEARD,
    IN_BETWEEN,
    LOOKING_TRAPS,
    NAMES,
    OUTSIDE,
    SOME_TRAPS,
    TRAPS,
    Trap,
    struck,
)

AGAIN = "注文キャンセル"

steps: Counter[str] = Counter()
"""How often each rule was really carried out."""

BOTS = st.sampled_from(["A", "B"])
PICK = st.integers(0, ORDERS - 1)
REASONS = st.sampled_from(RefusalReason)
KINDS = st.sampled_from([PermitKind.REFUSAL, PermitKind.REFUSAL, PermitKind.REHEARSAL])


PARTS, EXAMPLES = 4, 16
LENGTH = settings(stateful_step_count=50, deadline=None, derandomize=True, database=None)
NIGHT = os.environ.get("QSM_TEST_SEED") or date.today().isoformat()  # noqa: DTZ011  # any will do


class Histories(RuleBasedStateMachine):
    """Each rule is a step; every step is judged."""

    def __init__(self) -> None:
        super().__init__()
        self.shop = Shop()
        self.armed: dict[str, list[Trap]] = {"A": [], "B": []}

    def _run(self, bot: str, story: Story, armed: Sequence[Trap] = ()) -> object:
        traps = self.armed[bot] = [*self.armed[bot], *armed][-4:]
        return self.shop.run(bot, story, traps)

    def _some(self, mask: int) -> list[str]:
        return [order for n, order in enumerate(self.shop.open) if mask >> n & 1] or self.shop.open

    @precondition(lambda self: self.shop.open)
    @rule(deed=st.sampled_from(OUTSIDE), pick=PICK)
    def somebody_else_acts(self, deed: str, pick: int) -> None:
        steps[deed] += 1
        self.shop.outside(deed, self.shop.open[pick % len(self.shop.open)])

    @precondition(lambda self: self.shop.may_be_asked_for)
    @rule(picks=st.lists(PICK, min_size=1, max_size=4))
    def buyers_ask(self, picks: list[int]) -> None:
        steps["buyers ask"] += 1
        orders = self.shop.may_be_asked_for
        for pick in picks:
            self.shop.world.buyer_requests(orders[pick % len(orders)], AGAIN)

    @precondition(lambda self: self.shop.open)
    @rule(bot=BOTS, mask=st.integers(1, 31), reason=REASONS, armed=SOME_TRAPS)
    def a_bot_does_the_whole_work(
        self, bot: str, mask: int, reason: RefusalReason, armed: list[Trap]
    ) -> None:
        steps["work"] += 1
        self._run(bot, work(self._some(mask), reason), armed)

    @precondition(lambda self: self.shop.open)
    @rule(bot=BOTS, mask=st.integers(1, 31), reason=REASONS, approved=st.sampled_from([1, 1, 0]))
    def a_plan_is_made(self, bot: str, mask: int, reason: RefusalReason, approved: int) -> None:
        steps["plan"] += 1

        def story(context: PortalRun) -> None:
            plan, digest = planned(context, self._some(mask), reason)
            self.shop.plans.append((plan, digest))
            if approved:
                approve(context.ledger, plan, who="owner", now=context.clock())

        self._run(bot, story)

    @precondition(lambda self: self.shop.plans)
    @rule(bot=BOTS, pick=PICK, rehearsed=st.sampled_from([0, 0, 0, 1]))
    def a_plan_is_carried_out(self, bot: str, pick: int, rehearsed: int) -> None:
        steps["rehearse plan" if rehearsed else "apply"] += 1
        plan, digest = self.shop.plans[-1 - pick % len(self.shop.plans)]
        if rehearsed:
            self._run(bot, lambda context: rehearse(context, plan))
        else:
            self._run(bot, lambda context: apply_plan(context, plan, rules=digest))

    @rule(bot=BOTS, pick=PICK, reason=REASONS, kind=KINDS, armed=SOME_TRAPS)
    def a_person_names_an_order(
        self, bot: str, pick: int, reason: RefusalReason, kind: PermitKind, armed: list[Trap]
    ) -> None:
        steps[f"by hand: {kind}"] += 1
        orders = self.shop.open or self.shop.numbers
        self._run(bot, by_hand(orders[pick % len(orders)], reason, kind), armed)

    @rule(bot=BOTS, wait=st.sampled_from([False, False, True]), armed=LOOKING_TRAPS)
    def a_bot_reconciles(self, bot: str, armed: list[Trap], *, wait: bool) -> None:
        steps["reconcile"] += 1
        self._run(bot, lambda context: reconcile(context, wait=wait), armed)

    @rule(seconds=st.sampled_from([5, 61, 119, 125, 310, 4000, 50000]))
    def time_passes(self, seconds: int) -> None:
        steps["time"] += 1
        self.shop.time.passes(seconds)

    @rule(bot=BOTS, trap=TRAPS)
    def something_will_fail(self, bot: str, trap: Trap) -> None:
        steps["arm"] += 1
        self.armed[bot].append(trap)

    @invariant()
    def all_promises_are_kept(self) -> None:
        assert self.shop.findings() == []

    def teardown(self) -> None:
        try:
            assert self.shop.faults or self.shop.end() == []
        finally:
            self.shop.book.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_no_history_breaks_a_promise(
    part: int, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str
) -> None:
    """As many as always, and always the same; together they must have met everything."""
    before, met, struck_before = steps.total(), Counter(seen), Counter(struck)
    run_state_machine_as_test(
        seed(f"usual-{part}")(Histories),
        settings=settings(LENGTH, max_examples=EXAMPLES, derandomize=False),
    )

    assert steps.total() - before >= EXAMPLES * 40
    deeds = {
        each for name in struck - struck_before for each in name.partition(": ")[2].split(", ")
    }
    folder = tmp_path_factory.getbasetemp().parent / f"histories-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    own = {"deeds": sorted(deeds), "told": sorted(map(str, (seen - met).keys()))}
    (folder / f"{part}.json").write_text(json.dumps(own), encoding="utf-8")
    _judge_together([json.loads(each.read_text("utf-8")) for each in folder.glob("*.json")])


def _judge_together(parts: Sequence[dict[str, list[str]]]) -> None:
    """Check, where the last part has ended, that nothing was never tried."""
    if len(parts) < PARTS:
        return
    deeds = {each for part in parts for each in part["deeds"]}
    told = {each for part in parts for each in part["told"]}
    assert deeds >= {*ARRIVES, *HEARD, *IN_BETWEEN, *OUTSIDE, *NAMES, "confirm changed", "stop"}
    assert told >= {*map(str, OutcomeKind)} - {"changed", "rejected"}
    assert told >= {"Killed", "ShopBusy", "TooManyUnknown", "PlanExpired"}


@pytest.mark.night
@pytest.mark.parametrize("part", range(8))
def test_no_other_history_breaks_a_promise_either(part: int) -> None:
    """Others each night; `QSM_TEST_SEED` plays those of a night again."""
    number = f"{NIGHT}-{part}"
    print(f"QSM_TEST_SEED={NIGHT}")  # noqa: T201  # shown if it fails
    run_state_machine_as_test(
        seed(number)(Histories), settings=settings(LENGTH, max_examples=500, derandomize=False)
    )


# What the machine found, made small, and what it leaves out.


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A shop outside the machine."""
    made = Shop()
    yield made
    made.book.close()


def look_only(context: PortalRun) -> RunResult:
    return reconcile(context, wait=False)


def test_a_look_is_as_old_as_it_is_not_as_its_entry(shop: Shop) -> None:
    """It saw the order open before the request arrived; what took long came after the look."""
    order = shop.open[0]
    shop.run("A", by_hand(order), [Trap("network", "late, nothing", seconds=100)])

    shop.run("A", look_only, [Trap("look done", "hang", seconds=130)])

    assert shop.refused_by_us == [order]
    assert shop.findings() == []


def test_what_a_killed_bot_left_at_the_confirm_a_person_may_refuse_by_hand(shop: Shop) -> None:
    first, second = shop.open[:2]
    lost = [Trap("network", "at once, nothing"), Trap("look", "BrowserLost", nth=2, times=9)]
    shop.run("A", by_hand(first), [Trap("attempt.confirm_open", "kill")])
    shop.run("A", by_hand(second), lost)
    shop.outside("person refuses", first)

    shop.run("A", reconcile)

    assert shop.outcomes(first) == [OutcomeKind.ALREADY_REFUSED]
    assert shop.outcomes(second) == [OutcomeKind.REFUSED]
    assert shop.end() == []


def test_gone_is_no_end_while_the_request_may_still_arrive(shop: Shop) -> None:
    """The buyer withdraws, asks again, and then the late request arrives."""
    order = shop.open[0]
    shop.run("A", by_hand(order), [Trap("network", "late, nothing", seconds=119)])
    shop.outside("buyer withdraws", order)
    shop.run("A", look_only)
    shop.world.buyer_requests(order, AGAIN)

    assert shop.end() == []
    assert shop.refused_by_us == [order]


def test_nothing_is_committed_once_the_approval_has_ended(shop: Shop) -> None:
    """The machine sleeps between two orders of one plan."""
    sleep = Trap("open", "hang", nth=2, seconds=13 * 3600)

    shop.run("A", work(shop.open[:2]), [sleep])

    assert shop.findings() == []


def test_an_effect_beyond_the_settle_window_stays_not_sent_and_is_told_as_already_refused(
    shop: Shop,
) -> None:
    """The known limit of looking: nothing but a longer window helps, or asking again."""
    order = shop.open[0]
    shop.run("A", by_hand(order), [Trap("network", "too late, nothing", seconds=400)])
    shop.run("A", reconcile)
    shop.time.passes(400)

    again = shop.run("A", by_hand(order))

    assert shop.outcomes(order) == [OutcomeKind.NOT_SENT]
    assert shop.refused_by_us == [order]
    assert isinstance(again, RunResult)
    assert [r.outcome.kind for r in again.receipts] == [OutcomeKind.ALREADY_REFUSED]


def test_an_effect_beyond_the_settle_window_does_not_double_the_second_attempt(shop: Shop) -> None:
    order = shop.open[0]
    shop.run("A", by_hand(order), [Trap("network", "too late, nothing", seconds=400)])
    shop.run("A", reconcile)
    shop.run("A", by_hand(order))

    assert shop.end() == []
    assert shop.outcomes(order) == [OutcomeKind.REFUSED, OutcomeKind.NOT_SENT]
    assert shop.refused_by_us == [order]
