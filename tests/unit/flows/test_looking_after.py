"""The look after the press, and the order that is not where it should be."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from flows._parts.one_order import NOT_FOUND
from flows._parts.verdict_table import (
    CONTRADICTION,
    REFUSED_BEFORE,
)
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.orders import NotEligible, RowGone
from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.ledger import ActState
from qsm_bot.mock_portal.testing.memory import COMPLETED
from qsm_bot.portal.protocol import Opened, OrderStatus
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import browser_gone, lose, outcomes, refuse

MUTE = {"open": None, "refused": None}
OLD = {"open": True, "refused": False}


@pytest.fixture
def seeing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[OrderStatus]]:
    """Changes what the next looks see; an empty change is the truth, an error is raised."""

    def see(changes: Sequence[dict[str, bool | None] | QsmBotError]) -> list[OrderStatus]:
        coming, seen = list(changes), list[OrderStatus]()
        real = scene.portal.look

        def look(order_no: str) -> OrderStatus:
            change = coming.pop(0) if coming else {}
            if isinstance(change, QsmBotError):
                raise change
            seen.append(replace(real(order_no), **change))
            return seen[-1]

        monkeypatch.setattr(scene.portal, "look", look)
        return seen

    return see


Seeing = Callable[..., list[OrderStatus]]


class TestAListThatContradictsTheAlert:
    """It may be an old one, so it is looked at again, twice at most."""

    @pytest.mark.parametrize(
        ("looks", "rested"), [([], []), ([OLD], [0.5]), ([OLD, OLD], [0.5, 2.0])]
    )
    def test_a_list_that_catches_up_makes_it_refused(
        self, scene: Scene, seeing: Seeing, looks: list[dict[str, bool | None]], rested: list[float]
    ) -> None:
        order = scene.open[0]
        seen = seeing(looks)

        result = refuse(scene, order)

        assert outcomes(result) == {order: "refused"}
        assert (len(seen), scene.rested) == (len(looks) + 1, rested)

    def test_a_list_that_does_not_is_for_a_person(self, scene: Scene, seeing: Seeing) -> None:
        order = scene.open[0]
        seen = seeing([OLD, OLD, OLD, {}])

        result = refuse(scene, order)

        assert outcomes(result) == {order: "needs_person"}
        assert result.receipts[0].outcome.detail == CONTRADICTION.filled(alert=COMPLETED)
        assert (len(seen), len(scene.refused)) == (3, 1)

    def test_without_the_alert_a_list_that_says_open_contradicts_nothing(
        self, scene: Scene, seeing: Seeing
    ) -> None:
        order = scene.open[0]
        scene.portal.network = lose
        seen = seeing([])

        assert outcomes(refuse(scene, order)) == {order: "unknown"}
        assert (len(seen), scene.rested) == (1, [])

    def test_a_look_that_cannot_tell_is_not_repeated(self, scene: Scene, seeing: Seeing) -> None:
        seen = seeing([MUTE])

        refuse(scene, scene.open[0])

        assert (len(seen), scene.rested) == (1, [])

    def test_a_second_look_that_fails_leaves_it_unknown(self, scene: Scene, seeing: Seeing) -> None:
        order = scene.open[0]
        seen = seeing([OLD, BrowserLost(detail="gone")])

        result = refuse(scene, order)

        assert outcomes(result) == {order: "unknown"}
        assert (len(seen), scene.rested) == (1, [0.5])

    def test_a_browser_that_ends_in_between_leaves_it_unknown_and_ends_the_run(
        self, scene: Scene, seeing: Seeing
    ) -> None:
        first, second = scene.open[:2]
        seeing([OLD])
        scene.portal.on_rest = browser_gone

        result = refuse(scene, first, second)

        assert outcomes(result) == {first: "unknown"}
        assert isinstance(result.error, BrowserLost)
        assert scene.ledger.attempts()[0].state is ActState.UNKNOWN


class TestAnOrderThatIsNotFound:
    """The list lacks its row; a look tells what became of it."""

    @pytest.mark.parametrize(
        ("look", "outcome", "detail"),
        [
            ({"open": False, "refused": True}, "already_refused", REFUSED_BEFORE),
            ({"open": False, "refused": False}, "gone", None),
            ({"open": True, "refused": False}, "needs_person", NOT_FOUND),
            ({"open": None, "refused": None}, "needs_person", NOT_FOUND),
            ({"open": None, "refused": True}, "already_refused", REFUSED_BEFORE),
        ],
    )
    def test_it_is_gone_only_if_the_look_does_not_see_it_open(
        self,
        scene: Scene,
        seeing: Seeing,
        monkeypatch: pytest.MonkeyPatch,
        look: dict[str, bool | None],
        outcome: str,
        detail: object,
    ) -> None:
        first, second = scene.open[:2]
        real = scene.portal.open

        def miss(order_no: str) -> Opened:
            if order_no == first:
                raise RowGone(order=order_no)
            return real(order_no)

        monkeypatch.setattr(scene.portal, "open", miss)
        seeing([look])

        result = refuse(scene, first, second)

        assert outcomes(result) == {first: outcome, second: "refused"}
        assert detail in (None, result.receipts[0].outcome.detail)

    def test_a_look_that_fails_leaves_what_the_list_said(
        self, scene: Scene, seeing: Seeing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = scene.open[0]

        def miss(order_no: str) -> Opened:
            raise RowGone(order=order_no)

        monkeypatch.setattr(scene.portal, "open", miss)
        seeing([BrowserLost(detail="gone")])

        assert outcomes(refuse(scene, order)) == {order: "gone"}


def test_an_order_in_another_state_needs_a_person_and_the_next_is_refused(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = scene.open[:2]
    real = scene.portal.open

    def stranger(order_no: str) -> Opened:
        if order_no == first:
            raise NotEligible(order=order_no, status="新規注文")
        return real(order_no)

    monkeypatch.setattr(scene.portal, "open", stranger)

    result = refuse(scene, first, second)

    assert outcomes(result) == {first: "needs_person", second: "refused"}
    assert [order for order, _, _ in scene.refused] == [second]
