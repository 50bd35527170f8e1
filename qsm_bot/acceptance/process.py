"""The kit in a process of its own: pytest with nothing but the plugins that it needs."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import qsm_bot
from qsm_bot.acceptance.clone.hosts import clone_origin
from qsm_bot.acceptance.clone.target import Seller, Target
from qsm_bot.acceptance.load.bounds import parse_load, raise_if_not_allowed
from qsm_bot.acceptance.report.compare import load_last
from qsm_bot.acceptance.statements import wanted_ids
from qsm_bot.base.errors.acceptance import KitMissing
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.inputs import FileUnwritable
from qsm_bot.base.words import Lang
from qsm_bot.portal.pages.needs import NEEDS
from qsm_bot.portal.selectors.pack import load_pack

# Settings of the caller's own suite must not reach this one.
_NOT_OURS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_BASE_URL", "PYTEST_VERSION")
_SHOWN_LINES = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class KitCall:
    """One run of the kit: which clone, what is allowed and asked, where the reports go.

    `load` is such as 50x10, `load_hosts` the hosts besides this machine that may be put under load;
    `quiet` prints no verdict before the end.
    """

    url: str
    confirmed: bool = False
    only: Sequence[str] = ()
    html: Path | None = None
    junit: Path | None = None
    compare: Path | None = None
    selectors: Path | None = None
    timeout: float = 10
    headed: bool = False
    lang: Lang = "en"
    verbose: bool = False
    load: str | None = None
    load_hosts: Sequence[str] = ()
    quiet: bool = False


def run_kit(call: KitCall) -> dict[str, Any]:
    """Run the kit and return its document; each verdict is printed on stderr at once.

    Raises:
        RealHost, CloneUrlInvalid: the address is the real portal's, or none.
        KitMissing: pytest or pytest-playwright is not installed.
        UsageInvalid: there is no such statement, or the load may not be put there.
        LastRunUnreadable, FileUnwritable, PackInvalid: a file that was named cannot be used.
        QsmBotError: the process ended without a document.
    """
    origin = clone_origin(call.url)
    for module, name in {"pytest": "pytest", "pytest_playwright": "pytest-playwright"}.items():
        if find_spec(module) is None:
            raise KitMissing(missing=name)
    wanted_ids(call.only)
    pack = load_pack(call.selectors, NEEDS)
    if call.load:
        load = replace(parse_load(call.load), hosts=frozenset(map(str.casefold, call.load_hosts)))
        nobody = Seller("", "")
        clone = Target(origin=origin, pack=pack, seller=nobody, confirmed=call.confirmed)
        raise_if_not_allowed(load, clone)
    if call.compare:
        load_last(call.compare)
    for file in (call.html, call.junit):
        if file:
            _raise_if_unwritable(file)
    with TemporaryDirectory(prefix="qsm-bot-accept-") as folder:
        return _run(call, Path(folder))


def _run(call: KitCall, folder: Path) -> dict[str, Any]:
    # Its own settings file: none of the folder in which the caller happens to be.
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    output, document = folder / "pytest.log", folder / "run.json"
    with output.open("wb") as log:
        done = subprocess.run(  # noqa: S603  # this interpreter, words of our own
            [sys.executable, "-m", "pytest", *_words(call, folder, document)],
            cwd=folder,
            env=_environment(),
            stdout=None if call.verbose else log,
            stderr=None,
            check=False,
        )
    if not document.exists():
        lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
        detail = "\n".join(lines[-_SHOWN_LINES:]) or f"pytest ended with {done.returncode}"
        raise QsmBotError(detail=detail)
    read: dict[str, Any] = json.loads(document.read_text(encoding="utf-8"))
    return read


def _words(call: KitCall, folder: Path, document: Path) -> list[str]:
    words = ["-p", "playwright", "-p", "qsm_bot.acceptance.plugin", "-p", "no:cacheprovider"]
    # The same names in every report, wherever the program is installed.
    words += ["--rootdir", str(Path(__file__).parent)]
    words += ["-s", "-q", "-W", "ignore", "--output", str(folder / "artifacts")]
    words += ["--pyargs", "qsm_bot.acceptance", "--base-url", call.url]
    words += ["--qa-json", str(document), "--qa-lang", call.lang]
    words += ["--qa-progress"] * (not call.quiet)
    words += ["--qsm-timeout", str(call.timeout)]
    words += ["--clone-confirmed"] * call.confirmed + ["--headed"] * call.headed
    words += [word for id_ in call.only for word in ("--qa-only", id_)]
    words += ["--qa-load", call.load] if call.load else []
    words += [word for host in call.load_hosts for word in ("--qa-load-host", host)]
    files = {
        "--qa-html": call.html,
        "--junit-xml": call.junit,
        "--qa-compare": call.compare,
        "--qsm-selectors": call.selectors,
    }
    for option, file in files.items():
        if file:
            words += [option, str(file.absolute())]
    return words


def _environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    # A checkout that is not installed is found from elsewhere, too.
    root = str(Path(qsm_bot.__file__).parents[1])
    paths = [path for path in (kept.get("PYTHONPATH"), root) if path]
    return {
        **kept,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUTF8": "1",
    }


def _raise_if_unwritable(file: Path) -> None:
    """Check before the run that a report can be written after it."""
    try:
        file.open("ab").close()
    except OSError as error:
        raise FileUnwritable(file=file, detail=error.strerror) from error
