"""The workshop's files: hooks are local, recipes run what is there, nothing names a host."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
JUSTFILE = (ROOT / "justfile").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_hook_is_local_and_of_this_environment() -> None:
    assert re.findall(r"repo: (.*)", HOOKS) == ["local"]
    assert set(re.findall(r"language: (.*)", HOOKS)) == {"system"}
    assert {"no-selectors-package", "ruff-check", "ruff-format", "codespell"} == set(
        re.findall(r"- id: (.*)", HOOKS)
    )


@pytest.mark.parametrize("text", [HOOKS, JUSTFILE], ids=["hooks", "justfile"])
def test_no_file_of_the_workshop_names_a_host(text: str) -> None:
    assert "://" not in text


def test_the_recipes_run_files_that_are_there() -> None:
    paths = re.findall(r"\b(?:tests|benchmarks)/[\w/.]+", JUSTFILE)

    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_contributing_names_recipes_and_rooms_that_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    recipes = set(re.findall(r"^([a-z]+)[^:\n]*:$", JUSTFILE, re.MULTILINE))
    rooms = set(re.findall(r"`(qsm_bot/[\w/.]+)`", text))
    modules = set(re.findall(r"`(\w+/[\w/]+\.py)`", text))

    assert set(re.findall(r"`just ([a-z]+)", text)) <= recipes
    assert [room for room in rooms if not (ROOT / room).exists()] == []
    assert modules
    homes = (ROOT, ROOT / "qsm_bot")
    assert [each for each in modules if not any((home / each).exists() for home in homes)] == []


def test_contributing_shows_the_floors_as_the_contract_has_them() -> None:
    rows = re.findall(
        r"^\| (\d) \| (.*?) \|", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE
    )
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    floors = {
        number: {room.strip().rpartition(".")[2] for room in layer.split("|")}
        for number, layer in zip(range(len(layers), 0, -1), layers, strict=True)
    }
    shown: dict[int, set[str]] = {number: set() for number in floors}
    for number, cell in rows:
        names = re.findall(r"`(?:qsm_bot/)?(\w+)/`", cell)
        shown[int(number)] |= set(names)

    assert shown == floors
