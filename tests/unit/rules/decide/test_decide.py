"""Deciding: nothing unless a rule says so, and always the same."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import Evidence, Fact, Known, Source
from qsm_bot.domain.request import (
    AskPerson,
    CancelRequest,
    Decision,
    Leave,
    RefusalReason,
    Refuse,
)
from qsm_bot.mock_portal.testing.builders import NOW, request
from qsm_bot.rules import RuleBook
from qsm_bot.rules.decide import NO_RULE, decide

TEXT = "あ" * 30
PLACE = Source(file="出荷.csv", row=2)
# Whatever the reason, the shop's own facts support it: these tests are about the rest.
PROVEN = Evidence(
    tracking_no=Known(facts=(Fact(value="123456789013", source=PLACE),)),
    carrier=Known(facts=(Fact(value="ヤマト運輸", source=PLACE),)),
    packed_on=Known(facts=(Fact(value=date(2, 1, 1), source=PLACE),)),
)
DEMANDED = {"evidence": {"tracking_no": True, "packed": True}}
TEXT_FIELDS = ("buyer_reason", "item_code", "item_name", "option", "status")


def book(*rules: dict[str, Any]) -> RuleBook:
    rows = [
        {"name": f"rule {n}", "reason": "shipped"} | ({} if "orders" in rule else DEMANDED) | rule
        for n, rule in enumerate(rules, 1)
    ]
    return RuleBook.model_validate({"schema": 1, "rule": rows})


def decided(row: CancelRequest, *rules: dict[str, Any], now: datetime = NOW) -> Decision:
    return decide(row, PROVEN, book(*rules), now)


def takes(when: dict[str, Any], now: datetime = NOW, **fields: Any) -> bool:
    decision = decided(request(**fields), {"when": when}, now=now)
    assert isinstance(decision, Refuse) or (isinstance(decision, Leave) and decision.why == NO_RULE)
    return isinstance(decision, Refuse)


def because(when: dict[str, Any], **fields: Any) -> tuple[Words, ...]:
    """Return why a rule with these conditions takes the request, its evidence aside."""
    decision = decided(request(**fields), {"when": when})
    assert isinstance(decision, Refuse)
    assert all(words.en[:2] == words.ja[:2] == "✓ " for words in decision.because)
    return tuple(Words(words.en[2:], words.ja[2:]) for words in decision.because[:-2])


class TestText:
    """Conditions on a field's text."""

    @pytest.mark.parametrize("name", TEXT_FIELDS)
    def test_a_pattern_must_fit_the_whole_field(self, name: str) -> None:
        assert takes({name: ["blue bowl"]}, **{name: "blue bowl"})
        assert not takes({name: ["blue"]}, **{name: "blue bowl"})
        assert not takes({name: ["bowl"]}, **{name: "blue bowl"})

    @pytest.mark.parametrize("name", TEXT_FIELDS)
    def test_one_of_several_patterns_is_enough(self, name: str) -> None:
        assert takes({name: ["red", "blue"]}, **{name: "blue"})
        assert not takes({name: ["red", "green"]}, **{name: "blue"})

    @pytest.mark.parametrize(
        ("pattern", "value", "fits"),
        [
            ("*", "", True),
            ("*", "anything", True),
            ("名入れ*", "名入れ皿", True),
            ("*名入れ*", "皿(名入れ)", True),
            ("*名入れ", "名入れ皿", False),
            ("a*c", "abbbc", True),
            ("a*c", "ac", True),
            ("a*c", "abcd", False),
            ("size?", "size?", True),
            ("size?", "sizeL", False),
            ("[set] bowl", "[set] bowl", True),
            ("[set] bowl", "s bowl", False),
            ("[!a]", "[!a]", True),
            ("[!a]", "b", False),
            ("[a-c]?*", "[a-c]?x", True),
            ("[a-c]?*", "bxx", False),
            ("[]", "[]", True),
            ("Blue", "blue", False),
            ("ﾌﾞﾙｰ　皿", "ブルー 皿", True),
            ("Ａ？", "A?", True),
            ("［Ｓ］", "[S]", True),
            ("blue", " blue  ", True),
            ("*two*", "one\ntwo", True),
        ],
    )
    def test_the_star_is_the_only_wildcard_and_width_does_not_count(
        self, pattern: str, value: str, *, fits: bool
    ) -> None:
        assert takes({"item_name": [pattern]}, item_name=value) is fits

    def test_the_reason_names_field_and_value_as_the_portal_shows_it(self) -> None:
        assert because({"item_name": ["*"]}, item_name="Ａ皿") == (
            Words("item name is “Ａ皿”", "商品名が「Ａ皿」"),
        )


