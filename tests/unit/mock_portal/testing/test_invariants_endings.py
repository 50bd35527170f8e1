"""The judge finds unproven ends, second attempts and runs without an end (I3, I4, I5)."""

from dataclasses import replace
from typing import Any

import pytest

from qsm_bot.domain.plan import PermitKind
from qsm_bot.domain.request import OutcomeKind, ProofKind
from qsm_bot.ledger import ActState
from qsm_bot.mock_portal.testing.builders import proof
from qsm_bot.mock_portal.testing.history import History
from tests.unit.mock_portal.testing.parts import (
    ORDER,
    OTHER_ORDER,
    Books,
    broken,
    changed,
    effect,
    entry,
    found,
    told,
    without,
)


class TestRefusedOnlyWithProofs:
    @pytest.mark.parametrize(
        ("proofs", "kinds"),
        [
            ((), "none"),
            ((proof(),), "alert"),
            ((proof(), proof(seen="another")), "alert"),
            ((proof(kind=ProofKind.LIST_ABSENT),), "list_absent"),
        ],
    )
    def test_the_attempt_has_too_few(
        self, books: Books, proofs: tuple[Any, ...], kinds: str
    ) -> None:
        books.refuse()
        history = changed(books.history(), proofs=proofs)
        assert found(history) == [("I3", ORDER, f"refused with these proofs only: {kinds}")]

    @pytest.mark.parametrize("kinds", [[], ["alert"], ["alert", "alert"]])
    def test_the_entry_has_too_few(self, books: Books, kinds: list[str]) -> None:
        books.refuse()
        proofs = [{"kind": kind, "seen": "", "at": ""} for kind in kinds]
        history = told(books.history(), "attempt.settled", proofs=proofs)
        assert broken(history) == {"I3"}

    def test_a_look_settled_it_with_one_proof(self, books: Books) -> None:
        permit = books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        books.settle(permit, OutcomeKind.REFUSED)
        history = changed(books.history(effects=[effect()]), proofs=(proof(),))
        assert broken(history) == {"I3"}

    def test_no_entry_says_that_it_was_refused(self, books: Books) -> None:
        books.refuse()
        words = "refused without an entry that says so"
        assert found(without(books.history(), "attempt.settled")) == [("I3", ORDER, words)]
        gone = told(books.history(), "attempt.settled", outcome="gone")
        assert found(gone) == [("I3", ORDER, words)]


class TestNoSecondAttempt:
    def two_attempts(self, books: Books) -> History:
        permit = books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        books.settle(permit, OutcomeKind.NOT_SENT)
        books.refuse()
        return books.history()

    AGAIN = (
        ("I4", ORDER, "leased again after a commit that no look has settled as not sent"),
        ("I4", ORDER, "committed a second time"),
    )

    def first_settled(self, history: History, **body: Any) -> History:
        first = next(e for e in history.events if e.kind == "attempt.settled")
        doctored = replace(first, body={**first.body, **body})
        return replace(history, events=[doctored if e is first else e for e in history.events])

    def test_nothing_settled_the_first(self, books: Books) -> None:
        history = self.two_attempts(books)
        first = next(e for e in history.events if e.kind == "attempt.settled")
        events = [e for e in history.events if e is not first]
        assert found(replace(history, events=events)) == list(self.AGAIN)

    @pytest.mark.parametrize("outcome", ["unknown", "gone", "rejected", "needs_person", "refused"])
    def test_the_first_was_settled_as_something_else(self, books: Books, outcome: str) -> None:
        history = self.first_settled(self.two_attempts(books), outcome=outcome)
        assert found(history) == list(self.AGAIN)

    @pytest.mark.parametrize("state", ["committing", "alerted", "verified"])
    def test_the_run_itself_said_not_sent_without_a_look(self, books: Books, state: str) -> None:
        history = self.first_settled(self.two_attempts(books), **{"from": state})
        assert found(history) == list(self.AGAIN)

    def test_the_look_was_at_another_attempt(self, books: Books) -> None:
        history = self.two_attempts(books)
        events = [
            replace(e, attempt_id="another") if e.body.get("outcome") == "not_sent" else e
            for e in history.events
        ]
        assert found(replace(history, events=events)) == list(self.AGAIN)

    def test_the_look_came_after_the_second_lease(self, books: Books) -> None:
        history = self.two_attempts(books)
        look = next(e for e in history.events if e.kind == "attempt.settled")
        second = [e for e in history.events if e.kind == "attempt.leased"][-1]
        events = [e for e in history.events if e is not look]
        events.insert(events.index(second) + 1, look)
        assert found(replace(history, events=events)) == [self.AGAIN[0]]

    def test_a_rehearsal_is_a_further_attempt_too(self, books: Books) -> None:
        permit = books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        books.settle(permit, OutcomeKind.NOT_SENT)
        run = books.begin("rehearse")
        rehearsal = books.permit(run, kind=PermitKind.REHEARSAL)
        books.act(rehearsal, ActState.CONFIRM_OPEN, OutcomeKind.REHEARSED)
        books.ledger.end_run(run, 0)
        history = self.first_settled(books.history(), outcome="gone")
        assert found(history) == [self.AGAIN[0]]

    def test_two_attempts_that_were_leased_at_once(self, books: Books) -> None:
        history = self.two_attempts(books)
        leases = [e for e in history.events if e.kind == "attempt.leased"]
        look = next(e for e in history.events if e.kind == "attempt.settled")
        rest = [e for e in history.events if e is not look and e not in leases]
        assert found(replace(history, events=[*leases, *rest])) == [self.AGAIN[1]]

    def test_one_attempt_that_was_committed_twice(self, books: Books) -> None:
        books.refuse()
        history = books.history()
        twice = entry(history, "attempt.committing")
        place = history.events.index(entry(history, "attempt.alerted"))
        events = [*history.events[:place], twice, *history.events[place:]]
        assert found(replace(history, events=events)) == [self.AGAIN[1]]

    def test_a_request_that_left_without_a_commit_weighs_like_one(self, books: Books) -> None:
        history = self.two_attempts(books)
        look = next(e for e in history.events if e.kind == "attempt.settled")
        first = next(e for e in history.events if e.kind == "attempt.committing")
        answered = replace(first, kind="attempt.answered")
        events = [answered if e is first else e for e in history.events if e is not look]
        assert [each for each in found(replace(history, events=events)) if each[0] == "I4"] == list(
            self.AGAIN
        )

    def test_the_attempts_of_two_orders_are_apart(self, books: Books) -> None:
        books.attempt(ActState.COMMITTING, OutcomeKind.UNKNOWN)
        books.refuse(OTHER_ORDER)
        assert found(books.history()) == []


