"""The house keeps its figures: rooms, floors, circles, sizes, names; read from the tree alone."""

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "qsm_bot"
SOURCES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "flows").rglob("*.py")])

MOST_ROOMS = 15
MOST_FLOORS = 8
MOST_CONTRACT_LINES = 20
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
LONGEST_README = 150
LOOSE = {"__init__.py", "__main__.py"}


def rooms() -> list[str]:
    return sorted(each.name for each in PACKAGE.iterdir() if (each / "__init__.py").is_file())


def contracts() -> dict[str, dict[str, list[str]]]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {each["type"]: each for each in document["tool"]["importlinter"]["contracts"]}


def functions(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_lies_loose_beside_the_rooms() -> None:
    assert {each.name for each in PACKAGE.glob("*.py")} == LOOSE
    assert len(rooms()) <= MOST_ROOMS


def test_each_folder_with_modules_is_a_package_that_the_contract_sees() -> None:
    folders = {file.parent for top in ("qsm_bot", "flows") for file in (ROOT / top).rglob("*.py")}

    assert [str(each) for each in folders if not (each / "__init__.py").is_file()] == []


def test_each_room_stands_on_one_floor_of_the_import_contract() -> None:
    layers = contracts()["layers"]["layers"]
    standing = [room.strip() for floor in layers for room in floor.split("|")]

    assert sorted(standing) == sorted(["flows", *(f"qsm_bot.{room}" for room in rooms())])
    assert len(layers) <= MOST_FLOORS


def test_the_import_contract_is_short_and_covers_circles_inside_rooms() -> None:
    known = contracts()

    assert set(known) == {"layers", "acyclic_siblings", "doors"}
    assert known["acyclic_siblings"]["ancestors"] == ["qsm_bot", "flows"]
    lines = len(known["layers"]["layers"]) + len(known["doors"]["libraries"])
    assert lines <= MOST_CONTRACT_LINES


def test_no_file_and_no_function_is_too_long() -> None:
    files = {file.relative_to(ROOT): len(file.read_bytes().splitlines()) for file in SOURCES}
    too_long = {str(file): lines for file, lines in files.items() if lines > LONGEST_FILE}
    too_long |= {
        f"{file.relative_to(ROOT)}::{name}": lines
        for file in SOURCES
        for name, lines in functions(file)
        if lines > LONGEST_FUNCTION
    }

    assert too_long == {}


def test_each_class_name_means_one_thing() -> None:
    names = Counter(
        node.name
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )

    assert {name for name, count in names.items() if count > 1} == set()


def test_every_package_says_what_it_is_for() -> None:
    packages = [file for file in SOURCES if file.name == "__init__.py"]

    assert [
        str(file) for file in packages if not ast.get_docstring(ast.parse(file.read_text()))
    ] == []


def test_nothing_shadows_the_standard_librarys_selectors() -> None:
    assert not (ROOT / "selectors" / "__init__.py").exists()


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_a_readme_is_one_page(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= LONGEST_README
