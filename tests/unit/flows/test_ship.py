"""Ship: sent once, looked at, written down; never by any other command."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx
import pytest

from flows._parts.shipping_run import ShippingRun
from flows.inbox import LOOKED
from flows.ship import ship
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import ShopBusy
from qsm_bot.base.pictures import PictureStore
from qsm_bot.domain.order_status import ClaimWords
from qsm_bot.domain.shipment import Shipment, ShipOutcome, ShipResult
from qsm_bot.mock_portal.world import OrderState
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import refuse
from tests.unit.qapi.parts import Handler, api_of, client

CARRIER, TRACKING = "ヤマト宅急便", "0000-1111-2222"


@dataclass
class Desk:
    """The parts of `ship` over a scene's orders."""

    scene: Scene
    context: ShippingRun
    calls: list[str]
    faults: tuple[str, ...] = ()

    def ship(self, order: str, carrier: str = CARRIER, tracking: str = TRACKING) -> ShipResult:
        wish = Shipment(order_no=order, carrier=carrier, tracking=tracking, who="owner")
        return ship(self.context, wish)

    def sent(self) -> int:
        return self.calls.count("ShippingBasic.SetSendingInfo")

    def noted(self) -> list[str]:
        entries = [e for e in self.scene.ledger.events() if e.kind.startswith("ship.")]
        return [e.body.get("outcome", e.kind.removeprefix("ship.")) for e in entries]


@contextmanager
def desk(scene: Scene, *faults: str, handler: Handler | None = None) -> Iterator[Desk]:
    calls: list[str] = []
    real = handler or api_of(scene.world, *faults)

    def seen(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path.rpartition("/")[2])
        return real(request)

    with client(seen) as api:
        context = ShippingRun(
            shop=scene.context.shop,
            api=api,
            words=ClaimWords(),
            ledger=scene.ledger,
            pictures=scene.context.pictures,
            clock=scene.watch,
            holder="test pid 1",
            is_dead=lambda _: False,
            rest=scene.rest,
            tell=scene.said.append,
            settle_seconds=120,
        )
        yield Desk(scene, context, calls, faults)


@pytest.fixture
def order(scene: Scene) -> str:
    """An order whose cancel request was refused: it must be shipped today."""
    number = scene.open[0]
    scene.world.refuse(number, "商品発送完了")
    return number


def code(result: ShipResult) -> str | None:
    return result.error.code if result.error else None


def shipped(scene: Scene) -> list[tuple[str, str | None, str | None]]:
    return [(e.order, e.reason, e.text) for e in scene.journal.effects_of("ship")]


class TestGoodDay:
    def test_it_is_sent_shown_and_written_down(self, scene: Scene, order: str) -> None:
        with desk(scene) as at:
            result = at.ship(order)
        assert (result.outcome, result.exit_code, code(result)) == (ShipOutcome.SHIPPED, 0, None)
        assert result.answer == (0, "SUCCESS")
        assert result.shown is not None
        assert (result.shown.shipping, result.shown.tracking) == ("配送中(4)", TRACKING)
        assert shipped(scene) == [(order, CARRIER, TRACKING)]
        assert at.noted() == ["committing", "answered", "shipped"]
        assert scene.ledger.verify().broken is None
        run = scene.ledger.run(result.run_id)
        assert (run.command, run.exit_code) == ("ship", 0)

    def test_the_answer_is_kept_with_its_digest(self, scene: Scene, order: str) -> None:
        with desk(scene) as at:
            at.ship(order)
        (entry,) = scene.events("ship.answered")
        kept = scene.context.pictures.path(entry.body["path"]).read_bytes()
        assert b"SUCCESS" in kept
        assert entry.body["sha256"] == hashlib.sha256(kept).hexdigest()
        assert scene.events("ship.committing")[0].body["who"] == "owner"

    def test_a_second_call_with_the_same_data_sends_nothing(self, scene: Scene, order: str) -> None:
        with desk(scene) as at:
            at.ship(order)
            again = at.ship(order, tracking=TRACKING.replace("-", ""))
        assert (again.outcome, again.exit_code) == (ShipOutcome.ALREADY_SHIPPED, 10)
        assert (at.sent(), len(shipped(scene))) == (1, 1)

    def test_other_data_is_no_second_shipment(self, scene: Scene, order: str) -> None:
        with desk(scene) as at:
            at.ship(order)
            again = at.ship(order, tracking="0000-9999-0000")
        assert (code(again), again.exit_code, at.sent()) == ("ShippedOtherwise", 20, 1)

    def test_what_somebody_else_shipped_is_not_sent_again(self, scene: Scene, order: str) -> None:
        scene.world.ship(order, CARRIER, TRACKING)
        with desk(scene) as at:
            result = at.ship(order)
        assert (result.outcome, at.sent(), at.noted()) == (ShipOutcome.ALREADY_SHIPPED, 0, [])


