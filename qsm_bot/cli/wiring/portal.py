"""A seat at the portal: the browser, the saved sign-in, the password."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from qsm_bot.base.clock import now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import KeyringUnusable, SettingsInvalid
from qsm_bot.base.errors.people import SavedSignInLocked, SignInFailed, SignInNeedsPerson
from qsm_bot.base.log import get_logger, redactor
from qsm_bot.cli.wiring.sign_in_gate import gate_of

if TYPE_CHECKING:
    from qsm_bot.cli.wiring.sign_in_gate import RememberingGate
    from qsm_bot.config.saved_sign_in import SavedSignIn, SessionStore
    from qsm_bot.config.settings import Settings
    from qsm_bot.config.vault import Vault
    from qsm_bot.portal.qsm import QsmPortal
    from qsm_bot.portal.selectors.pack import Pack

_log = get_logger(__name__)


def vault_of(settings: "Settings") -> "Vault":
    """Return where the shop's secrets are looked up."""
    from qsm_bot.config.vault import Vault

    return Vault(settings)


def sessions_of(settings: "Settings", shop: str | None = None) -> "SessionStore":
    """Return where the sign-in of the settings' shop, or of another one's key, is kept."""
    from qsm_bot.config.saved_sign_in import SessionStore

    folder = settings.data_dir / "sessions"
    return SessionStore(folder, shop=shop or settings.identity.key, portal=settings.portal_url)


def saved_sign_in(settings: "Settings", vault: "Vault") -> "SavedSignIn | None":
    """Return the saved sign-in, if there is one and it is to be used.

    Raises:
        SavedSignInOpen, SavedSignInLocked, SavedSignInDamaged, SavedSignInOfOther: there is
            one that cannot be used.
        SettingsInvalid, KeyringUnusable: its key cannot be had.
    """
    from qsm_bot.config.vault import key_bytes

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
    from qsm_bot.config.vault import key_bytes

    cookies = portal.cookies()
    if cookies:
        key = key_bytes(vault.session_key_or_new())
        sessions_of(settings).save(cookies, key, now())


@contextmanager
def open_portal(
    settings: "Settings",
    pack: "Pack",
    *,
    by_person: bool = False,
    gate: "RememberingGate | None" = None,
) -> Iterator["QsmPortal"]:
    """Start the browser and yield a seat at the portal, not yet signed in.

    The saved sign-in is tried first; after a good block it is kept anew.

    Args:
        settings: the shop's settings.
        pack: the selector pack.
        by_person: whether a person signs in; then no password is needed.
        gate: remembers a sign-in that was turned down; by default the shop's own.

    Raises:
        SignInHeld: the password was turned down before, and there is no saved sign-in.
        SettingsInvalid, NoSignIn: there is no saved sign-in, and ID or password is missing.
        SavedSignInOpen, SavedSignInLocked, SavedSignInDamaged, SavedSignInOfOther: the saved
            sign-in cannot be used.
        BrowserSettingInvalid, BrowserMissing, BrowserLost, ScreenMissing: no browser.
    """
    from qsm_bot.portal.browser.launch import open_context
    from qsm_bot.portal.qsm import QsmPortal
    from qsm_bot.portal.sign_in.by_program import SignIn

    vault = vault_of(settings)
    saved, password = _ways_in(settings, vault, by_person=by_person)
    redactor.learn(password)
    gate = gate or gate_of(settings, password)
    if not by_person:
        password = _let_through(gate, saved, password)
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
        with nullcontext() if by_person else _remembering(gate):
            yield portal
        if settings.keep_session:
            _keep_if_possible(settings, vault, portal)


def _let_through(gate: "RememberingGate", saved: "SavedSignIn | None", password: str) -> str:
    """Return the password, or "" if it was turned down before and the saved sign-in must do."""
    held = gate.error()
    if held is not None and saved is None:
        raise held
    return "" if held is not None else password


@contextmanager
def _remembering(gate: "RememberingGate") -> Iterator[None]:
    try:
        yield
    except (SignInFailed, SignInNeedsPerson) as error:
        raise gate.turned_down(error) from error


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
    except QsmBotError as error:
        # The work is done, and its outcomes count; only the next run has to sign in again. Where
        # no keyring is, that is so each time.
        usual = isinstance(error, (KeyringUnusable, SettingsInvalid))
        (_log.info if usual else _log.warning)("sign_in_not_kept", detail=error.message.en)
