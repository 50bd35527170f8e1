"""Fixtures for suites that test a clone: a signed-in seller, the claim page, requests, journal.

They build on pytest-playwright's own: `browser`, `new_context`, `base_url` and their options.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

    from qsm_bot.acceptance.clone.clone_page import ClonePage
    from qsm_bot.acceptance.clone.seeding import Seeding
    from qsm_bot.acceptance.clone.sign_in import SignedIn
    from qsm_bot.acceptance.clone.target import Target


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An open cancel request: its 注文番号, and its row by the list's headings.

    The row names the buyer: it does not stand in tracebacks.
    """

    order_no: str
    cells: Mapping[str, str] = field(repr=False)


@pytest.fixture(scope="session")
def qsm_target(pytestconfig: pytest.Config, base_url: str | None) -> "Target":
    """The clone; a usage error if it is the real portal, wherever its address comes from."""
    from qsm_bot.acceptance.options import target_of
    from qsm_bot.acceptance.pytest_hooks import hooks_of, usage_error
    from qsm_bot.base.errors.base import QsmBotError

    try:
        target = target_of(pytestconfig, base_url or "")
    except QsmBotError as error:
        raise usage_error(error) from None
    hooks_of(pytestconfig).note_target(target)
    return target


@pytest.fixture(scope="session")
def qsm_signed_in(
    browser: "Browser", browser_context_args: dict[str, Any], qsm_target: "Target"
) -> "SignedIn":
    """The one sign-in of the run, in a context of its own, which no trace records."""
    from qsm_bot.acceptance.clone.clone_page import screenshot
    from qsm_bot.acceptance.clone.sign_in import block_real_hosts, sign_in

    context = browser.new_context(**browser_context_args)
    try:
        block_real_hosts(context)
        context.set_default_timeout(qsm_target.timeout * 1000)
        return sign_in(
            context,
            qsm_target,
            lambda elements: (
                screenshot(elements, "list", elements.page) if qsm_target.pictures else b""
            ),
        )
    finally:
        context.close()


@pytest.fixture
def qsm_context(
    new_context: "Callable[..., BrowserContext]", qsm_signed_in: "SignedIn"
) -> "BrowserContext":
    """A browser context in which the seller is signed in, apart from `context` and `page`."""
    from qsm_bot.acceptance.clone.sign_in import block_real_hosts

    context = new_context(storage_state=qsm_signed_in.state)
    block_real_hosts(context)
    return context


@pytest.fixture
def seller_page(qsm_context: "BrowserContext", qsm_target: "Target") -> "Page":
    """A page on the portal's home, signed in."""
    page = qsm_context.new_page()
    page.goto(qsm_target.origin + qsm_target.pack.paths.home)
    return page


@pytest.fixture
def qsm_clone_page(
    request: pytest.FixtureRequest, qsm_context: "BrowserContext", qsm_target: "Target"
) -> "Iterator[ClonePage]":
    """The clone's page object, signed in; no page is open yet."""
    from qsm_bot.acceptance.clone.clone_page import ClonePage
    from qsm_bot.acceptance.pytest_hooks import hooks_of

    clone_page = ClonePage(qsm_context.new_page(), qsm_target)
    yield clone_page
    record = hooks_of(request.config).record_of(request.node)
    if record is not None:
        record.dialogs += [*clone_page.dialogs, *clone_page.unexpected_dialogs()]
        record.services += [
            each for each in clone_page.outgoing.services if each not in record.services
        ]


@pytest.fixture
def claim_page(qsm_clone_page: "ClonePage") -> "ClonePage":
    """The claim page キャンセル/返品/未受取, freshly opened."""
    qsm_clone_page.open_claims()
    return qsm_clone_page


@pytest.fixture
def open_request(claim_page: "ClonePage", request: pytest.FixtureRequest) -> OpenRequest:
    """The first open request; its list is shown on `claim_page`.

    Where there is none and the clone makes orders on request, one is made, if the clone is
    confirmed; else the test is skipped as not judged.
    """
    return requests_at_least(1, claim_page, request)[0]


@pytest.fixture(scope="session")
def qsm_seeding(playwright: "Playwright", qsm_target: "Target") -> "Iterator[Seeding]":
    """What the clone offers under /_qa/."""
    from qsm_bot.acceptance.clone.seeding import Seeding

    http = playwright.request.new_context(base_url=qsm_target.origin, timeout=10_000)
    yield Seeding(http)
    http.dispose()


@pytest.fixture
def portal_seeds(qsm_seeding: "Seeding", qsm_target: "Target") -> "Seeding":
    """Orders on request; skipped as not judged where the clone makes none, or is unconfirmed."""
    if not qsm_target.confirmed:
        raise _not_judged(
            "orders are made only with --clone-confirmed", "--clone-confirmed が必要です"
        )
    if not {"seed", "buyer"} <= qsm_seeding.offers:
        odd = f": {qsm_seeding.problem}" if qsm_seeding.problem else ""
        raise _not_judged(
            f"the clone makes no orders on request (/_qa/seed, /_qa/buyer){odd}",
            f"クローンにテストデータ作成（/_qa/seed, /_qa/buyer）がありません{odd}",
        )
    return qsm_seeding


@pytest.fixture
def portal_journal(qsm_seeding: "Seeding") -> "Seeding":
    """The clone's journal; skipped as not judged where it has none."""
    if "journal" not in qsm_seeding.offers:
        odd = f": {qsm_seeding.problem}" if qsm_seeding.problem else ""
        raise _not_judged(
            f"the clone has no journal (/_qa/journal){odd}",
            f"クローンに記録（/_qa/journal）がありません{odd}",
        )
    return qsm_seeding


def requests_at_least(
    count: int, clone_page: "ClonePage", request: pytest.FixtureRequest
) -> list[OpenRequest]:
    """Show キャンセル要請 and return its rows; where some are missing and may be made, make them.

    Raises:
        NotJudged: there are fewer.
    """
    found = open_requests(clone_page)
    missing = count - len(found)
    if missing > 0 and clone_page.target.confirmed:
        seeding: Seeding = request.getfixturevalue("qsm_seeding")
        if "seed" in seeding.offers:
            seeding.seed("cancel_requested", missing)
            clone_page.open_claims()
            found = open_requests(clone_page)
    if len(found) < count:
        raise _not_judged(
            f"{len(found)} cancel request(s) open, {count} needed",
            f"キャンセル要請が {len(found)} 件です（{count} 件必要）",
        )
    return found


def open_requests(clone_page: "ClonePage") -> list[OpenRequest]:
    """Show キャンセル要請 on the open claim page, and return its rows."""
    from qsm_bot.acceptance.manual import REQUESTS
    from qsm_bot.acceptance.refusal import rows_by_order

    table = clone_page.list_of(REQUESTS)
    return [
        OpenRequest(order_no, dict(zip(table.headings, cells, strict=False)))
        for order_no, cells in rows_by_order(clone_page, table).items()
    ]


def _not_judged(en: str, ja: str) -> BaseException:
    from qsm_bot.acceptance.case import NotJudged
    from qsm_bot.base.words import Words

    return NotJudged(Words(en, ja))
