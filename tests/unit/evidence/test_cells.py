"""What a single cell says, and what is unclear in it."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsm_bot.base.clock import JST
from qsm_bot.domain.evidence import FactName
from qsm_bot.evidence.cells import Unclear, facts_in, text_of
from qsm_bot.evidence.sheets import Cell, Odd
from tests.unit.evidence.parts import NOW

DAY = date(2026, 11, 3)


def day_of(cell: Cell) -> object:
    return facts_in("shipped_on", cell, NOW)[FactName.SHIPPED_ON]


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "2026-11-03",
            "2026/11/3",
            "2026.11.03",
            "2026年11月3日",
            "20261103",
            "２０２６／１１／３",
        ),
        *("2026/11/03(火)", "2026/11/03 00:00", "2026-11-03T09:30:15", "2026/11/3 9:30"),
        *("2026年11月3日 9時30分", "2026-11-02T23:30:00Z", "2026-11-03 00:30:00+0900"),
        *("2026/11/3 9:30:15.250", '="2026/11/03"', 20261103, 20261103.0, DAY),
        datetime(2026, 11, 3),  # noqa: DTZ001  # Excel knows no zone
    ],
)
def test_a_day_may_be_written_in_many_ways(cell: Cell) -> None:
    assert day_of(cell) == (DAY,)


@pytest.mark.parametrize(
    "cell",
    [
        *("11/3", "26/11/03", "2026/13/01", "2026/11-03", "R8.11.3", "令和8年11月3日", "未発送"),
        *("2026/11/03 25:00", "2026/11/03 午後", "2026/11/03 9:3", 46000, 46000.5),
        *(time(9, 30), timedelta(days=1), True),
    ],
)
def test_what_is_no_day_with_a_year_is_unclear(cell: Cell) -> None:
    with pytest.raises(Unclear, match="is no date with a year"):
        day_of(cell)


@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2026, 11, 20)))  # noqa: DTZ001  # naive on purpose
def test_a_moment_written_down_is_read_back_as_japanese_time(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    found = facts_in("packed_at", f"{whole:%Y/%m/%d %H:%M:%S}", NOW)
    assert found[FactName.PACKED_ON] == (whole.date(),)
    # Midnight is how tools write a day without a time.
    expected = None if whole.time() == time(0) else (whole.replace(tzinfo=JST),)
    assert found.get(FactName.PACKED_AT) == expected


def test_a_time_with_a_zone_is_told_in_japanese_time() -> None:
    found = facts_in("packed_at", "2026-11-02T23:30:00Z", NOW)
    assert found[FactName.PACKED_AT] == (datetime(2026, 11, 2, 23, 30, tzinfo=timezone.utc),)  # noqa: UP017  # as a zone of its own
    assert found[FactName.PACKED_ON] == (DAY,)


@pytest.mark.parametrize("cell", ["2026-11-24", "2026-11-23 13:01", "2027/01/01"])
def test_what_has_not_happened_yet_is_no_evidence(cell: str) -> None:
    with pytest.raises(Unclear, match="is in the future"):
        facts_in("packed_at", cell, NOW)


def test_today_has_begun() -> None:
    assert day_of("2026-11-23") == (date(2026, 11, 23),)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "―", "0000-00-00", "0000/00/00 00:00:00"])
@pytest.mark.parametrize(
    "key",
    [
        *("tracking_no", "carrier", "shipping_status", "shipped_on", "packed_at"),
        *("made_to_order", "item_mark"),
    ],
)
def test_what_tools_write_for_empty_says_nothing(key: str, cell: Cell) -> None:
    assert facts_in(key, cell, NOW) == {}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *((yes, True) for yes in ("○", "〇", "1", 1, 1.0, True, "あり", "注文制作商品", "ＹＥＳ")),
        *((no, False) for no in ("×", "0", 0, False, "なし", "No", "対象外")),
    ],
)
def test_yes_and_no_in_many_ways(cell: Cell, expected: bool) -> None:  # noqa: FBT001  # a value of the table
    assert facts_in("made_to_order", cell, NOW) == {FactName.MADE_TO_ORDER: (expected,)}


def test_neither_yes_nor_no_is_unclear() -> None:
    with pytest.raises(Unclear, match="neither yes nor no"):
        facts_in("made_to_order", "△", NOW)


@pytest.mark.parametrize("cell", ["1234-5678-9013", " １２３４５６７８９０１３", 123456789013.0])
def test_a_tracking_number_is_compared_without_dashes(cell: Cell) -> None:
    assert facts_in("tracking_no", cell, NOW) == {FactName.TRACKING_NO: ("123456789013",)}


@pytest.mark.parametrize("cell", ["1.23457E+11", 1.23457e11, 1.2e16])
def test_a_tracking_number_in_exponent_form_is_unclear(cell: Cell) -> None:
    with pytest.raises(Unclear, match="exponent form") as caught:
        facts_in("tracking_no", cell, NOW)
    assert "Excelの指数表示です" in caught.value.why.ja


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", Odd.UNCALCULATED])
def test_excel_s_own_errors_are_unclear(cell: Cell) -> None:
    with pytest.raises(Unclear):
        text_of(cell)
