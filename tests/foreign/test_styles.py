"""Each way to build such a portal, with the shipped pack: the same stories end the same way."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Error, Route

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import RefusalReason
from qsm_bot.mock_portal.options import PortalOptions
from qsm_bot.mock_portal.styles import PACKS, StyleName
from qsm_bot.mock_portal.world import World
from tests.faults.lab import Lab
from tests.foreign.conftest import OpenLab
from tests.support import LONG_TEXT

STYLES = get_args(StyleName)
POSTED = [style for style in STYLES if style != "json"]
OTHERS = (
    (RefusalReason.READY, None),
    (RefusalReason.MADE_TO_ORDER, None),
    (RefusalReason.OTHER, LONG_TEXT),
)
LABELS = {
    RefusalReason.READY: "発送準備完了",
    RefusalReason.MADE_TO_ORDER: "注文制作商品",
    RefusalReason.OTHER: "その他",
}


@pytest.fixture
def at_style(open_lab: OpenLab, tmp_path: Path) -> Callable[..., Lab]:
    """Opens the lab at a style; the pack is the shipped one, but for what no program may guess."""

    def at(style: str, *faults: str, rows: int = 5, **more: object) -> Lab:
        options = PortalOptions(style=style)  # type: ignore[arg-type]
        pack = tmp_path / "pack.toml"
        pack.write_text(PACKS.get(style, 'schema = 1\nextends = "qsm-jp"\nname = "same"\n'))
        return open_lab(
            *faults, world=World.seeded(rows, seed=1), options=options, pack=pack, **more
        )

    return at


@pytest.mark.by_day("frames")
@pytest.mark.parametrize("style", STYLES)
def test_a_day_in_each_style(style: str, at_style: Callable[..., Lab]) -> None:
    """List over pages, a plan of five, and the same again."""
    lab = at_style(style, rows=45, timeout=10, alert_timeout=5)
    orders = lab.orders
    five = [orders[0], orders[1], orders[19], orders[20], orders[-1]]

    plan = lab.plan(*five)
    ending = lab.apply(plan)
    again = lab.apply(plan)

    assert plan.total == len(orders)
    assert (ending.outcomes, ending.code, ending.facts) == (dict.fromkeys(five, "refused"), 0, {})
    assert set(again.outcomes.values()) <= {"already_refused", "gone"}
    assert sorted(lab.refused()) == sorted(five)
    assert lab.sent() == len(five)
    assert {effect.kind for effect in lab.server.journal.effects} == {"refuse", "notice"}


@pytest.mark.by_day("popup")
@pytest.mark.parametrize("style", STYLES)
def test_a_rehearsal_and_the_other_reasons_in_each_style(
    style: str, at_style: Callable[..., Lab]
) -> None:
    lab = at_style(style, timeout=10, alert_timeout=5)
    first, *orders = lab.orders

    rehearsed = lab.refuse(first, kind=PermitKind.REHEARSAL)
    endings = [lab.refuse(order, *way) for order, way in zip(orders, OTHERS, strict=False)]

    assert rehearsed.outcomes == {first: "rehearsed"}
    assert [(each.error, each.code) for each in endings] == [(None, 0)] * 3
    told = [(e.order, e.reason, e.text) for e in lab.server.journal.effects_of("refuse")]
    wanted = zip(orders, OTHERS, strict=False)
    assert told == [(order, LABELS[reason], text) for order, (reason, text) in wanted]
    assert lab.sent() == len(OTHERS)
    assert {effect.kind for effect in lab.server.journal.effects} == {"refuse", "notice"}


def test_what_a_page_asks_for_as_it_comes_is_waited_for(at_style: Callable[..., Lab]) -> None:
    """A sign of life that is under way when the list has come says nothing about the list."""
    lab = at_style("full", timeout=10)
    alive: list[Route] = []

    def hold(route: Route) -> None:
        """Let the page's script come only once the sign of life is under way; that ends later."""
        seen = len(alive)
        with suppress(Error):  # the page may have gone on meanwhile
            if "/alive/" in route.request.url:
                alive.append(route)
                lab.page.wait_for_timeout(400)
                route.fulfill(body="alive")
            else:
                while len(alive) == seen:
                    lab.page.wait_for_timeout(10)
                route.continue_()

    lab.browser.route(re.compile("/alive/|/postback.js"), hold)
    lab.browser.add_init_script(
        "const on = `/alive/${Date.now()}`;"
        "setTimeout(() => fetch(on, { method: 'POST' }).catch(() => 0), 100)"
    )

    plan = lab.plan(lab.orders[0])

    assert alive
    assert plan.total == len(lab.orders)


@pytest.mark.by_day(3)
@pytest.mark.parametrize("style", POSTED)
@pytest.mark.parametrize("fault", ["reset-after-effect", "half-answer", "hang:30"])
def test_a_reply_that_is_lost_is_settled_by_looking(
    fault: str, style: str, at_style: Callable[..., Lab]
) -> None:
    """The effect took place once; what was sent is not sent again."""
    lab = at_style(style, fault, timeout=10, alert_timeout=1.5)
    order = lab.orders[0]

    ending = lab.refuse(order)
    if ending.outcomes == {order: "unknown"}:
        ending = lab.reconcile(wait=False)

    assert ending.outcomes == {order: "refused"}
    assert (lab.refused(), lab.sent()) == ([order], 1)


@pytest.mark.by_day("popup")
@pytest.mark.parametrize("style", POSTED)
def test_a_refusal_that_is_lost_on_its_way_may_be_tried_again(
    style: str, at_style: Callable[..., Lab]
) -> None:
    lab = at_style(style, "reset-before-effect", timeout=10, alert_timeout=1.5)
    order = lab.orders[0]

    ending = lab.refuse(order)
    settled = lab.reconcile() if ending.outcomes == {order: "unknown"} else ending

    assert lab.refused() == []
    assert settled.outcomes == {order: "not_sent"}
