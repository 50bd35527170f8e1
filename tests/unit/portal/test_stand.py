"""What the pack names beside what the page has: how it is judged, and what that is ready for."""

import pytest

from qsm_bot.errors import DetailNotOpened, NothingToOpen, PortalSlow, QsmBotError, SignInFailed
from qsm_bot.portal.checkup import not_checked, verdict
from qsm_bot.portal.inspector import unseen
from qsm_bot.portal.pack import Needs, Place
from qsm_bot.portal.pages import NEEDS
from qsm_bot.portal.stand import (
    Finding,
    Glance,
    State,
    Texts,
    judged_elements,
    judged_texts,
    state_of,
)
from tests.support import shipped_pack

PACK = shipped_pack()
READS = Needs("sign_out", Place.HOME)
SINGLE = Needs("grid", Place.LIST, single=True)
OPTIONAL = Needs("consent", Place.HOME, may_lack=True)
ACTS = Needs("refuse_button", Place.DETAILS, acts=True)
REASONS = ("選択してください", "商品発送完了", "発送準備完了", "注文制作商品", "その他")


@pytest.mark.parametrize(
    ("need", "matches", "usable", "used", "state"),
    [
        (READS, 1, 1, 0, State.FOUND),
        (READS, 3, 3, 0, State.FOUND),
        (READS, 1, 1, 1, State.FALLBACK),
        (READS, 0, 0, None, State.MISSING),
        (OPTIONAL, 0, 0, None, State.NOT_SHOWN),
        (OPTIONAL, 1, 0, 0, State.FOUND),
        (SINGLE, 2, 1, 0, State.AMBIGUOUS),
        (ACTS, 1, 1, 0, State.FOUND),
        (ACTS, 1, 0, 0, State.FOUND),
        (ACTS, 2, 1, 0, State.FOUND),
        (ACTS, 2, 2, 0, State.AMBIGUOUS),
        (ACTS, 2, 0, 0, State.AMBIGUOUS),
        (ACTS, 0, 0, None, State.MISSING),
    ],
)
def test_how_often_an_element_matches_tells_its_state(
    need: Needs, matches: int, usable: int, used: int | None, state: State
) -> None:
    assert state_of(need, Glance(matches, usable, used)) is state


def test_a_fallback_is_told_by_its_own_selector() -> None:
    need = Needs("counter", Place.CLAIMS)
    found = judged_elements(PACK, [need], {"counter キャンセル要請": Glance(1, 1, 1)})

    first, second = found

    assert (first.state, first.label, first.matches) == (State.FALLBACK, "キャンセル要請", 1)
    assert first.selector == PACK.elements["counter"].at[1].format(label="キャンセル要請")
    assert (second.state, second.matches) == (State.NOT_VISITED, None)


def texts(place: Place, seen: Texts | None) -> dict[str, State]:
    return {each.key: each.state for each in judged_texts(PACK, place, seen)}


def test_headings_are_found_whatever_their_width_and_optional_ones_may_lack() -> None:
    seen = texts(
        Place.LIST, Texts(headings=("処理状態", "キャンセル／返品理由", "注文日", "注文日"))
    )

    assert seen["columns.status"] is seen["columns.buyer_reason"] is State.FOUND
    assert seen["columns.ordered_on"] is State.AMBIGUOUS
    assert seen["columns.order_no"] is State.MISSING
    assert seen["optional_columns.amount"] is State.NOT_SHOWN


@pytest.mark.parametrize(
    ("buttons", "state"),
    [
        (("キャンセル拒否",), State.FOUND),
        (("キャンセル",), State.MISSING),
        (("キャンセル拒否", "キャンセル"), State.AMBIGUOUS),
        ((), State.NOT_VISITED),
    ],
)
def test_the_button_must_carry_its_label_and_be_alone(
    buttons: tuple[str, ...], state: State
) -> None:
    """A selector of one's own may well hit the neighbour, which does the opposite."""
    seen = texts(Place.DETAILS, Texts(reasons=REASONS, buttons=buttons))

    assert seen.pop("texts.refuse_button") is state
    assert set(seen.values()) == {State.FOUND}


def test_without_a_walk_every_element_of_the_pack_was_not_visited() -> None:
    findings = unseen(PACK)

    assert {each.key for each in findings} >= {need.key for need in NEEDS} == set(PACK.elements)
    assert {each.state for each in findings} == {State.NOT_VISITED}


FOUND = Finding(key="grid", place=Place.LIST, state=State.FOUND)


def finding(state: State, place: Place = Place.DETAILS) -> Finding:
    return Finding(key="reason", place=place, state=state)


@pytest.mark.parametrize(
    ("findings", "troubles", "ready_for", "code"),
    [
        ([FOUND], [], "refuse", 0),
        ([finding(State.FALLBACK)], [], "refuse", 0),
        ([finding(State.NOT_SHOWN)], [], "refuse", 0),
        ([finding(State.NOT_VISITED, Place.SIGN_IN)], [], "refuse", 0),
        ([finding(State.NOT_VISITED)], [NothingToOpen()], "rehearse", 20),
        ([finding(State.NOT_VISITED)], [DetailNotOpened(order="7")], "rehearse", 20),
        ([finding(State.MISSING)], [], None, 90),
        ([finding(State.AMBIGUOUS)], [NothingToOpen()], None, 90),
        ([finding(State.NOT_VISITED)], [PortalSlow(what="x", seconds=1)], None, 50),
        ([finding(State.MISSING)], [PortalSlow(what="x", seconds=1)], None, 90),
    ],
)
def test_the_worst_decides_what_the_portal_is_ready_for(
    findings: list[Finding], troubles: list[QsmBotError], ready_for: str | None, code: int
) -> None:
    said = verdict(findings, troubles)

    assert (said.ready_for, said.exit_code) == (ready_for, code)


def test_the_verdict_names_what_is_to_be_done() -> None:
    mend = verdict([finding(State.MISSING), finding(State.MISSING)], [])
    two = verdict([finding(State.MISSING), finding(State.AMBIGUOUS)], [])
    later = verdict([finding(State.NOT_VISITED)], [NothingToOpen()])
    sign_in = not_checked(unseen(PACK), SignInFailed(alert="違います")).verdict

    assert "Not as known: reason. → point at it" in mend.words.en
    assert "→ look at the page by eye" in two.words.en
    assert "未点検: reason" in later.words.ja
    assert sign_in.exit_code == 40
    assert "違います" in sign_in.words.ja
