"""The days on which a shop in Japan ships nothing."""

from datetime import date

import pytest

from qsm_bot.domain.calendar_jp import OPEN_EVERY_DAY, calendar_of

SUNDAY, MONDAY = date(2026, 1, 4), date(2026, 1, 5)
COMING_OF_AGE = date(2026, 1, 12)


@pytest.mark.parametrize(
    ("words", "day", "why"),
    [
        (["sun"], SUNDAY, "2026-01-04 は休業日です（日曜日）"),
        ([" SUN "], SUNDAY, "2026-01-04 は休業日です（日曜日）"),
        (["2026-01-05"], MONDAY, "2026-01-05 は休業日です（closed_days で指定）"),
        (["holiday"], COMING_OF_AGE, "2026-01-12 は休業日です（成人の日）"),
        (["new_year"], date(2026, 12, 29), "2026-12-29 は休業日です（年末年始）"),
        (["new_year"], date(2027, 1, 3), "2027-01-03 は休業日です（年末年始）"),
        (["new_year", "sun", "2026-01-02"], date(2026, 1, 2), "（closed_days で指定）"),
    ],
)
def test_a_closed_day_says_why(words: list[str], day: date, why: str) -> None:
    closed = calendar_of(words).why_closed(day)
    assert closed is not None
    assert why in closed.ja


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ([], SUNDAY),
        (["sat"], SUNDAY),
        (["2025-01-05"], MONDAY),
        (["holiday"], date(2026, 1, 2)),  # no holiday of the law
        (["new_year"], date(2026, 1, 4)),
        (["new_year"], date(2026, 12, 28)),
        (["sun", "holiday", "new_year"], MONDAY),
    ],
)
def test_every_other_day_is_open(words: list[str], day: date) -> None:
    assert calendar_of(words).why_closed(day) is None


def test_without_words_the_shop_is_always_open() -> None:
    assert calendar_of([]) == OPEN_EVERY_DAY


@pytest.mark.parametrize("word", ["sunday", "2026-02-30", "01-02", "日"])
def test_an_unknown_word_is_told_with_those_that_are_known(word: str) -> None:
    with pytest.raises(ValueError, match=f'"{word}": a day such as 2026-01-02, or one of mon, '):
        calendar_of(["sun", word])
