"""For how long a press waits, and for what: the question, the answer, the portal's last word."""

from playwright.sync_api import BrowserContext

from tests.integration.portal.parts import (
    ASK,
    DONE,
    SEND,
    TinySite,
    at_page,
    permit,
    refusal_page,
)
from tests.patience import patient
from tests.support import StepLog

PAUSE = "await new Promise((done) => setTimeout(done, {ms}));\n"


def test_the_answer_is_waited_for_although_the_page_said_already_that_it_is_done(
    context: BrowserContext, site: TinySite
) -> None:
    site.pause = 1.0
    portal = at_page(context, site, refusal_page(ASK + SEND.removeprefix("await ") + DONE))

    pressed = portal.press(permit(), StepLog())

    assert pressed.completed
    assert pressed.answer is not None
    assert pressed.answer.status == 200


def test_the_time_for_the_last_word_begins_with_the_question(
    context: BrowserContext, site: TinySite
) -> None:
    limit = patient(1.5)
    pause = PAUSE.format(ms=int(limit * 650))
    page = refusal_page(pause + ASK + SEND + pause + DONE)
    portal = at_page(context, site, page, timeout=limit, alert_timeout=limit)

    pressed = portal.press(permit(), StepLog())

    assert pressed.completed, pressed.doubt
