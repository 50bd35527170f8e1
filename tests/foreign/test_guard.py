"""Rows 1, 4, 5 and 7 on hand-written pages: the guard cannot be got round, and is in no way."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from playwright.sync_api import BrowserContext
from structlog.testing import capture_logs

from qsm_bot.base.errors.orders import ConfirmMissing, WrongOrderOpened
from qsm_bot.base.errors.safety import ClickStopped, ClickUnseen
from tests.integration.portal.parts import (
    ASK,
    BUTTON,
    DONE,
    SEND,
    TEXTS,
    TinySite,
    at_page,
    notes,
    page_of,
    permit,
    refusal_page,
    tiny_site,
)
from tests.support import StepLog

BLANK = "about:blank"

ACT = ASK + SEND + DONE
NUMBER = "document.querySelectorAll('table')[1].rows[0].cells[1]"
MOVES = f"{NUMBER}.textContent = '762544206';"


@pytest.fixture
def site() -> Iterator[TinySite]:
    with tiny_site() as running:
        yield running


def page_with(script: str, act: str = ACT) -> str:
    return refusal_page(
        act, BUTTON + f"<script>addEventListener('load', () => {{{script}}})</script>"
    )


def on(event: str, act: str) -> str:
    return f"document.querySelectorAll('button')[2].addEventListener('{event}', () => {{ {act} }});"


@pytest.mark.parametrize("event", ["pointerdown", "mousedown", "focus", "mouseup", "pointerup"])
def test_row_1_a_change_at_any_event_of_the_click_stops_it(
    context: BrowserContext, site: TinySite, event: str
) -> None:
    portal, log = at_page(context, site, page_with(on(event, MOVES))), StepLog()

    with pytest.raises(ClickStopped) as caught:
        portal.press(permit(), log)

    assert "762544206" in caught.value.message.en
    assert (log.names, site.posts) == (["armed"], [])
    assert "dismissed" not in notes(portal, site)


def test_row_1_a_page_that_acts_on_mouse_down_is_stopped_if_it_was_wrong_then(
    context: BrowserContext, site: TinySite
) -> None:
    portal = at_page(
        context, site, page_with(on("mouseenter", MOVES) + on("mousedown", "refuse()"))
    )

    with pytest.raises(ClickStopped):
        portal.press(permit(), StepLog())

    assert site.posts == []


def test_row_1_natives_that_the_page_replaces_do_not_blind_it(
    context: BrowserContext, site: TinySite
) -> None:
    blind = """
        Document.prototype.querySelectorAll = () => [];
        Document.prototype.evaluate = () => ({ snapshotLength: 0 });
        String.prototype.normalize = () => '762544202';
        Event.prototype.stopImmediatePropagation = () => {};
        Event.prototype.preventDefault = () => {};
        Event.prototype.composedPath = () => [];
        JSON.stringify = () => '{}';
        Array.prototype[Symbol.iterator] = function* () {};
        window.removeEventListener('click', null, true);
    """
    portal, log = (
        at_page(context, site, page_with(on("mousedown", MOVES + blind)), timeout=1),
        StepLog(),
    )

    # What carries the guard's word to us is Playwright's, and is blinded: the click is stopped
    # all the same, and then looks as if nothing had followed it.
    with pytest.raises((ClickStopped, ConfirmMissing)):
        portal.press(permit(), log)

    assert (log.names, site.posts) == (["armed"], [])


def test_row_1_a_change_between_the_click_and_the_question_is_seen(
    context: BrowserContext, site: TinySite
) -> None:
    late = f"await new Promise((done) => setTimeout(done, 20)); {MOVES}"
    portal, log = at_page(context, site, refusal_page(late + ACT)), StepLog()

    with pytest.raises(ClickStopped):
        portal.press(permit(), log)

    assert (log.names, site.posts) == (["armed"], [])


def test_row_1_a_click_that_the_page_makes_itself_is_none(
    context: BrowserContext, site: TinySite
) -> None:
    own = on("mouseenter", "document.querySelectorAll('button')[2].click()")
    portal = at_page(context, site, page_with(own))

    pressed = portal.press(permit(), StepLog())

    assert (pressed.completed, site.posts) == (True, ["/refuse"])


def test_row_1_a_question_without_a_click_is_not_answered_by_yes(
    context: BrowserContext, site: TinySite
) -> None:
    ask = f"""
        const frame = document.body.appendChild(document.createElement('iframe'));
        if (frame.contentWindow.confirm('{TEXTS.confirm}')) fetch('/refuse', {{method: 'POST'}});
    """
    portal, log = at_page(context, site, page_with(on("mouseenter", ask))), StepLog()

    with pytest.raises(ClickUnseen):
        portal.press(permit(), log)

    assert "committing" not in log.names
    assert site.posts == []


ASKS_ELSEWHERE = """
    const frame = document.body.appendChild(document.createElement('iframe'));
    {wait}
    if (!frame.contentWindow.confirm('{text}')) return;
