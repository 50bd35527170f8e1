"""Find a browser on this machine, or install one where that can be done without a person."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock

from qsm_bot.base.errors.inputs import BrowserSettingInvalid
from qsm_bot.base.errors.outside import BrowserMissing
from qsm_bot.base.log import get_logger

_log = get_logger(__name__)

# Playwright itself takes the headless shell where no window is wanted: a third less work.
_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
CHANNELS = ("chrome", "chrome-beta", "msedge", "msedge-beta", "msedge-dev")
_FONT_PACKAGE = "fonts-ipafont-gothic"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BrowserChoice:
    """What to hand to Playwright's launch: its own build, a channel, or a program."""

    channel: str | None = None
    program: Path | None = None

    @property
    def label(self) -> str:
        """The choice in words."""
        return str(self.program or self.channel or "Playwright's own Chromium")


def installed_browser(*, for_person: bool = False) -> Path | None:
    """Return an installed Chromium, Chrome or Edge, or None.

    Args:
        for_person: whether a person is to use it; a browser without windows will not do then.
    """
    return next((path for path in _candidates(for_person) if path.exists()), None)


def _candidates(for_person: bool) -> Iterator[Path]:  # noqa: FBT001  # from one place
    for command in _COMMANDS if for_person else _SHELLS + _COMMANDS:
        found = shutil.which(command)
        if found:
            yield Path(found)
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if variable in os.environ:
            yield from (Path(os.environ[variable]) / name for name in _WINDOWS)
    yield from map(Path, _MACOS)


def choose_browser(setting: str, own: Path, *, for_person: bool = False) -> BrowserChoice:
    """Turn the setting `browser` into a choice.

    Args:
        setting: `chromium` (Playwright's own, else an installed one), a channel name or a path.
        own: where Playwright would have its own build.
        for_person: whether a person is to use it; an installed one is then preferred to
            Playwright's own.

    Raises:
        BrowserSettingInvalid: the setting names no program.
        BrowserMissing: it names none, and nothing usable is installed.
    """
    if setting in CHANNELS:
        return BrowserChoice(channel=setting)
    if setting != "chromium":
        program = Path(setting).expanduser()
        if not (program.is_file() and os.access(program, os.X_OK)):
            raise BrowserSettingInvalid(setting=setting)
        return BrowserChoice(program=program)
    installed = installed_browser(for_person=for_person)
    if own.exists() and not (for_person and installed):
        return BrowserChoice()
    if installed is None:
        raise BrowserMissing(detail="")
    return BrowserChoice(program=installed)


def ensure_browser(
    setting: str, own: Path, tell: Tell, *, for_person: bool = False
) -> BrowserChoice:
    """Return a browser, installing one if there is none.

    Tried in turn: what is there, Playwright's download, Debian's packages (as root).

    Args:
        setting: as for `choose_browser`.
        own: same.
        tell: is given one line per step, for people.
        for_person: as for `choose_browser`.

    Raises:
        BrowserSettingInvalid: the setting names no program; that is not for installing.
        BrowserMissing: none of it worked; says what was tried.
    """
    _ensure_japanese_font(tell)
    with suppress(BrowserMissing):
        return choose_browser(setting, own, for_person=for_person)
    # Test processes side by side all find none; package managers refuse to run twice at once.
    folder = platformdirs.user_cache_path("qsm-bot", ensure_exists=True)
    with FileLock(folder / "browser-setup.lock"):
        return _install(setting, own, tell, for_person=for_person)


def _install(setting: str, own: Path, tell: Tell, *, for_person: bool) -> BrowserChoice:
    with suppress(BrowserMissing):
        return choose_browser(setting, own, for_person=for_person)
    tell("No browser found: downloading Playwright's Chromium …")
    _run([sys.executable, "-m", "playwright", "install", "chromium"])
    if not own.exists() and _can_use_apt():
        _install_package(tell, for_person=for_person)
    try:
        return choose_browser(setting, own, for_person=for_person)
    except BrowserMissing:
        tried = "`playwright install chromium` and the package manager were tried."
        raise BrowserMissing(detail=tried) from None


def _install_package(tell: Tell, *, for_person: bool) -> None:
    # Releases before Debian 12 have no package of the shell alone.
    for package in ("chromium",) if for_person else ("chromium-headless-shell", "chromium"):
        tell(f"The download is unavailable: installing Debian's package {package} …")
        _apt(package)
        if installed_browser(for_person=for_person):
            return


def has_japanese_font() -> bool:
    """Whether pages in Japanese can be drawn; always so on Windows and macOS."""
    if sys.platform in ("win32", "darwin"):
        return True
    if not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(["fc-list", ":lang=ja", "file"], capture_output=True, check=False)  # noqa: S607
    return bool(fonts.stdout.strip())


def _ensure_japanese_font(tell: Tell) -> None:
    # Without one, pictures show empty boxes: no evidence for anybody.
    if has_japanese_font() or not _can_use_apt():
        return
    tell(f"No Japanese font found: installing {_FONT_PACKAGE} …")
    _apt("fontconfig", _FONT_PACKAGE)


def _can_use_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def _apt(*packages: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], environment)
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], environment)


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603  # fixed commands
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        _log.info(
            "setup_step_failed", command=command[:4], output=done.stdout[-500:] + done.stderr[-500:]
        )
