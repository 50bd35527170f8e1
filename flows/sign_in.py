"""Sign in, and prove that it is the right shop."""

from flows.context import RunContext
from qsm_bot.portal.protocol import Portal
from qsm_bot.words import Words

SIGNED_IN = Words("signed in as {shop}", "{shop} としてログインしました")


def sign_in(context: RunContext) -> str:
    """Sign in and return the shop name that the portal shows.

    Raises:
        SignInError, PortalError: no seat at the portal, or the wrong one.
    """
    portal: Portal = context.portal
    shown = portal.sign_in()
    context.tell(SIGNED_IN.filled(shop=shown or context.shop))
    return shown
