"""What a page sends by itself is told from its refusal, however alike the two are."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.base.errors.orders import ConfirmMissing
from tests.integration.portal.parts import (
    ASK,
    BUTTON,
    DONE,
    TinySite,
    at_page,
    page_of,
    permit,
    refusal_page,
    tiny_site,
)
from tests.support import StepLog

FORM, JSON, XML = "application/x-www-form-urlencoded", "application/json", "text/xml"
REASON = """<select name="reason"><option value="">-</option>
    <option value="1" selected>商品発送完了</option></select>"""
# What the page sends as it comes, and its refusal, at one address.
ALIKE = {
    "reason": (FORM, "no=762544202", "no=762544202&reason=1"),
    "tag": (
        XML,
        "<Body><GetDetail><no>762544202</no></GetDetail></Body>",
        "<Body><SetRefusal><no>762544202</no></SetRefusal></Body>",
    ),
    "key": (JSON, '{"detail":{"no":"762544202"}}', '{"refuse":{"no":"762544202"}}'),
    "mode": (FORM, "mode=1&seq=77", "mode=2&seq=77"),
    "code": (JSON, '{"svc":"CLM0101"}', '{"svc":"CLM0102"}'),
    "japanese": (JSON, '{"act":"一覧"}', '{"act":"拒否"}'),
    "path": (JSON, '{"url":"/claim/list"}', '{"url":"/claim/refuse"}'),
    "query": (
        JSON,
        '{"query":"query { claim(id: $id) { state } }","variables":{"id":77}}',
        '{"query":"mutation { refuse(id: $id) { ok } }","variables":{"id":77}}',
    ),
    "argument": (
        FORM,
        "__EVENTTARGET=grid&__EVENTARGUMENT=Select%243&no=762544202&reason=",
        "__EVENTTARGET=grid&__EVENTARGUMENT=Refuse%243&no=762544202&reason=1",
    ),
    "word": (JSON, '{"op":"detail","no":"762544202"}', '{"op":"refuse","no":"762544202"}'),
}


@pytest.fixture
def site() -> Iterator[TinySite]:
    with tiny_site() as running:
        yield running


def page(content: str, usual: str, act: str) -> str:
    """Return a page that sends `usual` as it comes; `post` sends anything to the same address."""
    post = f"""<script>
        const post = (body) => fetch('/service', {{
            method: 'POST', body, headers: {{ 'content-type': '{content}' }} }}).catch(() => 0);
        window.usual = post({usual!r});
        let turn = 0;
    </script>"""
    return refusal_page(act, REASON + BUTTON + post)


@pytest.mark.by_day("mode", "key")
@pytest.mark.parametrize("early", [False, True], ids=["twice", "early"])
@pytest.mark.parametrize("case", ALIKE)
def test_a_refusal_like_what_the_page_always_sends_leaves_once_and_after_the_question(
    context: BrowserContext, site: TinySite, case: str, *, early: bool
) -> None:
    content, usual, refusal = ALIKE[case]
    send = f"await post({refusal!r});"
    act = send + ASK + DONE if early else ASK + send + send + DONE
    portal = at_page(context, site, page(content, usual, act))
    page_of(portal).evaluate("() => usual")

    with suppress(ConfirmMissing):
        portal.press(permit(), StepLog())

    assert site.bodies == ([usual] if early else [usual, refusal])


@pytest.mark.parametrize(
    ("usual", "refusal"),
    [
        (
            [f'{{"op":"{name}"}}' for name in ("list", "count", "shop", "menu", "news", "help")],
            '{"op":"refuse"}',
        ),
        ([f"mode={at}" for at in (3, 1, 4, 9, 5, 8)], "mode=6"),
    ],
    ids=["words", "numbers"],
)
def test_codes_that_came_once_each_are_no_counter(
    context: BrowserContext, site: TinySite, usual: list[str], refusal: str
) -> None:
    send = f"await post({refusal!r});"
    portal = at_page(context, site, page(FORM, "mode=0", send + ASK + send + send + DONE))
    for body in usual:
        page_of(portal).evaluate("(body) => post(body)", body)

    portal.press(permit(), StepLog())

    assert site.bodies.count(refusal) == 1


def test_a_counter_goes_on_during_the_press(context: BrowserContext, site: TinySite) -> None:
    send = "await post('beat=7');"
    portal = at_page(context, site, page(FORM, "beat=1", send + ASK + "await post('no=1');" + DONE))
    for beat in range(2, 7):
        page_of(portal).evaluate("(beat) => post(`beat=${beat}`)", beat)

    portal.press(permit(), StepLog())

    assert [body for body in site.bodies if body in ("beat=7", "no=1")] == ["beat=7", "no=1"]


def test_in_the_second_press_a_number_tells_the_refusal_from_the_list(
    context: BrowserContext, site: TinySite
) -> None:
    act = "const body = turn++ ? 'mode=2&seq=71' : 'mode=2&seq=70&note=x';"
    send = "await post(body); if (turn > 1) await post(body);"
    portal = at_page(context, site, page(FORM, "mode=1&seq=70", act + ASK + send + DONE))
    page_of(portal).evaluate("() => usual")

    for _order in range(2):
        portal.press(permit(), StepLog())

    assert [body for body in site.bodies if "mode=2" in body] == [
        "mode=2&seq=70&note=x",
        "mode=2&seq=71",
    ]


@pytest.mark.parametrize(
    ("usual", "refusal", "after"),
    [
        ('{"op":"list"}', '{"op":"refuse"}', '{"op":"list"}'),
        (
            '{"op":"detail","no":"762544202"}',
            '{"op":"refuse","no":"762544202"}',
            '{"op":"detail","no":"762544206"}',
        ),
    ],
)
def test_between_two_presses_the_page_goes_on_at_the_refusals_address(
    context: BrowserContext, site: TinySite, usual: str, refusal: str, after: str
) -> None:
    act = ASK + f"await post({refusal!r});" + DONE
    portal = at_page(context, site, page(JSON, usual, act))
    portal._listed = frozenset(("762544202", "762544206"))  # as the list was read
    page_of(portal).evaluate("() => usual")
    portal.press(permit(), StepLog())

    again = refusal.replace("}", ',"try":"again"}')
    for body in (after, refusal, again):
        page_of(portal).evaluate("(body) => post(body)", body)

    assert site.bodies == [usual, refusal, after]


def test_a_page_that_calls_itself_with_other_words_is_held_before_the_question(
    context: BrowserContext, site: TinySite
) -> None:
    portal = at_page(context, site, refusal_page("location.href = '/?act=refuse'"), timeout=3)

    with pytest.raises(ConfirmMissing):
        portal.press(permit(), StepLog())

    assert "/?act=refuse" not in site.gets
