"""Where 取引情報 is looked for, and what that costs while it is in the page."""

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.base.errors.orders import DetailNotOpened, WrongOrderOpened
from qsm_bot.domain.request import RefusalReason
from qsm_bot.mock_portal.faults import parse_faults
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.server import MockPortal
from qsm_bot.mock_portal.world import World
from tests.integration.portal.parts import alter_static, page_of, permit
from tests.support import OpenPortal, StepLog


def test_in_the_page_it_is_found_and_read_in_one_question_each(
    server: MockPortal, open_portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows and frames are looked for only where the page itself does not show the order."""
    portal = open_portal(server)
    portal.sign_in()
    order = server.world.open_requests()[0].order_no
    portal.open(order)
    page, asked = page_of(portal), []
    evaluate = page.evaluate
    monkeypatch.setattr(page, "evaluate", lambda *of: (asked.append(of), evaluate(*of))[1])

    assert portal.session.claims.details.find(order) == order
    assert portal.session.claims.form_to_press(*portal._pack.texts.counted).order_no == order

    # The third asks whether anything lies over the button.
    assert len(asked) == 3


_A_DAY = 86_400


@pytest.mark.parametrize("alive", ["", "heartbeat"])
def test_a_page_at_rest_that_took_no_click_is_opened_anew_at_once(
    open_portal: OpenPortal, alive: str
) -> None:
    """With a limit of a day it would never end; what the page does by itself prolongs nothing."""
    options = PortalOptions(faults=parse_faults(["stale-detail:1"]))
    with MockPortal(World.seeded(2, seed=1), options=options) as server:
        portal = open_portal(server, timeout=_A_DAY)
        portal.sign_in()
        if alive:
            page_of(portal).evaluate("setInterval(() => fetch('/alive', {method: 'POST'}), 300)")

        order = server.world.open_requests()[1].order_no
        assert portal.open(order).shown_order_no == order


def test_a_page_that_is_slow_at_rest_is_waited_for_the_second_time(
    server: MockPortal, open_portal: OpenPortal, context: BrowserContext
) -> None:
    """It shows what it has got only after longer than a page at rest is given."""
    slow = "  show(values) { setTimeout(() => this.draw(values), 3500); }\n\n  draw(values) {"
    alter_static(context, "detail.js", "  show(values) {", slow)
    portal = open_portal(server)
    portal.sign_in()
    order = server.world.open_requests()[0].order_no

    assert portal.open(order).shown_order_no == order


@pytest.mark.parametrize(
    ("shown", "error"), [("762544999", WrongOrderOpened), ("", DetailNotOpened)]
)
def test_what_shows_another_order_at_the_click_is_not_pressed(
    server: MockPortal, open_portal: OpenPortal, shown: str, error: type[Exception]
) -> None:
    portal, log = open_portal(server), StepLog()
    portal.sign_in()
    order = server.world.open_requests()[0].order_no
    portal.open(order)
    portal.choose(RefusalReason.SHIPPED, None)
    page_of(portal).evaluate(
        "(shown) => { document.querySelector('.tbl_detail td').textContent = shown; }", shown
    )

    with pytest.raises(error):
        portal.press(permit(order_no=order), log)

    assert log.names == []
    assert server.journal.effects == []
