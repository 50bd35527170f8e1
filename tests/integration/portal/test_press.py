"""The press of キャンセル拒否: what stops it before, and what is a doubt after, the confirm."""

import pytest
from playwright.sync_api import BrowserContext

from qsm_bot.base.errors.orders import ConfirmMissing
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.errors.safety import (
    ButtonAmbiguous,
    ConfirmTextChanged,
    LayerInTheWay,
    UnexpectedDialog,
)
from qsm_bot.domain.plan import PermitKind
from qsm_bot.mock_portal.server import MockPortal
from tests.integration.portal.parts import (
    ASK,
    BUTTON,
    DONE,
    LINK,
    SEND,
    TEXTS,
    TinySite,
    alter_static,
    at_page,
    notes,
    page_of,
    permit,
    ready_to_press,
    refusal_page,
)
from tests.patience import patient
from tests.support import OpenPortal, StepLog

WHOLE_ACT = ["armed", "confirm_open", "committing", "answered", "alerted"]
DISK_FULL = EvidenceUnwritable(path="ledger", detail="disk full")


def test_a_changed_confirm_is_dismissed_and_nothing_is_sent(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal
) -> None:
    alter_static(context, "claim.js", "キャンセル拒否しますか？", "全額返金しますか？")
    portal, log = open_portal(server), StepLog()
    ready_to_press(portal, server.world.open_requests()[0].order_no)

    with pytest.raises(ConfirmTextChanged) as caught:
        portal.press(permit(), log)

    assert str(caught.value.facts["seen"]).endswith("全額返金しますか？")
    assert log.steps == [("armed", None), ("confirm_open", caught.value.facts["seen"])]
    assert server.journal.calls("SetCancelRefusal") == []


def test_a_confirm_that_differs_in_width_and_blanks_only_is_the_known_one(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal
) -> None:
    alter_static(context, "claim.js", "キャンセル拒否しますか？", "ｷｬﾝｾﾙ拒否しますか?\\n　")
    portal, log = open_portal(server), StepLog()
    order_no = server.world.open_requests()[0].order_no
    ready_to_press(portal, order_no)

    pressed = portal.press(permit(), log)

    assert (pressed.completed, log.names) == (True, WHOLE_ACT)
    assert len(server.journal.effects_of("refuse", order_no)) == 1


def test_a_prompt_instead_of_the_confirm_is_dismissed_and_nothing_is_sent(
    server: MockPortal, context: BrowserContext, open_portal: OpenPortal
) -> None:
    alter_static(
        context, "claim.js", "window.confirm(question)", "window.prompt(question) !== null"
    )
    portal, log = open_portal(server), StepLog()
    ready_to_press(portal, server.world.open_requests()[0].order_no)

    with pytest.raises(UnexpectedDialog) as caught:
        portal.press(permit(), log)

    assert caught.value.facts == {"kind": "prompt", "text": TEXTS.confirm}
    assert log.names == ["armed"]
    assert server.journal.calls("SetCancelRefusal") == []