"""
LOADED = "await new Promise((done) => setTimeout(done, 50));"


@pytest.mark.by_day(2)
@pytest.mark.parametrize("change", ["", MOVES], ids=["as-approved", "moved"])
@pytest.mark.parametrize("wait", ["", LOADED], ids=["at-once", "loaded"])
def test_row_1_nobody_says_yes_to_a_question_of_another_frame(
    context: BrowserContext, site: TinySite, wait: str, change: str
) -> None:
    """The check stands at the question of the press's own frame."""
    asks = ASKS_ELSEWHERE.format(wait=wait, text=TEXTS.confirm)
    portal, log = at_page(context, site, refusal_page(change + asks + SEND + DONE)), StepLog()

    with pytest.raises(ClickUnseen):
        portal.press(permit(), log)

    assert "committing" not in log.names
    assert site.posts == []


def test_row_1_a_change_while_the_question_is_put_into_words_is_seen(
    context: BrowserContext, site: TinySite
) -> None:
    words = f"{{ toString() {{ {MOVES} return '{TEXTS.confirm}'; }} }}"
    portal, log = (
        at_page(context, site, refusal_page(f"if (!confirm({words})) return;{SEND}")),
        StepLog(),
    )

    with pytest.raises(ClickStopped):
        portal.press(permit(), log)

    assert (log.names, site.posts) == (["armed"], [])


@pytest.mark.parametrize(
    "other",
    [
        "pane.outerHTML.replace('762544202', '762544206')",
        "'<p><span>注文番号</span> <b>762544206</b></p>'",  # in other markup
    ],
)
@pytest.mark.parametrize("where", ["beforebegin", "afterend"])
def test_row_1_the_pane_in_sight_counts_and_not_the_approved_one_that_lies_hidden(
    context: BrowserContext, site: TinySite, where: str, other: str
) -> None:
    swaps = f"""
        const pane = document.querySelectorAll('table')[1];
        pane.insertAdjacentHTML('{where}', {other});
        pane.style.display = 'none';
    """
    portal, log = at_page(context, site, page_with(on("mouseenter", swaps))), StepLog()

    with pytest.raises(ClickStopped):
        portal.press(permit(), log)

    assert (log.names, site.posts) == (["armed"], [])


def test_row_4_a_page_that_goes_elsewhere_unasked_stays(
    context: BrowserContext, site: TinySite
) -> None:
    portal, log = (
        at_page(context, site, refusal_page("location.href = '/act?id=x'"), timeout=1),
        StepLog(),
    )

    with pytest.raises(ConfirmMissing) as caught:
        portal.press(permit(), log)

    assert "GET /act" in caught.value.message.en
    assert log.names == ["armed"]


def test_row_4_a_fetch_unasked_is_seen_and_recorded(
    context: BrowserContext, site: TinySite
) -> None:
    portal, log = at_page(context, site, refusal_page("fetch('/act?id=x')"), timeout=1), StepLog()

    with pytest.raises(ConfirmMissing) as caught:
        portal.press(permit(), log)

    assert "/act" in caught.value.message.en
    assert log.names == ["armed", "answered"]


def test_row_4_a_shared_worker_makes_a_click_without_a_question_doubtful(
    context: BrowserContext, site: TinySite
) -> None:
    page = page_with("new SharedWorker('data:text/javascript,')", act="")
    portal, log = at_page(context, site, page, timeout=1), StepLog()

    with pytest.raises(ConfirmMissing):
        portal.press(permit(), log)

    assert log.names == ["armed", "answered"]


