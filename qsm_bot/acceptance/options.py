"""The kit's options, read once: which clone, who signs in, what is judged, where reports go."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from qsm_bot.acceptance.clone.hosts import clone_origin
from qsm_bot.acceptance.clone.target import Target, seller_for
from qsm_bot.acceptance.load.bounds import Load, parse_load
from qsm_bot.acceptance.report.compare import LastRun, load_last
from qsm_bot.acceptance.statements import wanted_ids
from qsm_bot.base.errors.acceptance import KitMissing
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Lang, Words
from qsm_bot.config.language import chosen_lang
from qsm_bot.config.vault import in_file
from qsm_bot.portal.pages.needs import NEEDS
from qsm_bot.portal.selectors.pack import load_pack

_NO_URL = Words(
    "say which clone: --base-url http://…", "クローンを --base-url http://… で指定してください"
)
_NO_LANG = Words("--qa-lang: ja or en", "--qa-lang: ja か en")


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What the command line and the environment ask for."""

    only: frozenset[str]
    html: Path | None
    json: Path | None
    last: LastRun | None
    lang: Lang
    confirmed: bool
    progress: bool
    load: Load | None = None


def read_options(config: pytest.Config) -> Options:
    """Read everything but the clone.

    Raises:
        KitMissing: pytest-playwright is not loaded.
        UsageInvalid, LastRunUnreadable: an option makes no sense.
    """
    if not config.pluginmanager.has_plugin("playwright"):
        raise KitMissing(missing="pytest-playwright")
    last = _path(config, "qa_compare")
    return Options(
        only=wanted_ids(config.getoption("qa_only")),
        html=_path(config, "qa_html"),
        json=_path(config, "qa_json"),
        last=load_last(last) if last else None,
        lang=_lang(config.getoption("qa_lang")),
        confirmed=config.getoption("clone_confirmed"),
        progress=config.getoption("qa_progress"),
        load=_load(config),
    )


def base_url(config: pytest.Config) -> str:
    """Return the clone's address as --base-url, PYTEST_BASE_URL or the ini file give it.

    Raises:
        UsageInvalid: none of them does.
        RealHost, CloneUrlInvalid: it is the real portal, or no plain address.
    """
    given = config.getoption("base_url", default=None)
    found = given or config.getini("base_url")
    if not found:
        raise UsageInvalid(detail=_NO_URL)
    return clone_origin(str(found))


def target_of(config: pytest.Config, origin: str) -> Target:
    """Return the clone, and who signs in there.

    Raises:
        RealHost, CloneUrlInvalid: it is the real portal, or no plain address.
        PackInvalid: the selector pack cannot be used.
        SettingsInvalid: the file with the password cannot be read.
    """
    origin = clone_origin(origin)
    selectors = _setting(config, "selectors")
    pack = load_pack(_absolute(config, selectors) if selectors else None, NEEDS)
    return Target(
        origin=origin,
        pack=pack,
        seller=seller_for(
            origin,
            _setting(config, "login_id"),
            _password(config),
            shop_name=_setting(config, "shop_name"),
            sub_id=os.environ.get("QSM_SUB_ID", ""),
        ),
        confirmed=config.getoption("clone_confirmed"),
        timeout=config.getoption("qsm_timeout"),
        pictures=config.getoption("qa_html") is not None,
    )


def _setting(config: pytest.Config, name: str) -> str:
    given: str | None = config.getoption(f"qsm_{name}")
    return os.environ.get(f"QSM_{name.upper()}", "") if given is None else given


def _password(config: pytest.Config) -> str:
    name = os.environ.get("QSM_PASSWORD_FILE")
    kept = in_file(Path(name).expanduser() if name else None, "QSM_PASSWORD_FILE")
    return _setting(config, "password") or (kept.value if kept else "")


def _path(config: pytest.Config, name: str) -> Path | None:
    given: str | None = config.getoption(name)
    return _absolute(config, given) if given else None


def _absolute(config: pytest.Config, name: str) -> Path:
    return config.invocation_params.dir / Path(name).expanduser()


def _load(config: pytest.Config) -> Load | None:
    given: str | None = config.getoption("qa_load")
    hosts = frozenset(map(str.casefold, config.getoption("qa_load_host")))
    return replace(parse_load(given), hosts=hosts) if given else None


def _lang(given: str | None) -> Lang:
    if given not in (None, "ja", "en"):
        raise UsageInvalid(detail=_NO_LANG)
    return chosen_lang(["--lang", given] if given else sys.argv[1:], os.environ)
