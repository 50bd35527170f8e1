"""What a bot's process can be told to do: the commands that refuse, as their flows."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flows._parts.shop_run import PortalRun
from flows.approve import approve
from flows.refuse import apply_plan
from flows.single_refusal import SingleRefusal, refuse_single
from qsm_bot.domain.plan import PermitKind, Plan
from qsm_bot.domain.request import RefusalReason, RunResult
from tests.support import LONG_TEXT, make_plan, rules

# Longer than any hang: a run that outlives its approval has a directed test.
VALID = timedelta(hours=12)

Story = Callable[[PortalRun], object]
"""What a process does with the parts of its run."""


def work(orders: Sequence[str], reason: RefusalReason = RefusalReason.SHIPPED) -> Story:
    """Collect, plan, approve and apply, as `qsm-bot run` does."""

    def story(context: PortalRun) -> RunResult:
        plan, digest = planned(context, orders, reason)
        approve(context.ledger, plan, who="owner", now=context.clock())
        return apply_plan(context, plan, rules=digest)

    return story


def planned(context: PortalRun, orders: Sequence[str], reason: RefusalReason) -> tuple[Plan, str]:
    """Sign in and plan; return the plan and the digest of its rules."""
    text = LONG_TEXT if reason is RefusalReason.OTHER else None
    book = rules(*orders, reason=reason, text=text)
    context.portal.sign_in()
    return make_plan(context, book, valid_for=VALID), book.digest


def by_hand(
    order_no: str,
    reason: RefusalReason = RefusalReason.READY,
    kind: PermitKind = PermitKind.REFUSAL,
) -> Story:
    """Refuse, or rehearse, one order that a person names."""
    text = LONG_TEXT if reason is RefusalReason.OTHER else None
    wish = SingleRefusal(order_no=order_no, reason=reason, text=text, who="owner", valid_for=VALID)
    return lambda context: refuse_single(context, wish, kind)
