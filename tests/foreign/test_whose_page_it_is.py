"""Rows 3 and 12: another shop, or another portal, than the settings name."""

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.mock_portal.pages import Pages
from tests.foreign.conftest import OpenLab


def test_row_3_another_shop_whose_name_goes_on_is_not_ours(open_lab: OpenLab) -> None:
    """No element is known for the name, and the page holds ours inside the longer one."""
    lab = open_lab("other-shop-longer-name")
    order = lab.orders[0]

    ending = lab.refuse(order)

    assert lab.server.journal.effects == []
    assert (ending.error, ending.code) == ("ShopNotProven", 40)
    assert ending.outcomes == {order: "not_sent"}


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<ul><li><a href="#">みほん商店</a></li></ul>',
        "<p>前回ログイン: <b>みほん商店</b></p>",
        '<div style="display: none"><span>みほん商店</span></div>',
    ],
)
def test_row_3_our_name_elsewhere_on_the_page_of_another_shop_is_no_proof(
    elsewhere: str, open_lab: OpenLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = Pages.render

    def with_more(self: Pages, template: str, **values: object) -> str:
        return render(self, template, **values).replace("</body>", f"{elsewhere}</body>")

    monkeypatch.setattr(Pages, "render", with_more)
    lab = open_lab("other-shop-longer-name")

    ending = lab.refuse(lab.orders[0])

    assert lab.server.journal.effects == []
    assert (ending.error, ending.code) == ("ShopNotProven", 40)


def test_row_3_reading_and_rehearsing_go_on(open_lab: OpenLab) -> None:
    lab = open_lab("other-shop-longer-name")
    order = lab.orders[0]

    ending = lab.refuse(order, kind=PermitKind.REHEARSAL)

    assert (ending.outcomes, ending.code) == ({order: "rehearsed"}, 0)


def test_row_3_without_a_known_element_the_whole_name_in_one_element_will_do(
    open_lab: OpenLab,
) -> None:
    lab = open_lab("other-markup")
    order = lab.orders[0]

    assert lab.refuse(order).outcomes == {order: "refused"}


def test_row_12_nothing_is_typed_at_another_origin(open_lab: OpenLab) -> None:
    lab = open_lab("login-elsewhere")

    ending = lab.refuse(lab.orders[0])

    posts = [seen for seen in lab.server.journal.requests if seen.method == "POST"]
    assert (ending.error, ending.code, posts) == ("OtherOrigin", 90, [])
    assert "localhost" in str(ending.facts["seen"])
