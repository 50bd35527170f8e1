"""QAPI as a part of a run: its key, its client, and the look that it gives beside the portal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qsm_bot.base.clock import now
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import KeyringUnusable, SettingsInvalid
from qsm_bot.base.words import Words

if TYPE_CHECKING:
    from qsm_bot.config.settings import Settings
    from qsm_bot.domain.order_status import StatusSource
    from qsm_bot.portal.protocol import Portal
    from qsm_bot.portal.qsm import QsmPortal
    from qsm_bot.portal.selectors.pack import Pack
    from qsm_bot.qapi import QapiClient

Tell = Callable[[Words], None]

_NO_KEY = Words(
    "no QAPI key: `qsm-bot secret set --qapi` keeps it, or set QSM_QAPI_KEY",
    "QAPI キーがありません。`qsm-bot secret set --qapi` か QSM_QAPI_KEY で設定してください",
)


@contextmanager
def open_qapi(
    settings: "Settings", tell: Tell, rest: Callable[[float], None] = time.sleep
) -> Iterator["QapiClient"]:
    """Yield the client; while a page is open, `rest` must be the page's own waiting.

    Raises:
        SettingsInvalid: there is no key, or the API is not where the portal is.
        KeyringUnusable: the keyring does not answer.
    """
    from qsm_bot.cli.wiring.portal import vault_of

    secret = vault_of(settings).qapi_key()
    if secret is None:
        raise SettingsInvalid(detail=_NO_KEY)
    with _client(settings, secret.value, tell, rest) as client:
        yield client


@contextmanager
def status_source(
    settings: "Settings", pack: "Pack", portal: "QsmPortal", tell: Tell
) -> Iterator["StatusSource | None"]:
    """Yield QAPI as a look beside the portal; None without a key.

    Raises:
        SettingsInvalid: the API is not where the portal is, or the key's file is unreadable.
    """
    key = _key_if_any(settings)
    if not key:
        yield None
        return
    from qsm_bot.qapi import QapiStatus

    with _client(settings, key, tell, resting(portal)) as client:
        yield QapiStatus(client, pack.qapi, now)


def has_key(settings: "Settings") -> bool:
    """Say whether the shop has a key of QAPI.

    Raises:
        SettingsInvalid: the key's file is unreadable.
    """
    return bool(_key_if_any(settings))


def _key_if_any(settings: "Settings") -> str:
    from qsm_bot.cli.wiring.portal import vault_of

    try:
        secret = vault_of(settings).qapi_key()
    except KeyringUnusable:
        return ""
    return secret.value if secret else ""


def _client(
    settings: "Settings", key: str, tell: Tell, rest: Callable[[float], None]
) -> "QapiClient":
    from qsm_bot.qapi import QapiClient
    from qsm_bot.qapi.status import key_warning

    settings.raise_if_qapi_elsewhere()
    warning = key_warning(settings.qapi_key_issued, now().date())
    if warning is not None:
        tell(warning)
    return QapiClient(
        url=settings.qapi_url,
        key=key,
        interval=settings.qapi_interval,
        timeout=settings.timeout,
        rest=rest,
    )


def resting(portal: "Portal") -> Callable[[float], None]:
    """Return what lets seconds pass while the portal's page is open."""

    def rest(seconds: float) -> None:
        try:
            portal.rest(seconds)
        except QsmBotError:
            # No page is open any more; the API can still be asked.
            time.sleep(seconds)

    return rest
