"""Rounds leave a portal that is down alone for a while, and tell once that it works again."""

from typing import TYPE_CHECKING

from qsm_bot.base.clock import JST, now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import EvidenceUnwritable, PortalResting
from qsm_bot.base.log import get_logger
from qsm_bot.base.words import Words
from qsm_bot.cli.wiring.announce import announce_works_again
from qsm_bot.cli.wiring.portal import password_if_any
from qsm_bot.cli.wiring.sign_in_gate import gate_of, shop_state

if TYPE_CHECKING:
    from flows.run import Round
    from qsm_bot.cli.program.call import Job
    from qsm_bot.config.settings import Settings

_log = get_logger(__name__)


def raise_if_resting(settings: "Settings") -> None:
    """Check that a portal that was down is to be tried again.

    Raises:
        PortalResting: not yet.
    """
    down = shop_state(settings).down
    if down is not None and now() < down.next_at:
        raise PortalResting(
            since=f"{down.since.astimezone(JST):%Y-%m-%d %H:%M}",
            code=down.code,
            next=f"{down.next_at.astimezone(JST):%H:%M}",
        )


def note_portal(job: "Job", done: "Round") -> None:
    """Write down whether the portal answers, and tell people that it does again."""
    state, error = shop_state(job.settings), done.result.error
    try:
        if done.portal_answers and (was := state.note_up()) is not None:
            announce_works_again(job, was.since)
        elif done.portal_answers is False and isinstance(error, QsmBotError):
            state.note_down(error.code, error.message, now())
    except EvidenceUnwritable as trouble:
        # At worst the portal is tried at the next round.
        _log.warning("portal_state_not_kept", error=trouble.message.en)


def hindrances_of(settings: "Settings") -> list[Words]:
    """Return what keeps the shop's rounds from the portal."""
    found: list[QsmBotError] = []
    held = gate_of(settings, password_if_any(settings)).error()
    if held is not None:
        found.append(held)
    try:
        raise_if_resting(settings)
    except PortalResting as resting:
        found.append(resting)
    return [error.message for error in found]