class TestNotToShip:
    def test_an_open_cancel_request_is_answered_first(self, scene: Scene) -> None:
        with desk(scene) as at:
            result = at.ship(scene.open[0])
        assert (code(result), result.exit_code, at.sent()) == ("NotToShip", 20, 0)

    def test_a_cancelled_order_is_not_shipped(self, scene: Scene) -> None:
        orders = scene.world.orders()
        gone = next(o.order_no for o in orders if o.order_state is OrderState.CANCELLED)
        with desk(scene) as at:
            result = at.ship(gone)
        assert (code(result), at.sent()) == ("NotToShip", 0)

    def test_an_order_that_qapi_does_not_know_is_not_shipped(self, scene: Scene) -> None:
        with desk(scene) as at:
            result = at.ship("1")
        assert (code(result), at.sent()) == ("NotToShip", 0)

    def test_nobody_ships_while_another_run_holds_the_shop(self, scene: Scene, order: str) -> None:
        with desk(scene) as at:
            other = scene.ledger.lease(scene.context.shop, "other pid 2", seconds=300)
            with other, pytest.raises(ShopBusy):
                at.ship(order)
        assert at.calls == []

    def test_a_no_is_told_with_its_code_and_may_be_mended(self, scene: Scene, order: str) -> None:
        with desk(scene) as at:
            wrong = at.ship(order, carrier="見本便")
            right = at.ship(order)
        assert (code(wrong), wrong.exit_code) == ("ShipmentTurnedDown", 20)
        assert wrong.answer is not None
        assert wrong.answer[0] == -130
        assert wrong.shown is not None
        assert (right.outcome, at.sent()) == (ShipOutcome.SHIPPED, 2)

    @pytest.mark.parametrize(
        ("fault", "error", "exit_code"),
        [
            ("qapi-down", "QapiSilent", 50),
            ("qapi-error", "QapiTurnedDown", 50),
            ("qapi-bad-key", "QapiKeyInvalid", 60),
        ],
    )
    def test_where_qapi_cannot_be_asked_nothing_is_sent(
        self, scene: Scene, order: str, fault: str, error: str, exit_code: int
    ) -> None:
        with desk(scene, fault) as at:
            result = at.ship(order)
        assert (code(result), result.exit_code, at.sent()) == (error, exit_code, 0)
        assert scene.ledger.run(result.run_id).exit_code == exit_code


