"""Reading the claim grid's texts: by headings, and nothing guessed."""

from datetime import date

import pytest

from qsm_bot.base.errors.safety import SelectorDrift
from qsm_bot.base.words import Words
from qsm_bot.domain.request import CancelRequest, UnreadableRow
from qsm_bot.portal.pages.rows import ColumnPositions, GridRow, GridTable, parse_row, parse_rows
from tests.support import shipped_pack

PACK = shipped_pack()
ROW = {
    "処理状態": "キャンセル・処理要請",
    "キャンセル/返品理由": "間違えて注文した",
    "キャンセル/返品要請日": "2026/01/04",
    "注文日": "2026/01/02",
    "注文番号": "700000001",
    "カート番号": "200000001",
    "商品番号": "900000001",
    "商品名": "みほん小皿",
    "オプション": "色:青",
    "数量": "1",
    "販売価格": "1,500",
}
REQUEST = CancelRequest(
    order_no="700000001",
    cart_no="200000001",
    item_code="900000001",
    status="キャンセル・処理要請",
    buyer_reason="間違えて注文した",
    requested_on=date(2026, 1, 4),
    ordered_on=date(2026, 1, 2),
    item_name="みほん小皿",
    option="色:青",
    quantity=1,
    amount=1500,
)
NEEDED = tuple(PACK.columns.model_dump().values())
OPTIONAL = tuple(PACK.optional_columns.model_dump().values())


def table(*rows: dict[str, str]) -> GridTable:
    cells = [GridRow(tuple(row.values()), 20.0 * at) for at, row in enumerate(rows)]
    return GridTable(tuple(ROW), tuple(cells))


def parsed(**cells: str) -> CancelRequest | Words:
    row = ROW | cells
    return parse_row(tuple(row.values()), ColumnPositions(tuple(row), PACK))


def request(**cells: str) -> CancelRequest:
    row = parsed(**cells)
    assert isinstance(row, CancelRequest)
    return row


def test_a_row_becomes_a_request() -> None:
    assert parse_rows(table(ROW), PACK) == ((REQUEST,), ())


def test_a_grid_without_rows_gives_nothing() -> None:
    assert parse_rows(table(), PACK) == ((), ())


class TestColumns:
    """Columns are found by their headings."""

    def test_their_order_does_not_matter(self) -> None:
        backwards = dict(reversed(ROW.items()))
        grid = GridTable(tuple(backwards), (GridRow(tuple(backwards.values()), 0),))
        assert parse_rows(grid, PACK) == ((REQUEST,), ())

    def test_columns_that_nobody_asked_for_are_passed_over(self) -> None:
        wider = {"選択": "", **ROW, "購入者": "秘密"}
        grid = GridTable(tuple(wider), (GridRow(tuple(wider.values()), 0),))
        assert parse_rows(grid, PACK) == ((REQUEST,), ())

    def test_width_and_space_in_a_heading_do_not_matter(self) -> None:
        headings = tuple(f" {name.replace('/', '／')}\n" for name in ROW)
        assert ColumnPositions(headings, PACK).at == ColumnPositions(tuple(ROW), PACK).at

    @pytest.mark.parametrize("name", NEEDED)
    def test_a_missing_heading_stops_and_shows_those_there_are(self, name: str) -> None:
        headings = tuple(heading for heading in ROW if heading != name)
        with pytest.raises(SelectorDrift) as caught:
            ColumnPositions(headings, PACK)
        assert caught.value.facts["element"] == name
        for told in (caught.value.message.en, caught.value.message.ja):
            assert name in told
            assert told.endswith(f": {' | '.join(headings)}")

    @pytest.mark.parametrize("name", NEEDED)
    def test_a_renamed_heading_stops(self, name: str) -> None:
        headings = tuple(f"{heading}*" if heading == name else heading for heading in ROW)
        with pytest.raises(SelectorDrift) as caught:
            ColumnPositions(headings, PACK)
        assert caught.value.facts["element"] == name

    @pytest.mark.parametrize("name", NEEDED)
    def test_a_needed_heading_that_stands_twice_stops(self, name: str) -> None:
        with pytest.raises(SelectorDrift) as caught:
            ColumnPositions((*ROW, name), PACK)
        assert caught.value.facts["element"] == name

    def test_a_grid_without_needed_headings_is_not_read_even_without_rows(self) -> None:
        with pytest.raises(SelectorDrift):
            parse_rows(GridTable((), ()), PACK)

    def test_optional_headings_may_be_missing(self) -> None:
        narrow = {name: text for name, text in ROW.items() if name not in OPTIONAL}
        row = parse_row(tuple(narrow.values()), ColumnPositions(tuple(narrow), PACK))
        assert isinstance(row, CancelRequest)
        assert (row.item_name, row.option, row.quantity, row.amount) == ("", "", None, None)


