"""Both portals, the one in a browser and the one in memory, keep the same promises."""

from dataclasses import dataclass

import pytest

from qsm_bot.base.errors.orders import ReasonMissing, RowGone
from qsm_bot.base.errors.people import SignInFailed, WrongShop
from qsm_bot.domain.plan import Permit, PermitKind
from qsm_bot.domain.request import RefusalReason
from qsm_bot.mock_portal.journal import Journal
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.testing.memory import CONFIRM, MemoryPortal
from qsm_bot.mock_portal.world import World
from qsm_bot.portal.protocol import Portal
from qsm_bot.portal.sign_in.by_program import SignIn
from tests.support import LONG_TEXT, StepLog, shipped_pack

WHOLE_ACT = ["armed", "confirm_open", "committing", "answered", "alerted"]


@dataclass
class Seat:
    """A portal and the world behind it."""

    portal: Portal
    world: World
    journal: Journal


@pytest.fixture(params=["memory", "browser"])
def seat(request: pytest.FixtureRequest) -> Seat:
    """Each test runs twice."""
    if request.param == "memory":
        journal = Journal()
        world = World.seeded(12, seed=1, record=journal.note)
        return Seat(MemoryPortal(world, shop_name=world.shop_name), world, journal)
    server: MockPortal = request.getfixturevalue("server")
    open_portal = request.getfixturevalue("open_portal")
    return Seat(open_portal(server), server.world, server.journal)


@pytest.fixture
def signed_in(seat: Seat) -> Seat:
    """A seat that is signed in."""
    seat.portal.sign_in()
    return seat


def permit(order_no: str, kind: PermitKind = PermitKind.REFUSAL) -> Permit:
    return Permit(
        id="p", kind=kind, shop="s", order_no=order_no, attempt=1, plan="plan", run_id="run"
    )


def first(seat: Seat) -> str:
    return seat.world.open_requests()[0].order_no


def effects(seat: Seat) -> list[tuple[str, str, str | None, str | None]]:
    return [(e.kind, e.order, e.reason, e.text) for e in seat.journal.effects]


def test_sign_in_returns_the_shop_that_is_shown(seat: Seat) -> None:
    assert seat.portal.sign_in() == "みほん商店"


def test_collect_gives_every_open_request_with_its_fields(signed_in: Seat) -> None:
    listing = signed_in.portal.collect()

    orders = signed_in.world.open_requests()
    assert listing.counted == len(orders)
    assert listing.unreadable == ()
    assert [(r.order_no, r.cart_no, r.item_code) for r in listing.requests] == [
        (o.order_no, o.cart_no, o.item_code) for o in orders
    ]
    assert [(r.buyer_reason, r.requested_on, r.ordered_on) for r in listing.requests] == [
        (o.buyer_reason, o.requested_on, o.ordered_on) for o in orders
    ]
    assert [(r.item_name, r.option, r.quantity, r.amount) for r in listing.requests] == [
        (o.item_name, o.option, o.quantity, o.amount) for o in orders
    ]
    assert {r.status for r in listing.requests} == {"キャンセル・処理要請"}


def test_open_shows_the_order_and_its_row(signed_in: Seat) -> None:
    order_no = signed_in.world.open_requests()[5].order_no
    row = next(r for r in signed_in.portal.collect().requests if r.order_no == order_no)

    opened = signed_in.portal.open(order_no)

    assert (opened.shown_order_no, opened.request) == (order_no, row)


def test_open_of_a_withdrawn_order_says_gone(signed_in: Seat) -> None:
    order_no = first(signed_in)
    signed_in.world.buyer_withdraws(order_no)

    with pytest.raises(RowGone):
        signed_in.portal.open(order_no)


@pytest.mark.parametrize(
    ("reason", "label", "text"),
    [
        (RefusalReason.SHIPPED, "商品発送完了", None),
        (RefusalReason.READY, "発送準備完了", None),
        (RefusalReason.MADE_TO_ORDER, "注文制作商品", None),
        (RefusalReason.OTHER, "その他", LONG_TEXT),
    ],
)
def test_the_whole_act_refuses_once_for_the_chosen_reason(
    signed_in: Seat, reason: RefusalReason, label: str, text: str | None
) -> None:
    portal, order_no, log = signed_in.portal, first(signed_in), StepLog()

    portal.open(order_no)
    chosen = portal.choose(reason, text)
    pressed = portal.press(permit(order_no), log)
    sighting = portal.look(order_no)

    assert (chosen.label, chosen.text) == (label, text or "")
    assert (pressed.completed, pressed.alert, pressed.doubt) == (True, "キャンセル拒否完了", None)
    assert pressed.answer is not None
    assert pressed.answer.status == 200
    assert log.names == WHOLE_ACT
    told = [("refuse", order_no, label, text), ("notice", order_no, label, text)]
    assert effects(signed_in) == told
    assert (sighting.open, sighting.refused) == (False, True)
    assert [sighting.counters[name] - number for name, number in pressed.before.items()] == [-1, 1]


