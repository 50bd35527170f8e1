"""Rehearse: the whole way up to the confirm, which is dismissed; no request leaves."""

from flows._parts.shop_run import PortalRun
from flows.refuse import raise_if_stale, run_plan
from qsm_bot.domain.plan import PermitKind, Plan
from qsm_bot.domain.request import RunResult


def rehearse(context: PortalRun, plan: Plan) -> RunResult:
    """Rehearse the plan's refusals. It needs no approval, because nothing is sent.

    Raises:
        PlanExpired, PlanStale: the plan no longer stands.
        ShopBusy: another run holds the shop.
    """
    raise_if_stale(context, plan, plan.rules)
    with context.lease() as lease:
        return run_plan(context, lease, plan, PermitKind.REHEARSAL, "rehearse")
