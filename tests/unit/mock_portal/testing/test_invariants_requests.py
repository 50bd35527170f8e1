"""The judge finds requests that nothing allows, and commits in the dark (I1, I2)."""

from dataclasses import replace
from typing import Any

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import Outcome, OutcomeKind
from qsm_bot.ledger import ActState
from tests.unit.mock_portal.testing.parts import (
    ANSWER,
    ORDER,
    OTHER_ORDER,
    TEXT,
    Books,
    broken,
    changed,
    effect,
    entry,
    found,
    seen,
    swapped,
    told,
    without,
)


class TestAtMostOneRequest:
    def test_a_second_request_under_one_permit(self, books: Books) -> None:
        books.refuse()
        books.requests.append(seen("setcancelrefusal"))
        assert found(books.history()) == [("I1", ORDER, "refusal requests: 2, permits used: 1")]

    def test_a_third_request_under_two_permits(self, books: Books) -> None:
        permit = books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        books.settle(permit, OutcomeKind.NOT_SENT)
        books.refuse()
        books.requests.append(seen())
        assert found(books.history()) == [("I1", ORDER, "refusal requests: 3, permits used: 2")]

    @pytest.mark.parametrize("fused", [True, False])
    def test_a_request_that_no_permit_allows(self, books: Books, *, fused: bool) -> None:
        books.attempt(ActState.CONFIRM_OPEN, OutcomeKind.NOT_SENT)
        books.requests.append(seen())
        assert found(books.history(fused=fused)) == [
            ("I1", ORDER, "refusal requests: 1, permits used: 0"),
            ("I2", ORDER, "a refusal request arrived, but no attempt was committed"),
        ]

    def test_a_request_of_an_order_that_nobody_planned(self, books: Books) -> None:
        books.refuse()
        books.requests.append(seen(order=OTHER_ORDER))
        assert [each[:2] for each in found(books.history())] == [
            ("I1", OTHER_ORDER),
            ("I2", OTHER_ORDER),
        ]

    def test_a_request_that_names_no_order(self, books: Books) -> None:
        books.refuse()
        books.requests.append(seen(order=None))
        assert [each[:2] for each in found(books.history())] == [("I1", None), ("I2", None)]

    def test_a_request_during_a_rehearsal(self, books: Books) -> None:
        run = books.begin("rehearse")
        permit = books.permit(run, kind=PermitKind.REHEARSAL)
        books.act(permit, ActState.CONFIRM_OPEN, OutcomeKind.REHEARSED)
        books.ledger.end_run(run, 0)
        assert broken(books.history(requests=[seen()])) == {"I1", "I2"}

    def test_a_request_that_a_rehearsal_itself_recorded(self, books: Books) -> None:
        run = books.begin("rehearse")
        permit = books.permit(run, kind=PermitKind.REHEARSAL)
        books.act(permit, ActState.CONFIRM_OPEN)
        books.ledger.act(permit).answered(ANSWER)
        books.ledger.act(permit).settle(Outcome(kind=OutcomeKind.UNKNOWN))
        books.ledger.end_run(run, 30)
        assert found(books.history()) == [
            ("I1", ORDER, "a rehearsal was sent"),
            ("I2", ORDER, "a request left without a commit"),
        ]

    def test_a_rehearsal_that_was_committed(self, books: Books) -> None:
        books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        history = changed(books.history(), kind=PermitKind.REHEARSAL)
        assert found(history) == [
            ("I1", ORDER, "refusal requests: 1, permits used: 0"),
            ("I1", ORDER, "a rehearsal was sent"),
        ]

    @pytest.mark.parametrize("changes", [{}, {"fused": False}, {"others": [ORDER]}])
    def test_two_effects_whatever_the_fuse_and_whoever_else_acted(
        self, books: Books, changes: dict[str, Any]
    ) -> None:
        books.refuse()
        books.effects.append(effect())
        assert found(books.history(**changes)) == [("I1", ORDER, "refused 2 times")]

    def test_two_effects_while_the_ledger_is_unsure(self, books: Books) -> None:
        books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        assert found(books.history(effects=[effect(), effect()])) == [
            ("I1", ORDER, "refused 2 times")
        ]

    def test_the_path_of_the_refusal_can_be_another(self, books: Books) -> None:
        books.refuse()
        requests = [seen("Refuse"), seen("Refuse")]
        assert found(books.history(requests=requests)) == []
        assert broken(books.history(requests=requests, refusal="refuse")) == {"I1"}