UNSEEN = (
    "display:none",
    "visibility:hidden",
    "opacity:0",
    "position:absolute; left:-9999px",
    "position:absolute; top:-9999px",
    "position:fixed; left:9999px",
    "position:fixed; bottom:-999px",
    "transform:translateY(-9999px)",
    "max-height:0; overflow:hidden",
    "position:absolute; width:1px; height:1px; overflow:hidden",  # for screen readers
    "position:absolute; clip-path:inset(100%)",
    "position:absolute; clip:rect(0 0 0 0)",
    "height:0; overflow:hidden",
    "transform:scale(0)",
    "position:absolute; top:0; left:0; z-index:-1",  # under what lies at the same place
)
UNTOLD = tuple(style for style in UNSEEN if "clip" in style or "z-index" in style)
SEEN = "position:absolute; top:0; left:0; background:white"
PANE = "<table><tr><th>注文番号</th><td>762544202</td></tr></table>"


FILLED = "<p style='height:3000px'></p>"


@pytest.mark.by_day(6)
@pytest.mark.parametrize("style", UNSEEN)
@pytest.mark.parametrize("first", ["unseen", "seen"])
@pytest.mark.parametrize("swapped", [False, True], ids=["as-it-was", "swapped"])
@pytest.mark.parametrize("length", ["", FILLED], ids=["short", "long"])
def test_row_1_the_order_is_the_one_of_the_pane_in_sight(
    context: BrowserContext, site: TinySite, style: str, first: str, length: str, *, swapped: bool
) -> None:
    """Another 取引情報 is left in the page where nobody sees it, or is put there by the click."""
    panes = [
        f"<div class='pane' style='{style}'>{PANE.replace('762544202', '762544206')}</div>",
        f"<div class='pane' style='{SEEN}'>{PANE}</div>",
    ]
    swap = """const [a, b] = document.querySelectorAll('.pane');
        [a.style.cssText, b.style.cssText] = [b.style.cssText, a.style.cssText];"""
    page = page_with(on("mousedown", swap) if swapped else "")
    page = page.replace(PANE, "".join(panes if first == "unseen" else panes[::-1]))
    # The button is far below then, and the number scrolled away.
    page = page.replace("<h2>キャンセル拒否</h2>", length + "<h2>キャンセル拒否</h2>")
    portal = at_page(context, site, page)
    # Which of two is cut off is not told while both are scrolled away: then none counts.
    swapped = swapped or (length != "" and style in UNTOLD)

    stops = pytest.raises((ClickStopped, WrongOrderOpened))
    with stops if swapped else nullcontext():
        portal.press(permit(), StepLog())

    assert site.posts == ([] if swapped else ["/refuse"])


CURTAIN = """document.body.insertAdjacentHTML('beforeend',
    `<div style="position:fixed; inset:0; z-index:9; background:#fffd">お待ちください</div>`);"""


@pytest.mark.by_day(3)
@pytest.mark.parametrize("style", ["", *UNSEEN[2:]])
def test_row_1_what_was_in_sight_stays_the_order_under_a_curtain(
    context: BrowserContext, site: TinySite, style: str
) -> None:
    """While a page asks, or works, it lays something over everything."""
    other = f"<div style='{style}'>{PANE.replace('762544202', '762544206')}</div>"
    page = refusal_page(CURTAIN + ACT).replace(PANE, (other if style else "") + PANE)
    portal = at_page(context, site, page)

    pressed = portal.press(permit(), StepLog())

    assert (pressed.completed, site.posts) == (True, ["/refuse"])


LAID = "<i style='position:absolute; inset:0'></i>"


@pytest.mark.by_day(4)
@pytest.mark.parametrize(
    "cell",
    [
        "<td><b>762544202</b></td>",
        f"<td style='position:relative'>762544202{LAID}</td>",
        "<td style='pointer-events:none'>762544202</td>",
        "<td inert>762544202</td>",
        "<td style='opacity:0'>762544202</td>",
        "<td><span style='display:contents'>762544202</span></td>",
        "<td><input readonly value='762544202'></td>",
        "<td rowspan='40' style='height:2400px; vertical-align:top'>762544202</td>",
        "<td>762544202</td></tr><tr><th>注文番号</th><td>#762544202</td>",
        "<td>762544202</td></tr><tr><th>注文番号</th><td>-</td>",
        "<td>762544202</td></tr><tr><th>注文番号</th><td><input></td>",
    ],
    ids=(
        [
            "bold",
            "laid-over",
            "no-pointer",
            "inert",
            "fading-in",
            "contents",
            "box",
            "tall-cell",
            "twice",
            "dash",
            "search",
        ]
    ),
)
def test_row_1_however_the_only_pane_is_built_its_order_counts(
    context: BrowserContext, site: TinySite, cell: str
) -> None:
    page = refusal_page().replace("<td>762544202</td>", cell)

    pressed = at_page(context, site, page).press(permit(), StepLog())

    assert (pressed.completed, site.posts) == (True, ["/refuse"])


