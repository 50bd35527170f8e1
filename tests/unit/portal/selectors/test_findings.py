"""What the pack names beside what the page has: how it is judged, and what that is ready for."""

import pytest

from qsm_bot.base.errors.base import QsmBotError
from qsm_bot.base.errors.orders import DetailNotOpened, NothingToOpen
from qsm_bot.base.errors.outside import PortalSlow
from qsm_bot.base.errors.people import SignInFailed
from qsm_bot.portal.pages.needs import NEEDS
from qsm_bot.portal.selectors.findings import (
    ElementCount,
    ElementFinding,
    FoundTexts,
    MatchState,
    judged_elements,
    judged_texts,
    state_of,
)
from qsm_bot.portal.selectors.pack import PageNeeds, PortalPage
from qsm_bot.portal.survey.inspector import unseen
from qsm_bot.portal.survey.readiness import not_checked, verdict
from tests.support import shipped_pack

PACK = shipped_pack()
READS = PageNeeds("sign_out", PortalPage.HOME)
SINGLE = PageNeeds("grid", PortalPage.LIST, single=True)
OPTIONAL = PageNeeds("consent", PortalPage.HOME, may_lack=True)
ACTS = PageNeeds("refuse_button", PortalPage.DETAILS, acts=True)
REASONS = ("選択してください", "商品発送完了", "発送準備完了", "注文制作商品", "その他")


@pytest.mark.parametrize(
    ("need", "matches", "usable", "used", "state"),
    [
        (READS, 1, 1, 0, MatchState.FOUND),
        (READS, 3, 3, 0, MatchState.FOUND),
        (READS, 1, 1, 1, MatchState.FALLBACK),
        (READS, 0, 0, None, MatchState.MISSING),
        (OPTIONAL, 0, 0, None, MatchState.NOT_SHOWN),
        (OPTIONAL, 1, 0, 0, MatchState.FOUND),
        (SINGLE, 2, 1, 0, MatchState.AMBIGUOUS),
        (ACTS, 1, 1, 0, MatchState.FOUND),
        (ACTS, 1, 0, 0, MatchState.FOUND),
        (ACTS, 2, 1, 0, MatchState.FOUND),
        (ACTS, 2, 2, 0, MatchState.AMBIGUOUS),
        (ACTS, 2, 0, 0, MatchState.AMBIGUOUS),
        (ACTS, 0, 0, None, MatchState.MISSING),
    ],
)
def test_how_often_an_element_matches_tells_its_state(
    need: PageNeeds, matches: int, usable: int, used: int | None, state: MatchState
) -> None:
    assert state_of(need, ElementCount(matches, usable, used)) is state


def test_a_fallback_is_told_by_its_own_selector() -> None:
    need = PageNeeds("counter", PortalPage.CLAIMS)
    found = judged_elements(PACK, [need], {"counter キャンセル要請": ElementCount(1, 1, 1)})

    first, second = found

    assert (first.state, first.label, first.matches) == (MatchState.FALLBACK, "キャンセル要請", 1)
    assert first.selector == PACK.elements["counter"].at[1].format(label="キャンセル要請")
    assert (second.state, second.matches) == (MatchState.NOT_VISITED, None)


def texts(place: PortalPage, seen: FoundTexts | None) -> dict[str, MatchState]:
    return {each.key: each.state for each in judged_texts(PACK, place, seen)}


def test_headings_are_found_whatever_their_width_and_optional_ones_may_lack() -> None:
    seen = texts(
        PortalPage.LIST,
        FoundTexts(headings=("処理状態", "キャンセル／返品理由", "注文日", "注文日")),
    )

    assert seen["columns.status"] is seen["columns.buyer_reason"] is MatchState.FOUND
    assert seen["columns.ordered_on"] is MatchState.AMBIGUOUS
    assert seen["columns.order_no"] is MatchState.MISSING
    assert seen["optional_columns.amount"] is MatchState.NOT_SHOWN


@pytest.mark.parametrize(
    ("buttons", "state"),
    [
        (("キャンセル拒否",), MatchState.FOUND),
        (("キャンセル",), MatchState.MISSING),
        (("キャンセル拒否", "キャンセル"), MatchState.AMBIGUOUS),
        ((), MatchState.NOT_VISITED),
    ],
)
def test_the_button_must_carry_its_label_and_be_alone(
    buttons: tuple[str, ...], state: MatchState
) -> None:
    """A selector of one's own may well hit the neighbour, which does the opposite."""
    seen = texts(PortalPage.DETAILS, FoundTexts(reasons=REASONS, buttons=buttons))

    assert seen.pop("texts.refuse_button") is state
    assert set(seen.values()) == {MatchState.FOUND}


def test_without_a_walk_every_element_of_the_pack_was_not_visited() -> None:
    findings = unseen(PACK)

    assert {each.key for each in findings} >= {need.key for need in NEEDS} == set(PACK.elements)
    assert {each.state for each in findings} == {MatchState.NOT_VISITED}


FOUND = ElementFinding(key="grid", place=PortalPage.LIST, state=MatchState.FOUND)


def finding(state: MatchState, place: PortalPage = PortalPage.DETAILS) -> ElementFinding:
    return ElementFinding(key="reason", place=place, state=state)


@pytest.mark.parametrize(
    ("findings", "troubles", "ready_for", "code"),
    [
        ([FOUND], [], "refuse", 0),
        ([finding(MatchState.FALLBACK)], [], "refuse", 0),
        ([finding(MatchState.NOT_SHOWN)], [], "refuse", 0),
        ([finding(MatchState.NOT_VISITED, PortalPage.SIGN_IN)], [], "refuse", 0),
        ([finding(MatchState.NOT_VISITED)], [NothingToOpen()], "rehearse", 20),
        ([finding(MatchState.NOT_VISITED)], [DetailNotOpened(order="7")], "rehearse", 20),
        ([finding(MatchState.MISSING)], [], None, 90),
        ([finding(MatchState.AMBIGUOUS)], [NothingToOpen()], None, 90),
        ([finding(MatchState.NOT_VISITED)], [PortalSlow(what="x", seconds=1)], None, 50),
        ([finding(MatchState.MISSING)], [PortalSlow(what="x", seconds=1)], None, 90),
    ],
)
def test_the_worst_decides_what_the_portal_is_ready_for(
    findings: list[ElementFinding], troubles: list[QsmBotError], ready_for: str | None, code: int
) -> None:
    said = verdict(findings, troubles)

    assert (said.ready_for, said.exit_code) == (ready_for, code)


def test_the_verdict_names_what_is_to_be_done() -> None:
    mend = verdict([finding(MatchState.MISSING), finding(MatchState.MISSING)], [])
    two = verdict([finding(MatchState.MISSING), finding(MatchState.AMBIGUOUS)], [])
    later = verdict([finding(MatchState.NOT_VISITED)], [NothingToOpen()])
    sign_in = not_checked(unseen(PACK), SignInFailed(alert="違います")).verdict

    assert "Not as known: order opened (reason). → point at it" in mend.words.en
    assert "→ look at the page by eye" in two.words.en
    assert "未点検: 取引情報（reason）" in later.words.ja
    assert sign_in.exit_code == 40
    assert "違います" in sign_in.words.ja
