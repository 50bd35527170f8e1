"""Sign in, and prove that it is the right shop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from flows.context import RunContext
from qsm_bot.artifacts import ArtifactStore
from qsm_bot.clock import Clock
from qsm_bot.errors import PortalErrorPage, QsmBotError, SelectorDrift, SignInError
from qsm_bot.portal.protocol import Notice, Portal
from qsm_bot.words import Words

SIGNED_IN = Words("signed in as {shop}", "{shop} としてログインしました")
_PICTURE = Words("what the portal showed: {path}", "そのときの画面: {path}")
_FOLDER = "sign-in"

Tell = Callable[[Words], None]


class HandsOver(Protocol):
    """A portal at which a person can sign in."""

    def hand_over(self, wait: float, notice: Notice) -> str:
        """Let a person sign in, and prove it: see `QsmPortal.hand_over`."""

    def picture(self) -> bytes:
        """Take a masked picture: see `Portal.picture`."""


def sign_in(context: RunContext) -> str:
    """Sign in and return the shop name that the portal shows.

    Raises:
        SignInError, PortalError: no seat at the portal, or the wrong one.
    """
    portal: Portal = context.portal
    with _picture_of_trouble(portal.picture, context.artifacts, context.clock, context.tell):
        shown = portal.sign_in()
    context.tell(SIGNED_IN.filled(shop=shown or context.shop))
    return shown


def sign_in_by_person(
    portal: HandsOver,
    artifacts: ArtifactStore,
    clock: Clock,
    *,
    wait: float,
    notice: Notice,
    tell: Tell,
) -> str:
    """Let a person sign in and return the shop name that the portal shows.

    Args:
        portal: where the person signs in.
        artifacts: where a picture goes if it does not come to that.
        clock: dates the picture.
        wait: seconds that the person has.
        notice: is given what the portal asks, and the seconds left.
        tell: is given a line for people at each step.

    Raises:
        SignInError, PortalError, SelectorDrift: no seat at the portal, or the wrong one.
    """
    with _picture_of_trouble(portal.picture, artifacts, clock, tell):
        shown = portal.hand_over(wait, notice)
    tell(SIGNED_IN.filled(shop=shown))
    return shown


@contextmanager
def _picture_of_trouble(
    picture: Callable[[], bytes], artifacts: ArtifactStore, clock: Clock, tell: Tell
) -> Iterator[None]:
    try:
        yield
    except (SignInError, SelectorDrift, PortalErrorPage):
        # Of help only; the trouble itself is what is told.
        with suppress(QsmBotError):
            kept = artifacts.keep(_FOLDER, f"{clock():%Y%m%d-%H%M%S}.png", picture())
            tell(_PICTURE.filled(path=artifacts.path(kept.path)))
        raise
