"""A run that breaks off: by a bug, or by Ctrl-C for the second time."""

from typing import NoReturn

import pytest

from flows.reconcile import reconcile
from flows.refuse import apply_plan
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.ledger import Ledger
from tests.support import rules
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import approved, losing_requests, outcomes, refuse


class Bug(Exception):
    """Nobody thought of it."""


BREAKS = [Bug, KeyboardInterrupt]


def breaking(scene: Scene, during: str, error: type[BaseException]) -> None:
    """Let the portal's next call of this name break off."""

    def call(name: str) -> None:
        if name == during:
            scene.portal.before_call = lambda _name: None
            raise error

    scene.portal.before_call = call


@pytest.mark.parametrize("error", BREAKS)
@pytest.mark.parametrize("during", ["sign_in", "open", "choose", "picture", "press", "look"])
def test_it_stands_in_the_book_as_ended_with_what_broke_it_off(
    scene: Scene, during: str, error: type[BaseException]
) -> None:
    breaking(scene, during, error)

    with pytest.raises(error):
        refuse(scene, scene.open[0])

    run = scene.ledger.run("latest")
    assert run.ended_at is not None
    assert (run.exit_code, run.error) == (80, {"code": error.__name__})


@pytest.mark.parametrize("error", BREAKS)
def test_the_shop_is_free_afterwards_and_what_it_left_is_settled_by_the_next_run(
    scene: Scene, error: type[BaseException]
) -> None:
    order = scene.open[0]
    plan = approved(scene, rules(order))
    breaking(scene, "press", error)
    with pytest.raises(error):
        apply_plan(scene.context, plan, rules=plan.rules)

    assert [left.order_no for left in scene.ledger.open_attempts(scene.context.shop)] == [order]
    assert outcomes(apply_plan(scene.context, plan, rules=plan.rules)) == {order: "refused"}
    assert len(scene.refused) == 1


@pytest.mark.parametrize("error", BREAKS)
def test_an_order_whose_request_left_is_never_sent_again(
    scene: Scene, error: type[BaseException]
) -> None:
    order = scene.open[0]
    breaking(scene, "look", error)
    with pytest.raises(error):
        refuse(scene, order)

    assert outcomes(reconcile(scene.context)) == {order: "refused"}
    assert len(scene.refused) == 1


def test_a_wait_for_the_second_look_may_be_broken_off(scene: Scene) -> None:
    order = scene.open[0]
    losing_requests(scene, order)
    breaking(scene, "rest", KeyboardInterrupt)

    with pytest.raises(KeyboardInterrupt):
        reconcile(scene.context)

    run = scene.ledger.run("latest")
    assert (run.command, run.exit_code) == ("reconcile", 80)
    assert outcomes(reconcile(scene.context)) == {order: "not_sent"}


def test_a_ledger_that_cannot_take_the_end_does_not_hide_what_happened(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise EvidenceUnwritable(path="ledger", detail="disk full")

    order = scene.open[0]
    plan = approved(scene, rules(order))
    breaking(scene, "collect", Bug)
    monkeypatch.setattr(Ledger, "end_run", full)

    with pytest.raises(Bug):
        apply_plan(scene.context, plan, rules=plan.rules)

    with scene.context.lease():
        pass