def test_an_alert_in_place_of_the_confirm_is_named(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    """The portal's own check: no reason has been chosen."""
    portal, log = open_portal(server), StepLog()
    portal.sign_in()
    portal.open(server.world.open_requests()[0].order_no)

    with pytest.raises(ConfirmMissing) as caught:
        portal.press(permit(), log)

    assert caught.value.facts == {"alert": "キャンセル拒否理由を選択してください。"}
    assert log.names == ["armed"]
    assert server.journal.calls("SetCancelRefusal") == []


def test_the_neighbours_of_the_button_are_not_pressed(
    server: MockPortal, open_portal: OpenPortal
) -> None:
    portal = open_portal(server)
    ready_to_press(portal, server.world.open_requests()[0].order_no)

    portal.press(permit(), StepLog())

    assert len(server.journal.effects_of("refuse")) == 1
    assert [server.journal.calls(name) for name in ("SetCancelConfirm", "SetClaimRetraction")] == [
        [],
        [],
    ]


@pytest.mark.parametrize(
    "button",
    [
        BUTTON,
        '<button type="button" value="refuse" onclick="refuse()"> キャンセル拒否 </button>',
        '<button type="button" onclick="refuse()"><span>キャンセル</span>拒否</button>',
        '<a href="#" onclick="refuse(); return false">キャンセル拒否</a>',
        LINK,
        '<input type="button" value="キャンセル拒否" onclick="refuse()">',
        BUTTON + f'<div style="display:none">{BUTTON.replace("refuse()", "neighbour()")}</div>',
        BUTTON.replace("<button", "<button disabled") + BUTTON,
    ],
    ids=[
        "button",
        "button with a value",
        "button with a span",
        "link with onclick",
        "link with a script",
        "input",
        "a hidden twin beside it",
        "a disabled twin before it",
    ],
)
@pytest.mark.by_day(4)
def test_the_button_is_pressed_whatever_it_is_made_of(
    context: BrowserContext, site: TinySite, button: str
) -> None:
    portal, log = at_page(context, site, refusal_page(button=button)), StepLog()

    pressed = portal.press(permit(), log)

    assert (pressed.completed, pressed.alert) == (True, TEXTS.completed)
    assert (site.posts, log.names) == (["/refuse"], WHOLE_ACT)


@pytest.mark.parametrize(
    ("button", "seen"),
    [
        (BUTTON + BUTTON, "キャンセル拒否 / キャンセル拒否"),
        (BUTTON + LINK, "キャンセル拒否 / キャンセル拒否"),
        ("", "–"),
        (BUTTON.replace("拒否<", "を拒否する<"), "–"),
        (BUTTON.replace("<button", "<button disabled"), "–"),
        (BUTTON.replace("<button", '<button style="visibility:hidden"'), "–"),
    ],
    ids=["two buttons", "button and link", "none", "another label", "disabled", "hidden"],
)
def test_without_exactly_one_button_nothing_is_armed_or_clicked(
    context: BrowserContext, site: TinySite, button: str, seen: str
) -> None:
    portal, log = at_page(context, site, refusal_page(button=button)), StepLog()

    with pytest.raises(ButtonAmbiguous) as caught:
        portal.press(permit(), log)

    assert caught.value.facts == {"label": "キャンセル拒否", "seen": seen}
    assert (log.names, site.posts) == ([], [])
    assert notes(portal, site) == []


def test_a_neighbour_that_covers_the_button_is_not_pressed_in_its_place(
    context: BrowserContext, site: TinySite
) -> None:
    cover = (
        '<button style="position:fixed;inset:0;width:100%;height:100%"'
        " onclick=\"fetch('/cancel', {method: 'POST'})\">キャンセル</button>"
    )
    page = refusal_page(button=BUTTON + cover)
    portal = at_page(context, site, page, timeout=patient(0.4))

    with pytest.raises(LayerInTheWay):
        portal.press(permit(), StepLog())

    assert site.posts == []
    assert notes(portal, site) == []


class TestBeforeTheConfirmIsAccepted:
    """Whatever goes wrong here ends with a dismissed confirm and no request."""

    @pytest.mark.parametrize(
        ("step", "before"),
        [("confirm_open", ["armed"]), ("committing", ["armed", "confirm_open"])],
    )
    def test_a_step_that_cannot_be_recorded_dismisses_the_confirm(
        self, context: BrowserContext, site: TinySite, step: str, before: list[str]
    ) -> None:
        portal, log = at_page(context, site, refusal_page()), StepLog(fail_at=step, error=DISK_FULL)

        with pytest.raises(EvidenceUnwritable):
            portal.press(permit(), log)

        assert (log.names, site.posts) == (before, [])
        assert notes(portal, site) == ["clicked", "dismissed"]

    def test_an_intent_that_cannot_be_recorded_prevents_the_click(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        portal = at_page(context, site, refusal_page())

        with pytest.raises(EvidenceUnwritable):
            portal.press(permit(), StepLog(fail_at="armed", error=DISK_FULL))

        assert notes(portal, site) == []
        assert site.posts == []

    @pytest.mark.parametrize(
        ("first", "error"),
        [
            ("alert('ご確認ください');", ConfirmMissing),
            ("confirm('全額返金しますか');", ConfirmTextChanged),
            ("prompt('暗証番号');", UnexpectedDialog),
        ],
        ids=["alert", "another confirm", "prompt"],
    )
    def test_the_known_confirm_is_dismissed_when_something_else_was_asked_before_it(
        self, context: BrowserContext, site: TinySite, first: str, error: type[Exception]
    ) -> None:
        page = refusal_page(act=first + ASK + SEND + DONE)
        portal, log = at_page(context, site, page), StepLog()

        with pytest.raises(error):
            portal.press(permit(), log)

        assert notes(portal, site) == ["clicked", "dismissed"]
        assert site.posts == []
        assert "committing" not in log.names

    def test_a_click_that_nothing_follows_is_a_missing_confirm(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        portal = at_page(context, site, refusal_page(act=""), timeout=patient(0.4))

        with pytest.raises(ConfirmMissing) as caught:
            portal.press(permit(), StepLog())

        assert caught.value.facts == {"alert": "–"}

    def test_a_page_that_sends_without_asking_sends_nothing(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        portal = at_page(context, site, refusal_page(act=SEND + DONE))

        with pytest.raises(ConfirmMissing):
            portal.press(permit(), StepLog())

        assert site.posts == []

    @pytest.mark.parametrize(
        ("fuse", "act", "steps"),
        [
            ("strict", SEND, ["armed"]),
            ("strict", "", ["armed"]),
            ("count", SEND, ["armed", "answered"]),
            ("count", "", ["armed"]),
            ("off", SEND, ["armed", "answered"]),
            ("off", "", ["armed", "answered"]),
        ],
    )
    def test_without_a_confirm_what_may_have_left_is_recorded(
        self, context: BrowserContext, site: TinySite, fuse: str, act: str, steps: list[str]
    ) -> None:
        """Only the strict fuse holds it back; without any, nobody knows."""
        portal = at_page(context, site, refusal_page(act=act), timeout=patient(0.5), fuse=fuse)
        log = StepLog()

        with pytest.raises(ConfirmMissing):
            portal.press(permit(), log)

        assert log.names == steps
        assert site.posts == ([] if fuse == "strict" or not act else ["/refuse"])

    def test_a_rehearsal_dismisses_a_second_confirm_too(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        page = refusal_page(act=f"confirm('{TEXTS.confirm}');" + ASK + SEND)
        portal, log = at_page(context, site, page), StepLog()

        pressed = portal.press(permit(PermitKind.REHEARSAL), log)

        assert (pressed.completed, log.names) == (False, ["armed", "confirm_open"])
        assert notes(portal, site) == ["clicked", "dismissed"]
        assert site.posts == []


class TestAfterTheConfirmIsAccepted:
    """Whatever goes wrong here is told as a doubt, because the request has left."""

    def test_an_alert_that_cannot_be_recorded_is_a_doubt(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        log = StepLog(fail_at="alerted", error=DISK_FULL)

        pressed = at_page(context, site, refusal_page()).press(permit(), log)

        assert (pressed.completed, pressed.alert) == (False, TEXTS.completed)
        assert pressed.doubt is not None
        assert "disk full" in pressed.doubt.en
        assert site.posts == ["/refuse"]

    def test_no_alert_within_the_limit_is_a_doubt(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        portal = at_page(context, site, refusal_page(act=ASK + SEND), alert_timeout=patient(0.4))

        pressed = portal.press(permit(), StepLog())

        assert (pressed.completed, pressed.alert) == (False, None)
        assert pressed.doubt is not None
        assert f"within {patient(0.4):g} s" in pressed.doubt.en
        assert site.posts == ["/refuse"]

    def test_the_limit_for_the_alert_begins_with_the_accepted_confirm(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        late = f"await new Promise((done) => setTimeout(done, {patient(2) * 1000}));\n"
        page = refusal_page(act=late + ASK + SEND + DONE)
        portal = at_page(context, site, page, alert_timeout=patient(1.5))

        pressed = portal.press(permit(), StepLog())

        assert (pressed.completed, pressed.doubt) == (True, None)

    @pytest.mark.parametrize("question", [TEXTS.confirm, "もう一度送信しますか"])
    def test_a_second_confirm_is_dismissed_and_a_doubt(
        self, context: BrowserContext, site: TinySite, question: str
    ) -> None:
        again = f"if (!confirm('{question}')) {{ note('second dismissed'); return; }}\n"
        portal = at_page(context, site, refusal_page(act=ASK + SEND + again + SEND + DONE))

        pressed = portal.press(permit(), StepLog())

        assert (pressed.completed, pressed.alert) == (False, None)
        assert pressed.doubt is not None
        assert question in pressed.doubt.en
        assert notes(portal, site) == ["clicked", "second dismissed"]
        assert site.posts == ["/refuse"]

    def test_another_alert_than_the_completion_is_a_doubt_that_names_it(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        page = refusal_page(act=ASK + SEND + "alert('処理できませんでした');")

        pressed = at_page(context, site, page).press(permit(), StepLog())

        assert (pressed.completed, pressed.alert) == (False, "処理できませんでした")
        assert pressed.doubt is not None
        assert "処理できませんでした" in pressed.doubt.en

    def test_a_page_that_sends_twice_has_one_request_sent(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        portal = at_page(context, site, refusal_page(act=ASK + SEND + SEND + DONE))

        portal.press(permit(), StepLog())

        assert site.posts == ["/refuse"]

    def test_leaving_the_page_by_its_form_is_no_second_question(
        self, context: BrowserContext, site: TinySite
    ) -> None:
        """The browser asks whether to leave; that is accepted, and the alert follows."""
        site.pages["/refuse"] = f'<meta charset="utf-8"><script>{DONE}</script>'
        leave = (
            "onbeforeunload = (event) => { event.preventDefault(); event.returnValue = 'x'; };\n"
            "document.forms[0].submit();"
        )
        form = '<form method="post" action="/refuse"></form>'
        page = refusal_page(act=ASK + leave, button=BUTTON + form)

        pressed = at_page(context, site, page).press(permit(), StepLog())

        assert (pressed.completed, pressed.doubt) == (True, None)
        assert site.posts == ["/refuse"]

    def test_a_window_that_closes_is_a_doubt(self, context: BrowserContext, site: TinySite) -> None:
        portal = at_page(context, site, refusal_page(act=ASK + SEND))
        page_of(portal).on("requestfinished", lambda _request: page_of(portal).close())

        pressed = portal.press(permit(), StepLog())

        assert (pressed.completed, pressed.alert) == (False, None)
        assert pressed.doubt is not None


def test_a_page_that_asks_before_it_is_left_can_be_left(
    context: BrowserContext, site: TinySite
) -> None:
    """A dismissed question would keep the browser on the page for good."""
    asking = "onbeforeunload = (event) => { event.preventDefault(); event.returnValue = 'x'; };"
    portal = at_page(context, site, refusal_page(act=asking + ASK + SEND + DONE))
    portal.press(permit(), StepLog())
    page = page_of(portal)

    page.goto(site.url + "/elsewhere")

    assert page.url.endswith("/elsewhere")
