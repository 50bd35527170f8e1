"""Rows F80 to F92: the browser, its driver or its page breaks, or somebody meddles with it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Dialog, Error, Page

from qsm_bot.ledger import Act
from qsm_bot.portal.browser import hang
from qsm_bot.portal.browser.launch import new_context
from qsm_bot.portal.qsm import QsmPortal
from qsm_bot.portal.sign_in.by_program import SignIn
from tests.faults.conftest import OpenLab
from tests.faults.doomed import parent_of
from tests.faults.lab import SHOP, Lab
from tests.faults.program import Program, refusal
from tests.patience import patient
from tests.support import shipped_pack


@pytest.fixture
def own_browser(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """A browser that the test may break; the shared one is for all tests."""
    browser = browser_type.launch(**browser_type_launch_args)
    yield browser
    browser.close()


@pytest.fixture
def context(own_browser: Browser) -> BrowserContext:
    """The lab's context, in that browser."""
    return new_context(own_browser)


def crash(page: Page) -> None:
    """End the page's renderer, which can give no answer to that."""
    session = page.context.new_cdp_session(page)
    with suppress(Error):
        session.send("Page.crash", timeout=patient(500))


def next_run(lab: Lab, browser: Browser | None = None) -> Lab:
    """The same shop as the next run finds it: with another browser window."""
    browser = browser or lab.browser.browser
    assert browser is not None
    who = SignIn(login_id=lab.server.login_id, password=lab.server.password, shop_name=SHOP)
    seat = QsmPortal(
        new_context(browser),
        base_url=lab.server.url,
        pack=shipped_pack(),
        sign_in=who,
        timeout=patient(5),
        alert_timeout=patient(5),
    )
    return lab.with_(portal=seat)


def settle_and_retry(lab: Lab, order: str, outcome: str, browser: Browser | None = None) -> None:
    """After an unknown outcome: reconcile says what is so, and at most one refusal is done."""
    run = next_run(lab, browser)
    then = run.reconcile()
    done = lab.refused() == [order]
    again = run.refuse(order)

    settled = "refused" if done else "not_sent"
    assert then.outcomes == ({order: settled} if outcome == "unknown" else {})
    assert again.outcomes == {order: "already_refused" if done else "refused"}
    assert lab.refused() == [order]


def after(
    monkeypatch: pytest.MonkeyPatch, owner: type, method: str, act: Callable[[], None]
) -> None:
    """Let `act` happen once, right after the method's first call."""
    original = getattr(owner, method)
    left = [act]

    def wrapped(self: object, *args: Any, **options: Any) -> Any:
        result = original(self, *args, **options)
        while left:
            left.pop()()
        return result

    monkeypatch.setattr(owner, method, wrapped)


# The page crashes


@pytest.mark.by_day(1)
@pytest.mark.parametrize("method", ["open", "choose"], ids=["F80-opened", "F80-chosen"])
def test_a_crash_before_the_press_sends_nothing(
    method: str, open_lab: OpenLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    crashes: list[Page] = []
    lab.page.on("crash", lambda page: crashes.append(page))  # noqa: PLW0108  # not a builtin
    after(monkeypatch, QsmPortal, method, lambda: crash(lab.page))

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "not_sent"}, 80)
    assert (ending.error, lab.sent()) == ("BrowserLost", 0)
    assert len(crashes) == 1
    settle_and_retry(lab, order, "not_sent")


def test_f81_a_crash_right_after_accept_is_unknown(
    open_lab: OpenLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    crashes: list[Page] = []
    lab.page.on("crash", lambda page: crashes.append(page))  # noqa: PLW0108  # not a builtin
    after(monkeypatch, Dialog, "accept", lambda: crash(lab.page))

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "unknown"}, 30)
    assert lab.sent() <= 1
    assert len(crashes) == 1
    settle_and_retry(lab, order, "unknown")


# The page stops answering

_STAND = "setTimeout(() => { for (;;); }, 0)"


@pytest.mark.by_day("accepted")
@pytest.mark.parametrize(
    ("owner", "method", "outcome", "code"),
    [
        pytest.param(QsmPortal, "open", "not_sent", 80, id="F92-opened"),
        pytest.param(QsmPortal, "choose", "not_sent", 80, id="F92-chosen"),
        pytest.param(Dialog, "accept", "unknown", 30, id="F92-accepted"),
    ],
)
def test_a_page_that_stops_answering_ends_the_run(
    owner: type,
    method: str,
    outcome: str,
    code: int,
    open_lab: OpenLab,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
) -> None:
    monkeypatch.setattr(hang, "_LIMIT", patient(5))
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    after(monkeypatch, owner, method, lambda: lab.page.evaluate(_STAND))

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: outcome}, code)
    assert lab.sent() <= (outcome == "unknown")
    settle_and_retry(lab, order, outcome, browser)


# The browser or its driver is killed


