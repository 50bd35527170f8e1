"""The catalogue of the fault lab: everything that the mock portal can do wrong, by name.

`NAME` or `NAME:VALUE`, as in `qsm-bot portal --fault late-alert:3`. The words are what a
person reads who looks for a fault; what a fault does stands where it is done: in
`fault_layer` (services and pages), `faults.js` (the claim page), `proxy` (the network) and
`qapi` (the seller API).
"""

import math
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qsm_bot.base.toml import did_you_mean
from qsm_bot.base.words import Words


class Area(StrEnum):
    """Where a fault sits."""

    ORDERS = "orders"
    SERVICE = "service"
    PAGE = "page"
    FORM = "form"
    DIALOG = "dialog"
    SESSION = "session"
    NETWORK = "network"
    QAPI = "qapi"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One fault of the catalogue; `value` is its default, and its kind what may follow the colon.

    None takes no value, a number takes seconds, days or times, a text takes a text.
    """

    area: Area
    words: Words
    value: float | str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is switched on."""

    name: str
    value: float | str | None

    @property
    def number(self) -> float:
        """The value as a number; 0 if it is none."""
        return self.value if isinstance(self.value, float | int) else 0.0


class UnknownFaultError(ValueError):
    """No fault of that name, or a value that it cannot take."""


def parse_faults(wanted: Iterable[str]) -> tuple[Fault, ...]:
    """Read `NAME` and `NAME:VALUE`.

    Raises:
        UnknownFaultError: one is not in the catalogue, or its value does not fit.
    """
    return tuple(_parse(text) for text in wanted)


def _parse(text: str) -> Fault:
    name, _, given = text.partition(":")
    kind = CATALOGUE.get(name)
    if kind is None:
        raise UnknownFaultError(f"{name}: no such fault{did_you_mean(name, CATALOGUE).en}")
    if not given:
        return Fault(name, kind.value)
    if kind.value is None:
        raise UnknownFaultError(f"{name} takes no value, not {given!r}")
    if isinstance(kind.value, str):
        return Fault(name, given)
    with suppress(ValueError):
        # JSON, in which the page gets its faults, knows no number that has no end.
        if math.isfinite(number := float(given)):
            return Fault(name, number)
    raise UnknownFaultError(f"{name} takes a number, not {given!r}")


def _catalogue() -> dict[str, FaultKind]:
    text = (Path(__file__).parent / "faults.toml").read_text(encoding="utf-8")
    return {
        name: FaultKind(Area(area), Words(row["en"], row["ja"]), row.get("value"))
        for area, rows in tomllib.loads(text).items()
        for name, row in rows.items()
    }


CATALOGUE: Mapping[str, FaultKind] = _catalogue()
"""Every fault by its name."""