def test_a_rehearsal_hears_the_confirm_and_sends_nothing(signed_in: Seat) -> None:
    portal, order_no, log = signed_in.portal, first(signed_in), StepLog()

    portal.open(order_no)
    portal.choose(RefusalReason.SHIPPED, None)
    pressed = portal.press(permit(order_no, PermitKind.REHEARSAL), log)

    assert pressed.confirm == CONFIRM
    assert (pressed.completed, pressed.alert, pressed.answer) == (False, None, None)
    assert log.names == ["armed", "confirm_open"]
    assert effects(signed_in) == []
    assert portal.look(order_no).open is True


def test_a_refusal_that_the_portal_turns_down_is_a_doubt_not_a_completion(signed_in: Seat) -> None:
    portal, order_no = signed_in.portal, first(signed_in)
    portal.open(order_no)
    portal.choose(RefusalReason.SHIPPED, None)
    signed_in.world.buyer_withdraws(order_no)

    pressed = portal.press(permit(order_no), StepLog())

    assert pressed.completed is False
    assert pressed.alert not in (None, "キャンセル拒否完了")
    assert pressed.doubt is not None
    assert effects(signed_in) == [("withdraw", order_no, None, None)]


def test_the_counters_follow_the_world(signed_in: Seat) -> None:
    sighting = signed_in.portal.look(first(signed_in))

    assert dict(sighting.counters) == {"キャンセル要請": 12, "キャンセル拒否完了": 2}


@pytest.mark.parametrize(
    ("which", "open_", "refused"), [("refused", False, True), ("gone", False, False)]
)
def test_look_tells_a_refused_order_from_one_that_is_gone(
    signed_in: Seat, which: str, *, open_: bool, refused: bool
) -> None:
    world = signed_in.world
    if which == "refused":
        order_no = world.refused()[0].order_no
    else:
        order_no = first(signed_in)
        world.buyer_withdraws(order_no)

    sighting = signed_in.portal.look(order_no)

    assert (sighting.open, sighting.refused) == (open_, refused)


def test_a_number_that_nobody_knows_is_neither_open_nor_refused(signed_in: Seat) -> None:
    sighting = signed_in.portal.look("999999999")

    assert (sighting.open, sighting.refused) == (False, False)


def test_a_rest_changes_nothing(signed_in: Seat) -> None:
    portal = signed_in.portal
    before = portal.collect()

    portal.rest(0.1)

    assert portal.collect().requests == before.requests
    assert effects(signed_in) == []


def test_an_act_may_follow_a_rest(signed_in: Seat) -> None:
    """Also one in the middle of it: nothing of the form is lost."""
    portal, order_no = signed_in.portal, first(signed_in)
    portal.open(order_no)
    portal.choose(RefusalReason.SHIPPED, None)
    portal.rest(0.1)

    pressed = portal.press(permit(order_no), StepLog())
    portal.rest(0.1)

    assert pressed.completed
    assert portal.look(order_no).refused


def test_a_picture_is_taken(signed_in: Seat) -> None:
    signed_in.portal.open(first(signed_in))

    assert len(signed_in.portal.picture()) > 20


class TestRefusedAtTheDoor:
    """Sign-in that fails, and a reason that the portal does not offer."""

    def test_a_wrong_password_is_told(self, seat: Seat, request: pytest.FixtureRequest) -> None:
        portal = seat.portal
        if isinstance(portal, MemoryPortal):
            portal.password_is_right = False
        else:
            who = SignIn(login_id="mihon_shop", password="wrong", shop_name="")
            portal = request.getfixturevalue("open_portal")(
                request.getfixturevalue("server"), sign_in=who
            )
        with pytest.raises(SignInFailed):
            portal.sign_in()

    def test_another_shop_is_told(self, seat: Seat, request: pytest.FixtureRequest) -> None:
        if isinstance(seat.portal, MemoryPortal):
            portal: Portal = MemoryPortal(seat.world, shop_name="べつの店")
        else:
            server: MockPortal = request.getfixturevalue("server")
            who = SignIn(login_id=server.login_id, password=server.password, shop_name="べつの店")
            portal = request.getfixturevalue("open_portal")(server, sign_in=who)

        with pytest.raises(WrongShop) as caught:
            portal.sign_in()

        assert caught.value.facts == {"expected": "べつの店", "seen": "みほん商店"}

    def test_a_reason_that_is_not_offered_is_not_replaced(
        self, signed_in: Seat, request: pytest.FixtureRequest
    ) -> None:
        portal, order_no = signed_in.portal, first(signed_in)
        portal.open(order_no)
        if isinstance(portal, MemoryPortal):
            del portal.labels[RefusalReason.READY]
        else:
            page = request.getfixturevalue("context").pages[0]
            page.evaluate("document.querySelector('#sel_refuse_reason option[value=R2]').remove()")

        with pytest.raises(ReasonMissing) as caught:
            portal.choose(RefusalReason.READY, None)

        assert "商品発送完了" in str(caught.value.facts["offered"])


def test_the_memory_portals_words_are_the_packs() -> None:
    texts = shipped_pack().texts

    portal = MemoryPortal(World.seeded(1, seed=1))

    assert (portal.confirm, portal.labels) == (
        texts.confirm,
        {reason: texts.label(reason) for reason in RefusalReason},
    )
