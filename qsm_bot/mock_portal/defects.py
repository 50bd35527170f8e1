"""The catalogue of defects: one for each statement that the acceptance kit judges, by its id.

A fault (`faults`) is what a program must survive; a defect is what a suite must notice. What a
defect does stands where it is done: the templates, `defects.js`, `defect_layer`, `rules`.
"""

import json
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qsm_bot.base.toml import did_you_mean
from qsm_bot.base.words import Words


class Part(StrEnum):
    """The part of the portal that a defect sits in."""

    PAGE = "page"
    SCRIPT = "script"
    SERVICE = "service"
    RULES = "rules"
    SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect; `also` are the other statements that cannot hold with it."""

    part: Part
    words: Words
    also: tuple[str, ...] = ()


class UnknownDefectError(ValueError):
    """No defect of that name."""


def parse_defects(wanted: Iterable[str]) -> frozenset[str]:
    """Return the names as a set.

    Raises:
        UnknownDefectError: one is not in the catalogue.
    """
    names = frozenset(wanted)
    for name in sorted(names - DEFECTS.keys()):
        raise UnknownDefectError(f"{name}: no such defect{did_you_mean(name, DEFECTS).en}")
    return names


def for_script(defects: Collection[str]) -> str:
    """Return as JSON which of these `defects.js` does; `[]` if none."""
    return json.dumps(
        [n for n, each in DEFECTS.items() if n in defects and each.part is Part.SCRIPT]
    )


def _catalogue() -> dict[str, Defect]:
    text = (Path(__file__).parent / "defects.toml").read_text(encoding="utf-8")
    return {
        name: Defect(Part(row["in"]), Words(row["en"], row["ja"]), tuple(row.get("also", ())))
        for name, row in tomllib.loads(text).items()
    }


DEFECTS: Mapping[str, Defect] = _catalogue()
"""Every defect by its statement's id, in the order of the manual."""
