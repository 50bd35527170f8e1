"""One unattended round: it proposes, and acts only on what a person has let through before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from flows._parts.shop_run import PortalRun
from flows.approve import approve
from flows.inbox import looked_at
from flows.propose import propose
from flows.run import Round, RoundParts, run_round
from flows.watchdog import watch
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import NotLive
from qsm_bot.base.errors.outside import BrowserMissing, PortalResting, PortalSlow
from qsm_bot.base.errors.people import SignInFailed
from qsm_bot.base.errors.qapi import QapiUnreachable
from qsm_bot.domain.plan import Plan
from qsm_bot.domain.pre_approval import ApprovalHours, PreApproval
from qsm_bot.domain.request import Listing
from qsm_bot.mock_portal.testing.history import History
from qsm_bot.mock_portal.testing.invariants import breaches
from qsm_bot.mock_portal.testing.memory import LABELS
from qsm_bot.render.files import write_report
from qsm_bot.rules import RuleBook
from tests.support import rules
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import approved, losing_answers, outcomes

Count = Callable[[], int]


def book_of(**named: list[str]) -> RuleBook:
    """Return rules that name orders, each by its own name."""
    rule = [{"name": name, "reason": "shipped", "orders": orders} for name, orders in named.items()]
    return RuleBook.model_validate({"schema": 1, "rule": rule})


class Rounds:
    """Rounds of one shop; `calls` is what they asked of the portal, `seats` how often they sat."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.calls: list[str] = []
        self.seats = 0
        scene.portal.before_call = self.calls.append

    def round(self, book: RuleBook, count: Count | None = None, **changes: Any) -> Round:
        context = self.scene.context
        parts: dict[str, Any] = {
            "run": context,
            "count": count,
            "is_idle": lambda: False,
            "at_portal": self._seat,
            "propose": lambda seat, listing: self._plan(book, seat, listing),
            "rules": book.digest,
            "raise_if_not_live": lambda: None,
        }
        return run_round(RoundParts(**(parts | changes)))

    @contextmanager
    def _seat(self) -> Iterator[PortalRun]:
        self.seats += 1
        yield self.scene.context

    def _plan(self, book: RuleBook, context: PortalRun, listing: Listing) -> Plan:
        return propose(
            listing,
            book,
            shop=context.shop,
            portal_url=context.portal_url,
            pack=context.pack,
            attempted=context.ledger.taken_orders(context.shop),
            now=context.clock(),
            valid_for=timedelta(hours=1),
        )


@pytest.fixture
def rounds(scene: Scene) -> Rounds:
    return Rounds(scene)


def standing(scene: Scene, book: RuleBook, **changes: Any) -> PreApproval:
    """Give a standing order for all rules of the book, with room for two."""
    fields: dict[str, Any] = {
        "shop": scene.context.shop,
        "rules": tuple(rule.name for rule in book.rules),
        "rules_digest": book.digest,
        "max_run": 2,
        "max_day": 2,
        "until": date(2026, 1, 31),
        "who": "Sato",
    }
    return scene.ledger.give_standing_order(PreApproval(**(fields | changes)))


def numbers(scene: Scene) -> list[str]:
    return [order for order, _, _ in scene.refused]


def waiting(done: Round) -> list[str]:
    return [row.order_no for row in done.waiting.refuse] if done.waiting else []


def faults(scene: Scene) -> list[str]:
    """Return what the judge finds in what was done."""
    history = History.read(
        scene.ledger,
        shop=scene.context.shop,
        effects=scene.journal.effects,
        requests=(),
        labels={reason.value: label for reason, label in LABELS.items()},
    )
    return [str(finding) for finding in breaches(history)]


def test_without_an_approval_a_round_only_proposes(scene: Scene, rounds: Rounds) -> None:
    order = scene.open[0]

    done = rounds.round(rules(order))

    assert scene.refused == []
    assert waiting(done) == [order]
    assert (
        done.result.waiting
        == done.result.plan
        == scene.ledger.pending("みほん商店").plans[0].digest
    )
    assert (done.result.exit_code, done.result.error) == (30, None)
    run = scene.ledger.run(done.result.run_id)
    assert (run.command, run.exit_code) == ("run", 30)
    seen = watch(scene.ledger, "みほん商店", [scene.watch().time()], scene.watch())
    assert seen.good == run


def test_the_report_of_a_round_shows_the_plan_that_it_left(
    scene: Scene, rounds: Rounds, tmp_path: Path
) -> None:
    order = scene.open[0]
    run = rounds.round(rules(order)).result.run_id
    page = tmp_path / "report.html"
    pictures = scene.context.pictures
    write_report(scene.ledger, scene.ledger.run(run), pictures, page, lang="en", now=scene.watch())
    plan = scene.ledger.pending("みほん商店").plans[0]
    assert plan.digest[:12] in page.read_text("utf-8")


