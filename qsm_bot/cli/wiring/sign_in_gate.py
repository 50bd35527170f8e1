"""The gate before the sign-in, built from the settings: see `flows._parts.sign_in_gate`."""

from typing import TYPE_CHECKING

from qsm_bot.base.clock import JST, now
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.errors.people import SignInError, SignInHeld
from qsm_bot.base.log import get_logger

if TYPE_CHECKING:
    from qsm_bot.config.settings import Settings
    from qsm_bot.schedule.shop_state import ShopState, SignInHold

_log = get_logger(__name__)


class RememberingGate:
    """Keeps on disk what the portal turned down, by a digest of the credentials."""

    def __init__(self, state: "ShopState", credentials: str, *, has_password: bool) -> None:
        self._state = state
        self._credentials = credentials
        self._has_password = has_password
        hold = state.hold if has_password else None
        self.hold: SignInHold | None = hold if hold and hold.is_of(credentials) else None

    def error(self) -> SignInHeld | None:
        """Return why the password must not be tried; None = it may."""
        hold = self.hold
        if hold is None:
            return None
        since = f"{hold.since.astimezone(JST):%Y-%m-%d %H:%M}"
        return SignInHeld(since=since, code=hold.code, why=hold.message)

    def turned_down(self, error: SignInError) -> SignInError:
        """Remember it, if a password was tried at all."""
        if (held := self.error()) is not None:
            return held
        if self._has_password:
            try:
                self._state.hold_sign_in(self._credentials, error.code, error.message, now())
            except EvidenceUnwritable as trouble:
                _log.warning("sign_in_not_remembered", error=trouble.message.en)
        return error

    def passed(self) -> None:
        """Forget, unless the sign-in was good without the password that is bad."""
        if self.hold is None:
            self._state.release_sign_in()


def shop_state(settings: "Settings") -> "ShopState":
    """Return what stands in the shop's way."""
    from qsm_bot.schedule.shop_state import ShopState

    return ShopState(settings.data_dir / "state", settings.identity.key)


def gate_of(settings: "Settings", password: str) -> RememberingGate:
    """Return the shop's gate for this password."""
    credentials = f"{settings.identity.key}\n{settings.sub_id}\n{password}"
    return RememberingGate(shop_state(settings), credentials, has_password=bool(password))
