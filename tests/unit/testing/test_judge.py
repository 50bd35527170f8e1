"""The judge finds every way in which portal and ledger contradict each other."""

from typing import Any

import pytest

from qsm_bot.model import OutcomeKind, RefusalReason
from qsm_bot.plan import PermitKind
from qsm_bot.testing.builders import attempt, effect
from qsm_bot.testing.judge import disagreements

LABELS = {
    "shipped": "商品発送完了",
    "ready": "発送準備完了",
    "made_to_order": "注文制作商品",
    "other": "その他",
}
ORDER = "700000001"
UNSURE = [OutcomeKind.UNKNOWN, OutcomeKind.NEEDS_PERSON, None]
SURE = [kind for kind in OutcomeKind if kind not in UNSURE]


def judged(effects: list[Any], attempts: list[Any]) -> list[str]:
    return disagreements(iter(effects), attempts, LABELS)


def test_two_empty_histories_agree() -> None:
    assert judged([], []) == []


def test_the_same_refusal_on_both_sides_agrees() -> None:
    assert judged([effect()], [attempt()]) == []


def test_a_text_that_was_planned_and_written_agrees() -> None:
    other = attempt(reason=RefusalReason.OTHER, text="制作を始めています")
    written = effect(reason="その他", text="制作を始めています")
    assert judged([written], [other]) == []


def test_an_empty_text_at_the_portal_is_no_text() -> None:
    assert judged([effect(text="")], [attempt()]) == []


def test_the_order_of_the_histories_does_not_matter() -> None:
    effects = [effect(order="2"), effect(order="1")]
    assert judged(effects, [attempt(order_no="1"), attempt(order_no="2")]) == []


@pytest.mark.parametrize("kind", ["cancel", "retraction"])
def test_an_act_that_is_never_ours_is_told(kind: str) -> None:
    assert judged([effect(kind=kind)], []) == [f"{ORDER}: the portal recorded a {kind}"]


@pytest.mark.parametrize("kind", ["withdraw", "ship"])
def test_what_others_did_is_no_disagreement(kind: str) -> None:
    assert judged([effect(kind=kind)], []) == []


def test_two_refusals_of_one_order_are_told() -> None:
    assert judged([effect(), effect()], [attempt()]) == [f"{ORDER}: refused 2 times"]


def test_what_is_wrong_with_two_refusals_of_one_order_is_told_once() -> None:
    twice = [effect(text="x"), effect(text="x")]
    assert judged(twice, [attempt()]) == [
        f"{ORDER}: refused 2 times",
        f"{ORDER}: another text than planned",
    ]
    assert judged(twice, []) == [
        f"{ORDER}: refused 2 times",
        f"{ORDER}: refused at the portal, not so in the ledger",
    ]


def test_two_refusals_are_told_even_while_the_ledger_is_unsure() -> None:
    unsure = attempt(outcome=OutcomeKind.UNKNOWN)
    assert judged([effect(), effect()], [unsure]) == [f"{ORDER}: refused 2 times"]


def test_a_refusal_that_the_ledger_does_not_know_is_told() -> None:
    assert judged([effect()], []) == [f"{ORDER}: refused at the portal, not so in the ledger"]


@pytest.mark.parametrize("kind", [kind for kind in SURE if kind is not OutcomeKind.REFUSED])
def test_a_refusal_that_the_ledger_calls_otherwise_is_told(kind: OutcomeKind) -> None:
    assert judged([effect()], [attempt(outcome=kind)]) == [
        f"{ORDER}: refused at the portal, not so in the ledger"
    ]


@pytest.mark.parametrize("kind", UNSURE)
def test_a_ledger_that_says_it_is_unsure_contradicts_nothing(kind: OutcomeKind | None) -> None:
    assert judged([effect()], [attempt(outcome=kind)]) == []
    assert judged([], [attempt(outcome=kind)]) == []


def test_a_refusal_that_only_the_ledger_knows_is_told() -> None:
    assert judged([], [attempt()]) == [f"{ORDER}: refused in the ledger, not so at the portal"]


@pytest.mark.parametrize("kind", [kind for kind in SURE if kind is not OutcomeKind.REFUSED])
def test_an_attempt_that_ended_without_effect_agrees_with_an_empty_journal(
    kind: OutcomeKind,
) -> None:
    assert judged([], [attempt(outcome=kind)]) == []


def test_another_reason_than_planned_is_told() -> None:
    assert judged([effect(reason="発送準備完了")], [attempt()]) == [
        f"{ORDER}: reason 発送準備完了, planned shipped"
    ]


@pytest.mark.parametrize(("written", "planned"), [("a", None), ("", "a"), ("a ", "a")])
def test_another_text_than_planned_is_told(written: str, planned: str | None) -> None:
    assert judged([effect(text=written)], [attempt(text=planned)]) == [
        f"{ORDER}: another text than planned"
    ]


def test_a_refusal_under_a_rehearsal_permit_is_told() -> None:
    assert judged([effect()], [attempt(kind=PermitKind.REHEARSAL)]) == [
        f"{ORDER}: refused under a rehearsal permit"
    ]


def test_every_disagreement_is_told() -> None:
    found = judged(
        [effect(kind="cancel", order="1"), effect(order="2"), effect(order="3", text="x")],
        [attempt(order_no="3"), attempt(order_no="4")],
    )
    assert found == [
        "1: the portal recorded a cancel",
        "2: refused at the portal, not so in the ledger",
        "3: another text than planned",
        "4: refused in the ledger, not so at the portal",
    ]
