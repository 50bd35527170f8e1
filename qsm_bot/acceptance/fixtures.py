"""Fixtures for suites that test a clone: a signed-in seller, the claim page, requests, journal.

They build on pytest-playwright's own: `browser`, `new_context`, `base_url` and their options.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

    from qsm_bot.acceptance.desk import Desk
    from qsm_bot.acceptance.entrance import SignedIn
    from qsm_bot.acceptance.judge import Judge
    from qsm_bot.acceptance.seeding import Seeding
    from qsm_bot.acceptance.target import Target


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An open cancel request: its 注文番号, and its row by the list's headings.

    The row names the buyer: it does not stand in tracebacks.
    """

    order_no: str
    cells: Mapping[str, str] = field(repr=False)


@pytest.fixture(scope="session")
def qsm_target(pytestconfig: pytest.Config, base_url: str | None) -> "Target":
    """The clone; a usage error if it is the real portal, whoever says so."""
    from qsm_bot.acceptance.options import target_of
    from qsm_bot.errors import QsmBotError

    try:
        target = target_of(pytestconfig, base_url or "")
    except QsmBotError as error:
        raise pytest.UsageError(f"{error.message.en} {error.next_words.en}") from None
    _judge(pytestconfig).note_target(target)
    return target


@pytest.fixture(scope="session")
def qsm_signed_in(
    browser: "Browser", browser_context_args: dict[str, Any], qsm_target: "Target"
) -> "SignedIn":
    """The one sign-in of the run, in a context of its own, which no trace records."""
    from qsm_bot.acceptance.desk import shoot
    from qsm_bot.acceptance.entrance import shut_off, sign_in

    context = browser.new_context(**browser_context_args)
    try:
        shut_off(context)
        context.set_default_timeout(qsm_target.timeout * 1000)
        return sign_in(
            context,
            qsm_target,
            lambda elements: shoot(elements, "list", elements.page) if qsm_target.pictures else b"",
        )
    finally:
        context.close()


@pytest.fixture
def qsm_context(
    new_context: "Callable[..., BrowserContext]", qsm_signed_in: "SignedIn"
) -> "BrowserContext":
    """A browser context in which the seller is signed in, apart from `context` and `page`."""
    from qsm_bot.acceptance.entrance import shut_off

    context = new_context(storage_state=qsm_signed_in.state)
    shut_off(context)
    return context


@pytest.fixture
def seller_page(qsm_context: "BrowserContext", qsm_target: "Target") -> "Page":
    """A page on the portal's home, signed in."""
    page = qsm_context.new_page()
    page.goto(qsm_target.origin + qsm_target.pack.paths.home)
    return page


@pytest.fixture
def qsm_desk(
    request: pytest.FixtureRequest, qsm_context: "BrowserContext", qsm_target: "Target"
) -> "Iterator[Desk]":
    """A desk that is signed in and stands at no page yet."""
    from qsm_bot.acceptance.desk import Desk

    desk = Desk(qsm_context.new_page(), qsm_target)
    yield desk
    record = _judge(request.config).record_of(request.node)
    if record is not None:
        record.dialogs += [*desk.heard, *desk.unexpected()]
        record.services += [each for each in desk.wire.called if each not in record.services]


@pytest.fixture
def claim_page(qsm_desk: "Desk") -> "Desk":
    """The claim page キャンセル/返品/未受取, freshly opened."""
    qsm_desk.open_claims()
    return qsm_desk


@pytest.fixture
def open_request(claim_page: "Desk", request: pytest.FixtureRequest) -> OpenRequest:
    """The first open request; its list is shown on `claim_page`.

    Where there is none and the clone makes orders on request, one is made, if the clone is
    confirmed; else the test is skipped as not judged.
    """
    return requests_at_least(1, claim_page, request)[0]


@pytest.fixture(scope="session")
def qsm_seeding(playwright: "Playwright", qsm_target: "Target") -> "Iterator[Seeding]":
    """What the clone offers under /_qa/."""
    from qsm_bot.acceptance.seeding import Seeding

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
        odd = f": {qsm_seeding.odd}" if qsm_seeding.odd else ""
        raise _not_judged(
            f"the clone makes no orders on request (/_qa/seed, /_qa/buyer){odd}",
            f"クローンにテストデータ作成（/_qa/seed, /_qa/buyer）がありません{odd}",
        )
    return qsm_seeding


@pytest.fixture
def portal_journal(qsm_seeding: "Seeding") -> "Seeding":
    """The clone's journal; skipped as not judged where it has none."""
    if "journal" not in qsm_seeding.offers:
        odd = f": {qsm_seeding.odd}" if qsm_seeding.odd else ""
        raise _not_judged(
            f"the clone has no journal (/_qa/journal){odd}",
            f"クローンに記録（/_qa/journal）がありません{odd}",
        )
    return qsm_seeding


def requests_at_least(
    count: int, desk: "Desk", request: pytest.FixtureRequest
) -> list[OpenRequest]:
    """Show キャンセル要請 and return its rows: as many as are needed, made if need and may be.

    Raises:
        NotJudged: there are fewer.
    """
    found = open_requests(desk)
    missing = count - len(found)
    if missing > 0 and desk.target.confirmed:
        seeding: Seeding = request.getfixturevalue("qsm_seeding")
        if "seed" in seeding.offers:
            seeding.seed("cancel_requested", missing)
            desk.open_claims()
            found = open_requests(desk)
    if len(found) < count:
        raise _not_judged(
            f"{len(found)} cancel request(s) open, {count} needed",
            f"キャンセル要請が {len(found)} 件です（{count} 件必要）",
        )
    return found


def open_requests(desk: "Desk") -> list[OpenRequest]:
    """Show キャンセル要請 at a desk on the claim page, and return its rows."""
    from qsm_bot.acceptance.manual import REQUESTS
    from qsm_bot.acceptance.refusal import by_order

    table = desk.list_of(REQUESTS)
    return [
        OpenRequest(order_no, dict(zip(table.headings, cells, strict=False)))
        for order_no, cells in by_order(desk, table).items()
    ]


def _not_judged(en: str, ja: str) -> BaseException:
    from qsm_bot.acceptance.case import NotJudged
    from qsm_bot.words import Words

    return NotJudged(Words(en, ja))


def _judge(config: pytest.Config) -> "Judge":
    from qsm_bot.acceptance.plugin import judge_of

    return judge_of(config)
