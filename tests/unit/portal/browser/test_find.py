"""Finding or installing a browser: real programs on a path of the test's own."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import BrowserSettingInvalid
from qsm_bot.base.errors.outside import BrowserMissing
from qsm_bot.portal.browser import find as browser_setup
from qsm_bot.portal.browser.find import (
    CHANNELS,
    BrowserChoice,
    choose_browser,
    ensure_browser,
    has_japanese_font,
    installed_browser,
)

NO_FONTS = "exit 0"
FONTS = "echo /usr/share/fonts/invented.ttf"
DOWNLOAD = "python -m playwright install chromium"
UPDATE = "apt-get update -qq"
INSTALL = "apt-get install -y -qq --no-install-recommends"
NOT_HAD = "The download is unavailable: installing Debian's package {} …"


class Machine:
    """A path of programs that do what the test says and note how they were called."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.calls_file = folder / "calls"
        self.own = folder / "playwright" / "chrome"
        self.told: list[str] = []

    def program(self, name: str, script: str = "exit 0") -> Path:
        """Put a program on the path; it notes its name and arguments, then runs `script`."""
        file = self.bin / name
        note = f'echo "{name} $*" >> "{self.calls_file}"'
        file.write_text(f"#!/bin/sh\n{note}\n{script}\n", encoding="utf-8")
        file.chmod(0o700)
        return file

    def makes(self, file: Path) -> str:
        """Return a script that makes `file`, which may be a program on the path."""
        # The path holds the test's programs only.
        mkdir, touch, chmod = (f"/bin/{name}" for name in ("mkdir", "touch", "chmod"))
        return f'{mkdir} -p "{file.parent}" && {touch} "{file}" && {chmod} 700 "{file}"'

    @property
    def calls(self) -> list[str]:
        """How the programs were called, without the questions about fonts."""
        lines = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        return [line for line in lines if not line.startswith("fc-list")]

    def ensure(self, setting: str = "chromium", *, for_person: bool = False) -> BrowserChoice:
        return ensure_browser(setting, self.own, self.told.append, for_person=for_person)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A Linux machine with Japanese fonts, whose user is root, and nothing else."""
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(made.bin))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(browser_setup, "_MACOS", ())
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "executable", str(made.program("python", "exit 1")))
    made.program("fc-list", FONTS)
    return made


class TestFind:
    """What is installed."""

    def test_a_machine_without_a_browser_has_none(self, machine: Machine) -> None:
        assert installed_browser() is None

    @pytest.mark.parametrize("name", ["chromium", "google-chrome-stable", "microsoft-edge"])
    def test_a_browser_on_the_path_is_found(self, machine: Machine, name: str) -> None:
        program = machine.program(name)
        assert installed_browser() == program

    def test_chromium_comes_before_edge(self, machine: Machine) -> None:
        machine.program("microsoft-edge")
        program = machine.program("chromium")
        assert installed_browser() == program

    def test_the_shell_is_for_runs_without_a_window_only(self, machine: Machine) -> None:
        program = machine.program("chromium")
        shell = machine.program("chromium-headless-shell")
        assert installed_browser() == shell
        assert installed_browser(for_person=True) == program

    def test_what_cannot_be_run_is_no_browser(self, machine: Machine) -> None:
        machine.program("chromium").chmod(0o600)
        assert installed_browser() is None

    @pytest.mark.parametrize("variable", ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"])
    def test_a_browser_of_windows_is_found_in_its_folders(
        self, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
    ) -> None:
        program = tmp_path / r"Microsoft\Edge\Application\msedge.exe"
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch()
        monkeypatch.setenv(variable, str(tmp_path))
        assert installed_browser() == program

    def test_a_browser_of_macos_is_found(
        self, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = tmp_path / "Google Chrome"
        program.touch()
        monkeypatch.setattr(browser_setup, "_MACOS", (str(tmp_path / "none"), str(program)))
        assert installed_browser() == program


class TestChoose:
    """The setting `browser` as a choice."""

    @pytest.mark.parametrize("channel", CHANNELS)
    def test_a_channel_is_playwright_s_to_find(self, machine: Machine, channel: str) -> None:
        assert choose_browser(channel, machine.own) == BrowserChoice(channel=channel)

    def test_a_path_is_a_program(self, machine: Machine) -> None:
        program = machine.program("my-browser")
        assert choose_browser(str(program), machine.own) == BrowserChoice(program=program)

    def test_a_path_may_start_at_home(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = machine.program("my-browser")
        monkeypatch.setenv("HOME", str(machine.bin))
        choice = choose_browser("~/my-browser", machine.own)
        assert choice == BrowserChoice(program=program)

    def test_a_setting_that_names_no_program_is_told(self, machine: Machine) -> None:
        not_to_be_run = machine.program("my-browser")
        not_to_be_run.chmod(0o600)
        for setting in ("/nowhere/browser", "firefox", str(machine.bin), str(not_to_be_run)):
            with pytest.raises(BrowserSettingInvalid) as caught:
                choose_browser(setting, machine.own)
            assert (caught.value.exit_code, setting in caught.value.message.en) == (60, True)
            assert "QSM_BROWSER" in caught.value.next_words.en

    def test_playwright_s_own_comes_first(self, machine: Machine) -> None:
        machine.program("chromium")
        machine.own.parent.mkdir()
        machine.own.touch()
        assert choose_browser("chromium", machine.own) == BrowserChoice()

    def test_else_an_installed_one_is_taken(self, machine: Machine) -> None:
        program = machine.program("google-chrome")
        assert choose_browser("chromium", machine.own) == BrowserChoice(program=program)

    def test_without_any_it_is_told(self, machine: Machine) -> None:
        with pytest.raises(BrowserMissing):
            choose_browser("chromium", machine.own)

    @pytest.mark.parametrize(
        ("choice", "label"),
        [
            (BrowserChoice(), "Playwright's own Chromium"),
            (BrowserChoice(channel="msedge"), "msedge"),
            (BrowserChoice(program=Path("chromium")), "chromium"),
        ],
    )
    def test_a_choice_says_what_it_is(self, choice: BrowserChoice, label: str) -> None:
        assert choice.label == label


class TestEnsure:
    """A browser is installed where there is none and that can be done without a person."""

    def test_with_a_browser_nothing_is_run_or_told(self, machine: Machine) -> None:
        program = machine.program("chromium")
        assert machine.ensure() == BrowserChoice(program=program)
        assert (machine.calls, machine.told) == ([], [])

    def test_a_wrong_path_is_never_mended_by_installing(self, machine: Machine) -> None:
        machine.program("apt-get")
        with pytest.raises(BrowserSettingInvalid, match="/nowhere"):
            machine.ensure("/nowhere")
        assert (machine.calls, machine.told) == ([], [])

    def test_playwright_s_download_is_tried_first(self, machine: Machine) -> None:
        machine.program("python", machine.makes(machine.own))
        machine.program("apt-get")
        assert machine.ensure() == BrowserChoice()
        assert machine.calls == [DOWNLOAD]
        assert machine.told == ["No browser found: downloading Playwright's Chromium …"]

    @pytest.mark.parametrize("download", ["exit 0", "exit 1"])
    def test_without_the_download_the_package_is_installed(
        self, machine: Machine, download: str
    ) -> None:
        machine.program("python", download)
        browser = machine.bin / "chromium-headless-shell"
        machine.program("apt-get", machine.makes(browser))
        assert machine.ensure() == BrowserChoice(program=browser)
        assert machine.calls == [DOWNLOAD, UPDATE, f"{INSTALL} chromium-headless-shell"]
        assert machine.told[1:] == [NOT_HAD.format("chromium-headless-shell")]

    def test_without_a_package_of_the_shell_it_is_the_whole_browser(self, machine: Machine) -> None:
        browser = machine.bin / "chromium"
        makes = machine.makes(browser)
        machine.program("apt-get", f'case "$*" in *" chromium") {makes};; *) exit 100;; esac')
        assert machine.ensure() == BrowserChoice(program=browser)
        assert machine.told[1:] == [
            NOT_HAD.format("chromium-headless-shell"),
            NOT_HAD.format("chromium"),
        ]

    def test_a_person_gets_the_whole_browser(self, machine: Machine) -> None:
        browser = machine.bin / "chromium"
        machine.program("chromium-headless-shell")
        machine.program("apt-get", machine.makes(browser))
        assert machine.ensure(for_person=True) == BrowserChoice(program=browser)
        assert machine.calls == [DOWNLOAD, UPDATE, f"{INSTALL} chromium"]

    def test_side_by_side_it_is_installed_once(self, machine: Machine) -> None:
        browser = machine.bin / "chromium-headless-shell"
        machine.program("apt-get", machine.makes(browser))
        with ThreadPoolExecutor() as threads:
            made = [threads.submit(machine.ensure) for _ in range(4)]
        assert {each.result() for each in made} == {BrowserChoice(program=browser)}
        assert machine.calls == [DOWNLOAD, UPDATE, f"{INSTALL} chromium-headless-shell"]

    def test_a_browser_that_came_is_taken_even_if_the_download_ended_badly(
        self, machine: Machine
    ) -> None:
        machine.program("python", f"{machine.makes(machine.own)}; exit 1")
        machine.program("apt-get")
        assert machine.ensure() == BrowserChoice()
        assert machine.calls == [DOWNLOAD]

    def test_packages_are_installed_without_questions(
        self, machine: Machine, tmp_path: Path
    ) -> None:
        asked = tmp_path / "asked"
        script = f'echo "$DEBIAN_FRONTEND" > "{asked}"; exit 1'
        machine.program("apt-get", script)
        with pytest.raises(BrowserMissing):
            machine.ensure()
        assert asked.read_text() == "noninteractive\n"

    def test_when_nothing_worked_it_is_told_what_was_tried(self, machine: Machine) -> None:
        machine.program("apt-get", "echo no network >&2; exit 100")
        with pytest.raises(BrowserMissing) as caught:
            machine.ensure()
        assert caught.value.facts == {
            "detail": "`playwright install chromium` and the package manager were tried."
        }
        assert machine.calls == [
            DOWNLOAD,
            *(UPDATE, f"{INSTALL} chromium-headless-shell"),
            *(UPDATE, f"{INSTALL} chromium"),
        ]

    def test_who_is_not_root_installs_no_package(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        machine.program("apt-get")
        with pytest.raises(BrowserMissing):
            machine.ensure()
        assert machine.calls == [DOWNLOAD]

    def test_without_apt_no_package_is_installed(self, machine: Machine) -> None:
        with pytest.raises(BrowserMissing):
            machine.ensure()
        assert machine.calls == [DOWNLOAD]

    def test_where_there_are_no_user_numbers_no_package_is_installed(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As on Windows."""
        monkeypatch.delattr(os, "geteuid")
        machine.program("apt-get")
        with pytest.raises(BrowserMissing):
            machine.ensure()
        assert machine.calls == [DOWNLOAD]


