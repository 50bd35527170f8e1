"""Flows with the shop's own facts: proposed, explained, shown to the person who vouches."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.explain import explain
from flows.propose import decider, propose
from flows.single_refusal import refuse_single
from qsm_bot.base.errors.inputs import ReasonTextInvalid
from qsm_bot.base.errors.orders import RowDuplicate, RowGone
from qsm_bot.base.words import Words
from qsm_bot.domain.evidence import NO_EVIDENCE, Evidence, Fact, Known, Source
from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import RefusalReason, Refuse
from qsm_bot.rules import RuleBook
from tests.support import LONG_TEXT
from tests.unit.flows.conftest import Scene
from tests.unit.flows.parts import BY_OWNER, outcomes

PACKED = RuleBook.model_validate(
    {"schema": 1, "rule": [{"name": "a", "reason": "shipped", "evidence": {"tracking_no": True}}]}
)


def shipped(value: str) -> Evidence:
    def known(text: str) -> Known[str]:
        return Known(facts=(Fact(value=text, source=Source(file="出荷.csv", row=2)),))

    return Evidence(tracking_no=known(value), carrier=known("ヤマト運輸"))


def evidence_of(order: str) -> Callable[[str], Evidence]:
    return lambda number: shipped("123456789013") if number == order else NO_EVIDENCE


def test_each_order_is_decided_on_its_own_facts(scene: Scene) -> None:
    plan = propose(
        scene.portal.collect(),
        PACKED,
        shop="s",
        portal_url="u",
        pack="p",
        attempted={},
        now=scene.watch(),
        valid_for=timedelta(hours=1),
        evidence_of=evidence_of(scene.open[1]),
    )
    assert [row.order_no for row in plan.refuse] == [scene.open[1]]
    assert len(plan.leave) == len(scene.open) - 1


def test_a_request_is_decided_on_the_facts_of_the_moment(scene: Scene) -> None:
    """Right before the press: what was packed when the plan was made may be shipped by then."""
    first, second, *_ = scene.portal.collect().requests
    facts = {first.order_no: NO_EVIDENCE, second.order_no: shipped("123456789013")}
    decide = decider(PACKED, facts.__getitem__, scene.watch)

    before = [isinstance(decide(each), Refuse) for each in (first, second)]
    facts[first.order_no], facts[second.order_no] = facts[second.order_no], NO_EVIDENCE
    after = [isinstance(decide(each), Refuse) for each in (first, second)]

    assert (before, after) == ([False, True], [True, False])


def test_an_open_request_is_explained_and_nothing_is_recorded(scene: Scene) -> None:
    order = scene.open[0]
    found = explain(scene.context, order, PACKED, shipped("123456789013"), scene.watch())
    assert isinstance(found.decision, Refuse)
    assert [each.mark.value for each in found.rules] == ["✓"]
    with pytest.raises(RowGone):
        explain(scene.context, "999999999", PACKED, NO_EVIDENCE, scene.watch())
    assert scene.refused == []


def test_of_two_rows_with_one_number_none_is_explained(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = scene.portal.collect()
    double = replace(listing, requests=(*listing.requests, listing.requests[0]))
    monkeypatch.setattr(scene.portal, "collect", lambda: double)

    with pytest.raises(RowDuplicate, match="2 rows"):
        explain(scene.context, scene.open[0], PACKED, NO_EVIDENCE, scene.watch())


def test_by_hand_what_is_known_stands_in_the_plan_and_contradictions_stop_nothing(
    scene: Scene,
) -> None:
    wish = replace(BY_OWNER, order_no=scene.open[0], evidence=shipped("123456789014"))
    result = refuse_single(scene.context, wish, PermitKind.REFUSAL)

    assert outcomes(result) == {wish.order_no: "refused"}
    because = scene.ledger.plan(str(result.plan)).refuse[0].because
    assert Words("· tracking number “123456789014” (出荷.csv row 2)", because[1].ja) == because[1]
    assert because[-1].ja.startswith("! 「123456789014」はヤマト運輸の番号として")


def test_by_hand_a_text_with_the_buyer_s_data_is_turned_down_before_anything(
    scene: Scene,
) -> None:
    text = LONG_TEXT + "000-1234-5678"
    wish = replace(BY_OWNER, order_no=scene.open[0], reason=RefusalReason.OTHER, text=text)
    with pytest.raises(ReasonTextInvalid, match="a phone number"):
        refuse_single(scene.context, wish, PermitKind.REFUSAL)
    assert scene.refused == []
    assert scene.ledger.attempts() == []
