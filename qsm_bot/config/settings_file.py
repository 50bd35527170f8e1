"""Settings from the environment, .env and qsm-bot.toml, read once and handed on as values."""

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from qsm_bot.base.errors.inputs import SettingsInvalid, SettingsMisnamed
from qsm_bot.base.toml import did_you_mean, hidden_ending, problems_in, read_toml
from qsm_bot.base.words import Words, joined
from qsm_bot.config.settings import Settings
from qsm_bot.domain.shop_identity import ShopIdentity
from qsm_bot.evidence.config import evidence_settings

CONFIG_NAME = "qsm-bot.toml"
_SECRET_FILES = ("password_file", "session_key_file", "qapi_key_file")

_WRONG = Words("{name}: {why}", "{name}{place}: {why}")
_STANDS = Words("", "（{file} の {key}）")
_IN_FILE = Words("{file}: {detail}", "{file}: {detail}")
_UNKNOWN_KEY = Words(
    "{file}: {key}: unknown key{hint}", "{file}: {key}: このキーはありません{hint}"
)
_NO_TABLES = Words(
    "shops must be tables, as in [shops.NAME]", "shops は [shops.名前] の表で書いてください"
)
_NO_ENV = Words(".env: not UTF-8; save the file as UTF-8", ".env: UTF-8 で保存し直してください")
_NO_SHOP = Words("{file}: no [shops.{shop}]{hint}", "{file}: [shops.{shop}] がありません{hint}")
_TWICE = Words(
    "{file}: [shops.{one}] and [shops.{other}] mean the same shop (portal and login_id)",
    "{file}: [shops.{one}] と [shops.{other}] は同じショップです（ポータルと login_id が同一）",
)
_OTHER_SHOP = Words(
    "the environment's QSM_{name} differs from [shops.{shop}]; unset it to use --shop",
    "環境変数 QSM_{name} が [shops.{shop}] と異なります。--shop を使う場合は解除してください",
)


def load_settings(config: Path | None = None, shop: str | None = None) -> Settings:
    """Read the settings; `[shops.NAME]` of the file wins over its other keys.

    Args:
        config: the file; without it `qsm-bot.toml` in the current folder, if there.
        shop: which `[shops.NAME]` to use.

    Raises:
        SettingsInvalid: a file, key or value is wrong, or the shop is not in the file.
    """
    file = config or Path(CONFIG_NAME)
    lying = None if file.exists() else hidden_ending(file)
    if lying is not None:
        raise SettingsMisnamed(file=file, lying=lying)
    document = read_toml(file, _FileProblem) if config or file.exists() else {}
    shops = document.pop("shops", {})
    top = [str(document[key]) for key in ("shop_name", "login_id") if document.get(key)]
    table = {} if shop in top and shop not in shops else _shop_table(shops, shop, file)
    _raise_if_twice(document, shops, file)
    document |= table
    for key in document.keys() - Settings.model_fields.keys():
        hint = did_you_mean(key, Settings.model_fields)
        raise SettingsInvalid(detail=_UNKNOWN_KEY.filled(file=file, key=key, hint=hint))
    if "evidence" in document:
        where = f"shops.{shop}.evidence" if "evidence" in table else "evidence"
        document["evidence"] = evidence_settings(
            document["evidence"], file=file, where=where, error=_FileProblem
        )
    settings = _build(document, file)
    settings.choose(shop or "")
    # The environment may say which shop is meant, as in a container.
    names = ("login_id", "shop_name")
    said = any(getattr(settings, name) != document.get(name, "") for name in names)
    if shops and not (shop or said):
        settings.leave_open(tuple(dict.fromkeys((*top[:1], *shops))))
    for key in ("login_id", "shop_name"):
        # The environment wins, but another shop than the one asked for must not.
        if key in table and getattr(settings, key) != table[key]:
            raise SettingsInvalid(detail=_OTHER_SHOP.filled(name=key.upper(), shop=shop))
    return settings


def shop_names(config: Path | None = None) -> tuple[str, ...]:
    """Return the names of the file's tables `[shops.NAME]`, in order; () without a file.

    Raises:
        SettingsInvalid: the file cannot be read, or its shops are no tables.
    """
    file = config or Path(CONFIG_NAME)
    document = read_toml(file, _FileProblem) if config or file.exists() else {}
    shops = document.get("shops", {})
    _shop_table(shops, None, file)
    return tuple(shops)


def _shop_table(shops: object, shop: str | None, file: Path) -> dict[str, Any]:
    if not isinstance(shops, dict) or not all(isinstance(each, dict) for each in shops.values()):
        raise SettingsInvalid(detail=_IN_FILE.filled(file=file, detail=_NO_TABLES))
    if shop is None:
        return {}
    if shop not in shops:
        hint = did_you_mean(shop, shops)
        raise SettingsInvalid(detail=_NO_SHOP.filled(file=file, shop=shop, hint=hint))
    table: dict[str, Any] = shops[shop]
    return table


def _raise_if_twice(document: dict[str, Any], shops: dict[str, Any], file: Path) -> None:
    """Check that no two tables mean the same shop: each would act as if the other did not."""
    seen: dict[str, str] = {}
    for name, table in shops.items():
        merged = document | table
        login, shown = (str(merged.get(key, "")) for key in ("login_id", "shop_name"))
        portal = str(merged.get("portal_url", Settings.model_fields["portal_url"].default))
        if not (login or shown):
            continue
        key = ShopIdentity(portal=portal, login_id=login, name=shown).key
        if key in seen:
            raise SettingsInvalid(detail=_TWICE.filled(file=file, one=seen[key], other=name))
        seen[key] = name


def _build(document: dict[str, Any], file: Path) -> Settings:
    for key in ("data_dir", "trace_dir", "rules", "selectors", "metrics_file", *_SECRET_FILES):
        if key in document:
            document[key] = file.parent / Path(str(document[key])).expanduser()
    try:
        return Settings(**document)
    except UnicodeDecodeError:
        raise SettingsInvalid(detail=_NO_ENV) from None
    except ValidationError as problem:
        lines = [
            _WRONG.filled(
                name=f"QSM_{str(each.loc[0]).upper()}",
                place=_in_file(str(each.loc[0]), document, file),
                why=each.said,
            )
            for each in problems_in(problem, Settings, document)
        ]
        raise SettingsInvalid(detail=joined(lines)) from None


def _in_file(key: str, document: dict[str, Any], file: Path) -> Words | str:
    """Say where a value stands, if not in the environment, which wins."""
    from_environment = f"QSM_{key.upper()}" in os.environ
    return "" if from_environment or key not in document else _STANDS.filled(file=file, key=key)


class _FileProblem(SettingsInvalid):
    """`read_toml`'s facts in the settings' sentence."""

    def __init__(self, *, file: object, detail: object) -> None:
        super().__init__(detail=_IN_FILE.filled(file=file, detail=detail))

    @property
    def code(self) -> str:
        return "SettingsInvalid"