def test_a_question_that_a_person_has_settled_leaves_nothing_to_do(
    scene: Scene, rounds: Rounds
) -> None:
    order = scene.open[0]
    book = RuleBook.model_validate(
        {
            "schema": 1,
            "rule": [
                {"name": name, "reason": reason, "orders": [order]}
                for name, reason in (("one", "shipped"), ("two", "ready"))
            ],
        }
    )
    asked = rounds.round(book)
    assert (asked.result.exit_code, asked.result.waiting is not None) == (30, True)
    assert looked_at(scene.ledger, "みほん商店", order, "owner")
    assert rounds.round(book).result.exit_code == 10


def test_what_a_person_approved_meanwhile_is_carried_out_once(scene: Scene, rounds: Rounds) -> None:
    book = rules(*scene.open[:2])
    first = rounds.round(book).waiting
    assert first is not None
    approve(scene.ledger, first, who="owner", now=scene.watch())

    done, nothing = rounds.round(book), rounds.round(book)

    assert set(outcomes(done.result).values()) == {"refused"}
    assert (done.result.plan, done.result.exit_code, done.waiting) == (first.digest, 0, None)
    assert (nothing.result.exit_code, nothing.result.receipts) == (10, ())
    assert len(numbers(scene)) == 2
    assert faults(scene) == []


def test_an_approved_plan_that_somebody_began_or_that_went_stale_is_left(
    scene: Scene, rounds: Rounds
) -> None:
    book = rules(scene.open[0])
    begun = approved(scene, book)
    run = scene.ledger.begin_run(scene.context.shop, "apply", begun.digest)
    scene.ledger.end_run(run, 20)
    scene.watch.turn(seconds=1)
    approved(scene, rules(scene.open[1]))

    done = rounds.round(book)

    assert scene.refused == []
    assert waiting(done) == [scene.open[0]]
    assert any("the rules have changed since" in words.en for words in scene.said)


def test_a_standing_order_lets_its_rules_through_and_the_rest_waits(
    scene: Scene, rounds: Rounds
) -> None:
    ours, other = sorted(scene.open[:2]), scene.open[2]
    book = book_of(mine=ours, other=[other])
    given = standing(scene, book, rules=("mine",), hours=ApprovalHours.parse("09:00-10:30"))

    done = rounds.round(book)

    assert numbers(scene) == ours
    assert (waiting(done), done.result.exit_code) == ([other], 30)
    plan = scene.ledger.plan(done.result.plan or "")
    approval = scene.ledger.approval(plan.digest)
    assert approval is not None
    assert approval.who == f"standing order {given.number} of Sato"
    assert approval.until == plan.expires_at == scene.watch() + timedelta(minutes=30)
    assert faults(scene) == []


@pytest.mark.parametrize(
    "limits",
    [
        {"max_run": 1},
        {"max_day": 1},
        {"max_yen": 1},
        {"hours": ApprovalHours.parse("10:01-24:00")},
        {"until": date(2026, 1, 4)},
        {"rules_digest": "c" * 64},
        {"rules": ("another",)},
    ],
    ids=lambda limits: next(iter(limits)),
)
def test_what_goes_beyond_a_standing_order_waits_as_a_whole(
    scene: Scene, rounds: Rounds, limits: dict[str, Any]
) -> None:
    book = rules(*scene.open[:2])
    standing(scene, book, **limits)

    done = rounds.round(book)

    assert scene.refused == []
    assert (waiting(done), done.result.exit_code) == (sorted(scene.open[:2]), 30)


def test_the_count_of_a_day_goes_on_in_the_next_round(scene: Scene, rounds: Rounds) -> None:
    first, second = scene.open[:2]
    book = rules(first, second)
    standing(scene, book, max_run=1, max_day=1)
    scene.world.buyer_withdraws(second)
    rounds.round(book)
    scene.world.buyer_requests(second, "間違えて注文した")

    again = rounds.round(book)

    assert numbers(scene) == [first]
    assert waiting(again) == [second]


def test_a_standing_order_that_is_ended_ends_the_run(scene: Scene, rounds: Rounds) -> None:
    book = rules(*scene.open[:2])
    first = min(scene.open[:2])
    standing(scene, book)

    def end_it(call: str) -> None:
        if call == "look" and scene.ledger.standing_order(scene.context.shop):
            scene.ledger.end_standing_order(scene.context.shop, who="Sato")

    scene.portal.before_call = end_it
    done = rounds.round(book)

    assert numbers(scene) == [first]
    assert done.result.error is not None
    assert (done.result.error.code, done.result.exit_code) == ("RunStopped", 20)
    assert faults(scene) == []


