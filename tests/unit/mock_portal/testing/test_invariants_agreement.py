"""The judge finds what was done at the portal otherwise than the ledger says."""

from dataclasses import replace
from typing import Any

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind, RefusalReason
from qsm_bot.ledger import ActState
from qsm_bot.mock_portal.testing.invariants import breaches
from tests.unit.mock_portal.testing.parts import (
    ORDER,
    OTHER_ORDER,
    TEXT,
    Books,
    broken,
    changed,
    effect,
    found,
    seen,
)

NOT_FOUND_OUT = [OutcomeKind.UNKNOWN, OutcomeKind.NEEDS_PERSON]


class TestNothingButRefusals:
    @pytest.mark.parametrize("kind", ["cancel", "retraction", "something new"])
    def test_an_act_that_is_never_ours(self, books: Books, kind: str) -> None:
        books.effects.append(effect(kind=kind))
        words = f"the portal recorded a {kind}"
        assert found(books.history()) == [("effects", ORDER, words)]
        assert found(books.history(others=[OTHER_ORDER])) == [("effects", ORDER, words)]
        assert found(books.history(others=[ORDER])) == []

    @pytest.mark.parametrize("kind", ["withdraw", "request", "ship"])
    def test_what_buyer_and_seller_do_themselves_is_fine(self, books: Books, kind: str) -> None:
        assert found(books.history(effects=[effect(kind=kind)])) == []

    @pytest.mark.parametrize("service", ["SetCancelConfirm", "setclaimretraction"])
    def test_a_neighbouring_button_was_pressed(self, books: Books, service: str) -> None:
        (told_once,) = found(books.history(requests=[seen(service)]))
        assert told_once[:2] == ("buttons", ORDER)
        assert told_once[2].lower().endswith(service.lower())

    def test_a_button_was_pressed_for_no_order_that_is_named(self, books: Books) -> None:
        (told_once,) = found(books.history(requests=[seen("SetCancelConfirm", None)]))
        assert told_once[:2] == ("buttons", None)

    def test_reading_presses_no_button(self, books: Books) -> None:
        requests = [seen("GetClaimList", None), seen("GetClaimDetail")]
        assert found(books.history(requests=requests)) == []


class TestBooksAgree:
    def test_an_empty_text_at_the_portal_is_no_text(self, books: Books) -> None:
        books.refuse()
        assert found(books.history(effects=[effect(text="")])) == []

    def test_a_refusal_that_the_ledger_does_not_know(self, books: Books) -> None:
        books.effects.append(effect())
        words = "refused at the portal, not so in the ledger"
        assert found(books.history()) == [("agreement", ORDER, words)]
        assert found(books.history(others=[ORDER])) == []

    @pytest.mark.parametrize(
        "outcome", [k for k in OutcomeKind if k not in (*NOT_FOUND_OUT, OutcomeKind.REFUSED)]
    )
    def test_a_refusal_that_the_ledger_calls_otherwise(
        self, books: Books, outcome: OutcomeKind
    ) -> None:
        books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        history = changed(books.history(), state=ActState.SETTLED, outcome=outcome)
        assert found(history) == []
        words = "refused at the portal, not so in the ledger"
        assert found(replace(history, effects=[effect()])) == [("agreement", ORDER, words)]

    @pytest.mark.parametrize("outcome", NOT_FOUND_OUT)
    @pytest.mark.parametrize("effects", [[], [effect()]])
    def test_a_ledger_that_says_it_is_unsure_contradicts_nothing(
        self, books: Books, outcome: OutcomeKind, effects: list[Any]
    ) -> None:
        books.attempt(ActState.COMMITTING, outcome)
        assert found(books.history(effects=effects)) == []

    def test_a_refusal_that_only_the_ledger_knows(self, books: Books) -> None:
        books.refuse()
        words = "refused in the ledger, not so at the portal"
        assert found(books.history(effects=[])) == [("agreement", ORDER, words)]
        assert found(books.history(effects=[effect(kind="withdraw")])) == [
            ("agreement", ORDER, words)
        ]

    @pytest.mark.parametrize("unsure", [True, False])
    def test_another_reason_than_planned(self, books: Books, *, unsure: bool) -> None:
        if unsure:
            books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        else:
            books.refuse()
        assert found(books.history(effects=[effect(reason="発送準備完了")])) == [
            ("agreement", ORDER, "reason 発送準備完了, planned shipped")
        ]

    @pytest.mark.parametrize(
        ("written", "planned"), [("a", None), ("", TEXT), (None, TEXT), (f"{TEXT} ", TEXT)]
    )
    def test_another_text_than_planned(
        self, books: Books, written: str | None, planned: str | None
    ) -> None:
        books.refuse(text=planned)
        label = books.effects[0].reason
        assert found(books.history(effects=[effect(reason=label, text=written)])) == [
            ("agreement", ORDER, "another text than planned")
        ]

    def test_another_reason_was_leased_than_the_row_says(self, books: Books) -> None:
        books.refuse()
        history = changed(books.history(), reason=RefusalReason.READY)
        assert broken(history) == {"I2", "agreement"}

    def test_a_refusal_under_a_rehearsal_permit(self, books: Books) -> None:
        run = books.begin("rehearse")
        permit = books.permit(run, kind=PermitKind.REHEARSAL)
        books.act(permit, ActState.CONFIRM_OPEN)
        history = books.history(effects=[effect()], may_be_open=True)
        assert found(history) == [("agreement", ORDER, "refused under a rehearsal permit")]

    def test_the_newest_of_several_attempts_counts(self, books: Books) -> None:
        books.attempt(ActState.READY, OutcomeKind.NOT_SENT)
        books.attempt(ActState.OPENED, OutcomeKind.NOT_SENT)
        books.refuse()
        history = books.history()
        assert found(history) == []
        assert found(replace(history, attempts=history.attempts[::-1])) == []

    def test_what_was_refused_counts_before_what_is_unsure(self, books: Books) -> None:
        books.refuse()
        (refused,) = books.history().attempts
        rehearsal = replace(refused, id="r", attempt=2, kind=PermitKind.REHEARSAL, outcome=None)
        assert found(books.history(attempts=[rehearsal, refused])) == []

    @pytest.mark.parametrize("direction", [1, -1])
    def test_the_newest_of_two_unsure_attempts_counts(self, books: Books, direction: int) -> None:
        books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        (newest,) = books.history().attempts
        older = replace(newest, id="o", attempt=0, reason=RefusalReason.READY)
        attempts = [newest, older][::direction]
        assert found(books.history(attempts=attempts, effects=[effect()])) == []

    def test_every_disagreement_is_told(self, books: Books) -> None:
        books.refuse("3")
        books.refuse("4")
        effects = [effect("1", kind="cancel"), effect("2"), effect("3", text="x")]
        assert [str(each) for each in breaches(books.history(effects=effects))] == [
            "1: the portal recorded a cancel",
            "2: refused at the portal, not so in the ledger",
            "3: another text than planned",
            "4: refused in the ledger, not so at the portal",
        ]