@pytest.mark.by_day(3)
@pytest.mark.parametrize(
    ("point", "fate", "outcome", "sent"),
    [
        pytest.param("chosen", "browser-killed", "not_sent", [0], id="F82-before-the-press"),
        pytest.param("confirm", "browser-killed", "unknown", [0], id="F82-confirm-open"),
        pytest.param("accept", "browser-killed", "unknown", [0], id="F83-before-accept"),
        pytest.param("accepted", "browser-killed", "unknown", [0, 1], id="F83-after-accept"),
        pytest.param("fetch", "browser-killed", "unknown", [0, 1], id="F83-sending"),
        pytest.param("fetched", "browser-killed", "unknown", [1], id="F83-sent"),
        pytest.param("alert", "browser-killed", "unknown", [1], id="F83-alert-open"),
        pytest.param("look", "browser-killed", "unknown", [1], id="F83-before-the-look"),
        pytest.param("chosen", "driver-killed", "not_sent", [0], id="F84-before-the-press"),
        pytest.param("confirm", "driver-killed", "unknown", [0], id="F84-confirm-open"),
        pytest.param("accepted", "driver-killed", "unknown", [0, 1], id="F84-after-accept"),
        pytest.param("fetched", "driver-killed", "unknown", [1], id="F84-sent"),
        pytest.param("alert", "driver-killed", "unknown", [1], id="F84-alert-open"),
        pytest.param("look", "driver-killed", "unknown", [1], id="F84-before-the-look"),
    ],
)
def test_a_process_is_killed(
    point: str, fate: str, outcome: str, sent: list[int], open_lab: OpenLab, tmp_path: Path
) -> None:
    """The run still ends in words, with its receipt, and the next one settles it."""
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]

    said = Program(lab, tmp_path).refuse(order, point, fate)

    assert said.outcomes == {order: outcome}
    assert said.code == (30 if outcome == "unknown" else 80)
    assert lab.sent() in sent
    settle_and_retry(lab, order, outcome)


# A person meddles


@pytest.mark.by_day(1)
@pytest.mark.parametrize("method", ["open", "choose"], ids=["F85-opened", "F85-chosen"])
@pytest.mark.parametrize("what", ["page", "window"])
def test_a_person_closes_it_before_the_press(
    what: str, method: str, open_lab: OpenLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    closed = lab.page if what == "page" else lab.browser
    after(monkeypatch, QsmPortal, method, closed.close)

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.error) == ({order: "not_sent"}, "BrowserLost")
    assert (ending.code, lab.sent()) == (80, 0)
    settle_and_retry(lab, order, "not_sent")


def test_f85_a_person_closes_the_page_while_the_alert_is_awaited(open_lab: OpenLab) -> None:
    lab = open_lab("no-alert", settle_seconds=0.5, alert_timeout=60)
    order = lab.orders[0]
    # As a person would, from outside of Playwright's ways: the answer is in by then.
    lab.page.on("requestfinished", lambda request: _close_after(lab, request.url))
    began = time.monotonic()

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.code) == ({order: "unknown"}, 30)
    assert time.monotonic() - began < patient(60)
    assert lab.refused() == [order]
    settle_and_retry(lab, order, "unknown")


def _close_after(lab: Lab, url: str) -> None:
    if url.endswith("SetCancelRefusal"):
        lab.page.close()


@pytest.mark.parametrize("answer", ["accept", "dismiss"], ids=["F86-accept", "F86-dismiss"])
def test_a_person_answers_the_confirm_before_us(
    answer: str, open_lab: OpenLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_lab(settle_seconds=0.5)
    order = lab.orders[0]
    session = lab.browser.new_cdp_session(lab.page)
    session.send("Page.enable")
    by_hand = {"accept": answer == "accept"}
    after(
        monkeypatch,
        Act,
        "committing",
        lambda: session.send("Page.handleJavaScriptDialog", by_hand),
    )

    ending = lab.refuse(order)

    # The fuse was not open yet: what a person lets out before us is held, then looked at.
    assert ending.outcomes[order] in ("unknown", "refused")
    assert lab.sent() <= 1
    assert lab.sent() == len(lab.refused())
    assert answer == "accept" or not lab.refused()
    if ending.outcomes[order] == "unknown":
        settle_and_retry(lab, order, "unknown")


# Around the browser


@pytest.mark.parametrize("setting", ["/no/such/chromium", "firefox"])
def test_f88_no_browser_there(setting: str, open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab()
    order = lab.orders[0]

    said = Program(lab, tmp_path, QSM_BROWSER=setting).refuse(order)

    assert (said.code, said.error) == (60, "BrowserSettingInvalid")
    assert setting in said.json["error"]["message"]
    assert lab.server.journal.requests == []


def test_f88_what_is_there_is_no_browser(open_lab: OpenLab, tmp_path: Path) -> None:
    lab = open_lab()
    order = lab.orders[0]
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho cannot open shared object file >&2\nexit 127\n")
    program.chmod(0o755)

    said = Program(lab, tmp_path, QSM_BROWSER=str(program)).refuse(order)

    assert (said.code, said.error) == (80, "BrowserLost")
    assert lab.server.journal.requests == []


def test_f91_a_browser_left_by_an_earlier_run_is_left_alone(
    open_lab: OpenLab, tmp_path: Path, own_browser: Browser
) -> None:
    """It may be anybody's; it still stands at the portal, signed in, when our run begins."""
    lab = open_lab()
    order, other = lab.orders[:2]
    assert lab.refuse(other).outcomes == {other: "refused"}
    browsers = _children(*_children(os.getpid()))

    said = Program(lab, tmp_path).spawn(*refusal(order))

    assert (said.code, said.outcomes) == (0, {order: "refused"})
    assert own_browser.is_connected()
    assert lab.page.evaluate("1 + 1") == 2
    assert browsers
    assert {*browsers} <= {*_children(*_children(os.getpid()))}


def _children(*parents: int) -> list[int]:
    everyone = sorted(int(each.name) for each in Path("/proc").glob("[0-9]*"))
    return [each for each in everyone if parent_of(each) in parents]