def test_no_order_is_begun_once_the_time_is_up(scene: Scene) -> None:
    first = min(scene.open[:2])
    late = scene.with_(ends_by=scene.watch() + timedelta(minutes=5))
    book = rules(*scene.open[:2])
    standing(scene, book)
    rounds = Rounds(late)
    scene.portal.before_call = lambda call: scene.watch.turn(minutes=5) if call == "look" else None

    done = rounds.round(book)

    assert numbers(scene) == [first]
    assert done.result.error is not None
    assert (done.result.error.code, done.result.exit_code) == ("RunTimeUp", 20)


def test_what_an_earlier_run_left_is_settled_first(scene: Scene, rounds: Rounds) -> None:
    order = scene.open[0]
    losing_answers(scene, order)
    rounds.calls.clear()
    scene.portal.before_call = rounds.calls.append

    done = rounds.round(rules(order))

    assert outcomes(done.result) == {order: "refused"}
    assert (done.result.exit_code, done.waiting) == (0, None)
    assert rounds.calls.index("look") < rounds.calls.index("collect")


def test_where_qapi_knows_of_nothing_the_portal_is_not_visited(
    scene: Scene, rounds: Rounds
) -> None:
    done = rounds.round(rules("1"), count=lambda: 0)
    assert (done.result.exit_code, rounds.seats) == (10, 0)

    losing_answers(scene, scene.open[0])
    rounds.round(rules("1"), count=lambda: 0)
    assert rounds.seats == 1


def test_a_sign_in_that_lay_idle_is_used_all_the_same(scene: Scene, rounds: Rounds) -> None:
    for order in scene.open:
        scene.world.buyer_withdraws(order)

    done = rounds.round(rules("1"), count=lambda: 0, is_idle=lambda: True)

    assert (done.result.exit_code, rounds.calls) == (10, ["sign_in", "waiting"])


def test_a_qapi_that_does_not_answer_stops_no_round(scene: Scene, rounds: Rounds) -> None:
    def silent() -> NoReturn:
        raise QapiUnreachable(host="api.example.jp", detail="reset")

    done = rounds.round(rules(scene.open[0]), count=silent)

    assert waiting(done) == scene.open[:1]


def test_where_the_counter_shows_nothing_no_list_is_opened(scene: Scene, rounds: Rounds) -> None:
    for order in scene.open:
        scene.world.buyer_withdraws(order)

    done = rounds.round(rules("1"))

    assert (done.result.exit_code, rounds.calls) == (10, ["sign_in", "waiting"])


def test_a_host_that_was_not_allowed_is_only_read(scene: Scene, rounds: Rounds) -> None:
    def not_live() -> NoReturn:
        raise NotLive(host="qsm.example.jp")

    book = rules(scene.open[0])
    read = rounds.round(book, raise_if_not_live=not_live)
    standing(scene, book)
    acted = rounds.round(book, raise_if_not_live=not_live)

    assert (waiting(read), read.result.exit_code) == (scene.open[:1], 30)
    assert (acted.result.exit_code, scene.refused) == (60, [])


def test_a_round_that_cannot_even_sit_down_stands_in_the_ledger(
    scene: Scene, rounds: Rounds
) -> None:
    def no_browser() -> NoReturn:
        raise BrowserMissing(detail="none")

    done = rounds.round(rules("1"), at_portal=no_browser)

    run = scene.ledger.run(done.result.run_id)
    assert (run.exit_code, (run.error or {})["code"]) == (80, "BrowserMissing")


def raising(error: Exception) -> Callable[..., Any]:
    def go(*_: object) -> NoReturn:
        raise error

    return go


def test_a_portal_that_was_down_is_left_alone_until_its_time(scene: Scene) -> None:
    rounds = Rounds(scene)
    resting = PortalResting(since="2026-01-05 09:00", code="PortalSlow", next="09:05")

    done = rounds.round(book_of(), raise_if_resting=raising(resting))

    assert (done.result.error, rounds.seats, done.portal_answers) == (resting, 0, None)
    assert done.result.exit_code == 50


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (None, "yes"),
        (PortalSlow(seconds=20, what="the list"), "no"),
        (SignInFailed(alert="no"), "yes"),
        (BrowserMissing(detail="none"), "nothing"),
    ],
)
def test_a_round_tells_whether_the_portal_answers(
    scene: Scene, error: QsmBotError | None, told: str
) -> None:
    rounds = Rounds(scene)
    if error is not None:
        scene.portal.before_call = raising(error)
    answers = rounds.round(book_of()).portal_answers
    assert {True: "yes", False: "no", None: "nothing"}[answers] == told


def test_a_round_that_did_not_go_there_cannot_tell(scene: Scene) -> None:
    assert Rounds(scene).round(book_of(), count=lambda: 0).portal_answers is None
