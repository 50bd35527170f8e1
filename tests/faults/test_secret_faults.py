"""Rows about secrets: where the password comes from, and that nothing private is put out."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import typer
from starlette.responses import Response

from qsm_bot.cli.app import app
from qsm_bot.config.vault import new_key
from qsm_bot.mock_portal import sign_in as portal_sign_in
from qsm_bot.mock_portal.testing.history import History
from tests.faults.conftest import OpenLab
from tests.faults.lab import Lab
from tests.faults.program import Program
from tests.faults.rows import row

CANARY = "canary-8c1f-pass"


@pytest.fixture
def cookies() -> Iterator[list[str]]:
    """The values of all cookies that the portal sets."""
    values: list[str] = []
    set_cookie = portal_sign_in._set_cookie

    def noted(response: Response, name: str, value: str) -> None:
        values.append(value)
        set_cookie(response, name, value)

    with patch.object(portal_sign_in, "_set_cookie", noted):
        yield values


def leaks(lab: Lab, folder: Path, cookies: list[str], *more: str) -> list[tuple[str, str]]:
    """Return each file in which something private stands, and what; all output is in files."""
    secrets = [lab.server.password, *cookies, *more]
    for order in lab.server.world.orders():
        secrets += [order.buyer_name, order.buyer_kana, order.buyer_phone]
        secrets += [order.buyer_address, order.buyer_email]
    files = [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".png"]
    outputs = {str(file.relative_to(folder)): file.read_bytes() for file in files}
    secrets = list(dict.fromkeys(secrets))
    history = History(
        effects=(),
        requests=(),
        attempts=(),
        events=(),
        runs=(),
        labels={},
        outputs=outputs,
        secrets=secrets,
    )
    return [(name, secrets[number - 1]) for name, number in history.leaks()]


def write_rules(folder: Path, *orders: str) -> None:
    """Write rules that name these orders."""
    named = ", ".join(f'"{order}"' for order in orders)
    text = f'schema = 1\n[[rule]]\nname = "a"\nreason = "shipped"\norders = [{named}]\n'
    (folder / "rules.toml").write_text(text, encoding="utf-8")


@row("F139")
def test_nothing_private_stands_in_any_output_of_the_whole_job(
    open_lab: OpenLab, tmp_path: Path, cookies: list[str]
) -> None:
    lab = open_lab("reset-after-effect", "no-alert", "list-changes:2", "stale-detail:1")
    first, second, *_ = lab.orders
    buyer = lab.server.world.open_requests()[0]
    write_rules(tmp_path, first, second)
    program = Program(lab, tmp_path, QSM_LANG="ja", QSM_SESSION_KEY=new_key())

    calls = [program.run("list", "--verbose")]
    calls += [program.run("plan", "--out", "plan.json", "--verbose", "--json")]
    digest = calls[-1].json["plan"]
    calls += [program.run("approve", "plan.json", "--verbose")]
    calls += [program.run("apply", digest, "--verbose")]
    calls += [program.run("report", "--out", "report.html", "--verbose")]
    calls += [program.run("history", "--json")]
    calls += [program.run("ledger", "export", "--out", "ledger.jsonl")]

    assert [call.code for call in calls] == [0] * 7
    assert lab.refused() == [first, second]
    written = [tmp_path / name for name in ("plan.json", "report.html", "ledger.jsonl")]
    assert all(second in file.read_text(encoding="utf-8") for file in written)
    # The first command signed in; the others came with its cookies, which are in the folder.
    assert len(cookies) == 2
    assert len(list(tmp_path.glob("sessions/*.session"))) == 1
    assert leaks(lab, tmp_path, cookies) == []
    (tmp_path / "leak").write_text(f"{{'name': '{buyer.buyer_name}'}}", encoding="utf-8")
    assert leaks(lab, tmp_path, cookies) == [("leak", buyer.buyer_name)]


@pytest.mark.by_day(2)
@row("F139")
@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ("confirm-changed", 90),
        ("error-text", 20),
        ("renamed-heading", 90),
        ("broken-row", 30),
        ("expire-on-open list-down:2", 30),
    ],
)
def test_nothing_private_is_told_about_a_failure(
    open_lab: OpenLab, tmp_path: Path, cookies: list[str], faults: str, code: int
) -> None:
    lab = open_lab(*faults.split())
    program = Program(lab, tmp_path)

    order = lab.orders[0]
    said = program.run("refuse", order, "--reason", "shipped", "--yes", "--verbose")

    assert said.code == code
    assert len(cookies) >= 2
    assert leaks(lab, tmp_path, cookies) == []


@row("F139")
def test_a_password_that_is_turned_down_is_not_repeated(
    open_lab: OpenLab, tmp_path: Path, cookies: list[str]
) -> None:
    lab = open_lab()
    program = Program(lab, tmp_path, QSM_PASSWORD=CANARY)

    said = program.run("list", "--verbose")

    assert (said.code, "SignInFailed" in said.err) == (40, True)
    assert leaks(lab, tmp_path, cookies, CANARY) == []


@row("F138")
def test_without_a_password_nothing_is_visited(open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab()

    said = Program(lab, tmp_path, QSM_PASSWORD="").refuse(lab.orders[0])

    assert (said.code, said.error) == (60, "NoSignIn")
    assert "no password and no kept sign-in" in said.json["error"]["message"]
    assert lab.server.journal.requests == []


@row("F138")
def test_no_option_takes_a_password() -> None:
    words = [word for command in every_command(typer.main.get_command(app)) for word in command]

    assert "--reason" in words
    assert not [word for word in words if "pass" in word or "secret" in word or "token" in word]


def every_command(command: object) -> Iterator[list[str]]:
    """Give the options of a command and of all below it."""
    yield [word for param in command.params for word in param.opts]  # type: ignore[attr-defined]
    for below in getattr(command, "commands", {}).values():
        yield from every_command(below)


@row("F138")
@pytest.mark.parametrize("words", [["--password", CANARY], [f"--password={CANARY}"]])
def test_a_password_on_the_command_line_is_not_taken_and_not_repeated(
    open_lab: OpenLab, tmp_path: Path, words: list[str]
) -> None:
    lab = open_lab()

    said = Program(lab, tmp_path).run("list", *words)

    assert said.code == 60
    assert CANARY not in said.out + said.err
    assert lab.server.journal.requests == []
