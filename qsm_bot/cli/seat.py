"""A seat at the portal: the browser, the saved sign-in, the password."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qsm_bot.clock import now
from qsm_bot.errors import KeyringUnusable, QsmBotError, SavedSignInLocked, SettingsInvalid
from qsm_bot.log import get_logger, redactor

if TYPE_CHECKING:
    from qsm_bot.portal.pack import Pack
    from qsm_bot.portal.qsm import QsmPortal
    from qsm_bot.session import SavedSignIn, SessionStore
    from qsm_bot.settings import Settings
    from qsm_bot.vault import Vault

_log = get_logger(__name__)


def vault_of(settings: "Settings") -> "Vault":
    """Return where the shop's secrets are looked up."""
    from qsm_bot.vault import Given, Vault

    given = Given(
        password=settings.password.get_secret_value(),
        password_file=settings.password_file,
        session_key=settings.session_key.get_secret_value(),
        session_key_file=settings.session_key_file,
        qapi_key=settings.qapi_key.get_secret_value(),
        qapi_key_file=settings.qapi_key_file,
    )
    return Vault(settings.account, given)


def sessions_of(settings: "Settings", shop: str | None = None) -> "SessionStore":
    """Return where the sign-in of the settings' shop, or of another one there, is kept."""
    from qsm_bot.session import SessionStore

    folder = settings.data_dir / "sessions"
    return SessionStore(folder, shop=shop or settings.shop, portal=settings.portal_url)


def saved_sign_in(settings: "Settings", vault: "Vault") -> "SavedSignIn | None":
    """Return the saved sign-in, if there is one and it is to be used.

    Raises:
        SavedSignInOpen, SavedSignInLocked, SavedSignInDamaged, SavedSignInOfOther: there is
            one that cannot be used.
        SettingsInvalid, KeyringUnusable: its key cannot be had.
    """
    from qsm_bot.vault import key_bytes

    def key() -> bytes | None:
        secret = vault.session_key()
        return key_bytes(secret) if secret else None

    return sessions_of(settings).load(key) if settings.keep_session else None


def keep_sign_in(settings: "Settings", vault: "Vault", portal: "QsmPortal") -> None:
    """Keep the browser's cookies, if they are proven to be the shop's.

    Raises:
        SettingsInvalid, KeyringUnusable: there is no key to seal them with.
        EvidenceUnwritable: the file cannot be written.
    """
    from qsm_bot.vault import key_bytes

    cookies = portal.cookies()
    if cookies:
        key = key_bytes(vault.session_key_or_new())
        sessions_of(settings).save(cookies, key, now())


@contextmanager
def open_portal(
    settings: "Settings", pack: "Pack", *, by_person: bool = False
) -> Iterator["QsmPortal"]:
    """Start the browser and yield a seat at the portal, not yet signed in.

    The saved sign-in is tried first; after a good block it is kept anew.

    Args:
        settings: the shop's settings.
        pack: the selector pack.
        by_person: whether a person signs in; then no password is needed.

    Raises:
        SettingsInvalid, NoSignIn: there is no saved sign-in, and ID or password is missing.
        SavedSignInOpen, SavedSignInLocked, SavedSignInDamaged, SavedSignInOfOther: the saved
            sign-in cannot be used.
        BrowserSettingInvalid, BrowserMissing, BrowserLost, ScreenMissing: no browser.
    """
    from qsm_bot.browser import open_context
    from qsm_bot.portal.door import SignIn
    from qsm_bot.portal.qsm import QsmPortal

    vault = vault_of(settings)
    saved, password = _ways_in(settings, vault, by_person=by_person)
    redactor.learn(password)
    with open_context(
        settings.browser,
        headless=settings.headless,
        loopback_only=settings.is_loopback,
        timeout=settings.timeout,
    ) as context:
        portal = QsmPortal(
            context,
            base_url=settings.portal_url,
            pack=pack,
            sign_in=SignIn(
                login_id=settings.login_id,
                password=password,
                shop_name=settings.shop_name,
                sub_id=settings.sub_id,
                cookies=saved.cookies if saved else (),
            ),
            fuse=settings.fuse,
            timeout=settings.timeout,
            alert_timeout=settings.alert_timeout,
        )
        yield portal
        if settings.keep_session:
            _keep_if_possible(settings, vault, portal)


def password_if_any(settings: "Settings") -> str:
    """Return the shop's password, or "" if a person signs in without telling it."""
    return _password(vault_of(settings), needed=False)


def _ways_in(
    settings: "Settings", vault: "Vault", *, by_person: bool
) -> "tuple[SavedSignIn | None, str]":
    """Return the saved sign-in and the password; one of them will do, or a person."""
    locked: QsmBotError | None = None
    try:
        saved = saved_sign_in(settings, vault)
    except (SavedSignInLocked, KeyringUnusable) as error:
        saved, locked = None, error
    needed = saved is None and not by_person
    password = _password(vault, needed=needed and locked is None)
    if needed and not password and locked is not None:
        raise locked
    if needed:
        settings.raise_if_no_sign_in(password=bool(password))
    return saved, password


def _password(vault: "Vault", *, needed: bool) -> str:
    try:
        found = vault.password()
    except (KeyringUnusable, SettingsInvalid):
        if needed:
            raise
        return ""
    return found.value if found else ""


def _keep_if_possible(settings: "Settings", vault: "Vault", portal: "QsmPortal") -> None:
    try:
        keep_sign_in(settings, vault, portal)
    except (KeyringUnusable, SettingsInvalid) as error:
        # The work is done; only the next run has to sign in again.
        _log.info("sign_in_not_kept", detail=error.message.en)
