"""What the documents name is the program's own, and the reference names all of it."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from qsm_bot.cli.app import app
from qsm_bot.config.settings import Settings
from qsm_bot.config.settings_file import load_settings, shop_names

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
REFERENCE = ROOT / "docs" / "reference"
LANGUAGES = ("", ".ja")
PROGRAM: Any = typer.main.get_command(app)
EVERYWHERE = {"--help", "--version"}


def calls(text: str) -> Iterator[list[str]]:
    """Yield the words behind `qsm-bot` wherever the text shows a call of it."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"(?ms)^```.*?^```", "", text))
    for line in [line for block in fenced for line in block.splitlines()] + inline:
        for call in re.findall(r"(?:^|[\s/\\])qsm-bot ([^#|&;]*)", line):
            yield call.split()


def wrong(words: list[str]) -> str | None:
    """Return what of a call the program does not know."""
    command, known, rest = PROGRAM, set(EVERYWHERE), list(words)
    while rest and hasattr(command, "commands") and re.match(r"[a-z]", rest[0]):
        if rest[0] not in command.commands:
            return rest[0]
        command = command.commands[rest.pop(0)]
    known.update(*(each.opts + each.secondary_opts for each in command.params))
    asked = (re.split(r"[=\]、。]", word.lstrip("["))[0] for word in rest)
    return next((word for word in asked if word.startswith("--") and word not in known), None)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_the_program_knows_what_a_document_tells_people_to_type(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    assert {" ".join(call): found for call in calls(text) if (found := wrong(call))} == {}


def test_the_look_for_calls_finds_them_and_what_is_wrong_with_them() -> None:
    text = (
        "`qsm-bot list --nope`\n```sh\nuv run qsm-bot plam # x\n.venv/bin/qsm-bot secret set\n```\n"
    )

    assert [wrong(call) for call in calls(text)] == ["plam", None, "--nope"]


def test_both_languages_of_the_first_real_run_name_the_same_calls_and_exit_codes() -> None:
    texts = [
        (ROOT / "docs" / "how-to" / f"first-real-run{lang}.md").read_text("utf-8")
        for lang in LANGUAGES
    ]
    named = [
        {tuple(word for word in call if word.isascii() and word != "ORDER") for call in calls(text)}
        for text in texts
    ]
    codes = [re.findall(r"^\| (\d+) \|", text, re.MULTILINE) for text in texts]

    assert named[0] == named[1]
    assert len(named[0]) > 15
    assert codes[0] == codes[1] == ["0", *map(str, range(10, 100, 10))]


def commands(command: Any = PROGRAM, *before: str) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Yield each command with its options, but for those that every command takes."""
    for name, each in getattr(command, "commands", {}).items():
        options = {opt for param in each.params for opt in param.opts if opt.startswith("--")}
        yield (*before, name), options
        yield from commands(each, *before, name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_names_every_command_and_its_options(lang: str) -> None:
    text = (REFERENCE / f"commands{lang}.md").read_text("utf-8")
    found = dict(commands())
    shared = set.intersection(*(found[name,] for name in ("list", "plan", "run")))
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    pages = {
        "portal": [REFERENCE / f"mock-portal{lang}.md"],
        "accept": [ROOT / "docs" / "how-to" / "clone-qa.md"],
    }

    assert [option for option in shared if f"`{option}" not in text] == []
    for names, options in found.items():
        row = " ".join(row for row in rows if re.search(rf"`{names[0]}\b", row))
        row += "".join(page.read_text("utf-8") for page in pages.get(names[0], ()))
        missing = [name for name in names if not re.search(rf"\b{name}\b", row)]
        missing += [option for option in options - shared if not re.search(rf"{option}\b", row)]
        assert missing == [], names


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_names_every_setting(lang: str) -> None:
    text = (REFERENCE / f"settings{lang}.md").read_text("utf-8")
    named = {name.removeprefix("QSM_").lower() for name in re.findall(r"`(\w+)`", text)}

    # The shop's own data are tables of the file, described on a page of their own.
    assert Settings.model_fields.keys() - {"evidence"} - named == set()


def test_both_languages_show_the_same_exit_codes_everywhere() -> None:
    pages = [REFERENCE / f"exit-codes{lang}.md" for lang in LANGUAGES]
    readmes = [ROOT / f"README{lang}.md" for lang in LANGUAGES]
    codes = [
        sorted(map(int, re.findall(r"\| (\d0?) \|", file.read_text("utf-8"))))
        for file in (*pages, *readmes)
    ]

    assert codes == [[*range(0, 100, 10)]] * 4


TOML = {
    f"{file.relative_to(ROOT).as_posix()}:{at}": block
    for file in DOCUMENTS
    for at, block in enumerate(
        re.findall(r"^```toml\n(.*?)^```", file.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    )
}


@pytest.mark.parametrize("block", TOML.values(), ids=TOML)
def test_what_a_document_shows_as_toml_is_toml(block: str) -> None:
    assert tomllib.loads(block)


def test_the_settings_of_several_shops_can_be_used(tmp_path: Path) -> None:
    for lang in LANGUAGES:
        text = (ROOT / "docs" / "how-to" / f"several-shops{lang}.md").read_text("utf-8")
        (block,) = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        (tmp_path / "qsm-bot.toml").write_text(block, encoding="utf-8")

        assert shop_names(tmp_path / "qsm-bot.toml") == ("tokyo", "osaka")
        assert load_settings(tmp_path / "qsm-bot.toml", "osaka").rules.name == "osaka-rules.toml"
