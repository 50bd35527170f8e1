"""Every command and option that the documents name is one of the program's."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from qsm_bot.cli.app import app

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
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
        (ROOT / "docs" / f"first-real-run{lang}.md").read_text("utf-8") for lang in ("", ".ja")
    ]
    named = [
        {tuple(word for word in call if word.isascii() and word != "ORDER") for call in calls(text)}
        for text in texts
    ]
    codes = [re.findall(r"^\| (\d+) \|", text, re.MULTILINE) for text in texts]

    assert named[0] == named[1]
    assert len(named[0]) > 15
    assert codes[0] == codes[1] == ["0", *map(str, range(10, 100, 10))]
