"""The dialog desk: it always answers, and never raises."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from playwright.sync_api import BrowserContext, Error

from qsm_bot.base.errors.safety import UnexpectedDialog
from qsm_bot.portal.browser.dialogs import DialogHandler, HeardDialog


@dataclass
class Context:
    """A context that keeps the handler it is given."""

    handlers: dict[str, Callable[[Any], None]] = field(default_factory=dict)

    def on(self, event: str, handler: Callable[[Any], None]) -> None:
        self.handlers[event] = handler


@dataclass
class Shown:
    """A dialog that keeps its answer; one that is gone takes none."""

    type: str
    message: str = ""
    gone: bool = False
    answer: str = ""

    def _take(self, answer: str) -> None:
        if self.gone:
            raise Error("dialog is gone")
        self.answer = answer

    def accept(self) -> None:
        self._take("accepted")

    def dismiss(self) -> None:
        self._take("dismissed")


class Seat:
    """A desk and the window it sits at."""

    def __init__(self) -> None:
        context = Context()
        self.desk = DialogHandler(cast("BrowserContext", context))
        self._show = context.handlers["dialog"]

    def show(self, kind: str, text: str = "", *, gone: bool = False) -> str:
        dialog = Shown(kind, text, gone=gone)
        self._show(dialog)
        return dialog.answer


@pytest.fixture
def seat() -> Seat:
    return Seat()


def broken(kind: str, text: str) -> bool:
    raise RuntimeError("the script failed")


@pytest.mark.parametrize("kind", ["alert", "confirm", "prompt"])
def test_a_dialog_that_nobody_expects_is_dismissed_and_remembered(seat: Seat, kind: str) -> None:
    assert seat.show(kind, "お知らせ") == "dismissed"
    assert seat.desk.unexpected == [HeardDialog(kind, "お知らせ")]


def test_a_page_may_always_be_left(seat: Seat) -> None:
    assert seat.show("beforeunload") == "accepted"
    with seat.desk.scripted(lambda *_: False):
        assert seat.show("beforeunload") == "accepted"
    assert seat.desk.unexpected == []


@pytest.mark.parametrize(("yes", "answer"), [(True, "accepted"), (False, "dismissed")])
def test_the_script_decides_by_kind_and_text(seat: Seat, answer: str, *, yes: bool) -> None:
    heard: list[tuple[str, str]] = []

    def script(kind: str, text: str) -> bool:
        heard.append((kind, text))
        return yes

    with seat.desk.scripted(script):
        assert seat.show("confirm", "拒否しますか") == answer
    assert heard == [("confirm", "拒否しますか")]
    assert seat.desk.unexpected == []


def test_a_script_that_fails_dismisses_and_nothing_is_raised(seat: Seat) -> None:
    with seat.desk.scripted(broken):
        assert seat.show("confirm") == "dismissed"


def test_after_the_block_the_script_before_it_decides_again(seat: Seat) -> None:
    with seat.desk.scripted(lambda *_: True):
        with seat.desk.scripted(lambda *_: False):
            assert seat.show("confirm") == "dismissed"
        assert seat.show("confirm") == "accepted"
    assert seat.show("confirm") == "dismissed"
    assert len(seat.desk.unexpected) == 1


def test_a_script_ends_with_its_block_also_after_an_error(seat: Seat) -> None:
    with pytest.raises(KeyError), seat.desk.scripted(lambda *_: True):
        raise KeyError
    assert seat.show("confirm") == "dismissed"


@pytest.mark.parametrize("kind", ["beforeunload", "alert"])
def test_a_dialog_that_somebody_else_closed_raises_nothing(seat: Seat, kind: str) -> None:
    assert seat.show(kind, gone=True) == ""


def test_without_an_unexpected_dialog_the_check_passes(seat: Seat) -> None:
    seat.show("beforeunload")
    seat.desk.raise_if_unexpected()


def test_the_first_unexpected_dialog_is_told_once(seat: Seat) -> None:
    seat.show("alert", "first")
    seat.show("confirm", "second")
    with pytest.raises(UnexpectedDialog) as caught:
        seat.desk.raise_if_unexpected()
    assert caught.value.facts == {"kind": "alert", "text": "first"}
    seat.desk.raise_if_unexpected()
