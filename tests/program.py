"""The program called in this process, as the shell would call it, with the worker's browser.

Its arguments, environment, folder and standard streams are real ones; a new process would prove
no more of what it says and does. What differs is that Playwright and the browser are not started
anew: each call gets a browser context of its own in the browser that is there.
"""

import importlib.util
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from unittest.mock import patch

import keyring.core
import structlog
from playwright.sync_api import Browser, BrowserContext, Playwright

from qsm_bot.base.log import redactor
from qsm_bot.portal.browser import launch
from tests.support import Said

COMMANDS = "qsm_bot.cli"
_said_in: dict[str, dict[str, ModuleType]] = {}
"""The modules of the command line, once for each language: help texts are fixed on import."""


class SharedPlaywright:
    """Playwright as the program starts it; the browser of the tests does for a usual one."""

    def __init__(self, fixture: Callable[[str], Any]) -> None:
        self._fixture = fixture

    @contextmanager
    def __call__(self) -> Iterator["SharedPlaywright"]:
        """Stand in for `sync_playwright`: it runs already."""
        yield self

    @property
    def chromium(self) -> "SharedPlaywright":
        """The one kind of browser."""
        return self

    @property
    def executable_path(self) -> str:
        """Where Playwright keeps its own."""
        return str(self._playwright.chromium.executable_path)

    def launch(self, **options: Any) -> "BorrowedBrowser | Browser":
        """Lend the browser of the tests, if that is the one that is asked for."""
        there = {
            self.executable_path,
            str(self._fixture("browser_type_launch_args")["executable_path"]),
        }
        usual = str(options.get("executable_path") or self.executable_path) in there
        if options.get("channel") or not options.get("headless") or not usual:
            own: Browser = self._playwright.chromium.launch(**options)
            return own
        return BorrowedBrowser(self._fixture("browser"))

    @property
    def _playwright(self) -> Playwright:
        """What runs already; it is started when first asked for."""
        playwright: Playwright = self._fixture("playwright")
        return playwright


class BorrowedBrowser:
    """The browser of the tests; closing it closes what was opened through it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def new_context(self, **options: Any) -> BrowserContext:
        """Open a context that shares nothing with others."""
        context = self._browser.new_context(**options)
        self._contexts.append(context)
        return context

    def close(self) -> None:
        """Close the contexts."""
        for context in self._contexts:
            context.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._browser, name)


def call(
    *words: str,
    folder: Path,
    environment: Mapping[str, str],
    stdin: str,
    playwright: SharedPlaywright | None = None,
) -> Said:
    """Call the program with these words and return what came of it."""
    # A copy, because the test's own environment may be what is given.
    environment = dict(environment)
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, environment, clear=True))
        stack.enter_context(_path(environment))
        stack.enter_context(patch.object(keyring.core, "_keyring_backend", None))
        stack.enter_context(_folder(folder))
        stack.enter_context(patch.object(sys, "argv", ["qsm-bot", *words]))
        stack.enter_context(patch.object(launch, "sync_playwright", playwright or _no_browser))
        # What other calls of this process hid is another program's business.
        stack.enter_context(patch.object(redactor, "_secrets", set[str]()))
        stack.enter_context(_logging())
        streams = stack.enter_context(_streams(stdin))
        stack.enter_context(_command_line())
        code = _main()
        return Said(code, *streams())


def _no_browser() -> NoReturn:
    raise AssertionError("this call was to start no browser")


def _main() -> int:
    from qsm_bot.cli import main  # noqa: PLC0415  # the one of this call's language

    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@contextmanager
def _path(environment: Mapping[str, str]) -> Iterator[None]:
    """Find modules where the environment says, and forget them afterwards."""
    folders = [each for each in environment.get("PYTHONPATH", "").split(os.pathsep) if each]
    with patch.object(sys, "path", [*folders, *sys.path]):
        yield
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "/").parent in map(Path, folders):
            del sys.modules[name]


@contextmanager
def _folder(wanted: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(wanted)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _logging() -> Iterator[None]:
    root, log = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)
        structlog.configure(**log)


@contextmanager
def _command_line() -> Iterator[None]:
    """Take the command line's modules as a new process with these settings would load them."""
    spec = importlib.util.find_spec(f"{COMMANDS}.program.language")
    assert spec is not None
    assert spec.loader is not None
    language = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(language)
    house = sys.modules[COMMANDS.partition(".")[0]]
    before = _taken_out()
    sys.modules.update(_said_in.get(language.LANG, {}))
    try:
        yield
    finally:
        _said_in[language.LANG] = _taken_out()
        sys.modules.update(before)
        house.cli = before[COMMANDS]  # type: ignore[attr-defined]


def _taken_out() -> dict[str, ModuleType]:
    # A copy: the mock portal runs in a thread of its own, and imports what it needs.
    names = [name for name in list(sys.modules) if f"{name}.".startswith(f"{COMMANDS}.")]
    return {name: sys.modules.pop(name) for name in names}


@contextmanager
def _streams(stdin: str) -> Iterator[Callable[[], tuple[str, str]]]:
    """Put files under the three standard streams, for programs that are started, too."""
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(stdin.encode())
        files[0].seek(0)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for number, file in enumerate(files):
            stack.callback(_put_back, os.dup(number), number)
            os.dup2(file.fileno(), number)
        names = ("stdin", "stdout", "stderr")
        for number, name in enumerate(names):
            stream = open(  # noqa: SIM115  # a number, and never to be closed
                number,
                "w" if number else "r",
                buffering=1,
                encoding="utf-8",
                errors="backslashreplace" if name == "stderr" else "strict",
                closefd=False,
            )
            stack.enter_context(patch.object(sys, name, stream))

        def read() -> tuple[str, str]:
            texts = []
            for stream, file in ((sys.stdout, files[1]), (sys.stderr, files[2])):
                stream.flush()
                file.seek(0)
                texts.append(file.read().decode().replace("\r\n", "\n"))
            return texts[0], texts[1]

        yield read


def _put_back(kept: int, number: int) -> None:
    os.dup2(kept, number)
    os.close(kept)
