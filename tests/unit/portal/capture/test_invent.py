"""Invented values: always the same for the same original, of its shape, and never an original."""

import random
import re
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsm_bot.portal.capture.invent import Inventor
from qsm_bot.portal.capture.kinds import DataKind, digits_of, even, key_of, kind_of

# A busy machine is no fault of theirs, and the same examples each time.
STEADY = settings(max_examples=60, deadline=None, derandomize=True)
NUMBERS = st.from_regex(r"[1-9][0-9]{5,14}", fullmatch=True)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def inventor(*originals: str, seed: int = 1) -> Inventor:
    return Inventor(set(originals), random.Random(seed))


@STEADY
@given(st.sets(NUMBERS, min_size=1, max_size=30), st.integers())
def test_numbers_keep_their_length_stay_apart_and_are_none_of_the_originals(
    numbers: set[str], seed: int
) -> None:
    made = inventor(*numbers, seed=seed)

    invented = {number: made.invent(number, DataKind.ORDER_NO) for number in numbers}

    assert [len(each) for each in invented] == [len(each) for each in invented.values()]
    assert len(set(invented.values())) == len(numbers)
    assert not numbers & set(invented.values())
    for number, other in invented.items():
        assert made.invent(number.translate(WIDE), DataKind.NUMBER) == other.translate(WIDE)
        assert (
            made.invent(f"{number[:3]}-{number[3:]}", DataKind.TRACKING)
            == f"{other[:3]}-{other[3:]}"
        )


@STEADY
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from(DataKind))
def test_any_text_gets_a_value_and_always_the_same_one(text: str, hint: DataKind) -> None:
    kind = kind_of(text, hint)
    if kind is None:
        assert not re.search(r"[^\W_]", re.sub(r"\d|件|個|点|回|枚", "", even(text)))
        assert len(digits_of(text)) < 4
        return
    made = inventor(key_of(text), digits_of(text))
    invented = made.invent(text, kind)

    assert made.invent(text, kind) == invented
    assert invented.strip()
    assert key_of(invented) != key_of(text)


@STEADY
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_all_days_move_by_the_same_weeks(one: date, other: date) -> None:
    made = inventor()

    moved = [
        date.fromisoformat(made.invent(f"{day:%Y/%m/%d}", DataKind.DATE).replace("/", "-"))
        for day in (one, other)
    ]

    assert moved[1] - moved[0] == other - one
    assert moved[0].weekday() == one.weekday()
    assert timedelta(weeks=-156) <= moved[0] - one <= timedelta(weeks=-52)


@pytest.mark.parametrize(
    ("text", "hint", "kind", "shape"),
    [
        ("090-1234-5678", None, DataKind.PHONE, r"000-\d{4}-\d{4}"),
        ("０９０－１２３４－５６７８", None, DataKind.PHONE, r"０００－[０-９]{4}－[０-９]{4}"),
        ("0312345678", DataKind.PHONE, DataKind.PHONE, r"000\d{7}"),
        ("〒123-4567", DataKind.ADDRESS, DataKind.ADDRESS, r"〒000-\d{4}"),
        ("〒123-4567 止木県鳥籠市1-1", DataKind.NAME, DataKind.ADDRESS, r"架空県見本市例町\d+-\d+"),
        ("naruko@kanaria.example.jp", DataKind.NAME, DataKind.MAIL, r"mihon\d+@example\.jp"),
        ("籠目 鳴子", None, DataKind.NAME, r"\w+ \w+"),
        ("籠目　鳴子", DataKind.NAME, DataKind.NAME, r"\w+　\w+"),
        ("籠目鳴子", DataKind.NAME, DataKind.NAME, r"\w+"),
        ("カゴメ ナルコ", None, DataKind.KANA, r"[ァ-ヶ]+ [ァ-ヶ]+"),
        ("ｶｺﾞﾒ ﾅﾙｺ", DataKind.KANA, DataKind.KANA, r"[ｦ-ﾟ]+ [ｦ-ﾟ]+"),
        ("Naruko Kagome", DataKind.NAME, DataKind.CODE, r"[A-Z][a-z]{5} [A-Z][a-z]{5}"),
        ("AB-1234", None, DataKind.CODE, r"[A-Z]{2}-\d{4}"),
        ("3,980円", DataKind.AMOUNT, DataKind.AMOUNT, r"\d,\d{3}円"),
        ("￥980", DataKind.AMOUNT, DataKind.AMOUNT, r"￥\d{3}"),
        ("98.4%", None, DataKind.NUMBER, r"\d\d\.\d%"),
        ("2026年1月5日(月) 13:45", None, DataKind.DATE, r"20\d\d年\d+月\d+日\(月\) 00:00"),
        ("２０２６/０１/１５", None, DataKind.DATE, r"２０[０-９]{2}/[０-９]{2}/[０-９]{2}"),
        ("2026/13/45", None, DataKind.DATE, r"\d{4}/\d{2}/\d{2}"),
        ("さえずりが大きいため", DataKind.NUMBER, DataKind.TEXT, r"見本の文\d文*"),
        ("mihon_x", DataKind.LOGIN, DataKind.LOGIN, r"mihon\d{3}"),
    ],
)
def test_a_value_keeps_its_shape(
    text: str, hint: DataKind | None, kind: DataKind, shape: str
) -> None:
    assert kind_of(text, hint) is kind
    invented = inventor(key_of(text), digits_of(text)).invent(text, kind)
    assert re.fullmatch(shape, invented), invented
    assert invented != text


@pytest.mark.parametrize("text", ["", "-", "～", "3", "（３）件", "12点", "( )"])
def test_what_is_nobodys_stays(text: str) -> None:
    assert kind_of(text, None) is None


def test_one_person_is_one_whatever_the_width_and_no_two_are_the_same() -> None:
    made = inventor()
    people = [f"籠目 {number}子" for number in range(99)]

    invented = [made.invent(name, DataKind.NAME) for name in people]

    assert len(set(invented)) == len(people)
    assert made.invent("籠目　5子", DataKind.NAME).replace("　", " ") == invented[5]
    assert unicodedata.is_normalized("NFC", "".join(invented))


def test_an_invented_name_that_somebody_has_is_not_used() -> None:
    made = inventor("見本花子", "見本太郎")

    assert made.invent("籠目 鳴子", DataKind.NAME) not in ("見本 花子", "見本 太郎")