class TestCells:
    """What a cell's text means."""

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2022/08/15", date(2022, 8, 15)),
            ("2022-08-15", date(2022, 8, 15)),
            ("2022/8/5", date(2022, 8, 5)),
            ("2022/08/15 13:45:10", date(2022, 8, 15)),
            ("2022/08/15\n 午後1:45", date(2022, 8, 15)),
            ("２０２２／０８／１５", date(2022, 8, 15)),
            ("  2022/08/15　", date(2022, 8, 15)),
            ("2024/02/29", date(2024, 2, 29)),
            ("", None),
            (" 　", None),
        ],
    )
    @pytest.mark.parametrize("name", ["requested_on", "ordered_on"])
    def test_a_date_is_read(self, name: str, text: str, day: date | None) -> None:
        heading = getattr(PACK.columns, name)
        assert getattr(request(**{heading: text}), name) == day

    @pytest.mark.parametrize(
        "text",
        ["garbage", "2022/13/01", "2022/02/30", "22/08/15", "2022/08", "2022/08/15x", "0000/1/1"],
    )
    @pytest.mark.parametrize("heading", ["キャンセル/返品要請日", "注文日"])
    def test_what_is_no_date_is_told_as_it_stands(self, heading: str, text: str) -> None:
        assert parsed(**{heading: text}) == Words(
            f"not a date: “{text}”", f"日付ではありません: 「{text}」"
        )

    @pytest.mark.parametrize("text", ["７００００００１", " 70000001 ", "70000001\n"])
    def test_an_order_number_may_be_full_width_or_padded(self, text: str) -> None:
        assert request(注文番号=text).order_no == "70000001"

    @pytest.mark.parametrize(
        "text", ["", "　", "A1", "7 1", "-7", "7.1", "なし", "٧٠٠", "७००", "7٠0"]
    )
    def test_a_row_without_an_order_number_is_told(self, text: str) -> None:
        assert parsed(注文番号=text) == Words(
            f"no order number: “{text}”", f"注文番号がありません: 「{text}」"
        )

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1,500", 1500),
            ("￥1,500", 1500),
            ("１５００円", 1500),
            ("0", 0),
            ("1", 1),
            ("3,980円", 3980),
            ("￥3,980", 3980),
            ("¥ 3,980", 3980),
            ("\\3,980", 3980),
            ("2個", 2),
            ("3 点", 3),
            ("1,234,567", 1234567),
            ("", None),
            ("-", None),
            ("-1", None),
            ("1,500.50", None),
            ("1.5", None),
            ("1 500", None),
            (",500", None),
            ("1,500円 (税込)", None),
            ("1〜2", None),
            ("1本", None),
            ("٣", None),
        ],
    )
    def test_a_whole_number_is_read_and_nothing_is_made_of_anything_else(
        self, text: str, number: int | None
    ) -> None:
        row = request(数量=text, 販売価格=text)
        assert (row.quantity, row.amount) == (number, number)

    def test_keys_and_state_are_made_even_and_free_text_stays_as_it_is(self) -> None:
        row = request(
            カート番号="２００",
            商品番号=" Ａ1 ",
            処理状態="ｷｬﾝｾﾙ",
            商品名="Ａ　皿 ",
            オプション="①",
        )
        assert (row.cart_no, row.item_code, row.status) == ("200", "A1", "キャンセル")
        assert (row.item_name, row.option) == ("Ａ　皿 ", "①")

    @pytest.mark.parametrize("count", [0, 10, 12])
    def test_a_row_of_another_length_is_told(self, count: int) -> None:
        row = parse_row(("7",) * count, ColumnPositions(tuple(ROW), PACK))
        assert row == Words(f"{count} cells, 11 headings", f"セル {count}、見出し 11")


def test_rows_that_cannot_be_understood_are_told_with_their_place_and_never_dropped() -> None:
    bad = ROW | {"注文番号": "?"}
    second = ROW | {"注文番号": "700000002"}
    requests, unreadable = parse_rows(table(ROW, bad, second), PACK)
    assert [row.order_no for row in requests] == ["700000001", "700000002"]
    assert unreadable == (
        UnreadableRow(
            position=2,
            cells=tuple(bad.values()),
            why=Words("no order number: “?”", "注文番号がありません: 「?」"),
        ),
    )
