"""Propose, approve, refuse by hand and rehearse."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from flows.approve import approve
from flows.collect import collect
from flows.propose import propose
from flows.rehearse import rehearse
from flows.sign_in import sign_in, sign_in_by_person
from flows.single_refusal import refuse_single
from qsm_bot.base.errors.people import SignInNeedsPerson
from qsm_bot.base.errors.plans import PlanExpired
from qsm_bot.base.errors.safety import LimitExceeded
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import PermitKind, Plan
from qsm_bot.domain.request import Listing, UnreadableRow
from qsm_bot.portal.protocol import Notice
from qsm_bot.rules import RuleBook
from tests.support import make_plan, rules
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import BY_OWNER, outcomes, refuse


def proposed(scene: Scene, book: RuleBook, listing: Listing | None = None, **taken: str) -> Plan:
    return propose(
        listing or scene.portal.collect(),
        book,
        shop="s",
        portal_url="http://127.0.0.1:1",
        pack="p",
        attempted=taken,
        now=scene.watch(),
        valid_for=timedelta(hours=1),
    )


@dataclass
class Window:
    """A window at which the person signs in, or does not come."""

    comes: bool = True

    def wait_for_person(self, wait: float, notice: Notice) -> str:
        notice(Words("sign in", "ログイン"), wait)
        if not self.comes:
            raise SignInNeedsPerson(what="nobody came")
        return "みほん商店"

    def picture(self) -> bytes:
        return b"masked"


def by_person(scene: Scene, window: Window, asked: list[float]) -> str:
    context = scene.context
    return sign_in_by_person(
        window,
        context.pictures,
        context.clock,
        wait=9,
        notice=lambda _, left: asked.append(left),
        tell=context.tell,
    )


class TestSignInAndCollect:
    """The first two steps tell people what they saw."""

    def test_sign_in_names_the_shop(self, scene: Scene) -> None:
        assert sign_in(scene.context) == "みほん商店"
        assert scene.said == [Words("signed in as みほん商店", "みほん商店 としてログインしました")]

    def test_a_person_is_asked_and_the_shop_is_named(self, scene: Scene) -> None:
        asked: list[float] = []
        assert by_person(scene, Window(), asked) == "みほん商店"
        assert (asked, [words.en for words in scene.said]) == ([9], ["signed in as みほん商店"])

    def test_a_person_who_does_not_come_leaves_a_picture(self, scene: Scene) -> None:
        with pytest.raises(SignInNeedsPerson):
            by_person(scene, Window(comes=False), [])
        (picture,) = scene.context.pictures.root.rglob("*.png")
        assert picture.read_bytes() == b"masked"
        assert [words.en for words in scene.said] == [f"what the portal showed: {picture}"]

    def test_unreadable_rows_are_told(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        listing = with_unreadable(scene.portal.collect())
        monkeypatch.setattr(scene.portal, "collect", lambda: listing)

        assert collect(scene.context) == listing
        assert scene.said[-1].en == "row 7 cannot be read: odd"


def with_unreadable(listing: Listing) -> Listing:
    row = UnreadableRow(position=7, cells=("x",), why=Words("odd", "不明"))
    return replace(listing, unreadable=(row,), counted=listing.counted + 1)


class TestPropose:
    """Every request ends in exactly one of the plan's three lists."""

    def test_what_no_rule_takes_is_left(self, scene: Scene) -> None:
        plan = proposed(scene, rules(scene.open[0]))

        assert [row.order_no for row in plan.refuse] == scene.open[:1]
        assert sorted(row.order_no for row in plan.leave) == sorted(scene.open[1:])

    def test_a_duplicate_number_is_asked_once(self, scene: Scene) -> None:
        listing = scene.portal.collect()
        double = replace(listing, requests=(*listing.requests, listing.requests[0]))

        plan = proposed(scene, rules(scene.open[0]), double)

        assert [row.order_no for row in plan.ask] == scene.open[:1]
        assert plan.refuse == ()

    def test_an_attempted_order_is_asked(self, scene: Scene) -> None:
        plan = propose(
            scene.portal.collect(),
            rules(scene.open[0]),
            shop="s",
            portal_url="u",
            pack="p",
            attempted={scene.open[0]: "unknown"},
            now=scene.watch(),
            valid_for=timedelta(hours=1),
        )

        assert [(row.order_no, row.why.en) for row in plan.ask] == [
            (scene.open[0], "the ledger holds an attempt: unknown")
        ]

    def test_an_unreadable_row_is_asked_without_a_number(self, scene: Scene) -> None:
        plan = proposed(scene, rules(scene.open[0]), with_unreadable(scene.portal.collect()))

        assert [(row.order_no, row.why.en) for row in plan.ask] == [("", "row 7: odd")]

    def test_more_than_the_limits_is_no_plan(self, scene: Scene) -> None:
        book = rules(*scene.open).model_copy(
            update={"limits": rules("1").limits.model_copy(update={"max_count": 2})}
        )

        with pytest.raises(LimitExceeded):
            proposed(scene, book)


