"""Deciding on the shop's own facts: what supports a refusal, and what sends it to a person."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.safety import LimitExceeded
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import Evidence, Fact, Known, Source
from qsm_bot.domain.request import AskPerson, Decision, Leave, RefusalReason, Refuse
from qsm_bot.mock_portal.testing.builders import NOW, request
from qsm_bot.rules import RuleBook
from qsm_bot.rules.decide import decide, judge_rules, raise_if_over, support_lines

TEXT = "ご注文の品は既に制作を開始しており、キャンセルをお受けできません。"
YAMATO = "123456789013"
BROKEN = Words("evidence from {a}.csv cannot be used", "{a}.csv を使えません")


def known(*values: Any) -> Known[Any]:
    """Return values of several files, one in each."""
    facts = (
        Fact(value=value, source=Source(file=f"{n}.csv", row=n))
        for n, value in enumerate(values, 2)
    )
    return Known(facts=tuple(facts))


def facts(**values: Any) -> Evidence:
    """Return evidence with one value each; a tuple is several sources."""
    several = {k: known(*(v if isinstance(v, tuple) else (v,))) for k, v in values.items()}
    return Evidence(**several)


def book(*rules: Mapping[str, Any], **tables: Any) -> RuleBook:
    named = [{"name": f"rule {n}"} | dict(rule) for n, rule in enumerate(rules, 1)]
    return RuleBook.model_validate({"schema": 1, "rule": named} | tables)


def decided(evidence: Evidence, *rules: Mapping[str, Any], **fields: Any) -> Decision:
    return decide(request(**fields), evidence, book(*rules), NOW)


SHIPPED = {"reason": "shipped", "evidence": {"tracking_no": True}}
READY = {"reason": "ready", "evidence": {"packed": True}}
MADE = {"reason": "made_to_order", "evidence": {"made_to_order": True}}
TRACKED = facts(tracking_no=YAMATO, carrier="ヤマト運輸")


def test_a_refusal_says_which_row_of_which_file_allows_it() -> None:
    decision = decided(TRACKED, SHIPPED)
    assert isinstance(decision, Refuse)
    assert decision.because == (
        Words(
            "✓ tracking number (ヤマト運輸 123456789013, 2.csv row 2)",
            "✓ 送り状番号あり（ヤマト運輸 123456789013、2.csv 2行目）",
        ),
    )


@pytest.mark.parametrize(
    ("rule", "evidence", "said"),
    [
        (SHIPPED, facts(), "rule “rule 1” lacks evidence: tracking number: nothing is known"),
        (READY, TRACKED, "packed on: nothing is known"),
        (MADE, TRACKED, "made to order: nothing is known"),
        # The one thing that is known fits, and is not enough.
        (
            SHIPPED | {"when": {"item_name": ["みほん*"]}},
            facts(),
            "tracking number: nothing is known",
        ),
        (
            READY | {"evidence": {"packed": True, "tracking_no": True}},
            TRACKED,
            "packed on: nothing",
        ),
    ],
)
def test_a_missing_fact_leaves_the_order_and_is_named(
    rule: Mapping[str, Any], evidence: Evidence, said: str
) -> None:
    decision = decided(evidence, rule)
    assert isinstance(decision, Leave)
    assert said in decision.why.en


@pytest.mark.parametrize(
    ("rule", "evidence", "said"),
    [
        (SHIPPED, facts(tracking_no=YAMATO), "the carrier is not known"),
        (SHIPPED, facts(tracking_no="123456789014", carrier="ヤマト運輸"), "wrong check digit"),
        (
            SHIPPED,
            facts(tracking_no=(YAMATO, "300000000005"), carrier="佐川急便"),
            "sources differ",
        ),
        (SHIPPED, facts(tracking_no=YAMATO, carrier=("佐川急便", "ヤマト運輸")), "sources differ"),
        (SHIPPED, TRACKED.merged(Evidence(problems=(BROKEN,))), "{a}.csv cannot be used"),
        (SHIPPED, TRACKED.merged(facts(shipping_status="未発送")), "speak against it: shipping"),
        (READY, Evidence(problems=(BROKEN,)), "{a}.csv cannot be used"),
        (
            {"reason": "made_to_order", "when": {"item_name": ["みほん*"]}},
            facts(made_to_order=False),
            "speak against it: made to order",
        ),
        (
            {"reason": "made_to_order", "when": {"item_name": ["みほん*"]}},
            Evidence(problems=(BROKEN,)),
            "cannot be used",
        ),
        (
            {"reason": "shipped", "orders": ["700000001"]},
            facts(shipping_status="発送待ち"),
            "speak against it",
        ),
        (
            {"reason": "other", "orders": ["700000001"], "text": TEXT + "{tracking_no}"},
            facts(),
            "nothing is known for {tracking_no}",
        ),
        (
            {"reason": "other", "orders": ["700000001"], "text": TEXT + "{tracking_no}"},
            facts(tracking_no="1" * 12, carrier="ヤマト運輸"),
            "wrong check digit",
        ),
        (
            {"reason": "other", "orders": ["700000001"], "text": "短い{item_name}"},
            facts(),
            "30 characters or more",
        ),
        (READY | {"limits": {"max_amount": 9}}, facts(packed_on=date(2026, 1, 1)), "amount is"),
    ],
)
def test_what_is_in_doubt_goes_to_a_person(
    rule: Mapping[str, Any], evidence: Evidence, said: str
) -> None:
    decision = decided(evidence, rule, amount=None)
    assert isinstance(decision, AskPerson)
    assert decision.why.en.count(said) == 1


def test_a_person_who_names_an_order_has_looked_beyond_a_broken_source() -> None:
    named = {"reason": "shipped", "orders": ["700000001"]}
    broken = Evidence(problems=(BROKEN,))
    assert isinstance(decided(broken, named), Refuse)
    assert isinstance(decided(broken, named, SHIPPED), Refuse)
    mixed = decided(broken, named, READY)
    assert isinstance(mixed, AskPerson)
    assert "rules disagree" in mixed.why.en
    assert "cannot be used" in mixed.why.en


AT = datetime(2026, 1, 5, 8, 30, tzinfo=JST)


@pytest.mark.parametrize(
    ("asked", "evidence", "fits"),
    [
        ({"max_packed_days": 1}, facts(packed_on=date(2026, 1, 4)), True),
        ({"max_packed_days": 1}, facts(packed_on=date(2026, 1, 3)), False),
        ({"min_packed_days": 2}, facts(packed_on=date(2026, 1, 3)), True),
        ({"packed": True}, facts(packed_on=date(2026, 1, 6)), False),
        ({"max_packed_hours": 2}, facts(packed_at=AT), True),
        ({"max_packed_hours": 1}, facts(packed_at=AT), False),
        ({"max_packed_hours": 9}, facts(packed_on=date(2026, 1, 5)), False),
        (
            {"packed": True, "carrier": ["佐川"]},
            facts(packed_on=date(2026, 1, 4), carrier="佐川急便"),
            True,
        ),
        (
            {"packed": True, "carrier": ["佐川"]},
            facts(packed_on=date(2026, 1, 4), carrier="ヤマト運輸"),
            False,
        ),
        ({"packed": True, "tracking_no": False}, facts(packed_on=date(2026, 1, 4)), True),
        (
            {"packed": True, "tracking_no": False},
            facts(packed_on=date(2026, 1, 4), tracking_no="1" * 9),
            False,
        ),
        (
            {"packed": True, "made_to_order": False},
            facts(packed_on=date(2026, 1, 4), made_to_order=False),
            True,
        ),
        (
            {"packed": True, "made_to_order": True},
            facts(packed_on=date(2026, 1, 4), made_to_order=True),
            True,
        ),
        (
            {"packed": True, "made_to_order": True},
            facts(packed_on=date(2026, 1, 4), made_to_order=False),
            False,
        ),
        (
            {"packed": True, "item_mark": ["急*"]},
            facts(packed_on=date(2026, 1, 4), item_mark=("ギフト", "急ぎ")),
            True,
        ),
        (
            {"packed": True, "shipped": False},
            facts(packed_on=date(2026, 1, 4), shipped_on=date(2026, 1, 4)),
            False,
        ),
    ],
)
def test_conditions_on_facts(asked: dict[str, Any], evidence: Evidence, *, fits: bool) -> None:
    decision = decided(evidence, {"reason": "ready", "evidence": asked})
    assert isinstance(decision, Refuse if fits else Leave)


@pytest.mark.parametrize(
    ("status", "fits"),
    [
        ("発送済み", True),
        ("出荷完了", True),
        ("配達予定", True),
        ("未発送", False),
        ("発送待ち", False),
        ("発送準備中", False),
        ("発送前", False),
        ("Ready to ship", False),
        ("unshipped", False),
        ("返品受付", False),
    ],
)
def test_a_status_alone_carries_shipped_only_if_it_does_not_say_otherwise(
    status: str, *, fits: bool
) -> None:
    # The pattern takes them all: it is what the status says that counts.
    rule = {"reason": "shipped", "evidence": {"shipping_status": [f"*{status[1:]}"]}}
    assert isinstance(decided(facts(shipping_status=status), rule), Refuse) is fits


@pytest.mark.parametrize(
    ("when", "moment", "fits"),
    [
        ({"weekday": ["月"]}, NOW, True),
        ({"weekday": ["tue", "sun"]}, NOW, False),
        ({"time_from": "10:00"}, NOW, True),
        ({"time_from": "10:01"}, NOW, False),
        ({"time_until": "10:00"}, NOW + timedelta(seconds=59), True),
        ({"time_until": "10:00"}, NOW + timedelta(minutes=1), False),
        ({"not_item_name": ["*小皿"]}, NOW, False),
        ({"not_item_name": ["*大皿"], "item_name": ["みほん*"]}, NOW, True),
    ],
)
def test_hours_days_and_exclusions(when: dict[str, Any], moment: datetime, *, fits: bool) -> None:
    rules = book(READY | {"when": when})
    decision = decide(request(), facts(packed_on=date(2026, 1, 4)), rules, moment)
    assert isinstance(decision, Refuse) is fits


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({"buyer_reason": "住所変更"}, ("クレームの撤回要請",)),
        ({"requested_on": date(2026, 1, 2)}, ("after 4",)),
        ({"requested_on": date(2025, 12, 31)}, ("answer it today",)),
        ({"status": "新規注文"}, ("cancelled at once",)),
        ({}, ()),
    ],
)
def test_what_is_not_refused_says_what_to_do_instead(
    fields: dict[str, Any], advice: tuple[str, ...]
) -> None:
    decision = decided(facts(), **fields)
    assert isinstance(decision, Leave)
    assert len(decision.advice) == len(advice)
    assert all(said in line.en for said, line in zip(advice, decision.advice, strict=True))


def test_an_old_request_is_refused_with_a_notice_and_a_new_order_never() -> None:
    late = decided(TRACKED, SHIPPED, requested_on=date(2025, 12, 31))
    assert isinstance(late, Refuse)
    assert late.because[-1].ja.startswith("! 4日超過")
    assert isinstance(decided(TRACKED, SHIPPED, status="配送遅延"), Leave)


def test_a_wish_for_a_change_that_a_rule_takes_is_refused_with_a_notice() -> None:
    refused = decided(TRACKED, SHIPPED, buyer_reason="サイズ/カラー変更")
    assert isinstance(refused, Refuse)
    assert refused.because[-1].ja.startswith("! お客様は変更をご希望です")


def test_explaining_shows_every_condition_of_every_rule() -> None:
    rules = book(SHIPPED | {"when": {"item_name": ["x"]}}, READY)
    first, second = judge_rules(request(), TRACKED, rules, NOW)
    assert [check.mark.value for check in first.checks] == ["✗", "✓"]
    assert [check.line.en for check in second.checks] == ["✗ packed on: nothing is known"]


def test_explaining_names_the_row_that_says_no() -> None:
    (judged,) = judge_rules(request(), facts(made_to_order=False), book(MADE), NOW)
    assert judged.checks[0].line.en == "✗ made to order: the data say no (2.csv row 2)"


@pytest.mark.parametrize(
    ("tables", "limits", "said"),
    [
        ({"limits": {"max_amount": 2999}}, {}, "2999 yen"),
        ({}, {"max_count": 1}, "1 for rule “rule 1”"),
        ({}, {"max_share": 0.4}, "40% for rule “rule 1”"),
        ({}, {"max_amount": 2999}, "2999 yen for rule “rule 1”"),
    ],
)
def test_more_than_a_rule_or_the_money_allows_is_no_plan(
    tables: dict[str, Any], limits: dict[str, Any], said: str
) -> None:
    rules = book(READY | {"limits": limits}, **tables)
    refusal = Refuse(reason=RefusalReason.READY, text=None, rule="rule 1", because=())
    raise_if_over(rules, [(request(), refusal)], 4)
    with pytest.raises(LimitExceeded, match=said):
        raise_if_over(rules, [(request(), refusal)] * 2, 4)


def test_a_person_who_vouches_is_shown_what_is_known_and_what_is_missing() -> None:
    shown = [words.en for words in support_lines(RefusalReason.SHIPPED, TRACKED)]
    assert [line[0] for line in shown] == ["·", "·"]
    against = support_lines(RefusalReason.MADE_TO_ORDER, facts(made_to_order=False))
    assert [words.en[0] for words in against] == ["·", "!"]
    nothing = support_lines(RefusalReason.READY, Evidence(problems=(BROKEN,)))
    assert [words.en[0] for words in nothing] == ["!", "!"]


# Values with braces: a file may hold what looks like a variable.
VALUES = st.sampled_from(["発送済", "未発送", YAMATO, "ヤマト運輸", "{x}", "刺繍"])
KNOWN = st.lists(VALUES, max_size=2).map(lambda values: known(*values))
DAYS = st.lists(st.dates(date(2026, 1, 1), date(2026, 1, 5)), max_size=2).map(lambda d: known(*d))
EVIDENCE = st.builds(
    Evidence,
    tracking_no=KNOWN,
    carrier=KNOWN,
    shipping_status=KNOWN,
    packed_on=DAYS,
    made_to_order=st.lists(st.booleans(), max_size=2).map(lambda flags: known(*flags)),
    item_mark=KNOWN,
    columns=st.dictionaries(st.just("工程"), KNOWN),
    problems=st.sampled_from([(), (), (BROKEN,)]),
)
RULES = st.lists(
    st.sampled_from(
        [
            SHIPPED,
            READY,
            MADE,
            {"reason": "shipped", "evidence": {"shipping_status": ["*発送*"]}},
            {"reason": "ready", "evidence": {"packed": True, "tracking_no": False}},
            {"reason": "made_to_order", "when": {"item_name": ["みほん*"]}},
            {"reason": "other", "text": TEXT, "evidence": {"columns": {"工程": ["刺繍"]}}},
            {"reason": "other", "text": TEXT + "{carrier}", "evidence": {"item_mark": ["刺繍"]}},
        ]
    ),
    max_size=3,
)


def supports(decision: Refuse, rule: Any, evidence: Evidence) -> bool:
    """Whether the facts carry the reason, read here in another way than the program does."""
    match decision.reason:
        case RefusalReason.SHIPPED:
            status = evidence.shipping_status.value
            return evidence.tracking_no.value == YAMATO or status == "発送済"
        case RefusalReason.READY:
            return evidence.packed_on.value is not None
        case RefusalReason.MADE_TO_ORDER:
            return evidence.made_to_order.value is True or rule.when is not None
        case _:
            marks = (*evidence.item_mark.values, *evidence.known("工程").values)
            return "刺繍" in marks


@settings(deadline=None)
@given(EVIDENCE, EVIDENCE, RULES)
def test_no_refusal_without_its_evidence_however_much_is_known(
    one: Evidence, two: Evidence, rules: list[Mapping[str, Any]]
) -> None:
    rulebook = book(*rules)
    for evidence in (one, two, one.merged(two)):
        decision = decide(request(), evidence, rulebook, NOW)
        assert decide(request(), evidence, rulebook, NOW) == decision
        if isinstance(decision, Refuse):
            rule = next(each for each in rulebook.rules if each.name == decision.rule)
            assert supports(decision, rule, evidence)
            assert not rule.uses or evidence.doubts(*rule.uses) == ()
            assert evidence.problems == ()


@settings(deadline=None)
@given(EVIDENCE, RULES)
def test_an_error_in_a_source_refuses_nothing(
    evidence: Evidence, rules: list[Mapping[str, Any]]
) -> None:
    broken = evidence.merged(Evidence(problems=(BROKEN,)))
    decision = decide(request(), broken, book(*rules), NOW)
    assert isinstance(decision, AskPerson if rules else Leave)


@settings(deadline=None)
@given(EVIDENCE)
def test_without_rules_no_evidence_refuses(evidence: Evidence) -> None:
    assert isinstance(decide(request(), evidence, book(), NOW), Leave)
