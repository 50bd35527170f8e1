"""What the portal turned down is remembered by whoever keeps the gate."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from flows._parts.sign_in_gate import OpenGate
from flows.sign_in import sign_in
from qsm_bot.base.errors.people import (
    SignInError,
    SignInFailed,
    SignInHeld,
    SignInNeedsPerson,
    WrongShop,
)
from tests.unit.flows.conftest import Scene

HELD = SignInHeld(since="2026-01-05 09:00", code="SignInFailed", why="no")


@dataclass
class Gate:
    """Remembers what it was told."""

    told: list[str] = field(default_factory=list)

    def turned_down(self, error: SignInError) -> SignInError:
        self.told.append(error.code)
        return HELD

    def passed(self) -> None:
        self.told.append("passed")


def raising(error: Exception) -> Callable[[str], None]:
    def before(_call: str) -> None:
        raise error

    return before


@pytest.mark.parametrize("error", [SignInFailed(alert="no"), SignInNeedsPerson(what="a code")])
def test_a_sign_in_that_was_turned_down_reaches_the_gate(scene: Scene, error: SignInError) -> None:
    gate = Gate()
    scene.portal.before_call = raising(error)
    with pytest.raises(SignInHeld):
        sign_in(scene.with_(gate=gate).context)
    assert gate.told == [error.code]


def test_another_shop_says_nothing_of_the_password(scene: Scene) -> None:
    gate = Gate()
    scene.portal.before_call = raising(WrongShop(expected="a", seen="b"))
    with pytest.raises(WrongShop):
        sign_in(scene.with_(gate=gate).context)
    assert gate.told == []


def test_a_good_sign_in_is_told_too(scene: Scene) -> None:
    gate = Gate()
    sign_in(scene.with_(gate=gate).context)
    assert gate.told == ["passed"]


def test_an_open_gate_changes_nothing(scene: Scene) -> None:
    error = SignInFailed(alert="no")
    assert OpenGate().turned_down(error) is error
    scene.portal.before_call = raising(error)
    with pytest.raises(SignInFailed):
        sign_in(scene.context)
