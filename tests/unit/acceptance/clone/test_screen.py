"""What is seen on a page, by places alone: labels, numbers, menus."""

import pytest

from qsm_bot.acceptance.clone.screen import Box, Piece
from tests.unit.acceptance.clone.pages import screen


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("(12)", 12), ("1,204", 1204), ("7件", 7), ("-", None), ("", None), ("3/4", None)],
)
def test_what_is_a_number(text: str, number: int | None) -> None:
    assert Piece(text, Box(0, 0, 1, 1), 0).number == number


@pytest.mark.parametrize("text", ["キャンセル要請", "キャンセル要請 ()", "キャンセル要請:"])
def test_a_label_may_have_brackets_for_its_number(text: str) -> None:
    assert Piece(text, Box(0, 0, 1, 1), 0).says("キャンセル要請")


def test_a_label_is_told_from_a_longer_one() -> None:
    assert not Piece("キャンセル拒否完了", Box(0, 0, 1, 1), 0).says("キャンセル拒否")


def test_the_line_of_a_text_is_what_stands_beside_it_from_left_to_right() -> None:
    page = screen("返品|返品要請|0|返品完了|2", "交換|交換申請/確認|1")

    assert [each.text for each in page.beside(page.saying("返品")[0])] == [
        "返品要請",
        "0",
        "返品完了",
        "2",
    ]


def test_the_number_of_a_label_is_the_next_text_of_the_page_or_none() -> None:
    page = screen("リクエスト|3", "要請|-|4")

    found = [page.number_after(page.saying(label)[0]) for label in ("リクエスト", "要請", "4")]

    assert [each and each.number for each in found] == [3, None, None]


def test_a_menus_entry_ends_where_the_page_begins() -> None:
    page = screen("配送", "入口", "見出し", "別の入口", headings=("見出し",))

    assert page.entry_of("配送", "入口") == page.saying("入口")[0]
    assert page.entry_of("配送", "別の入口") is None
    assert page.entry_of("無い", "入口") is None
