"""Manual, step 3: the box キャンセル & 未受取 with its views and counters."""

import pytest

from qsm_bot.acceptance.case import NOTHING, StatementCase, listed
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.clone.counters import CounterTable, read_counters
from qsm_bot.acceptance.fixtures import OpenRequest
from qsm_bot.acceptance.manual import BOX, COUNTERS, FOUR_DAYS, VIEWS
from qsm_bot.acceptance.refusal import rows_by_order
from qsm_bot.base.words import Words
from qsm_bot.portal.selectors.pack import PortalPage

_PAGE = Words("the claim page", "クレーム画面")
_FOUND = Words("what the search shows", "照会の結果")
_UNDER = Words("under the counters", "件数表の下")
_ELSEWHERE = Words("elsewhere on the page", "別の場所")


def _counters(clone_page: ClonePage) -> CounterTable:
    table = CounterTable({})

    def is_filled_in() -> bool:
        nonlocal table
        table = read_counters(clone_page.screen(), COUNTERS)
        return bool(table.rows) and not table.without_number()

    clone_page.until(is_filled_in)
    return table


@pytest.mark.statement("two-views")
def test_the_box_has_both_views(claim_page: ClonePage, case: StatementCase) -> None:
    """状態別に照会 and 選択条件照会 stand under キャンセル & 未受取."""
    screen = claim_page.screen()
    case.note(PortalPage.CLAIMS, claim_page)
    case.picture(_PAGE, claim_page)
    boxes = screen.saying(BOX)
    case.expect(Words("the box", "枠の見出し"), BOX, BOX if boxes else NOTHING)
    seen = [view for view in VIEWS if screen.saying(view)]
    case.expect(Words("its views", "表示の切り替え"), listed(VIEWS), listed(seen))


@pytest.mark.statement("counter-labels")
def test_each_label_stands_in_its_row(claim_page: ClonePage, case: StatementCase) -> None:
    """Every row and counter of the manual's picture."""
    table = _counters(claim_page)
    case.picture(_PAGE, claim_page)
    labels = table.labels()
    for head, row in COUNTERS.items():
        case.expect(
            Words("row {head}", "行「{head}」").filled(head=head),
            listed(row),
            listed(labels.get(head, ())),
        )


@pytest.mark.statement("counter-numbers")
def test_each_counter_has_a_number(claim_page: ClonePage, case: StatementCase) -> None:
    """Of the counters that are there, whatever they are called."""
    table = _counters(claim_page)
    case.picture(_PAGE, claim_page)
    case.expect(
        Words("counters without a number", "数字のない件数"),
        NOTHING,
        listed(table.without_number()),
    )
    counted = sum(len(row) for row in table.rows.values())
    case.expect_that(
        Words("counters with a number", "数字のある件数"),
        Words("some", "1つ以上"),
        str(counted),
        held=counted > 0,
    )


@pytest.mark.statement("four-days-note")
def test_the_note_on_four_days_stands_under_the_counters(
    claim_page: ClonePage, case: StatementCase
) -> None:
    """As far as the manual's picture shows it."""
    screen = claim_page.screen(FOUR_DAYS)
    case.picture(_PAGE, claim_page)
    places = screen.places(FOUR_DAYS)
    lowest = max(
        (each.box.top for head in COUNTERS for each in screen.saying(head)[:1]), default=0.0
    )
    below = any(place.top > lowest for place in places)
    seen = _UNDER if below else _ELSEWHERE if places else NOTHING
    case.expect(Words(f"the note {FOUR_DAYS}…", f"注記「{FOUR_DAYS}…」"), _UNDER, seen)


@pytest.mark.statement("search-view")
def test_the_search_finds_an_order_by_its_number(
    claim_page: ClonePage, open_request: OpenRequest, case: StatementCase
) -> None:
    """選択条件照会, by 注文番号."""
    claim_page.open_claims()
    found = rows_by_order(claim_page, claim_page.search(open_request.order_no))
    case.note(PortalPage.SEARCH, claim_page)
    case.picture(_FOUND, claim_page)
    case.expect(_FOUND, open_request.order_no, listed(found))
