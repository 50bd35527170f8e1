"""After a press the page is left, unless it said something that closed the talk."""

import time

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.orders import ConfirmMissing
from qsm_bot.base.errors.safety import ConfirmTextChanged, UnexpectedDialog
from qsm_bot.domain.plan import PermitKind
from tests.integration.portal.parts import (
    ASK,
    BUTTON,
    DONE,
    SEND,
    TinySite,
    at_page,
    notes,
    page_of,
    permit,
    refusal_page,
)
from tests.patience import patient
from tests.support import StepLog

BLANK = "about:blank"
PNG = b"\x89PNG"
_LATER = patient(1)
"""Seconds: beyond every limit of these tests, however slow the machine is."""
LATER = f"await new Promise((done) => setTimeout(done, {_LATER * 1000}));\n"
ANOTHER_CONFIRM = "confirm('全額返金しますか');\n"
PROMPT = "prompt('暗証番号');\n"


class TestAPageThatMayStillSend:
    """It is left at once, and what it would have sent later is never sent."""

    @pytest.mark.parametrize(
        ("act", "error", "noted"),
        [
            ("", ConfirmMissing, ["clicked"]),
            (LATER + SEND, ConfirmMissing, ["clicked"]),
            (LATER + ASK + SEND, ConfirmMissing, ["clicked"]),
            (ANOTHER_CONFIRM + LATER + SEND, ConfirmTextChanged, ["clicked"]),
            (PROMPT + LATER + SEND, UnexpectedDialog, ["clicked"]),
        ],
        ids=["silent", "sends later", "asks later", "another confirm", "a prompt"],
    )
    def test_before_the_commit_nothing_is_sent_not_even_later(
        self,
        context: BrowserContext,
        site: TinySite,
        act: str,
        error: type[QsmBotError],
        noted: list[str],
    ) -> None:
        portal = at_page(context, site, refusal_page(act=act), timeout=patient(0.5))

        with pytest.raises(error):
            portal.press(permit(), StepLog())

        assert page_of(portal).url == BLANK
        portal.rest(_LATER + 0.5)
        assert (site.posts, notes(portal, site)) == ([], noted)

    @pytest.mark.parametrize(
        ("act", "posts"),
        [
            (ASK + SEND + LATER + SEND, ["/refuse"]),
            (ASK + LATER + SEND + DONE, []),
            (ASK + SEND + LATER + DONE, ["/refuse"]),
        ],
        ids=["sends again later", "sends later", "says later that it is done"],
    )
    def test_after_the_commit_it_sends_nothing_later_that_nobody_would_count(
        self, context: BrowserContext, site: TinySite, act: str, posts: list[str]
    ) -> None:
        portal = at_page(context, site, refusal_page(act=act), alert_timeout=patient(0.5))

        pressed = portal.press(permit(), StepLog())

        assert (pressed.completed, pressed.alert) == (False, None)
        assert pressed.doubt is not None
        assert page_of(portal).url == BLANK
        portal.rest(_LATER + 0.5)
        assert site.posts == posts

    def test_its_own_question_before_it_is_left_does_not_hold(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        asking = "onbeforeunload = (event) => { event.preventDefault(); event.returnValue = 'x'; };"
        portal = at_page(
            context, site, refusal_page(act=asking + LATER + SEND), timeout=patient(0.5)
        )

        with pytest.raises(ConfirmMissing):
            portal.press(permit(), StepLog())

        assert page_of(portal).url == BLANK

    def test_one_that_cannot_be_left_changes_nothing_about_the_result(
        self, context: BrowserContext, site: TinySite, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        portal = at_page(context, site, refusal_page(act=ASK + SEND), alert_timeout=patient(0.5))
        page = page_of(portal)
        goto = page.goto
        monkeypatch.setattr(
            page, "goto", lambda *_, **__: goto("http://127.0.0.1:9/", timeout=patient(250))
        )

        pressed = portal.press(permit(), StepLog())

        assert (pressed.completed, pressed.alert, site.posts) == (False, None, ["/refuse"])
        assert pressed.doubt is not None


class TestAPageThatSaidSomething:
    """It stays as it is for the picture that is taken next, or is pictured and left."""

    def test_after_its_alert(self, context: BrowserContext, site: TinySite) -> None:
        portal = at_page(context, site, refusal_page(act=ASK + SEND + DONE))

        pressed = portal.press(permit(), StepLog())

        assert (page_of(portal).url, pressed.picture) == (site.url + "/", None)

    def test_after_another_alert_its_picture_is_taken_and_it_is_left(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        """It may have said no to something else, and still send."""
        act = ASK + SEND + "alert('処理できませんでした');" + LATER + SEND
        portal = at_page(context, site, refusal_page(act=act))

        pressed = portal.press(permit(), StepLog())

        assert page_of(portal).url == BLANK
        assert pressed.picture is not None
        assert pressed.picture.startswith(PNG)
        portal.rest(_LATER + 0.5)
        assert site.posts == ["/refuse"]

    def test_after_an_alert_in_place_of_the_confirm(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        portal = at_page(context, site, refusal_page(act="alert('ご確認ください');"))

        with pytest.raises(ConfirmMissing):
            portal.press(permit(), StepLog())

        assert page_of(portal).url == site.url + "/"

    def test_after_a_confirm_that_was_dismissed_as_a_rehearsal_does(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        portal = at_page(context, site, refusal_page(button=BUTTON))

        portal.press(permit(PermitKind.REHEARSAL), StepLog())

        assert page_of(portal).url == site.url + "/"


def test_leaving_takes_no_time_worth_mentioning(context: BrowserContext, site: TinySite) -> None:
    portal = at_page(context, site, refusal_page(act=""), timeout=patient(0.5))
    began = time.monotonic()

    with pytest.raises(ConfirmMissing):
        portal.press(permit(), StepLog())

    assert time.monotonic() - began < patient(4)
