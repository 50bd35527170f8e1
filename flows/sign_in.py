"""Sign in, and prove that it is the right shop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from flows._parts.shop_run import PortalRun
from qsm_bot.base.clock import Clock
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.outside import PortalErrorPage
from qsm_bot.base.errors.people import SignInError, SignInFailed, SignInNeedsPerson
from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.pictures import PictureStore
from qsm_bot.base.words import Words
from qsm_bot.portal.protocol import Notice, Portal

SIGNED_IN = Words("signed in as {shop}", "{shop} としてログインしました")
_PICTURE = Words("what the portal showed: {path}", "そのときの画面: {path}")
_FOLDER = "sign-in"

Tell = Callable[[Words], None]


class PersonSignsIn(Protocol):
    """A window at which a person can sign in."""

    def wait_for_person(self, wait: float, notice: Notice) -> str:
        """Let a person sign in, and prove it: see `SignInByPerson.wait_for_person`."""

    def picture(self) -> bytes:
        """Take a masked picture: see `Portal.picture`."""


def sign_in(context: PortalRun) -> str:
    """Sign in and return the shop name that the portal shows.

    Raises:
        SignInError, PortalError: not signed in, or at the wrong shop.
    """
    portal: Portal = context.portal
    with _picture_of_trouble(portal.picture, context.pictures, context.clock, context.tell):
        try:
            shown = portal.sign_in()
        except (SignInFailed, SignInNeedsPerson) as error:
            raise context.gate.turned_down(error) from error
    context.gate.passed()
    context.tell(SIGNED_IN.filled(shop=shown or context.shop))
    return shown


def sign_in_by_person(
    window: PersonSignsIn,
    pictures: PictureStore,
    clock: Clock,
    *,
    wait: float,
    notice: Notice,
    tell: Tell,
) -> str:
    """Let a person sign in and return the shop name that the portal shows.

    Args:
        window: where the person signs in.
        pictures: where a picture goes if it does not come to that.
        clock: dates the picture.
        wait: seconds that the person has.
        notice: is given what the portal asks, and the seconds left.
        tell: is given a line for people at each step.

    Raises:
        SignInError, PortalError, SelectorDrift: not signed in, or at the wrong shop.
    """
    with _picture_of_trouble(window.picture, pictures, clock, tell):
        shown = window.wait_for_person(wait, notice)
    tell(SIGNED_IN.filled(shop=shown))
    return shown


@contextmanager
def _picture_of_trouble(
    picture: Callable[[], bytes], pictures: PictureStore, clock: Clock, tell: Tell
) -> Iterator[None]:
    try:
        yield
    except (SignInError, SelectorDrift, PortalErrorPage):
        # Of help only; the trouble itself is what is told.
        with suppress(QsmBotError):
            kept = pictures.keep(_FOLDER, f"{clock():%Y%m%d-%H%M%S}.png", picture())
            tell(_PICTURE.filled(path=pictures.path(kept.path)))
        raise