@pytest.mark.by_day(2)
@pytest.mark.parametrize(
    "css",
    [
        "html, body { height: 100%; overflow: auto }",
        "html, body { height: 100%; overflow-x: hidden }",
        "html { overflow: hidden } body { height: 100%; overflow: auto }",
        "html { overflow-y: scroll } body { height: 100%; overflow: auto }",
        "body { overflow-x: hidden }",
    ],
)
def test_row_1_a_number_that_was_scrolled_away_counts_whatever_part_scrolls(
    context: BrowserContext, site: TinySite, css: str
) -> None:
    page = refusal_page().replace("<table>", f"<style>{css}</style><table>", 1)
    page = page.replace("<h2>キャンセル拒否</h2>", FILLED + "<h2>キャンセル拒否</h2>")

    pressed = at_page(context, site, page).press(permit(), StepLog())

    assert (pressed.completed, site.posts) == (True, ["/refuse"])


def test_row_1_an_order_in_sight_beside_another_that_was_scrolled_away_does_not_count(
    context: BrowserContext, site: TinySite
) -> None:
    """取引情報 of another order stands above, and the approved one is named beside the button."""
    related = f"{FILLED}<table><tr><th>注文番号</th><td>762544202</td></tr></table>"
    page = refusal_page().replace(PANE, PANE.replace("762544202", "762544206"))
    page = page.replace("<h2>キャンセル拒否</h2>", related + "<h2>キャンセル拒否</h2>")
    portal = at_page(context, site, page)
    page_of(portal).evaluate("scrollTo(0, 9999)")

    with pytest.raises((ClickStopped, WrongOrderOpened)):
        portal.press(permit(), StepLog())

    assert site.posts == []


def test_row_1_of_two_different_orders_in_sight_none_counts(
    context: BrowserContext, site: TinySite
) -> None:
    cards = "<dl><dt>注文番号</dt><dd>762544202</dd></dl>"
    page = refusal_page().replace(PANE, cards + PANE.replace("762544202", "762544206"))

    with pytest.raises((ClickStopped, WrongOrderOpened)):
        at_page(context, site, page).press(permit(), StepLog())

    assert site.posts == []


def test_row_1_of_several_orders_that_nobody_sees_none_counts(
    context: BrowserContext, site: TinySite
) -> None:
    away = "document.querySelectorAll('.pane').forEach((each) => { each.style.opacity = 0; });"
    other = PANE.replace("762544202", "762544206")
    panes = f"<div class='pane'>{PANE}</div><div class='pane' style='opacity:0'>{other}</div>"
    page = page_with(on("mousedown", away)).replace(PANE, panes)

    with pytest.raises(ClickStopped):
        at_page(context, site, page).press(permit(), StepLog())

    assert site.posts == []


def test_row_1_a_pane_that_was_scrolled_away_in_its_frame_is_looked_at_anew(
    context: BrowserContext, site: TinySite
) -> None:
    """The part that scrolls is not the page: what it has moved up is still what people saw."""
    shell = """<style>html, body { height: 100%; margin: 0; overflow: hidden }
        main { height: 100%; overflow: auto } main > p { height: 3000px }</style><main>"""
    swap = """const [a, b] = document.querySelectorAll('.pane');
        a.style.display = 'none'; b.style.display = '';"""
    other = PANE.replace("762544202", "762544206")
    panes = f"<div class='pane'>{PANE}</div><div class='pane' style='display:none'>{other}</div>"
    page = page_with(on("mousedown", swap))
    page = page.replace("<table>", shell + "<table>", 1).replace(PANE, panes + "<p></p>")
    portal = at_page(context, site, page)

    with pytest.raises(ClickStopped):
        portal.press(permit(), StepLog())

    assert site.posts == []


