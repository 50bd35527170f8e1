"""A look by another source than the portal's pages, where the run has one: QAPI."""

from collections.abc import Callable
from contextlib import suppress

from flows._parts.shop_run import PortalRun
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words
from qsm_bot.domain.order_status import StatusLook

_log = get_logger(__name__)
LOOK_AGAIN_AFTER = (0.5, 2.0)
"""Seconds before each further look at a source that contradicts what was seen on the portal."""

NO_ANSWER = Words(
    "{order}: QAPI could not be asked: {detail}", "{order}: QAPI に照会できません: {detail}"
)


def ask(context: PortalRun, order_no: str) -> StatusLook | None:
    """Ask the run's status source for an order; None = there is none, or it does not answer.

    A source that fails is told and weighs nothing: the portal's own proofs stand without it.
    """
    if context.status is None:
        return None
    try:
        return context.status.status(order_no)
    except QsmBotError as error:
        _log.warning("status_failed", order_no=order_no, error=error.message.en)
        context.tell(NO_ANSWER.filled(order=order_no, detail=error.message))
        return None


def ask_until(
    context: PortalRun, order_no: str, fits: Callable[[StatusLook], bool]
) -> StatusLook | None:
    """Ask; while the answer does not fit what was seen, it may be an old one: again."""
    standing = ask(context, order_no)
    for seconds in LOOK_AGAIN_AFTER:
        if standing is None or fits(standing):
            break
        with suppress(QsmBotError):
            # A browser that is gone takes no answer of the API's with it.
            context.portal.rest(seconds)
        standing = ask(context, order_no) or standing
    return standing