class TestApprove:
    """A person's word holds as long as the plan."""

    def test_it_is_recorded_with_the_name(self, scene: Scene) -> None:
        plan = make_plan(scene.context, rules(scene.open[0]))

        approve(scene.ledger, plan, who="owner", now=scene.watch())

        kept = scene.ledger.approval(plan.digest)
        assert kept is not None
        assert (kept.who, kept.until) == ("owner", plan.expires_at)

    def test_an_expired_plan_cannot_be_approved(self, scene: Scene) -> None:
        plan = make_plan(scene.context, rules(scene.open[0]))
        scene.watch.turn(hours=2)

        with pytest.raises(PlanExpired):
            approve(scene.ledger, plan, who="owner", now=scene.watch())


class TestByHand:
    """One order, named by a person."""

    def test_it_is_refused_under_the_persons_name(self, scene: Scene) -> None:
        order = scene.open[0]

        result = refuse_single(scene.context, replace(BY_OWNER, order_no=order), PermitKind.REFUSAL)

        assert outcomes(result) == {order: "refused"}
        assert scene.refused == [(order, "商品発送完了", None)]
        approval = scene.ledger.approval(str(result.plan))
        assert approval is not None
        assert approval.who == "owner"

    def test_repeating_it_does_nothing_more(self, scene: Scene) -> None:
        wish = replace(BY_OWNER, order_no=scene.open[0])
        refuse_single(scene.context, wish, PermitKind.REFUSAL)

        again = refuse_single(scene.context, wish, PermitKind.REFUSAL)

        assert outcomes(again) == {wish.order_no: "already_refused"}
        assert again.exit_code == 20
        assert len(scene.refused) == 1

    def test_an_order_that_is_not_in_the_list_is_gone(self, scene: Scene) -> None:
        wish = replace(BY_OWNER, order_no="999999999")

        result = refuse_single(scene.context, wish, PermitKind.REFUSAL)

        assert outcomes(result) == {"999999999": "gone"}
        assert scene.ledger.run(result.run_id).exit_code == 20

    def test_a_rehearsal_by_hand_needs_no_approval_and_sends_nothing(self, scene: Scene) -> None:
        wish = replace(BY_OWNER, order_no=scene.open[0])

        result = refuse_single(scene.context, wish, PermitKind.REHEARSAL)

        assert outcomes(result) == {wish.order_no: "rehearsed"}
        assert (scene.refused, result.exit_code) == ([], 0)


class TestRehearse:
    """A plan's rehearsal."""

    def test_nothing_is_sent_and_the_order_can_be_refused_afterwards(self, scene: Scene) -> None:
        order = scene.open[0]
        plan = make_plan(scene.context, rules(order))

        result = rehearse(scene.context, plan)

        assert outcomes(result) == {order: "rehearsed"}
        assert scene.refused == []
        assert outcomes(refuse(scene, order)) == {order: "refused"}
