"""What may be taken for what: above all, nothing but キャンセル拒否 for the button that acts."""

import pytest

from qsm_bot.portal.calibrate.locators import Thing
from qsm_bot.portal.calibrate.teachable_elements import TEACHABLE, problem
from qsm_bot.portal.pages.needs import NEEDS
from tests.support import shipped_pack

PACK = shipped_pack()
BUTTON = {"tag": "a", "clickable": True}
REASONS = ("選択してください", "商品発送完了", "発送準備完了", "注文制作商品", "その他")
HEADINGS = tuple(PACK.columns.model_dump().values())
ORDER = "762544202"


def why(key: str, thing: Thing) -> str:
    trouble = problem(key, thing, PACK, ORDER)
    return trouble.en if trouble else ""


def says(text: str, seen: str | None = None) -> Thing:
    return Thing(tag="a", clickable=True, text=text, seen=text if seen is None else seen)


def test_every_element_that_can_be_asked_for_is_of_the_pack() -> None:
    assert set(TEACHABLE) < {need.key for need in NEEDS}
    assert {need.key for need in NEEDS if need.acts} < set(TEACHABLE)


class TestTheRefuseButton:
    """Whatever is pointed at, nothing else is taken."""

    def test_it_is_taken(self) -> None:
        assert why("refuse_button", says("キャンセル拒否")) == ""

    @pytest.mark.parametrize(
        "text",
        [
            "キャンセル",
            "キャンセルの撤回要請",
            "キャンセル拒否理由",
            "キャンセル 拒否する",
            "",
            "拒否",
        ],
    )
    def test_another_text_is_refused_and_named(self, text: str) -> None:
        told = why("refuse_button", says(text))
        assert f"this says “{text or '–'}”; only a button that says exactly" in told

    def test_a_text_of_which_something_else_is_seen_is_refused(self) -> None:
        assert "“キャンセル”" in why("refuse_button", says("キャンセル拒否", "キャンセル"))

    def test_a_heading_of_that_text_is_refused(self) -> None:
        heading = Thing(tag="th", text="キャンセル拒否", seen="キャンセル拒否")
        assert "the button itself is meant" in why("refuse_button", heading)

    def test_one_that_cannot_be_seen_is_refused(self) -> None:
        hidden = Thing(tag="a", clickable=True, visible=False, text="キャンセル拒否")
        assert why("refuse_button", hidden) == "it cannot be seen"


@pytest.mark.parametrize("key", [key for key, it in TEACHABLE.items() if it.guarded])
@pytest.mark.parametrize("text", ["キャンセル", "キャンセルの撤回要請", "キャンセル拒否"])
def test_no_acting_button_is_taken_for_what_is_clicked_to_read(key: str, text: str) -> None:
    if (key, text) == ("refuse_button", "キャンセル拒否"):
        return
    assert text in why(key, says(text))


def test_what_is_clicked_must_carry_a_text() -> None:
    assert why("by_state_tab", says("")) == "it carries no text by which to know it"


@pytest.mark.parametrize(
    ("key", "thing", "told"),
    [
        ("reason", Thing(tag="select", options=REASONS), ""),
        ("reason", Thing(tag="select", options=("　商品発送完了 ", *REASONS[2:])), ""),
        ("reason", Thing(tag="select", options=REASONS[:-1]), "does not offer: その他"),
        ("reason", Thing(tag="select", options=()), "does not offer: 商品発送完了 / 発送準備完了"),
        ("reason", Thing(tag="div", text="商品発送完了"), "this is no pull-down"),
        ("search_by", Thing(tag="select", options=("全体", "注文番号")), ""),
        ("search_by", Thing(tag="select", options=REASONS), "does not offer: 注文番号"),
        ("reason_text", Thing(tag="textarea", box=True), ""),
        ("reason_text", Thing(tag="select", options=()), "no box to write in"),
        ("counter", Thing(tag="a", text="12", number=True), ""),
        ("counter", Thing(tag="td", text="キャンセル要請 12"), "click the digits alone"),
        ("grid", Thing(tag="div", headings=HEADINGS), ""),
        (
            "grid",
            Thing(tag="div", headings=HEADINGS[1:]),
            "cannot be read: expected the heading “処理状態” once",
        ),
        ("grid", Thing(tag="table"), "not built as a list"),
        ("details_order_no", Thing(tag="td", text=ORDER), ""),
        ("details_order_no", Thing(tag="td", text="７６２５４４２０２"), ""),
        ("details_order_no", Thing(tag="td", text="762544276"), f"the opened order is {ORDER}"),
        ("details_order_no", Thing(tag="td", text=ORDER, listed=True), "in the list"),
    ],
)
def test_each_kind_is_told_from_others(key: str, thing: Thing, told: str) -> None:
    assert told in why(key, thing)
    assert bool(why(key, thing)) == bool(told)
