"""The duty to ship: its last second, its states, and what closes it."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.duty import ClosedBy, Closing, Duty, DutyState, EvidenceShipments
from qsm_bot.domain.evidence import Evidence, Fact, Known, Source

ORDER, TRACKING = "762544202", "123456789013"
REFUSED = datetime(2026, 1, 5, 15, 0, tzinfo=JST)
TODAY = REFUSED.date()
EVENING = REFUSED.replace(hour=20)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
YEAR_ENDS = st.datetimes(datetime(2026, 12, 30), datetime(2027, 1, 2))  # noqa: DTZ001  # gets one


def duty(**changes: Any) -> Duty:
    return Duty(**{"order_no": ORDER, "refused_at": REFUSED, **changes})


@given(moment=st.one_of(YEAR_ENDS, st.datetimes(datetime(2020, 1, 1))), zone=OFFSETS)  # noqa: DTZ001
def test_it_is_due_in_the_last_second_of_the_refusal_s_day_in_japan(
    moment: datetime, zone: timezone
) -> None:
    refused_at = moment.replace(year=min(moment.year, 9998), tzinfo=zone)
    due = duty(refused_at=refused_at).due
    in_japan = refused_at.astimezone(UTC) + timedelta(hours=9)
    assert due.isoformat() == f"{in_japan.date().isoformat()}T23:59:59+09:00"


def test_a_refusal_whose_time_names_no_zone_has_no_duty() -> None:
    with pytest.raises(ValueError, match="a time without a zone"):
        _ = duty(refused_at=datetime(2026, 1, 5)).due  # noqa: DTZ001  # what is refused


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (REFUSED, DutyState.OPEN),
        (REFUSED.replace(hour=17, minute=59, second=59), DutyState.OPEN),
        (REFUSED.replace(hour=18), DutyState.AT_RISK),
        (REFUSED.replace(hour=23, minute=59, second=59), DutyState.AT_RISK),
        (REFUSED.replace(day=6, hour=0), DutyState.OVERDUE),
        (REFUSED.replace(day=6, hour=12), DutyState.OVERDUE),
    ],
)
def test_it_is_open_then_at_risk_then_overdue(now: datetime, state: DutyState) -> None:
    assert duty().state(now.astimezone(UTC), 18) is state
    closing = Closing(by=ClosedBy.PERSON, who="Sato", why=Words("posted", "投函済み"))
    assert duty(closing=closing).state(now, 18) is DutyState.CLOSED


def test_the_time_that_is_left_turns_negative() -> None:
    assert duty().left(EVENING) == timedelta(hours=3, minutes=59, seconds=59)
    assert duty().left(REFUSED.replace(day=6)) < timedelta(0)


def known(*values: Any) -> Known[Any]:
    facts = (Fact(value=v, source=Source(file=f"{n}.csv", row=n)) for n, v in enumerate(values, 2))
    return Known(facts=tuple(facts))


class Facts:
    """The facts about the one order of these tests."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def of(self, order_no: str) -> Evidence:
        assert order_no == ORDER
        return self._evidence


def files(now: datetime = EVENING, **facts: Any) -> EvidenceShipments:
    whole = {"tracking_no": known(TRACKING), "shipped_on": known(TODAY)}
    return EvidenceShipments(Facts(Evidence(**(whole | facts))), now)


def test_a_tracking_number_and_a_shipment_on_the_day_fulfil_it() -> None:
    said = files().is_shipped(duty())
    assert said is not None
    assert said.en == f"shipped on 2026-01-05, tracking number {TRACKING}: 2.csv row 2"


def test_a_late_shipment_ends_it_too_and_is_called_late() -> None:
    tomorrow = TODAY + timedelta(days=1)
    said = files(EVENING + timedelta(days=1), shipped_on=known(tomorrow)).is_shipped(duty())
    assert said is not None
    assert "2026-01-06 発送（期限後）" in said.ja


@pytest.mark.parametrize(
    "facts",
    [
        {"tracking_no": Known()},
        {"shipped_on": Known()},
        {"shipped_on": known(TODAY - timedelta(days=1))},
        {"shipped_on": known(TODAY + timedelta(days=1))},  # a plan, no fact
        {"shipped_on": known(TODAY, date(2026, 1, 4))},
        {"tracking_no": known(TRACKING, "123456789024")},
        {"tracking_no": known("0")},
        {"tracking_no": known("123456789012"), "carrier": known("ヤマト運輸")},
        {"carrier": known("ヤマト運輸", "佐川急便")},
        {"problems": (Words("unreadable", "読めません"),)},
        {"tracking_no": Known(), "shipped_on": Known(), "packed_on": known(TODAY)},
    ],
)
def test_less_than_that_or_a_doubt_about_it_does_not(facts: dict[str, Any]) -> None:
    assert files(**facts).is_shipped(duty()) is None


def test_today_is_japan_s() -> None:
    in_utc = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)  # midnight of 6 January in Japan
    tomorrow = known(TODAY + timedelta(days=1))
    assert files(in_utc, shipped_on=tomorrow).is_shipped(duty()) is not None
    before = in_utc - timedelta(seconds=1)
    assert files(before, shipped_on=tomorrow).is_shipped(duty()) is None


def test_what_a_person_should_know_of_an_open_one_is_remarked() -> None:
    assert files().remark(duty()) is None
    early = files(shipped_on=known(TODAY - timedelta(days=1))).remark(duty())
    odd = files(tracking_no=known("0")).remark(duty())
    torn = files(shipped_on=known(TODAY, date(2026, 1, 4))).remark(duty())
    assert early is not None
    assert "2026-01-04 は拒否日より前です" in early.ja
    assert odd is not None
    assert "is no tracking number" in odd.en
    assert torn is not None
    assert "食い違います" in torn.ja
    assert files(tracking_no=Known(), shipped_on=Known()).remark(duty()) is None