class TestDates:
    """Conditions on the two dates; both ends are included."""

    @pytest.mark.parametrize("name", ["requested", "ordered"])
    @pytest.mark.parametrize(
        ("ends", "fits"),
        [
            ({"from": date(2026, 1, 3)}, True),
            ({"from": date(2026, 1, 4)}, False),
            ({"until": date(2026, 1, 3)}, True),
            ({"until": date(2026, 1, 2)}, False),
            ({"from": date(2026, 1, 3), "until": date(2026, 1, 3)}, True),
            ({"from": date(2026, 1, 1), "until": date(2026, 1, 2)}, False),
        ],
    )
    def test_a_day_between_the_ends_fits(
        self, name: str, ends: dict[str, date], *, fits: bool
    ) -> None:
        when = {f"{name}_{end}": day for end, day in ends.items()}
        assert takes(when, **{f"{name}_on": date(2026, 1, 3)}) is fits

    @pytest.mark.parametrize("name", ["requested", "ordered"])
    @pytest.mark.parametrize("end", ["from", "until"])
    def test_a_date_that_the_portal_left_empty_never_fits(self, name: str, end: str) -> None:
        assert not takes({f"{name}_{end}": date(2026, 1, 3)}, **{f"{name}_on": None})

    def test_the_reason_names_the_day(self) -> None:
        when = {"requested_from": date(2026, 1, 1), "ordered_until": date(2026, 1, 9)}
        assert because(when) == (
            Words("requested on 2026-01-04", "キャンセル要請日 2026-01-04"),
            Words("ordered on 2026-01-02", "注文日 2026-01-02"),
        )


class TestNumbers:
    """Conditions on age and amount; both ends are included."""

    @pytest.mark.parametrize(
        ("when", "age", "fits"),
        [
            ({"min_age_days": 2}, 2, True),
            ({"min_age_days": 2}, 1, False),
            ({"max_age_days": 2}, 2, True),
            ({"max_age_days": 2}, 3, False),
            ({"max_age_days": 0}, 0, True),
            ({"max_age_days": 0}, 1, False),
            ({"min_age_days": 0}, 0, True),
            ({"min_age_days": 1, "max_age_days": 1}, 1, True),
            ({"max_age_days": 5}, -1, False),
        ],
    )
    def test_days_count_from_the_request_to_today(
        self, when: dict[str, int], age: int, *, fits: bool
    ) -> None:
        day = NOW.date() - timedelta(days=age)
        assert takes(when, requested_on=day) is fits

    def test_today_is_japan_s_whatever_the_zone_of_the_clock(self) -> None:
        just_past_midnight = datetime(2026, 1, 4, 15, 0, tzinfo=UTC)
        when = {"min_age_days": 1}
        assert takes(when, just_past_midnight, requested_on=date(2026, 1, 4))
        assert not takes(
            when, just_past_midnight - timedelta(seconds=1), requested_on=date(2026, 1, 4)
        )

    @pytest.mark.parametrize(
        ("when", "amount", "fits"),
        [
            ({"min_amount": 500}, 500, True),
            ({"min_amount": 500}, 499, False),
            ({"max_amount": 500}, 500, True),
            ({"max_amount": 500}, 501, False),
            ({"max_amount": 0}, 0, True),
            ({"max_amount": 0}, 1, False),
            ({"min_amount": 1, "max_amount": 3}, 2, True),
        ],
    )
    def test_amounts_lie_between_the_ends(
        self, when: dict[str, int], amount: int, *, fits: bool
    ) -> None:
        assert takes(when, amount=amount) is fits

    @pytest.mark.parametrize("name", ["min_age_days", "max_age_days"])
    def test_an_unknown_age_never_fits(self, name: str) -> None:
        assert not takes({name: 0}, requested_on=None)

    @pytest.mark.parametrize("name", ["min_amount", "max_amount"])
    def test_an_unknown_amount_never_fits(self, name: str) -> None:
        assert not takes({name: 0}, amount=None)

    def test_the_reason_names_age_and_amount(self) -> None:
        assert because({"min_age_days": 1, "max_amount": 2000}) == (
            Words("requested 1 day ago", "要請から1日"),
            Words("amount 1500 yen", "金額 1500円"),
        )


