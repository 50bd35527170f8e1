"""Who chose Japanese reads Japanese: sentences, help and errors, of every command.

An English sentence is two words or more of small letters in a row, outside of what is typed or
named: commands, options, keys, addresses, codes.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

import flows
import qsm_bot
from qsm_bot.base import errors
from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.words import Words
from qsm_bot.cli.app import app
from tests.program import call

# Names and what is typed, which stay as they are.
_NAMED = re.compile(
    r"`[^`]*`|「[^」]*」|\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|--[\w-]+(?: \w+)?|https?://\S+|[\w.]+\.(?:md|toml|csv|xlsx|html)"
    r"|qsm-bot(?: [\w-]+)*|QSM_\w+|\w+ = \w+"
)
_ENGLISH = re.compile(r"\b[a-z]{2,}[,;]? (?:[a-z]{1,} )*[a-z]{2,}\b")
_ALLOWED = ("float range", "int range", "pip install", "jp shop")
_BESIDE = ("mock_portal/testing", "acceptance/")  # the builders' own inventions; the QA's kit


def english_in(text: str) -> str | None:
    """Return the English that stands in a Japanese text, or nothing."""
    bare = _NAMED.sub("・", text)
    return next((hit[0] for hit in _ENGLISH.finditer(bare) if hit[0] not in _ALLOWED), None)


def sentences() -> Iterator[tuple[str, str]]:
    """Yield every `Words(en, ja)` and `t(en, ja)` of the program's text, with its place."""
    for package in (qsm_bot, flows):
        root = Path(str(package.__file__)).parent if package.__file__ else Path(package.__path__[0])
        for file in sorted(root.rglob("*.py")):
            if any(part in file.as_posix() for part in _BESIDE):
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and len(node.args) == 2:
                    name = node.func.id if isinstance(node.func, ast.Name) else ""
                    ja = node.args[1]
                    if name in ("Words", "t", "words") and isinstance(ja, ast.Constant):
                        yield f"{file.name}:{node.lineno}", str(ja.value)


def test_no_sentence_of_the_program_has_english_in_its_japanese() -> None:
    found = {place: bad for place, ja in sentences() if (bad := english_in(ja))}

    assert found == {}


def every_error(kind: type[QsmBotError] = QsmBotError) -> Iterator[type[QsmBotError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from every_error(each)


def test_no_error_has_english_in_its_japanese() -> None:
    assert errors.__doc__
    for error in every_error():
        for words in (error.says, error.means, error.next_step):
            assert english_in(words.ja) is None, error.__name__
            assert words.ja != words.en or not english_in(words.en), error.__name__


def commands(group: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    yield path, group
    for name, each in getattr(group, "commands", {}).items():
        yield from commands(each, f"{path} {name}".strip())


def told(folder: Path, *words: str) -> str:
    said = call(
        *words, folder=folder, environment={"QSM_LANG": "ja", "QSM_DATA_DIR": "d"}, stdin=""
    )
    return said.out + said.err


def test_the_help_of_every_command_is_japanese(tmp_path: Path) -> None:
    paths = [path for path, _ in commands(typer.main.get_command(app))]
    assert len(paths) > 40

    found = {path: english_in(told(tmp_path, *path.split(), "--help")) for path in paths}

    assert {path: bad for path, bad in found.items() if bad} == {}


CALLS = (
    *("duty", "inbox", "history", "history --all-shops", "report", "show deadbeef", "approve x"),
    *("apply deadbeef", "list", "plan", "run", "reconcile", "evidence check", "rules check"),
    *("rules import no.xlsx", "rules export no/a.xlsx", "rules test no.toml", "ledger verify"),
    *("duty done 762544202 --note x", "duty done 1 2 --note x", "duty --out a.pdf", "dute"),
    *("refuse 762544202 --reason shipped", "refuse 1 --reason nope", "refuse", "init", "init"),
    *("purge --older x", "ledger export --out no/a", "report --month 2026-99"),
    *("standing-order list", "schedule status", "notify test", "secret status", "inbox --done 1"),
    *("watchdog --expect-by x", "list --shop nowhere", "list --config nowhere.toml", "login"),
)


def test_commands_and_their_errors_speak_japanese(tmp_path: Path) -> None:
    found = {words: english_in(told(tmp_path, *words.split())) for words in CALLS}

    assert {words: bad for words, bad in found.items() if bad} == {}


SETTINGS = (
    *("live = True", "live = 3", 'fuse = "on"', "timeout = 0", 'portal_url = "x"', "= 1"),
    *("shops = 3", "nope = 1", "evidence = 3", '[[evidence]]\nkind = "fil"', "cutoff = 25"),
    *('[[evidence]]\nkind = "file"\npath = "a.xls"', 'notify_quiet = "22"'),
    *('schedule_at = ["25:00"]', 'schedule_every = "48h"', 'closed_days = ["x"]'),
    *("summary_at = 3", "plan_minutes = 0", 'jobs = "a"', 'qapi_url = "http://a.example"'),
)


@pytest.mark.parametrize("line", SETTINGS)
def test_what_is_wrong_in_the_settings_is_told_in_japanese(tmp_path: Path, line: str) -> None:
    (tmp_path / "qsm-bot.toml").write_text(line, encoding="utf-8")

    said = told(tmp_path, "evidence", "check")

    assert "SettingsInvalid" in said
    assert english_in(said) is None


@pytest.mark.parametrize("text", ["これは not as known です", "please try again"])
def test_english_would_be_found(text: str) -> None:
    assert english_in(text)


def test_words_that_are_typed_are_no_english() -> None:
    assert english_in("`qsm-bot duty done` の後、--note に書いてください") is None
    assert english_in(Words("a", "「商品発送完了」").ja) is None
