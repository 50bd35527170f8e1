"""The settings of a shop: names, kinds and defaults, and what must fit together."""

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    PrivateAttr,
    SecretStr,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from qsm_bot.base.errors.inputs import NoSignIn, NotLive, SettingsInvalid, ShopNotChosen
from qsm_bot.base.loopback import is_loopback
from qsm_bot.base.words import Lang, ModelObjection, Words
from qsm_bot.domain.shipping_hours import ShippingHours, hour_given
from qsm_bot.domain.shop_identity import NAMELESS, ShopIdentity
from qsm_bot.evidence.config import SourceSettings
from qsm_bot.notify.options import URGENT, NotifyUrls, Quiet, UrgentKinds
from qsm_bot.schedule.settings import ScheduleSettings

_LAST_PORT = 65535
_ORIGIN = re.compile(r"(https?)://([\w.-]+|\[[0-9a-f:]+\])(:[1-9]\d{0,4})?/?", re.IGNORECASE)

_NO_ORIGIN = Words(
    "scheme and host only, as in https://qsm.qoo10.jp",
    "https://qsm.qoo10.jp のように、ホスト名までを書いてください",
)
_NOT_SEALED = Words("https, or this machine", "https で始まるURLか、このPCを指定してください")
_NOT_SET = Words("{name} is not set", "{name} が未設定です")
_QAPI_ELSEWHERE = Words(
    "QSM_PORTAL_URL and QSM_QAPI_URL: one is this machine, the other is not; "
    "with a mock portal set both, or unset the key",
    "QSM_PORTAL_URL と QSM_QAPI_URL の一方だけがこのPCです。模擬ポータルでは両方を設定してください",
)

Seconds = Annotated[float, Field(gt=0)]
Hour = Annotated[time | None, BeforeValidator(hour_given)]


def _origin(url: str) -> str:
    found = _ORIGIN.fullmatch(url)
    if not found or int((found[3] or ":0")[1:]) > _LAST_PORT:
        # What was given is not repeated: it may hold a password.
        raise ModelObjection(_NO_ORIGIN)
    return "".join(part or "" for part in (f"{found[1]}://", found[2], found[3])).casefold()


def _sealed_origin(url: str) -> str:
    origin = _origin(url)
    # The key is in every call: in plain text it goes to this machine only.
    if not (origin.startswith("https://") or _is_loopback(origin)):
        raise ModelObjection(_NOT_SEALED)
    return origin


def _is_loopback(url: str) -> bool:
    return is_loopback(urlsplit(url).hostname)