class TestEveryRunEnds:
    def test_the_newest_run_has_no_end(self, books: Books) -> None:
        run = books.begin()
        words = f"the run {run} has no end, and none came after it"
        assert found(books.history()) == [("I5", None, words)]

    def test_a_run_of_another_shop_comes_after_it(self, books: Books) -> None:
        run = books.begin()
        other = books.ledger.begin_run("べつの店", "apply", None)
        books.ledger.end_run(other, 0)
        history = books.history(events=list(books.ledger.events()), runs=books.ledger.runs())
        assert [each[:2] for each in found(history)] == [("I5", None)]
        assert run in found(history)[0][2]

    def test_only_the_newest_of_two_open_runs_counts(self, books: Books) -> None:
        books.begin()
        last = books.begin()
        assert [each[2].split()[2] for each in found(books.history())] == [last]

    def test_a_run_has_an_end_and_no_exit_code(self, books: Books) -> None:
        books.refuse()
        (run,) = (replace(run, exit_code=None) for run in books.history().runs)
        history = told(books.history(runs=[run]), "run.ended", exit_code=None)
        words = f"the run {run.id} has no end, and none came after it"
        assert found(history) == [("I5", None, words)]

    def test_a_run_has_an_end_without_an_entry(self, books: Books) -> None:
        books.refuse()
        run = books.ledger.run("latest").id
        words = f"the run {run}: exit code 0, entry None"
        assert found(without(books.history(), "run.ended")) == [("I5", None, words)]

    def test_row_and_entry_differ_in_the_exit_code(self, books: Books) -> None:
        books.refuse()
        history = told(books.history(), "run.ended", exit_code=30)
        assert broken(history) == {"I5"}
        assert broken(replace(history, may_be_open=True)) == {"I5"}

    @pytest.mark.parametrize(
        "state", ["leased", "opened", "ready", "armed", "confirm_open", "committing", "alerted"]
    )
    def test_a_run_ended_and_left_an_attempt_halfway(self, books: Books, state: str) -> None:
        permit = books.attempt(ActState(state), code=30)
        words = f"left at {state} by the run {permit.run_id}, which has ended"
        assert found(books.history()) == [("I5", ORDER, words)]

    def test_an_attempt_of_a_run_that_is_not_there(self, books: Books) -> None:
        books.refuse()
        assert [each[:2] for each in found(books.history(runs=[]))] == [("I5", ORDER)]

    def test_a_run_without_its_first_entry_is_no_reason_to_fail(self, books: Books) -> None:
        books.begin()
        assert broken(without(books.history(), "run.begun")) == {"I5"}
