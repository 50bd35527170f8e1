"""The kit as a pytest plugin: in its own right, in suites that use it, in suites that do not."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from qsm_bot.mock_portal.server import MockPortal
from tests.acceptance.kit import telltale
from tests.patience import patient

ROOT = Path(__file__).parents[2]
USAGE_ERROR = 4

CONFTEST = "from qsm_bot.acceptance.clone.browser import browser_type_launch_args\n"

SUITE = """
import pytest
from playwright.sync_api import expect


def test_of_their_own(page):
    page.set_content("<h1>ours</h1>")
    expect(page.get_by_role("heading")).to_have_text("ours")


def test_the_seller_is_signed_in_beside_their_page(page, seller_page):
    expect(seller_page.get_by_text("ログアウト")).to_be_visible()
    assert page.context != seller_page.context
    assert page.context.cookies() == []


def test_a_request_is_opened(claim_page, open_request):
    assert claim_page.open_order(open_request.order_no) == open_request.order_no
    assert open_request.cells["処理状態"] == "キャンセル・処理要請"


def test_the_journal_is_read(portal_journal, open_request):
    assert portal_journal.journal(open_request.order_no) == []


@pytest.mark.statement("columns")
def test_their_words_for_a_statement(claim_page):
    assert claim_page.list_of("キャンセル要請").headings[0] == "チェック"


@pytest.fixture
def of_theirs():
    assert False, "their own fixture broke"


@pytest.mark.statement("cells")
def test_that_never_began(of_theirs, open_request):
    pass


@pytest.mark.statement("row-leaves")
def test_that_acts(claim_page):
    raise AssertionError("must not be run without consent")
"""

PLAIN = """
import sys


def test_of_their_own():
    ours = [name for name in sys.modules if name.startswith("qsm_bot.")]
    assert sorted(ours) == %r
"""


def run_pytest(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **settings},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=patient(200),
    )


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Somebody's suite, which uses pytest-playwright, with the kit's browser."""
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_theirs.py").write_text(SUITE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n", "utf-8")
    return tmp_path


def test_another_suite_takes_the_fixtures_it_wants(suite: Path, server: MockPortal) -> None:
    said = run_pytest(suite, "--base-url", server.url, "--qa-json", "run.json")

    assert "4 passed" in said.stdout
    assert "1 failed" in said.stdout
    assert "1 skipped" in said.stdout
    assert "columns: did not hold (assert '選択' == 'チェック'" in said.stdout
    assert "1 error" in said.stdout
    assert "cells: not judged (their own fixture broke" in said.stdout
    assert "row-leaves: not judged" in said.stdout
    assert (suite / "run.json").exists()
    sign_ins = [each for each in server.journal.calls("Login.aspx") if each.method == "POST"]
    assert len(sign_ins) == 1


def test_reports_of_several_processes_are_turned_down(suite: Path, server: MockPortal) -> None:
    """Each process would write its part over the others'."""
    said = run_pytest(suite, "-n", "2", "--base-url", server.url, "--qa-json", "run.json")

    assert said.returncode == USAGE_ERROR
    assert "one process: -n 0" in said.stderr
    assert not (suite / "run.json").exists()


def test_a_suite_that_does_not_use_it_loads_three_small_modules(tmp_path: Path) -> None:
    names = ("fixtures", "markers", "plugin")
    known = ["qsm_bot.acceptance", *(f"qsm_bot.acceptance.{name}" for name in names)]
    (tmp_path / "test_plain.py").write_text(PLAIN % known, encoding="utf-8")
    # A host that the kit would refuse is nothing to a suite that does not ask for it.
    said = run_pytest(tmp_path, "-W", "error", "--base-url", "https://www.qoo10.jp", "-q")

    assert "1 passed" in said.stdout
    assert "statements" not in said.stdout


@pytest.mark.parametrize("folder", ["elsewhere", "here"])
def test_the_real_portal_is_refused_before_any_browser_or_request(
    tmp_path: Path, folder: str
) -> None:
    """Also in this checkout, whose settings spread tests over several processes."""
    with counting_proxy() as (proxy, visits):
        said = run_pytest(
            ROOT if folder == "here" else tmp_path,
            "--pyargs",
            "qsm_bot.acceptance",
            "--clone-confirmed",
            PYTEST_BASE_URL="https://qsm.qoo10.jp",
            QSM_BROWSER=str(telltale(tmp_path)),
            HTTPS_PROXY=proxy,
            HTTP_PROXY=proxy,
        )
        assert visits() == 0

    assert said.returncode == USAGE_ERROR
    assert "is the real portal" in said.stderr
    assert not (tmp_path / "started").exists()


def test_no_fixture_of_a_suite_brings_it_to_the_real_portal(suite: Path) -> None:
    """Not even one that says another address than the command line."""
    theirs = suite / "test_theirs.py"
    override = (
        "\n@pytest.fixture(scope='session')\ndef base_url():\n    return 'https://qsm.qoo10.jp'\n"
    )
    theirs.write_text(SUITE + override, encoding="utf-8")
    with counting_proxy() as (proxy, visits):
        said = run_pytest(
            suite, "--base-url", "http://127.0.0.1:9", "--clone-confirmed",
            HTTPS_PROXY=proxy, HTTP_PROXY=proxy,
        )  # fmt: skip
        assert visits() == 0

    assert "passed" not in said.stdout
    assert "is the real portal" in said.stdout


def test_a_marker_that_names_no_statement_is_told(suite: Path) -> None:
    (suite / "test_theirs.py").write_text(SUITE.replace('"columns"', '"colums"'), "utf-8")

    said = run_pytest(suite, "--base-url", "http://127.0.0.1:9")

    assert said.returncode == USAGE_ERROR
    assert "colums" in said.stderr


def test_the_kit_needs_to_be_told_which_clone(tmp_path: Path) -> None:
    said = run_pytest(tmp_path, "--pyargs", "qsm_bot.acceptance")

    assert said.returncode == USAGE_ERROR
    assert "--base-url" in said.stderr


def test_in_this_checkout_the_kit_runs_in_one_process(server: MockPortal) -> None:
    asked = ("--base-url", server.url, "--qa-only", "two-views,columns")
    said = run_pytest(ROOT, "--pyargs", "qsm_bot.acceptance", *asked)

    assert "2 passed" in said.stdout
    assert "workers" not in said.stdout


@contextmanager
def counting_proxy() -> Iterator[tuple[str, Any]]:
    """Yield the address of a proxy that answers nobody, and what tells how many came."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)  # noqa: FBT003  # the socket's own signature

        def visits() -> int:
            count = 0
            while True:
                try:
                    listener.accept()[0].close()
                except BlockingIOError:
                    return count
                count += 1

        yield f"http://127.0.0.1:{listener.getsockname()[1]}", visits
