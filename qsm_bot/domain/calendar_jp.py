"""The days on which a shop in Japan ships nothing: pure, and by the calendar of Japan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qsm_bot.base.words import ModelObjection, Words

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY, NEW_YEAR = "holiday", "new_year"

# The customary rest of offices and shops; the law knows 1 January only.
_NEW_YEAR_DAYS = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))

_NAMED = Words("{day:%Y-%m-%d} is closed ({why})", "{day:%Y-%m-%d} は休業日です（{why}）")
_AS_SET = Words("named in closed_days", "closed_days で指定")
_IS_WEEKDAY = dict(
    zip(
        WEEKDAYS,
        (
            Words("Monday", "月曜日"),
            Words("Tuesday", "火曜日"),
            Words("Wednesday", "水曜日"),
            Words("Thursday", "木曜日"),
            Words("Friday", "金曜日"),
            Words("Saturday", "土曜日"),
            Words("Sunday", "日曜日"),
        ),
        strict=True,
    )
)
_IS_NEW_YEAR = Words("New Year's holidays", "年末年始")


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopCalendar:
    """The days on which the shop is closed, every week, every year, or once."""

    days: frozenset[date] = frozenset()
    weekdays: frozenset[str] = frozenset()
    holidays: bool = False
    new_year: bool = False

    def why_closed(self, day: date) -> Words | None:
        """Return why the shop is closed on that day; None = it is open."""
        why = self._why(day)
        return _NAMED.filled(day=day, why=why) if why else None

    def _why(self, day: date) -> Words | None:
        weekday = WEEKDAYS[day.weekday()]
        if day in self.days:
            return _AS_SET
        if weekday in self.weekdays:
            return _IS_WEEKDAY[weekday]
        if self.new_year and (day.month, day.day) in _NEW_YEAR_DAYS:
            return _IS_NEW_YEAR
        name = _holiday_name(day) if self.holidays else None
        return Words(name, name) if name else None


OPEN_EVERY_DAY = ShopCalendar()


def calendar_of(words: Iterable[str]) -> ShopCalendar:
    """Return the calendar that the setting's words mean.

    Args:
        words: days such as "2026-01-02", weekdays such as "sun", "holiday" for those of the
            law, "new_year" for 29 December to 3 January.

    Raises:
        ValueError: a word is none of these.
    """
    given = [word.strip().casefold() for word in words]
    dates = [word for word in given if word not in (*WEEKDAYS, HOLIDAY, NEW_YEAR)]
    return ShopCalendar(
        days=frozenset(map(_date, dates)),
        weekdays=frozenset(word for word in given if word in WEEKDAYS),
        holidays=HOLIDAY in given,
        new_year=NEW_YEAR in given,
    )


def calendar_given(given: object) -> ShopCalendar:
    """Return the calendar that a setting means: a list of words, or words between commas.

    Raises:
        ValueError: it means none.
    """
    if isinstance(given, ShopCalendar):
        return given
    words = given.split(",") if isinstance(given, str) else given
    if not isinstance(words, list):
        # pydantic takes no TypeError for a wrong value.
        raise ModelObjection(
            Words(
                'a list such as ["sun", "2026-01-02"] is expected',
                '["sun", "2026-01-02"] のようなリストが必要です',
            )
        )
    return calendar_of(str(word) for word in words if str(word).strip())


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        known = ", ".join((*WEEKDAYS, HOLIDAY, NEW_YEAR))
        raise ModelObjection(
            Words(
                f'"{word}": a day such as 2026-01-02, or one of {known}',
                f'"{word}": 2026-01-02 のような日付か、{known.replace(", ", "・")} の'
                "どれかを書いてください",
            )
        ) from None


def _holiday_name(day: date) -> str | None:
    # Only a shop that closes on holidays pays for the import.
    import jpholiday  # noqa: PLC0415

    name: str | None = jpholiday.is_holiday_name(day)
    return name
