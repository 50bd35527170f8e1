"""What the flows' tests are made of: plans, troubles, and what troubles leave behind."""

from datetime import timedelta
from typing import Any, NoReturn
from unittest.mock import patch

from flows._parts.verdict import judge_press
from flows.approve import approve
from flows.refuse import apply_plan
from flows.single_refusal import SingleRefusal
from qsm_bot.base.errors.outside import BrowserLost
from qsm_bot.domain.order_status import StatusLook
from qsm_bot.domain.plan import PermitKind, Plan
from qsm_bot.domain.request import Outcome, RefusalReason, RunResult
from qsm_bot.ledger import Lease
from qsm_bot.mock_portal.testing.memory import CONFIRM
from qsm_bot.portal.protocol import OrderStatus, Pressed
from qsm_bot.rules import RuleBook
from tests.support import make_plan, rules
from tests.unit.flows.conftest import Scene

BY_OWNER = SingleRefusal(
    order_no="",
    reason=RefusalReason.SHIPPED,
    text=None,
    who="owner",
    valid_for=timedelta(hours=1),
)


def approved(scene: Scene, book: RuleBook) -> Plan:
    plan = make_plan(scene.context, book)
    approve(scene.ledger, plan, who="owner", now=scene.watch())
    return plan


def refuse(scene: Scene, *orders: str, **how: Any) -> RunResult:
    book = rules(*orders, **how)
    return apply_plan(scene.context, approved(scene, book), rules=book.digest)


def outcomes(result: RunResult) -> dict[str, str]:
    return {receipt.order_no: receipt.outcome.kind.value for receipt in result.receipts}


def lose(*_: object) -> NoReturn:
    """Lose the request, or its answer."""
    raise ConnectionError("reset")


def browser_gone(*_: object) -> NoReturn:
    """Lose the browser."""
    raise BrowserLost(detail="gone")


def losing_requests(scene: Scene, *orders: str) -> RunResult:
    """Refuse orders whose requests are lost on their way: unknown, and still open."""
    scene.portal.before_effect = lose
    try:
        return refuse(scene, *orders)
    finally:
        scene.portal.before_effect = None


def losing_answers(scene: Scene, *orders: str) -> RunResult:
    """Refuse orders whose answers are lost, and whose look fails: unknown, and refused."""
    scene.portal.after_effect = lose
    scene.portal.before_call = lambda call: browser_gone() if call == "look" else None
    try:
        return refuse(scene, *orders)
    finally:
        scene.portal.after_effect = None
        scene.portal.before_call = lambda _call: None


def killed_run(scene: Scene, order: str, *steps: str) -> str:
    """Leave what a killed run leaves: its attempt after these steps, its lease still live.

    Returns:
        The holder's name.
    """
    context, holder = scene.context, "killed pid 9"
    plan = make_plan(scene.context, rules(order))
    lease = scene.ledger.lease(context.shop, holder, seconds=context.lease_seconds)
    with patch.object(Lease, "release"), lease:
        run_id = scene.ledger.begin_run(context.shop, "apply", plan.digest)
        permit = scene.ledger.issue_permit(
            run_id, context.shop, plan.refuse[0], plan.digest, PermitKind.REFUSAL
        )
        act = scene.ledger.act(permit)
        facts: dict[str, list[Any]] = {"opened": [{}], "ready": [{}], "confirm_open": [CONFIRM]}
        for step in steps:
            getattr(act, step)(*facts.get(step, []))
    return holder


def verdict_after_press(
    pressed: Pressed, sighting: OrderStatus | None, standing: StatusLook | None = None
) -> Outcome:
    """Return the outcome of a judgement alone."""
    return judge_press(pressed, sighting, standing).outcome