class TestCommittedKnowingly:
    @pytest.mark.parametrize("step", ["opened", "ready", "armed", "confirm_open"])
    def test_a_step_is_missing(self, books: Books, step: str) -> None:
        books.refuse()
        taken = [s for s in ("opened", "ready", "armed", "confirm_open") if s != step]
        assert found(without(books.history(), f"attempt.{step}")) == [
            ("I2", ORDER, f"committed after the steps: {', '.join(taken)}")
        ]

    def test_all_steps_are_missing(self, books: Books) -> None:
        books.refuse()
        steps = [f"attempt.{s}" for s in ("opened", "ready", "armed", "confirm_open")]
        assert found(without(books.history(), *steps)) == [
            ("I2", ORDER, "committed after the steps: none")
        ]

    @pytest.mark.parametrize(
        ("one", "other"), [("opened", "ready"), ("ready", "armed"), ("armed", "confirm_open")]
    )
    def test_two_steps_are_in_the_wrong_order(self, books: Books, one: str, other: str) -> None:
        books.refuse()
        history = swapped(books.history(), f"attempt.{one}", f"attempt.{other}")
        assert broken(history) == {"I2"}

    @pytest.mark.parametrize("step", ["opened", "ready", "armed", "confirm_open"])
    def test_a_step_was_recorded_only_after_the_commit(self, books: Books, step: str) -> None:
        books.refuse()
        history = swapped(books.history(), f"attempt.{step}", "attempt.committing")
        assert broken(history) == {"I2"}

    def test_a_step_was_taken_by_another_attempt(self, books: Books) -> None:
        books.refuse()
        books.refuse(OTHER_ORDER)
        history = books.history()
        stolen = [
            replace(e, attempt_id="another") if e.kind == "attempt.armed" else e
            for e in history.events
        ]
        assert [each[:2] for each in found(replace(history, events=stolen))] == [
            ("I2", ORDER),
            ("I2", OTHER_ORDER),
        ]

    @pytest.mark.parametrize("facts", [{"shown": OTHER_ORDER}, {"shown": None}, {}])
    def test_another_order_was_shown(self, books: Books, facts: dict[str, Any]) -> None:
        books.refuse()
        history = told(books.history(), "attempt.opened", facts=facts)
        shown = facts.get("shown")
        assert found(history) == [("I2", ORDER, f"committed while the order {shown} was shown")]

    @pytest.mark.parametrize("label", ["発送準備完了", "商品発送", "", None])
    def test_another_reason_was_chosen(self, books: Books, label: str | None) -> None:
        books.refuse()
        history = told(books.history(), "attempt.ready", facts={"label": label, "text": ""})
        assert found(history) == [
            ("I2", ORDER, f"committed with the reason {label}, planned shipped")
        ]

    @pytest.mark.parametrize(
        ("planned", "seen_text"),
        [(None, "x"), (TEXT, TEXT[:-1]), (TEXT, f"{TEXT} "), (TEXT, ""), (TEXT, None)],
    )
    def test_another_text_was_written(
        self, books: Books, planned: str | None, seen_text: str | None
    ) -> None:
        books.refuse(text=planned)
        label = entry(books.history(), "attempt.ready").body["facts"]["label"]
        facts = {"label": label, "text": seen_text}
        history = told(books.history(), "attempt.ready", facts=facts)
        assert found(history) == [("I2", ORDER, "committed with another text than planned")]

    @pytest.mark.parametrize("text", ["キャンセルしますか？", "", None])
    def test_another_confirm_was_accepted(self, books: Books, text: str | None) -> None:
        books.refuse()
        history = told(books.history(), "attempt.confirm_open", text=text)
        assert found(history) == [("I2", ORDER, f"an unknown confirm was accepted: {text}")]

    def test_a_confirm_that_was_not_accepted_may_say_anything(self, books: Books) -> None:
        books.attempt(ActState.CONFIRM_OPEN, OutcomeKind.NOT_SENT)
        history = told(books.history(), "attempt.confirm_open", text="キャンセルしますか？")
        assert found(history) == []

    def test_an_attempt_that_is_not_listed(self, books: Books) -> None:
        books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        history = books.history(attempts=[], requests=[])
        words = "committed under an attempt that the ledger does not list"
        assert found(history) == [("I2", ORDER, words)]

    def test_a_request_left_before_the_commit(self, books: Books) -> None:
        run = books.begin()
        permit = books.permit(run)
        books.act(permit, ActState.ARMED)
        books.ledger.act(permit).answered(ANSWER)
        books.ledger.act(permit).settle(Outcome(kind=OutcomeKind.UNKNOWN))
        books.ledger.end_run(run, 30)
        assert found(books.history()) == [("I2", ORDER, "a request left without a commit")]