class TestFonts:
    """Without a Japanese font pictures show empty boxes."""

    @pytest.mark.parametrize("platform", ["win32", "darwin"])
    def test_windows_and_macos_always_have_one(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch, platform: str
    ) -> None:
        machine.program("fc-list", NO_FONTS)
        monkeypatch.setattr(sys, "platform", platform)
        assert has_japanese_font()

    @pytest.mark.parametrize(("script", "there"), [(FONTS, True), (NO_FONTS, False)])
    def test_elsewhere_the_list_of_fonts_tells(
        self, machine: Machine, script: str, *, there: bool
    ) -> None:
        machine.program("fc-list", script)
        assert has_japanese_font() is there
        assert machine.calls_file.read_text() == "fc-list :lang=ja file\n"

    def test_without_a_list_of_fonts_there_is_none(self, machine: Machine) -> None:
        (machine.bin / "fc-list").unlink()
        assert not has_japanese_font()

    def test_a_missing_font_is_installed_where_that_can_be_done(self, machine: Machine) -> None:
        machine.program("fc-list", NO_FONTS)
        machine.program("apt-get")
        machine.program("chromium")
        machine.ensure()
        assert machine.calls == [
            "apt-get update -qq",
            "apt-get install -y -qq --no-install-recommends fontconfig fonts-ipafont-gothic",
        ]
        assert machine.told == ["No Japanese font found: installing fonts-ipafont-gothic …"]

    def test_a_missing_font_does_not_stop_who_cannot_install_it(self, machine: Machine) -> None:
        machine.program("fc-list", NO_FONTS)
        program = machine.program("chromium")
        assert machine.ensure() == BrowserChoice(program=program)
        assert (machine.calls, machine.told) == ([], [])