class TestDoubt:
    """The answer is lost, or contradicts what is shown."""

    def test_a_lost_answer_is_settled_by_looking(self, scene: Scene, order: str) -> None:
        with desk(scene, "qapi-ship-lost") as at:
            result = at.ship(order)
        assert (result.outcome, result.exit_code, result.answer) == (ShipOutcome.SHIPPED, 0, None)
        assert (at.sent(), len(shipped(scene))) == (1, 1)
        assert at.noted() == ["committing", "shipped"]

    def test_an_answer_that_is_not_shown_yet_is_looked_for_again(
        self, scene: Scene, order: str
    ) -> None:
        with desk(scene, "qapi-lag:2") as at:
            result = at.ship(order)
        assert (result.outcome, scene.rested) == (ShipOutcome.SHIPPED, [0.5, 2.0])

    @pytest.mark.parametrize("lost", [(), ("qapi-ship-lost",)])
    def test_one_that_is_not_shown_is_unknown_and_settled_by_the_next_call(
        self, scene: Scene, order: str, lost: tuple[str, ...]
    ) -> None:
        with desk(scene, "qapi-lag:3", *lost) as at:
            first = at.ship(order)
            second = at.ship(order)
        assert (code(first), first.exit_code) == ("ShipmentUnknown", 30)
        assert (second.outcome, second.exit_code) == (ShipOutcome.SHIPPED, 0)
        assert at.sent() == 1
        assert at.noted()[-2:] == ["unknown", "shipped"]

    def test_what_was_taken_is_never_sent_again(self, scene: Scene, order: str) -> None:
        with desk(scene, "qapi-lag:99") as at:
            at.ship(order)
            scene.watch.turn(days=1)
            again = at.ship(order)
        assert (code(again), again.exit_code, at.sent()) == ("ShipmentUnknown", 30, 1)

    def test_other_entries_of_the_order_neither_begin_nor_end_a_call(self, scene: Scene) -> None:
        order = scene.open[0]
        refuse(scene, order)
        with desk(scene, "qapi-lag:99") as at:
            first = at.ship(order)
            scene.ledger.note(LOOKED, {"who": "owner"}, shop=at.context.shop, order_no=order)
            again = at.ship(order)
        assert (code(first), code(again), at.sent()) == ("ShipmentUnknown", "ShipmentUnknown", 1)

    def test_without_an_answer_it_waits_and_is_then_sent_anew(
        self, scene: Scene, order: str
    ) -> None:
        real = api_of(scene.world)
        lose = [True]

        def losing(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("SetSendingInfo") and lose:
                lose.clear()
                raise httpx.ReadTimeout("slow")
            return real(request)

        with desk(scene, handler=losing) as at:
            first, early = at.ship(order), at.ship(order)
            assert at.sent() == 1
            scene.watch.turn(minutes=3)
            late = at.ship(order)
        assert (code(first), code(early)) == ("ShipmentUnknown", "ShipmentUnknown")
        assert early.outcome is ShipOutcome.UNKNOWN
        assert (late.outcome, at.sent(), len(shipped(scene))) == (ShipOutcome.SHIPPED, 2, 1)
        assert at.noted()[2:3] == ["not_sent"]

    def test_a_call_that_never_left_may_be_repeated_at_once(self, scene: Scene, order: str) -> None:
        real = api_of(scene.world)
        fail = [True]

        def failing(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("SetSendingInfo") and fail:
                fail.clear()
                raise httpx.ConnectError("refused")
            return real(request)

        with desk(scene, handler=failing) as at:
            first, second = at.ship(order), at.ship(order)
        assert (code(first), first.outcome) == ("QapiUnreachable", ShipOutcome.NOT_SENT)
        assert second.outcome is ShipOutcome.SHIPPED

    def test_a_program_that_was_killed_after_sending_has_not_forgotten_it(
        self, scene: Scene, order: str
    ) -> None:
        real = api_of(scene.world)
        dies = [KeyboardInterrupt]

        def dying(request: httpx.Request) -> httpx.Response:
            answer = real(request)
            if request.url.path.endswith("SetSendingInfo") and dies:
                raise dies.pop()
            return answer

        with desk(scene, handler=dying) as at:
            with pytest.raises(KeyboardInterrupt):
                at.ship(order)
            again = at.ship(order)
        assert at.noted() == ["committing", "shipped"]
        assert (again.outcome, again.exit_code, at.sent()) == (ShipOutcome.SHIPPED, 0, 1)

    def test_evidence_that_cannot_be_kept_changes_nothing(self, scene: Scene, order: str) -> None:
        file = scene.context.pictures.root.parent / "no folder"
        file.write_text("", encoding="utf-8")
        with desk(scene) as at:
            at.context = replace(at.context, pictures=PictureStore(file))
            result = at.ship(order)
        assert (result.outcome, result.exit_code) == (ShipOutcome.SHIPPED, 0)
        assert "path" not in scene.events("ship.answered")[0].body


def test_another_shops_calls_are_none_of_ours(scene: Scene, order: str) -> None:
    with desk(scene, "qapi-lag:99") as at:
        at.ship(order)
        at.context = replace(at.context, shop="別の商店")
        result = at.ship(order)
    assert at.sent() == 2
    assert isinstance(result.error, QsmBotError)
