"""The judge of duties finds each way in which one can be missing, wrong or ended for nothing."""

from dataclasses import replace
from datetime import timedelta

from qsm_bot.base.words import Words
from qsm_bot.domain.duty import ClosedBy, Closing
from qsm_bot.mock_portal.testing.history import History
from tests.unit.mock_portal.testing.parts import ORDER, SHOP, Books, broken, found, told, without

POSTED = Closing(by=ClosedBy.PERSON, who="Sato", why=Words("posted", "投函済み"))


def closed(books: Books) -> History:
    books.refuse()
    books.ledger.close_duty(SHOP, ORDER, POSTED)
    return books.history()


def words_of(history: History) -> list[str]:
    assert broken(history) == {"duty"}
    return [words for _, _, words in found(history)]


def test_what_the_program_does_is_passed(books: Books) -> None:
    history = closed(books)
    books.ledger.reopen_duty(SHOP, ORDER, who="Sato", why="came back")
    books.ledger.close_duty(SHOP, ORDER, POSTED)
    books.ledger.note("order.missing", {"outcome": "already_refused"}, shop=SHOP, order_no="7")
    books.ledger.close_duty(SHOP, "7", POSTED)

    assert found(history) == []
    assert found(books.history()) == []


def test_a_refusal_without_a_duty(books: Books) -> None:
    assert words_of(replace(closed(books), duties=())) == ["duties to ship: 0, refusals: 1"]


def test_a_refusal_with_two(books: Books) -> None:
    history = closed(books)
    twice = replace(history, duties=[*history.duties] * 2)
    assert words_of(twice) == ["duties to ship: 2, refusals: 1"]


def test_a_duty_without_a_refusal(books: Books) -> None:
    history = closed(books)
    other = replace(history.duties[0], order_no="7")
    history = replace(history, duties=[*history.duties, other])
    assert words_of(history) == ["duties to ship: 1, refusals: 0"]


def test_a_duty_of_another_day(books: Books) -> None:
    history = closed(books)
    (duty,) = history.duties
    later = replace(duty, refused_at=duty.refused_at + timedelta(days=1))
    (words,) = words_of(replace(history, duties=[later]))
    assert words == f"due {later.due.isoformat()}, refused on {duty.due:%Y-%m-%d}"


def test_a_duty_that_ended_for_no_reason(books: Books) -> None:
    history = closed(books)
    for body in ({"why": {"en": "", "ja": " "}}, {"why": None}, {"who": ""}):
        assert words_of(told(history, "duty.closed", **body)) == [
            "a duty was closed without a reason"
        ]
    assert found(told(history, "duty.closed", by="evidence", who=None)) == []


def test_a_duty_that_ended_twice(books: Books) -> None:
    closed(books)
    books.ledger.reopen_duty(SHOP, ORDER, who="Sato", why="came back")
    books.ledger.close_duty(SHOP, ORDER, POSTED)
    assert words_of(without(books.history(), "duty.reopened")) == ["a duty was closed twice"]


def test_a_duty_that_ended_before_there_was_one(books: Books) -> None:
    history = closed(books)
    first = [entry for entry in history.events if entry.kind == "duty.closed"]
    rest = [entry for entry in history.events if entry.kind != "duty.closed"]
    assert words_of(replace(history, events=first + rest)) == [
        "a duty was closed that no refusal had made"
    ]