class TestRules:
    """One rule, several rules, none."""

    def test_without_a_rule_nothing_is_done(self) -> None:
        assert decided(request()) == Leave(why=NO_RULE)

    def test_what_no_rule_takes_is_left(self) -> None:
        assert decided(request(), {"orders": ["1"]}) == Leave(why=NO_RULE)

    def test_a_named_order_is_refused_and_says_so(self) -> None:
        assert decided(request(order_no="1"), {"orders": ["2", "1"], "reason": "ready"}) == Refuse(
            reason=RefusalReason.READY,
            text=None,
            rule="rule 1",
            because=(
                Words(
                    "✓ order 1 is named by the rule; who wrote it vouches",
                    "✓ 注文番号 1 はルールで指定（記入者が保証）",
                ),
            ),
        )

    def test_orders_and_conditions_must_both_hold(self) -> None:
        rule = {"orders": ["700000001"], "when": {"status": ["x"], "min_amount": 1}}
        assert decided(request(status="y"), rule) == Leave(why=NO_RULE)
        decision = decided(request(status="x"), rule)
        assert isinstance(decision, Refuse)
        assert len(decision.because) == 3

    def test_all_conditions_must_hold(self) -> None:
        assert takes({"option": ["色:青"], "item_code": ["9*"]})
        assert not takes({"option": ["色:青"], "item_code": ["8*"]})

    def test_the_text_goes_with_the_reason_in_the_spelling_that_is_entered(self) -> None:
        rule = {"orders": ["700000001"], "reason": "other", "text": f" {TEXT} "}
        decision = decided(request(), rule)
        assert isinstance(decision, Refuse)
        assert (decision.reason, decision.text) == (RefusalReason.OTHER, TEXT)

    def test_of_rules_that_agree_the_first_is_named(self) -> None:
        decision = decided(
            request(), {"orders": ["700000001"]}, {"when": {"item_code": ["*"]}, "name": "b"}
        )
        assert isinstance(decision, Refuse)
        assert decision.rule == "rule 1"

    def test_rules_whose_texts_differ_in_spelling_only_agree(self) -> None:
        rule = {"orders": ["700000001"], "reason": "other"}
        decision = decided(request(), rule | {"text": "が" * 30}, rule | {"text": "か\u3099" * 30})
        assert isinstance(decision, Refuse)

    @pytest.mark.parametrize(
        "other",
        [{"reason": "ready"}, {"reason": "other", "text": TEXT}],
    )
    def test_rules_that_disagree_are_put_to_a_person_by_name(self, other: dict[str, str]) -> None:
        named = {"orders": ["700000001"]}
        assert decided(request(), named, {"orders": ["1"]}, named | other) == AskPerson(
            why=Words(
                "rules disagree: rule 1, rule 3", "ルールの結果が食い違います: rule 1, rule 3"
            )
        )

    def test_two_texts_for_one_reason_disagree(self) -> None:
        rule = {"orders": ["700000001"], "reason": "other"}
        decision = decided(request(), rule | {"text": TEXT}, rule | {"text": TEXT + "い"})
        assert isinstance(decision, AskPerson)