class Settings(ScheduleSettings):
    """All settings of one shop, as in docs/reference/settings.md. Times are seconds."""

    model_config = SettingsConfigDict(
        env_prefix="QSM_",
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
    )

    portal_url: Annotated[str, AfterValidator(_origin)] = "https://qsm.qoo10.jp"
    live: bool = False
    login_id: str = ""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    sub_id: str = ""
    keep_session: bool = True
    keep_alive_minutes: Annotated[int, Field(ge=0)] = 15
    session_key: SecretStr = SecretStr("")
    session_key_file: Path | None = None
    shop_name: str = ""
    data_dir: Path = Field(default_factory=lambda: platformdirs.user_data_path("qsm-bot"))
    trace_dir: Path = Field(default_factory=lambda: platformdirs.user_state_path("qsm-bot"))
    ledger_url: SecretStr = SecretStr("")
    rules: Path = Path("rules.toml")
    selectors: Path | None = None
    browser: str = "chromium"
    headless: bool = True
    fuse: Literal["strict", "count", "off"] = "strict"
    lang: Lang | None = None
    metrics_file: Path | None = None
    timeout: Seconds = 20
    alert_timeout: Seconds = 60
    plan_minutes: Annotated[int, Field(gt=0)] = 60
    run_minutes: Annotated[int, Field(gt=0)] = 60
    jobs: Annotated[int, Field(gt=0)] = 1
    settle_seconds: Seconds = 120
    max_unknown: Annotated[int, Field(ge=0)] = 1
    cutoff: Hour = None
    duty_warn_hour: Annotated[int, Field(ge=0, le=23)] = 18
    carrier_cutoff: Hour = None
    carrier_gone: Literal["warn", "stop"] = "warn"
    evidence: Annotated[tuple[InstanceOf[SourceSettings], ...], NoDecode] = ()
    qapi_url: Annotated[str, AfterValidator(_sealed_origin)] = "https://api.qoo10.jp"
    qapi_key: SecretStr = SecretStr("")
    qapi_key_file: Path | None = None
    qapi_key_issued: date | None = None
    qapi_interval: Annotated[float, Field(ge=0)] = 0.5
    notify: NotifyUrls = ()
    notify_quiet: Quiet = None
    notify_urgent: UrgentKinds = URGENT
    notify_repeat_hours: Annotated[float, Field(gt=0)] = 12
    notify_lang: Lang | None = None
    summary_at: Hour = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over .env, and both over the file, which comes in as `init`."""
        return env_settings, dotenv_settings, init_settings

    _shops: tuple[str, ...] = PrivateAttr(default=())

    _table: str = PrivateAttr(default="")

    def choose(self, table: str) -> None:
        """Note as which `[shops.NAME]` of the file the shop was chosen."""
        self._table = table

    @property
    def called(self) -> str:
        """How messages call the shop: its name, and the word that `--shop` knows it by."""
        return f"{self.shop} (--shop {self._table})" if self._table else self.shop

    def leave_open(self, shops: tuple[str, ...]) -> None:
        """Note the shops of the file, of which none was chosen."""
        self._shops = shops

    @property
    def shop(self) -> str:
        """The name under which people know this shop.

        Raises:
            ShopNotChosen: the file has several shops, and none was chosen.
        """
        if not self.is_of_one_shop:
            raise ShopNotChosen(shops=", ".join(self._shops))
        return self.shop_name or self.login_id or NAMELESS

    @property
    def identity(self) -> ShopIdentity:
        """Which shop it is, however its name is written.

        Raises:
            SettingsInvalid: the file has several shops, and none was chosen.
        """
        return ShopIdentity(portal=self.portal_url, login_id=self.login_id, name=self.shop)

    @property
    def is_of_one_shop(self) -> bool:
        """Whether it is known which shop is meant."""
        return not self._shops

    @property
    def shops_left_open(self) -> tuple[str, ...]:
        """The names by which --shop chooses, as long as none was chosen of several."""
        return self._shops

    @property
    def host(self) -> str:
        """The portal's host."""
        return urlsplit(self.portal_url).hostname or ""

    @property
    def is_loopback(self) -> bool:
        """Whether the portal is on this machine: a mock portal or a clone."""
        return is_loopback(self.host)

    @property
    def ledger(self) -> str:
        """The ledger's SQLAlchemy URL; it may hold a password."""
        given = self.ledger_url.get_secret_value()
        return given or f"sqlite:///{(self.data_dir / 'ledger.sqlite3').as_posix()}"

    @property
    def ledger_place(self) -> str:
        """Where the ledger is, without anything secret."""
        if self.ledger.startswith("sqlite"):
            return self.ledger
        scheme, _, rest = self.ledger.partition("://")
        return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"

    @property
    def shipping_hours(self) -> ShippingHours:
        """Until when a refusal may be begun, and when its duty is at risk."""
        return ShippingHours(
            cutoff=self.cutoff,
            warn_hour=self.duty_warn_hour,
            calendar=self.closed_days,
            carrier_cutoff=self.carrier_cutoff,
            carrier_gone=self.carrier_gone,
        )

    def raise_if_not_live(self, url: str | None = None) -> None:
        """Check that acting on a host, by default the portal's, was allowed.

        Raises:
            NotLive: it is not this machine and `live` is not set.
        """
        url = url or self.portal_url
        if not (_is_loopback(url) or self.live):
            raise NotLive(host=urlsplit(url).hostname)

    def raise_if_qapi_elsewhere(self) -> None:
        """Check that the API speaks of the same orders as the portal.

        Raises:
            SettingsInvalid: one of them is a mock on this machine, and the other is not.
        """
        if _is_loopback(self.qapi_url) != self.is_loopback:
            raise SettingsInvalid(detail=_QAPI_ELSEWHERE)

    @property
    def account(self) -> str:
        """Whose secrets the keyring keeps: the portal's host and the login ID."""
        return f"{urlsplit(self.portal_url).netloc} {self.login_id or self.shop}"

    def raise_if_no_sign_in(self, *, password: bool) -> None:
        """Check that the sign-in page can be filled in.

        Args:
            password: whether there is one.

        Raises:
            SettingsInvalid: the ID is missing.
            NoSignIn: the password is.
        """
        if not self.login_id:
            raise SettingsInvalid(detail=_NOT_SET.filled(name="QSM_LOGIN_ID"))
        if not password:
            raise NoSignIn
