"""Until when a refusal may be begun."""

from datetime import UTC, datetime, time, timedelta

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.people import CarrierGone, PastCutoff
from qsm_bot.domain.calendar_jp import calendar_of
from qsm_bot.domain.shipping_hours import ANY_HOUR, ShippingHours, span

MONDAY = datetime(2026, 1, 5, tzinfo=JST)
FOUR = time(16)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return that time of the Monday in Japan, as a machine elsewhere would write it."""
    moment = MONDAY + timedelta(hours=hour, minutes=minute, seconds=second)
    return moment.astimezone(UTC)


def test_without_settings_no_hour_stops_a_refusal() -> None:
    ANY_HOUR.raise_if_too_late(at(23, 59))


def test_the_cut_off_stops_from_its_first_second_to_the_end_of_the_day() -> None:
    hours = ShippingHours(cutoff=FOUR)
    hours.raise_if_too_late(at(15, 59, 59))
    hours.raise_if_too_late(at(24))
    for late in (at(16), at(23, 59, 59)):
        with pytest.raises(PastCutoff) as caught:
            hours.raise_if_too_late(late)
        assert (caught.value.exit_code, caught.value.facts["cutoff"]) == (30, "16:00")


@pytest.mark.parametrize(
    ("hours", "late"),
    [
        (ShippingHours(carrier_cutoff=FOUR, carrier_gone="stop"), at(16)),
        (ShippingHours(calendar=calendar_of(["mon"]), carrier_gone="stop"), at(0)),
    ],
)
def test_a_carrier_that_comes_no_more_stops_where_the_shop_says_so(
    hours: ShippingHours, late: datetime
) -> None:
    with pytest.raises(CarrierGone, match="The carrier does not come any more today"):
        hours.raise_if_too_late(late)


def test_else_it_is_a_warning() -> None:
    hours = ShippingHours(carrier_cutoff=FOUR, calendar=calendar_of(["tue"]))
    hours.raise_if_too_late(at(16))
    hours.raise_if_too_late(at(24 + 1))
    assert list(hours.warnings(at(15, 59))) == []
    (gone,) = hours.warnings(at(16, 5))
    assert gone.ja == "本日の集荷はもうありません: 集荷は 16:00 まで、現在 16:05（日本時間）。"
    (closed,) = hours.warnings(at(24 + 1))
    assert "Tuesday" in closed.en


def test_from_the_warning_hour_on_it_is_told_how_little_time_is_left() -> None:
    assert list(ANY_HOUR.warnings(at(17, 59, 59))) == []
    (told,) = ANY_HOUR.warnings(at(20, 30))
    assert "20:30 JST" in told.en
    assert "あと 3 時間 29 分" in told.ja


def test_a_span_is_rounded_down_and_has_no_sign() -> None:
    assert span(3599).en == "0 h 59 min"
    assert span(-7200).ja == "2 時間 0 分"