DATES = st.none() | st.dates(date(2025, 12, 1), date(2026, 2, 1))
AMOUNTS = st.none() | st.integers(0, 3000)
WORDS = st.text(alphabet="ab*?[]!- 青Ａ", max_size=5)
REQUESTS = st.builds(
    request,
    order_no=st.sampled_from(["1", "2"]),
    requested_on=DATES,
    ordered_on=DATES,
    amount=AMOUNTS,
    **dict.fromkeys(TEXT_FIELDS, WORDS),
)
PATTERNS = st.lists(
    st.text(alphabet="ab*?[]!- 青Ａ", min_size=1, max_size=5), min_size=1, max_size=2
)
RANGES = (
    ("requested_from", "requested_until"),
    ("ordered_from", "ordered_until"),
    ("min_age_days", "max_age_days"),
    ("min_amount", "max_amount"),
)


def in_order(when: dict[str, Any]) -> dict[str, Any]:
    """Return the conditions with no range reversed: the book would not take one."""
    ranges = (pair for pair in RANGES if pair[0] in when and pair[1] in when)
    turned = {
        name: value
        for pair in ranges
        for name, value in zip(pair, sorted(when[end] for end in pair), strict=True)
    }
    return when | turned


CONDITIONS = (
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(TEXT_FIELDS, PATTERNS),
            **dict.fromkeys(
                ("requested_from", "requested_until", "ordered_from", "ordered_until"),
                st.dates(date(2025, 12, 1), date(2026, 2, 1)),
            ),
            **dict.fromkeys(("min_age_days", "max_age_days"), st.integers(0, 60)),
            **dict.fromkeys(("min_amount", "max_amount"), st.integers(0, 3000)),
        },
    )
    .filter(bool)
    .map(in_order)
)
RULES = st.one_of(
    st.fixed_dictionaries({"when": CONDITIONS}),
    st.fixed_dictionaries({"orders": st.just(["1"])}, optional={"when": CONDITIONS}),
).flatmap(
    lambda rule: st.sampled_from(
        [
            rule,
            rule | {"reason": "ready"},
            rule | {"reason": "other", "text": TEXT},
        ]
    )
)


@settings(deadline=None)
@given(REQUESTS, st.lists(RULES, max_size=3), st.datetimes(timezones=st.just(UTC)))
def test_every_request_gets_one_decision_and_always_the_same(
    row: CancelRequest, rules: list[dict[str, Any]], now: datetime
) -> None:
    # Not within nine hours of the last day that Python knows.
    now = min(now, datetime(9999, 12, 30, tzinfo=UTC))
    decision = decided(row, *rules, now=now)
    assert isinstance(decision, Refuse | Leave | AskPerson)
    assert decided(row, *rules, now=now) == decision


@settings(deadline=None)
@given(REQUESTS, st.lists(RULES, max_size=3))
def test_a_refusal_always_names_a_rule_of_the_book_its_reason_and_why(
    row: CancelRequest, rules: list[dict[str, Any]]
) -> None:
    decision = decided(row, *rules)
    if isinstance(decision, Refuse):
        rule = next(one for one in book(*rules).rules if one.name == decision.rule)
        assert (decision.reason, decision.text) == (rule.reason, rule.text)
        assert decision.because != ()


@settings(deadline=None)
@given(REQUESTS, st.datetimes(timezones=st.just(UTC), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001  # hypothesis adds the zone
def test_without_rules_every_request_is_left(row: CancelRequest, now: datetime) -> None:
    decision = decided(row, now=now)
    assert isinstance(decision, Leave)
    assert decision.why == NO_RULE
