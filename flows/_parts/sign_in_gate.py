"""The gate before the sign-in: what was turned down once is not tried again by a program."""

from typing import Protocol

from qsm_bot.base.errors.people import SignInError


class SignInGate(Protocol):
    """Remembers how signing in ended."""

    def turned_down(self, error: SignInError) -> SignInError:
        """Remember that the portal turned the sign-in down; return what to say of it."""

    def passed(self) -> None:
        """Forget what was remembered: the sign-in was good."""


class OpenGate:
    """Remembers nothing: for portals at which nobody can be locked out."""

    def turned_down(self, error: SignInError) -> SignInError:
        """Return the error as it is."""
        return error

    def passed(self) -> None:
        """Do nothing."""
