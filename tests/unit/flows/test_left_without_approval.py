"""After a contradiction it is said which orders left the list; if that cannot be seen, so."""

from dataclasses import replace

import pytest

from flows._parts.one_order import OneOrder
from flows._parts.verdict import _unseen
from qsm_bot.base.errors.outside import PortalSlow
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Listing
from tests.support import make_plan, rules
from tests.unit.flows.conftest import Scene


def compared(scene: Scene, listing: Listing, order: str) -> str:
    plan = make_plan(scene.context, rules(order))
    with scene.context.lease() as lease:
        act = OneOrder(scene.context, "run", lease, plan, plan.refuse[0], PermitKind.REFUSAL)
        return act._left_without_approval(listing)


def test_orders_that_left_the_list_are_named(scene: Scene) -> None:
    scene.portal.sign_in()
    listing = scene.portal.collect()
    order, gone = scene.open[:2]
    scene.world.buyer_withdraws(gone)

    assert compared(scene, listing, order) == gone


def test_none_left_is_said(scene: Scene) -> None:
    scene.portal.sign_in()
    listing = scene.portal.collect()

    assert compared(scene, listing, scene.open[0]) == "–"


def test_a_list_that_cannot_be_read_again_is_no_answer(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.portal.sign_in()
    listing = scene.portal.collect()
    plan = make_plan(scene.context, rules(scene.open[0]))

    def slow() -> Listing:
        raise PortalSlow(what="list", seconds=20)

    monkeypatch.setattr(scene.portal, "collect", slow)
    with scene.context.lease() as lease:
        act = OneOrder(scene.context, "run", lease, plan, plan.refuse[0], PermitKind.REFUSAL)
        assert act._left_without_approval(listing) == "?"


def test_no_look_at_all_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="nothing was seen"):
        _unseen(None)


def test_a_run_hands_its_parts_on(scene: Scene) -> None:
    parts = scene.context.parts()

    assert replace(scene.context, **parts) == scene.context
    assert "portal" not in parts
