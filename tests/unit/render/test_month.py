"""A month as values: whose it is, what was sent when, who approved it; and its picture."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Lang, Words
from qsm_bot.domain.duty import ClosedBy, Closing, Duty, DutyState
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind, RefusalReason
from qsm_bot.ledger import Event
from qsm_bot.render.month import Month, month_rows
from qsm_bot.render.month_page import month_html
from qsm_bot.render.month_picture import HEIGHT, days_picture, waiting
from tests.unit.render.month_parts import MONTH, START, attempt, record, row


def event(kind: str, after: float, body: Mapping[str, Any], attempt_id: str | None) -> Event:
    return Event(
        seq=1,
        at=START + timedelta(seconds=after),
        shop=None,
        run_id=None,
        order_no=None,
        attempt_id=attempt_id,
        kind=kind,
        body=body,
        prev="",
        hash="",
    )


@pytest.mark.parametrize(
    ("text", "since", "until", "days"),
    [
        ("2026-02", datetime(2026, 2, 1, tzinfo=JST), datetime(2026, 3, 1, tzinfo=JST), 28),
        ("2026-12", datetime(2026, 12, 1, tzinfo=JST), datetime(2027, 1, 1, tzinfo=JST), 31),
    ],
)
def test_a_month_is_japanese(text: str, since: datetime, until: datetime, days: int) -> None:
    month = Month.parsed(text)
    assert (str(month), month.since, month.until, month.days) == (text, since, until, days)
    assert month.since.astimezone(UTC).hour == 15


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-1", "2026-13", "0000-01", "2026-01-05", "２０２６-01"]
)
def test_what_is_no_month_is_turned_down(text: str) -> None:
    with pytest.raises(UsageInvalid, match="2026-01"):
        Month.parsed(text)


def test_a_row_takes_from_the_entries_when_it_was_sent_and_by_whom_it_was_approved() -> None:
    events = [
        event("plan.approved", -60, {"digest": "d" * 64, "who": "first"}, None),
        event("plan.approved", -30, {"digest": "d" * 64, "who": "佐藤"}, None),
        event("plan.approved", -30, {"digest": "e" * 64, "who": "of another plan"}, None),
        event("plan.approved", 30, {"digest": "d" * 64, "who": "too late"}, None),
        event("attempt.opened", 1, {"facts": {"requested_on": "2026-01-03"}}, "a1"),
        event("attempt.committing", 2, {}, "a1"),
        event("attempt.answered", 3, {}, "a1"),
        event("attempt.opened", 1, {"facts": {"shown": "2"}}, "a2"),
        event("attempt.answered", 4, {}, "a2"),
    ]
    third, second, first = month_rows([attempt("3"), attempt("2"), attempt("1")], events)[::-1]

    assert first.sent_at == START + timedelta(seconds=2)
    assert (first.approved_by, first.requested_on, first.waited) == ("佐藤", date(2026, 1, 3), 2)
    # A portal that does not ask first leaves only the request; older entries no day.
    assert (second.sent_at, second.waited) == (START + timedelta(seconds=4), None)
    assert (third.sent_at, third.waited) == (None, None)


def test_a_duty_stands_beside_the_attempt_that_it_comes_from() -> None:
    closing = Closing(by=ClosedBy.PERSON, why=Words("by hand", "手で"), who="佐藤", at=START)
    duties = [
        Duty(order_no="1", refused_at=START),
        Duty(order_no="2", refused_at=START, closing=closing),
        Duty(order_no="3", refused_at=START, by_others=True),
    ]
    seen, gone = OutcomeKind.ALREADY_REFUSED, OutcomeKind.GONE
    attempts = [attempt("3", outcome=seen), attempt("2"), attempt("1"), attempt("1", outcome=gone)]
    rows = month_rows([attempts[0], *attempts], [], duties)

    assert [row.duty for row in rows] == [None, *duties, duties[2]]
    month = record(*rows)
    assert month.duties == {DutyState.OVERDUE: 2, DutyState.CLOSED: 1}
    page = month_html(month, "en")
    assert page.count("期限超過") == page.count(">OVERDUE<") == 4
    early = replace(month, made_at=START)
    assert early.duties == {DutyState.OPEN: 2, DutyState.CLOSED: 1}


def test_the_sums_count_attempts_and_different_orders() -> None:
    month = record(
        row("1"),
        row("2", outcome=OutcomeKind.UNKNOWN, reason=RefusalReason.READY),
        row("2", outcome=None),
        row("3"),
        row("3", kind=PermitKind.REHEARSAL, outcome=OutcomeKind.REHEARSED),
    )
    assert month.outcomes == {"refused": 2, "unknown": 1, "unfinished": 1, "rehearsed": 1}
    assert month.reasons == {"shipped": 3, "ready": 1}
    assert month.orders == 3


class TestPicture:
    """What is drawn says what was counted."""

    def test_each_day_has_a_pile_of_its_outcomes_that_fits_into_the_picture(self) -> None:
        late = datetime(2026, 1, 31, 15, 30, tzinfo=UTC)  # February in Japan, were it no attempt
        rows = [row(str(n)) for n in range(23)]
        rows += [row("x", outcome=OutcomeKind.GONE, sent=False)]
        rows += [row("y", late - timedelta(hours=1), outcome=OutcomeKind.UNKNOWN)]
        picture = days_picture(rows, MONTH)

        assert [day.number for day in picture.days] == list(range(1, 32))
        assert {day.number: day.count for day in picture.days if day.count} == {5: 24, 31: 1}
        assert [(b.name, b.count) for b in picture.blocks] == [
            ("refused", 23),
            ("gone", 1),
            ("unknown", 1),
        ]
        refused, gone, unknown = picture.blocks
        assert refused.height == pytest.approx(23 * gone.height)
        assert gone.y + gone.height == pytest.approx(refused.y)
        assert unknown.x > refused.x
        assert [count for _, count in picture.lines] == [0, 5, 10, 15, 20, 25]
        assert all(0 <= block.y < block.y + block.height <= HEIGHT for block in picture.blocks)
        assert [day.number for day in picture.days if day.rest][:6] == [1, 3, 4, 10, 11, 12]

    @pytest.mark.parametrize(
        ("count", "top"), [(0, 1), (1, 1), (5, 5), (6, 6), (11, 15), (51, 60), (900, 1000)]
    )
    def test_the_scale_is_round_and_reaches_the_highest_pile(self, count: int, top: int) -> None:
        lines = days_picture([row(str(n)) for n in range(count)], MONTH).lines
        assert lines[-1][1] == top
        assert len(lines) <= 6

    def test_the_days_until_the_refusal_are_counted_where_one_was_sent(self) -> None:
        rows = [row(days=0), row(days=0), row(days=2), row(days=7), row(days=40), row(days=None)]
        bars = waiting([*rows, row(days=1, sent=False)])
        counts = {bar.name: bar.count for bar in bars}
        assert counts == {"0": 2, "1": 0, "2": 1, "3": 0, "4": 0, "5": 0, "6": 0, "7+": 2, "": 1}
        assert waiting([row(sent=False)]) == ()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_shows_every_attempt_and_loads_nothing(lang: Lang) -> None:
    text = "<b>制作</b>を開始しました"
    page = month_html(
        record(row("762544202"), row("762544206", reason=RefusalReason.OTHER, text=text)), lang
    )

    assert f'<html lang="{lang}">' in page
    assert page.index("月次レポート" if lang == "ja" else "Report of the month") < page.index(
        "<dl>"
    )
    assert all(each in page for each in ("762544202", "762544206", "みほん商店", "佐藤", "c" * 64))
    assert "&lt;b&gt;制作&lt;/b&gt;" in page
    assert page.count("<title>") == 2  # the page's, and that of the one block
    assert not any(each in page for each in ("http://", "https://", "<script", "url(", "<link"))


def test_an_empty_month_is_a_page_that_says_so() -> None:
    assert "No attempt began in this month." in month_html(record(), "en")
