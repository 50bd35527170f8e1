"""The life of a refusal, walked: what the page names exists, and both languages go alike."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from qsm_bot.ledger.states import MOVES, ActState

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "explanation" / f"life-of-a-refusal{lang}.md" for lang in ("", ".ja")]
NAME = re.compile(r"`([\w/.-]+\.py)::([A-Za-z_][\w.]*)`")
STEP = re.compile(r"^## (\d+)\. .*\n((?:(?!^## ).*\n)*)", re.MULTILINE)
ENTRY = re.compile(r"`((?:attempt|plan|run|lease|duty)\.\w+)`")


def defined(body: list[ast.stmt], before: str = "") -> Iterator[str]:
    """Yield the names that a module, or a class in it, defines: functions, classes, values."""
    for each in body:
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield before + name
            case ast.ClassDef(name=name, body=inner):
                yield before + name
                yield from defined(inner, f"{before}{name}.")
            case ast.Assign(targets=targets):
                yield from (before + to.id for to in targets if isinstance(to, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield before + name


def missing(text: str, root: Path = ROOT) -> list[str]:
    """Return the names in the text that no file under `root` defines, or whose file is gone."""
    found = []
    for path, name in dict.fromkeys(NAME.findall(text)):
        file = root / path
        known = defined(ast.parse(file.read_text("utf-8")).body) if file.is_file() else iter(())
        if name not in known:
            found.append(f"{path}::{name}")
    return found


def steps(page: Path) -> dict[str, list[str]]:
    """Return what each numbered step of the page names, in order."""
    return {
        number: ["::".join(pair) for pair in NAME.findall(body)]
        for number, body in STEP.findall(page.read_text("utf-8"))
    }


def entries(page: Path) -> list[str]:
    """Return the ledger's entries in the page's table, in order."""
    rows = re.findall(r"^\| \[\d.*$", page.read_text("utf-8"), re.MULTILINE)
    return [entry for row in rows for entry in ENTRY.findall(row)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_name_on_the_page_exists(page: Path) -> None:
    assert missing(page.read_text("utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_mention_of_a_file_names_something_in_it(page: Path) -> None:
    text = NAME.sub("", page.read_text("utf-8"))

    assert re.findall(r"[\w/.-]+\.py\b", text) == []


def test_both_languages_name_the_same_steps() -> None:
    english, japanese = map(steps, PAGES)

    assert list(english) == [str(number) for number in range(1, len(english) + 1)]
    assert len(english) > 15
    assert all(english.values())
    assert {number: set(names) for number, names in english.items()} == {
        number: set(names) for number, names in japanese.items()
    }


def test_both_languages_name_the_same_things_when_something_goes_wrong() -> None:
    named = [set(NAME.findall(page.read_text("utf-8").rpartition("\n## ")[2])) for page in PAGES]

    assert named[0] == named[1] != set()


def test_the_entries_are_those_of_the_way_through_the_ledgers_states() -> None:
    english, japanese = map(entries, PAGES)
    ways = [entry.removeprefix("attempt.") for entry in english]
    states = [ActState(way) for way in ways if way in set(ActState)]

    assert english == japanese
    assert all(move in MOVES for move in pairwise(states[:-1]))
    # All but the one that a refusal which goes well never sees.
    assert states == [state for state in ActState if state is not ActState.UNKNOWN]


def test_each_step_tells_of_its_entries_in_the_text_too() -> None:
    for page in PAGES:
        told = [
            entry
            for _, body in STEP.findall(page.read_text("utf-8"))
            for entry in ENTRY.findall(body)
        ]

        assert list(dict.fromkeys(told)) == list(dict.fromkeys(entries(page)))


def test_a_name_that_no_longer_exists_is_found(tmp_path: Path) -> None:
    (tmp_path / "act.py").write_text(
        "LIMIT: int = 1\ndef press(): ...\n"
        "class Fuse:\n    mode = 'strict'\n    def send(self): ...\n",
        encoding="utf-8",
    )
    text = (
        "`act.py::press` `act.py::Fuse.send` `act.py::Fuse.mode` `act.py::LIMIT` "
        "`act.py::push` `act.py::Fuse.sent` `gone.py::press`"
    )

    assert missing(text, tmp_path) == ["act.py::push", "act.py::Fuse.sent", "gone.py::press"]
