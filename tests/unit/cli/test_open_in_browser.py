"""A report or the board is shown where somebody can see it, and nowhere else."""

import webbrowser
from pathlib import Path
from types import SimpleNamespace

import pytest

from qsm_bot.cli.program.open_in_browser import open_in_browser


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were opened."""
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "get", lambda: SimpleNamespace(open=asked.append))
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    return asked


def test_without_a_screen_no_text_browser_takes_the_terminal(opened: list[str]) -> None:
    open_in_browser("http://127.0.0.1:1/")

    assert opened == []


def test_nor_where_there_is_a_screen_and_no_other(
    opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = webbrowser.GenericBrowser("w3m")
    monkeypatch.setattr(text, "open", opened.append)
    monkeypatch.setattr(webbrowser, "get", lambda: text)
    monkeypatch.setenv("DISPLAY", ":0")

    open_in_browser("http://127.0.0.1:1/")
    nothing = list(opened)
    monkeypatch.setenv("BROWSER", "w3m")  # somebody wants it so
    open_in_browser("http://127.0.0.1:1/")

    assert (nothing, opened) == ([], ["http://127.0.0.1:1/"])


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
    def fail() -> None:
        raise webbrowser.Error("no browser")

    monkeypatch.setattr(webbrowser, "get", fail)
    monkeypatch.setenv("DISPLAY", ":0")

    open_in_browser("http://127.0.0.1:1/")
