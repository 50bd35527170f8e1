"""A report or the board is shown where somebody can see it, and nowhere else."""

import webbrowser
from pathlib import Path

import pytest

from qsm_bot.cli.program.open_in_browser import open_in_browser


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were opened."""
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", asked.append)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return asked


def test_without_a_screen_no_text_browser_takes_the_terminal(opened: list[str]) -> None:
    open_in_browser("http://127.0.0.1:1/")

    assert opened == []


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_file_is_opened_by_its_address(
    name: str, opened: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, ":0")
    monkeypatch.chdir(tmp_path)

    open_in_browser(Path("レポート 1.html"))

    assert opened == [(tmp_path / "レポート 1.html").as_uri()]


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_screen(
    system: str, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)

    open_in_browser("http://127.0.0.1:1/")

    assert opened == ["http://127.0.0.1:1/"]


def test_a_browser_that_fails_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_address: str) -> None:
        raise OSError("no browser")

    monkeypatch.setattr(webbrowser, "open", fail)
    monkeypatch.setenv("DISPLAY", ":0")

    open_in_browser("http://127.0.0.1:1/")
