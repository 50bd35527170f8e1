"""The counters of the claim page, by the places of heads, labels and numbers alone."""

from qsm_bot.acceptance.clone.counters import read_counters
from qsm_bot.acceptance.manual import COUNTERS
from tests.unit.acceptance.clone.pages import screen

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
