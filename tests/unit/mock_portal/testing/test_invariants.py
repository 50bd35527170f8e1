"""The judge passes what the program does on good and on bad days."""

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind, ProofKind
from qsm_bot.ledger import ActState
from qsm_bot.mock_portal.testing.builders import planned, proof
from qsm_bot.mock_portal.testing.history import Breach, History
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
    told,
)


class TestGoodHistories:
    def test_two_empty_books(self, books: Books) -> None:
        assert found(books.history()) == []

    def test_refusals_that_were_proven(self, books: Books) -> None:
        books.refuse()
        books.refuse(OTHER_ORDER, text=TEXT)
        assert found(books.history()) == []
        assert found(books.history(effects=books.effects[::-1])) == []

    @pytest.mark.parametrize(
        ("kinds", "fits"), [(("alert", "qapi"), True), (("qapi", "qapi"), False)]
    )
    def test_qapi_is_a_kind_of_proof_of_its_own(
        self, books: Books, kinds: tuple[str, str], *, fits: bool
    ) -> None:
        books.refuse()
        proofs = tuple(proof(kind=ProofKind(kind)) for kind in kinds)
        facts = [{"kind": kind, "seen": "", "at": ""} for kind in kinds]
        history = changed(told(books.history(), "attempt.settled", proofs=facts), proofs=proofs)
        assert broken(history) == (set() if fits else {"I3"})

    def test_a_history_of_one_run(self, books: Books) -> None:
        books.refuse()
        books.refuse(OTHER_ORDER)
        run = books.ledger.run("latest").id
        only = History.read(
            books.ledger,
            shop=books.ledger.run(run).shop,
            effects=[effect(OTHER_ORDER)],
            requests=[seen(order=OTHER_ORDER)],
            labels=books.history().labels,
            run_id=run,
        )
        assert (len(only.attempts), len(only.runs)) == (1, 1)
        assert found(only) == []

    def test_a_rehearsal(self, books: Books) -> None:
        run = books.begin("rehearse")
        permit = books.permit(run, kind=PermitKind.REHEARSAL)
        books.act(permit, ActState.CONFIRM_OPEN, OutcomeKind.REHEARSED)
        books.ledger.end_run(run, 0)
        assert found(books.history()) == []

    @pytest.mark.parametrize("state", ["leased", "opened", "ready", "armed", "confirm_open"])
    def test_an_attempt_that_ended_before_the_commit_and_another(
        self, books: Books, state: str
    ) -> None:
        books.attempt(ActState(state), OutcomeKind.NOT_SENT)
        books.refuse()
        assert found(books.history()) == []

    @pytest.mark.parametrize("outcome", [OutcomeKind.GONE, OutcomeKind.CHANGED])
    def test_an_order_that_was_not_to_be_refused(self, books: Books, outcome: OutcomeKind) -> None:
        books.attempt(ActState.LEASED, outcome)
        books.effects.append(effect(kind="withdraw"))
        assert found(books.history()) == []

    @pytest.mark.parametrize("state", [ActState.COMMITTING, ActState.ALERTED])
    @pytest.mark.parametrize("took_effect", [True, False])
    def test_an_outcome_that_is_unknown(
        self, books: Books, state: ActState, *, took_effect: bool
    ) -> None:
        books.attempt(state, OutcomeKind.UNKNOWN)
        assert found(books.history(effects=[effect()] * took_effect)) == []

    def test_a_commit_after_which_nothing_was_sent(self, books: Books) -> None:
        books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        assert found(books.history(requests=[])) == []

    def test_another_shop_in_the_same_ledger(self, books: Books) -> None:
        books.refuse()
        other = books.ledger.begin_run("べつの店", "apply", None)
        permit = books.ledger.issue_permit(
            other, "べつの店", planned(order_no=OTHER_ORDER), "d" * 64, PermitKind.REFUSAL
        )
        books.act(permit, ActState.COMMITTING)
        assert found(books.history(requests=[seen()])) == []

    def test_an_unknown_outcome_that_a_look_found_refused(self, books: Books) -> None:
        permit = books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        books.settle(permit, OutcomeKind.REFUSED)
        assert found(books.history(effects=[effect()])) == []

    def test_a_second_attempt_after_a_look_found_that_nothing_was_sent(self, books: Books) -> None:
        permit = books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        books.settle(permit, OutcomeKind.NOT_SENT)
        books.refuse()
        assert len(books.requests) == 2
        assert found(books.history()) == []
        assert found(books.history(requests=[seen()])) == []

    @pytest.mark.parametrize("state", [ActState.OPENED, ActState.COMMITTING, ActState.ALERTED])
    def test_a_run_that_was_killed_while_the_next_one_is_there(
        self, books: Books, state: ActState
    ) -> None:
        permit = books.attempt(state, code=None)
        books.settle(permit, OutcomeKind.NOT_SENT)
        assert found(books.history()) == []

    def test_a_run_that_the_test_has_killed(self, books: Books) -> None:
        books.attempt(ActState.COMMITTING, code=None)
        assert found(books.history(may_be_open=True)) == []

    def test_an_order_that_the_portal_did_not_take(self, books: Books) -> None:
        books.attempt(ActState.ALERTED, OutcomeKind.REJECTED, code=20)
        assert found(books.history()) == []

    def test_an_order_that_somebody_else_refused(self, books: Books) -> None:
        books.attempt(ActState.ALERTED, OutcomeKind.REJECTED, code=20)
        books.effects.append(effect(reason="発送準備完了"))
        assert broken(books.history()) == {"agreement"}
        assert found(books.history(others=[ORDER])) == []

    def test_a_request_that_the_browser_repeated_past_an_open_fuse(self, books: Books) -> None:
        books.refuse()
        books.requests.append(seen())
        assert found(books.history(fused=False)) == []

    def test_width_and_white_space_of_label_and_confirm_do_not_matter(self, books: Books) -> None:
        books.refuse()
        history = books.history(confirm=f" {books.history().confirm.replace('？', '?')} ")
        facts = {"label": " 商品発送完了　", "text": ""}
        assert found(told(history, "attempt.ready", facts=facts)) == []

    def test_a_confirm_that_nobody_knows_yet_is_not_compared(self, books: Books) -> None:
        books.refuse()
        history = told(books.history(confirm=""), "attempt.confirm_open", text="拒否?")
        assert found(history) == []


def test_a_finding_without_an_order_is_its_words() -> None:
    assert str(Breach(invariant="I5", order_no=None, words="the run r has no end")) == (
        "the run r has no end"
    )
