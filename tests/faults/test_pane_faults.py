"""Row F18, and a portal in other markup: 取引情報 is found wherever and however it is shown."""

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import RefusalReason
from tests.faults.conftest import OpenLab
from tests.faults.lab import Lab
from tests.faults.plays import DONE, Play, run_play
from tests.support import LONG_TEXT

READ_BY_FALLBACK = {"login_id", "password", "sign_in", "grid", "counter", "details_order_no"}
ACTS = {"reason", "reason_text", "refuse_button"}

# Each opening gets a window of its own, whatever name the portal gives it.
ALWAYS_NEW = "const usual = open; window.open = (url) => usual(url, '_blank');"
CLOSES_ITSELF = (
    "const usual = alert; window.alert = (text) => { usual(text); if (opener) close(); };"
)


def refuse_as_a_person_would(lab: Lab) -> None:
    """List, plan, rehearse the first order, refuse what was planned, and one with a text."""
    first, second, third = lab.orders[:3]
    plan = lab.plan(first, second)

    rehearsed = lab.refuse(first, RefusalReason.OTHER, LONG_TEXT, PermitKind.REHEARSAL)
    assert (rehearsed.outcomes, lab.sent()) == ({first: "rehearsed"}, 0)
    assert lab.apply(plan).outcomes == {first: "refused", second: "refused"}
    assert lab.refuse(third, RefusalReason.OTHER, LONG_TEXT).outcomes == {third: "refused"}

    effects = lab.server.journal.effects_of("refuse")
    assert [(e.kind, e.order, e.reason, e.text) for e in effects] == [
        ("refuse", first, "商品発送完了", None),
        ("refuse", second, "商品発送完了", None),
        ("refuse", third, "その他", LONG_TEXT),
    ]
    assert lab.browser.pages == [lab.page]


@pytest.mark.by_day(1)
@pytest.mark.parametrize("faults", ["other-markup", "other-markup pane-popup"])
def test_a_portal_of_which_only_the_visible_texts_are_known(faults: str, open_lab: OpenLab) -> None:
    lab = open_lab(*faults.split(), settle_seconds=0.5)

    refuse_as_a_person_would(lab)

    fallbacks = lab.seat.session.elements.fallbacks
    assert fallbacks >= READ_BY_FALLBACK
    assert not fallbacks & ACTS


@pytest.mark.by_day("popup", "iframe")
@pytest.mark.parametrize(
    ("fault", "script"),
    [
        pytest.param("pane-popup", "", id="F18-popup"),
        pytest.param("pane-popup", ALWAYS_NEW + CLOSES_ITSELF, id="F18-popups"),
        pytest.param("pane-iframe", "", id="F18-iframe"),
    ],
)
def test_it_opens_elsewhere(fault: str, script: str, open_lab: OpenLab) -> None:
    """Each order's is found anew, and the window of the one before is closed."""
    lab = open_lab(fault, settle_seconds=0.5)
    lab.browser.add_init_script(script)

    refuse_as_a_person_would(lab)


@pytest.mark.parametrize(
    "play",
    [
        Play("F18", "pane-popup no-alert", "refused", 0, 1, 1, again=DONE),
        Play("F18", "pane-popup confirm-other", "not_sent", 90, 0, 0),
        Play("F18", "pane-iframe two-confirms", "unknown", 30, 0, 0, then="not_sent"),
    ],
    ids=lambda play: play.id,
)
def test_row(play: Play, open_lab: OpenLab) -> None:
    run_play(play, open_lab)


BLOCKED = "window.open = () => null;"
TWICE = "const usual = open; window.open = (url) => { usual(url, 'one'); usual(url, 'two'); };"
OTHERS = "const usual = open; window.open = (url, ...how) => usual(url.slice(0, -9) + %r, ...how);"


@pytest.mark.by_day("twice")
@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param(BLOCKED, "", id="F18-blocked"),
        pytest.param(TWICE, "SelectorDrift", id="F18-twice"),
        pytest.param(OTHERS, "", id="F18-another-order"),
    ],
)
def test_a_window_that_is_not_the_orders_stops_it(
    script: str, told: str, open_lab: OpenLab
) -> None:
    lab = open_lab("pane-popup", settle_seconds=0.5, timeout=5)
    order, other = lab.orders[:2]
    lab.browser.add_init_script(script.replace("%r", f"'{other}'"))

    ending = lab.refuse(order)

    assert (ending.outcomes, ending.error or "") == ({order: "not_sent"}, told)
    assert lab.sent() == 0


RELOADS = """
if (self !== top) document.addEventListener("change", () => {
  if (sessionStorage.reloaded) return;
  sessionStorage.reloaded = true;
  setTimeout(() => { location.search = "?contr_no=%s"; });
}, true);
"""


def test_f18_a_frame_that_turns_to_another_order_is_not_pressed(open_lab: OpenLab) -> None:
    """The reason is chosen again where it was lost, but the number is compared at the click."""
    lab = open_lab("pane-iframe", settle_seconds=0.5)
    order, other = lab.orders[:2]
    lab.browser.add_init_script(RELOADS % other)

    ending = lab.refuse(order)

    assert ending.outcomes == {order: "not_sent"}
    assert lab.sent() == 0


def test_f18_an_unsettled_window_is_left(open_lab: OpenLab) -> None:
    """It might still send; nothing of it may be there when the next order begins."""
    lab = open_lab("pane-popup", "silent-button", settle_seconds=0.5, timeout=5)
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert (ending.outcomes, lab.sent()) == ({order: "not_sent"}, 0)
    # A look follows every click: the claim page, opened anew; the window is gone.
    (page,) = lab.browser.pages
    assert page.url.endswith("/ClaimManagement.aspx")
