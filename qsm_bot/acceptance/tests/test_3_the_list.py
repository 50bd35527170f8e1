"""Manual, steps 3 and 4: the list behind キャンセル要請."""

import re

import pytest

from qsm_bot.acceptance.case import NOTHING, StatementCase, listed
from qsm_bot.acceptance.clone.clone_page import ClonePage
from qsm_bot.acceptance.fixtures import open_requests
from qsm_bot.acceptance.manual import COLUMNS, OPEN_STATUS, REQUESTS
from qsm_bot.base.words import Words, same
from qsm_bot.portal.selectors.pack import PortalPage

_LIST = Words("the list of キャンセル要請", "キャンセル要請の一覧")
_READINGS = 3
_FORMS = {
    "注文番号": r"[0-9]{9}",
    "カート番号": r"[0-9]+",
    "キャンセル/返品要請日": r"[0-9]{4}/[0-9]{2}/[0-9]{2}",
    "注文日": r"[0-9]{4}/[0-9]{2}/[0-9]{2}",
    "キャンセル/返品完了日": r"([0-9]{4}/[0-9]{2}/[0-9]{2})?",
    "発送日": r"([0-9]{4}/[0-9]{2}/[0-9]{2})?",
    "処理状態": re.escape(OPEN_STATUS),
}


@pytest.mark.statement("counter-agrees")
def test_the_counter_agrees_with_the_list(claim_page: ClonePage, case: StatementCase) -> None:
    """While others work on the clone, it may take a second look."""
    counted, rows = 0, -1
    for _ in range(_READINGS):
        counted = claim_page.number(REQUESTS)
        rows = len(claim_page.list_of(REQUESTS).rows)
        if rows == counted or claim_page.number(REQUESTS) == counted:
            break
    case.picture(_LIST, claim_page)
    case.expect(Words("rows of the list", "一覧の行数"), str(counted), str(rows))


@pytest.mark.statement("columns")
def test_the_list_has_the_manuals_headings(claim_page: ClonePage, case: StatementCase) -> None:
    """More may follow them: the manual's picture ends at 商品番号."""
    table = claim_page.list_of(REQUESTS)
    case.note(PortalPage.LIST, claim_page)
    case.picture(_LIST, claim_page)
    seen = [same(heading) for heading in table.headings[: len(COLUMNS)]]
    case.expect(
        Words("headings", "見出し"), listed(same(column) for column in COLUMNS), listed(seen)
    )


@pytest.mark.statement("cells")
@pytest.mark.usefixtures("open_request")
def test_the_cells_are_of_the_manuals_form(claim_page: ClonePage, case: StatementCase) -> None:
    """Numbers, dates and the status of every row; a column that is not there is no cell."""
    rows = open_requests(claim_page)
    case.picture(_LIST, claim_page)
    odd = [
        f"{heading}: {cell or '–'}"
        for row in rows
        for heading, cell in row.cells.items()
        if not re.fullmatch(_FORMS.get(same(heading), r"(?s).*"), cell)
    ]
    case.expect(
        Words("cells of another form, in {count} rows", "形の違うセル（{count}行中）").filled(
            count=len(rows)
        ),
        NOTHING,
        listed(odd[:5]),
    )
