"""What is seen on a page, by places alone: labels, numbers, menus, counters."""

import pytest

from qsm_bot.acceptance.counters import read_counters
from qsm_bot.acceptance.manual import COUNTERS
from qsm_bot.acceptance.screen import Box, Piece, Screen


def screen(*rows: str, headings: tuple[str, ...] = ()) -> Screen:
    """Return a page: each row a line, its texts parted by `|` and 100 px apart."""
    pieces: list[Piece] = []
    for line, row in enumerate(rows):
        for column, text in enumerate(row.split("|")):
            if text:
                box = Box(column * 100, line * 30, 80, 20)
                pieces.append(Piece(text, box, len(pieces), heading=text in headings))
    return Screen(tuple(pieces))


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


TABLE = (
    "キャンセル|キャンセル要請|9||",
    "返品|返品要請|0|返品完了|0",
    "交換|交換申請/確認|0|交換遅延|0",
    "未受取通知|通知受付|0|確認遅延|0",
    "クレームの撤回|撤回要請|0|撤回保留|0",
    "キャンセル拒否|||キャンセル拒否完了|3",
    "|キャンセル|キャンセルの撤回要請|キャンセル拒否",
)


def test_the_counters_are_read_row_by_row() -> None:
    table = read_counters(screen(*TABLE), COUNTERS)

    assert table.labels() == {head: tuple(row) for head, row in COUNTERS.items()}
    assert table.rows["キャンセル拒否"] == {"キャンセル拒否完了": 3}
    assert table.without_number() == ()


def test_a_label_in_another_row_is_seen_there() -> None:
    swapped = [row.replace("返品完了", "?").replace("交換遅延", "返品完了") for row in TABLE]
    page = screen(*(row.replace("?", "交換遅延") for row in swapped))

    labels = read_counters(page, COUNTERS).labels()

    assert labels["返品"] == ("返品要請", "交換遅延")
    assert labels["交換"] == ("交換申請/確認", "返品完了")


def test_a_counter_without_a_number_takes_none_from_beside_the_table() -> None:
    page = screen(*(row.replace("撤回保留|0", "撤回保留|-|7") for row in TABLE))

    assert read_counters(page, COUNTERS).without_number() == ("撤回保留",)


def test_of_a_page_without_the_table_nothing_is_made_up() -> None:
    assert read_counters(screen("ホーム", "|キャンセル"), COUNTERS).rows == {"キャンセル": {}}