def test_row_5_a_beacon_of_the_click_is_not_taken_for_the_refusal(
    context: BrowserContext, site: TinySite
) -> None:
    beacon = "navigator.sendBeacon('/collect', 'e=click');"
    portal = at_page(context, site, refusal_page(beacon + ACT))

    pressed = portal.press(permit(), StepLog())

    assert pressed.completed
    assert site.posts.count("/refuse") == 1
    assert site.posts.count("/collect") <= 1


def test_row_5_what_a_page_always_sends_goes_on_and_the_refusal_leaves_once(
    context: BrowserContext, site: TinySite
) -> None:
    beats = """
        const post = (path, body) => fetch(path, {method: 'POST', body}).catch(() => note('lost'));
        post('/ping', 't=0'); post('/save', 'no=762544202&draft=a');
        setInterval(() => post('/ping', 't=' + Date.now()), 100);
        setInterval(() => post('/save', 'no=762544202&draft=b'), 130);
    """
    portal = at_page(context, site, page_with(beats, ASK + SEND + SEND + DONE))
    # A habit is what has been seen before: both of them, more than once.
    while min(site.posts.count("/ping"), site.posts.count("/save")) < 3:
        portal.rest(0.05)

    with capture_logs() as logs:
        pressed = portal.press(permit(), StepLog())

    assert pressed.completed
    assert site.posts.count("/refuse") == 1
    # They went on while the page was watched, and go on afterwards, unless it was left: on a
    # machine so slow that the page still sent when its time was up.
    refused_at = site.posts.index("/refuse")
    while not {"/ping", "/save"} <= set(site.posts[refused_at:]) and page_of(portal).url != BLANK:
        portal.rest(0.05)
    # Nothing of theirs was held; what was lost, the network lost.
    events = [(each["event"], each.get("request")) for each in logs]
    assert {what for event, what in events if event == "request_held_back"} <= {"POST /refuse"}
    lost = notes(portal, site).count("lost")
    assert lost <= [event for event, _ in events].count("request_unanswered")


def test_row_7_another_alert_first_does_not_end_the_watch(
    context: BrowserContext, site: TinySite
) -> None:
    act = ASK + "alert('少々お待ちください');" + SEND + SEND + DONE
    portal, log = at_page(context, site, refusal_page(act)), StepLog()

    pressed = portal.press(permit(), log)

    assert site.posts == ["/refuse"]
    assert (pressed.completed, pressed.alert) == (True, TEXTS.completed)
    assert log.names == ["armed", "confirm_open", "committing", "answered", "alerted"]


def test_row_9_what_was_held_back_is_told(context: BrowserContext, site: TinySite) -> None:
    """No answer of the portal's can be meant by an alert then: it is never `rejected`."""
    failed = "alert('処理できませんでした');"
    portal = at_page(context, site, refusal_page(ASK + SEND + SEND + failed))

    pressed = portal.press(permit(), StepLog())

    assert (pressed.held, pressed.completed) == (True, False)


TWICE = "fetch('/act?x=1'), fetch('/act?x=1')"


@pytest.mark.parametrize(
    ("asks", "times"),
    [
        (f"await Promise.all([{TWICE}]).catch(() => note('held'));", 1),  # two listeners
        ("await fetch('/dead?x=1'); await fetch('/dead?x=1').catch(() => note('held'));", 1),
        ("await (await fetch('/act?x=1')).text(); await fetch('/act?x=1');", 2),  # a look, later
        ("await Promise.all([fetch('/act?page=1'), fetch('/act?page=2')]);", 2),
    ],
    ids=["at-once", "after-a-failure", "after-the-answer", "other-words"],
)
def test_row_4_what_only_reads_is_not_asked_twice_before_it_was_answered(
    context: BrowserContext, site: TinySite, asks: str, times: int
) -> None:
    """A page may refuse by GET, and name no order in it."""
    site.broken = {"/dead"}
    portal = at_page(context, site, refusal_page(ASK + asks + DONE))

    portal.press(permit(), StepLog())

    assert sum(path.startswith(("/act", "/dead")) for path in site.gets) == times
