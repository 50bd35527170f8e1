"""The checkup of the portal as a document and as tables."""

from datetime import datetime
from io import StringIO

import pytest
from rich.console import Console

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.orders import NothingToOpen
from qsm_bot.base.errors.people import SignInFailed
from qsm_bot.base.words import Lang
from qsm_bot.domain.page_fingerprint import Change
from qsm_bot.portal.selectors.findings import ElementFinding, MatchState
from qsm_bot.portal.selectors.pack import PortalPage
from qsm_bot.portal.survey.inspector import unseen
from qsm_bot.portal.survey.readiness import SurveyReport, not_checked, verdict
from qsm_bot.render.doctor import checkup_document, checkup_tables
from tests.support import shipped_pack

LONG = "xpath=//select[option[normalize-space(translate(., '　', ' '))='商品発送完了']]"
LOST = ElementFinding(
    key="reason",
    place=PortalPage.DETAILS,
    state=MatchState.MISSING,
    selector=LONG,
    matches=0,
    sure="A",
)
HEADING = ElementFinding(
    key="columns.order_no",
    place=PortalPage.LIST,
    state=MatchState.FOUND,
    label="注文番号",
    matches=1,
)
CHANGES = (
    Change("list", "headings", "受注番号", "注文番号"),
    Change("details", "options", None, "在庫切れ"),
    Change("details", "buttons", "A | B", "B | A", moved=True),
)
CHECKUP = SurveyReport(
    findings=(HEADING, LOST),
    verdict=verdict((HEADING, LOST), []),
    pictures={PortalPage.LIST: "/data/list.png"},
    troubles={PortalPage.DETAILS: NothingToOpen()},
    changes=CHANGES,
    compared_with=datetime(2026, 1, 5, 10, tzinfo=JST),
)


def printed(checkup: SurveyReport, lang: Lang) -> str:
    out = StringIO()
    Console(file=out, width=140, highlight=False).print(checkup_tables(checkup, lang))
    return out.getvalue()


def test_the_document_tells_each_finding_and_each_change() -> None:
    document = checkup_document(CHECKUP, "en")

    assert document["elements"] == [
        {
            "key": "columns.order_no",
            "place": "list",
            "state": "found",
            "label": "注文番号",
            "selector": None,
            "matches": 1,
            "sure": None,
            "picture": "/data/list.png",
        },
        {
            "key": "reason",
            "place": "details",
            "state": "missing",
            "label": None,
            "selector": LONG,
            "matches": 0,
            "sure": "A",
            "picture": None,
        },
    ]
    assert document["contract"] == {
        "compared_with": "2026-01-05T10:00:00+09:00",
        "added": [
            {"place": "list", "kind": "headings", "text": "注文番号"},
            {"place": "details", "kind": "options", "text": "在庫切れ"},
        ],
        "removed": [{"place": "list", "kind": "headings", "text": "受注番号"}],
        "moved": [{"place": "details", "kind": "buttons", "old": "A | B", "new": "B | A"}],
    }
    assert [each["code"] for each in document["troubles"]] == ["NothingToOpen"]
    assert document["verdict"]["ready_for"] is None
    assert "reason" in document["verdict"]["message"]
    assert "error" not in document


@pytest.mark.parametrize(("lang", "state"), [("en", "missing"), ("ja", "なし")])
def test_what_must_be_mended_is_shown_in_full(lang: Lang, state: str) -> None:
    page = printed(CHECKUP, lang)

    squeezed = "".join(page.split())
    assert "".join(LONG.split()) in squeezed
    assert state in page
    assert "/data/list.png" in page
    assert "2026-01-05 10:00" in page
    assert "「注文番号」" in page


def test_a_portal_that_could_not_be_visited_is_an_error_without_a_table() -> None:
    checkup = not_checked(unseen(shipped_pack()), SignInFailed(alert="違います"))

    document = checkup_document(checkup, "ja")

    assert document["error"]["code"] == "SignInFailed"
    assert {each["state"] for each in document["elements"]} == {"not visited"}
    assert printed(checkup, "ja").strip() == ""
