"""Facts of several sources as one value: agreeing, differing, unknown."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from qsm_bot.base.clock import JST
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import (
    FACT_WORDS,
    NO_EVIDENCE,
    Evidence,
    Fact,
    FactName,
    Known,
    Source,
    shown,
)

PLACES = st.builds(Source, file=st.sampled_from(["a.csv", "b.csv"]), row=st.integers(1, 3))
TEXTS = st.sampled_from(["1", "2"])
FACTS = st.builds(Fact, value=TEXTS, source=PLACES)
KNOWN = st.builds(Known, facts=st.lists(FACTS, max_size=3).map(tuple))
EVIDENCE = st.builds(
    Evidence,
    tracking_no=KNOWN,
    item_mark=KNOWN,
    columns=st.dictionaries(st.sampled_from(["棚番", "検品"]), KNOWN, max_size=2),
    problems=st.lists(st.builds(Words, TEXTS, TEXTS), max_size=2).map(tuple),
)


def marked(*values: str) -> Known[str]:
    facts = tuple(Fact(value=value, source=Source(file="a.csv", row=2)) for value in values)
    return Known(facts=facts)


@given(one=EVIDENCE, two=EVIDENCE)
def test_merging_loses_no_fact_and_no_problem_and_hides_no_contradiction(
    one: Evidence, two: Evidence
) -> None:
    both = one.merged(two)
    for name in {*FactName, *one.columns, *two.columns}:
        facts = set(one.known(name).facts) | set(two.known(name).facts)
        assert set(both.known(name).facts) == facts
        assert both.known(name).differs == (len({fact.value for fact in facts}) > 1)
    assert set(both.problems) == {*one.problems, *two.problems}


@given(one=EVIDENCE)
def test_nothing_adds_nothing(one: Evidence) -> None:
    assert NO_EVIDENCE.merged(one).names == one.names
    assert set(one.merged(NO_EVIDENCE).sources) == set(one.sources)


def test_what_is_known_once_or_twice_alike_has_a_value_and_what_differs_has_none() -> None:
    assert marked().value is None
    assert not marked().differs
    assert marked("1", "1").value == "1"
    assert marked("1", "2").value is None
    assert marked("1", "2").differs


def test_several_marks_are_no_contradiction_but_several_shelves_are() -> None:
    known = Evidence(item_mark=marked("名入れ", "ギフト"), columns={"棚番": marked("A", "B")})
    assert known.contradictions(FactName.ITEM_MARK) == ()
    assert known.contradictions("棚番")[0].ja.startswith("棚番が食い違います: ")
    assert len(known.contradictions()) == 1
    assert known.doubts("検品") == ()


def test_a_column_that_no_source_has_is_simply_not_known() -> None:
    assert NO_EVIDENCE.known("棚番").facts == ()
    assert NO_EVIDENCE.names == ()


def test_each_fact_has_a_name_for_people() -> None:
    assert set(FACT_WORDS) == set(FactName)


def test_a_fact_is_told_with_its_place_in_both_languages() -> None:
    place = Source(file="出荷データ.xlsx", sheet="出荷", row=12)
    words = Fact(value=True, source=place).words
    assert words == Words(
        "“yes” (出荷データ.xlsx “出荷” row 12)", "「はい」（出荷データ.xlsx「出荷」 12行目）"
    )
    assert Source(file="QAPI").words == Words("QAPI", "QAPI")


def test_days_and_moments_are_shown_short() -> None:
    assert shown(date(2026, 11, 22)) == "2026-11-22"
    assert shown(datetime(2026, 11, 22, 9, 5, 30, tzinfo=JST)) == "2026-11-22 09:05"
